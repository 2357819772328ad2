"""The use cases, one file each: here a transaction begins and ends."""
