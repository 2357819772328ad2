"""Images: looked at, converted, drawn and measured."""
