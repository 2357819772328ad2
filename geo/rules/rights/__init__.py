"""What households and collectives are due (权益)."""
