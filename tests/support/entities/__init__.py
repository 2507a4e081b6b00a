"""Names that are known beforehand, in place of what a model finds."""
