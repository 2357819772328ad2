"""Leases that breach form, term or use (乱租)."""
