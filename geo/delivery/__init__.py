"""A delivery going out as the standard asks for it: files of exact widths, their places in the tree, their sums."""
