"""Models and training data that are small enough for a test."""
