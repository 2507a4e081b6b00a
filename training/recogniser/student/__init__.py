"""A fast recogniser that an encoder teaches; not the shipped default."""
