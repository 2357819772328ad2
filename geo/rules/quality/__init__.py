"""What a delivery must be like (质检)."""
