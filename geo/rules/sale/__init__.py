"""Rights sold outside the lawful path (乱卖)."""
