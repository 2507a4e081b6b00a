"""The article onto its stream: versions, schema, retention, and the scripts that write."""
