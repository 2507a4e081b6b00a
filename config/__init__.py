"""What a person decides: settings, the feed list and its formats. Imports nothing of the project."""
