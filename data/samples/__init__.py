"""Invented ground to show and to measure by: a sample township and a fabric of any size."""
