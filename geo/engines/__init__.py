"""Who maps the detection loop over the tiles of a scope."""
