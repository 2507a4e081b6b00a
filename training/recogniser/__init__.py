"""Trains the recogniser from labelled corpora and unlabelled news."""
