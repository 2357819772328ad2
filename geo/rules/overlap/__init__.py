"""Who claims the same ground (重叠)."""
