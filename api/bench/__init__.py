"""Ours and named peers on the same seeded data in one run, results compared before times."""
