"""Ground taken without approval (乱占)."""
