"""What the desk knows of the past: an archive that it fills itself, or the one of `nabaa index`."""
