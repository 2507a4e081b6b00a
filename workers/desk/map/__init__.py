"""The map: outlines of countries and where on it a place lies."""
