"""Rasters under parcels: what lies on the ground, pixel by pixel."""
