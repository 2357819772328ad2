"""Reading what surveyors deliver: archives, shapefiles, GeoPackages and tables, with evidence for every decision."""

from geo.intake.confined import read_confined
from geo.intake.errors import IntakeError
from geo.intake.reader import read
from geo.intake.reading import LayerReading, Reading, Rejected

__all__ = ["IntakeError", "LayerReading", "Reading", "Rejected", "read", "read_confined"]
