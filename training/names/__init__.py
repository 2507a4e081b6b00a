"""Compiles the catalogue of names and counts the words of names."""
