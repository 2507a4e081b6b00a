"""What a person decides: settings, the feed list, its formats. Imports nothing of the project."""
