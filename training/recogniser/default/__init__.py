"""Training of the default recogniser, `crf`."""
