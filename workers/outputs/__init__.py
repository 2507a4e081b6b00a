"""Other doors to the wire than Redis: a webhook that is called, server-sent events, files."""
