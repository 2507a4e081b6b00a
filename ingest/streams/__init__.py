"""The Redis contract: connection, embedded server, key names and the scripts of ingest."""
