"""What is true of the ground: shapes, pairs, rules and findings, with no HTTP, no SQL and no HTML."""
