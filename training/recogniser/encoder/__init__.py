"""Training of the encoder of the `accurate` recogniser."""
