"""A body becomes entries, whatever its format, encoding and mistakes."""
