"""Inputs that nobody thought of: fuzz targets, what they start from, and what was found."""
