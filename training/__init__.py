"""Makes the models and name lists that the workers load; nothing here runs in the wire."""
