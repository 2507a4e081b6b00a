"""The desk: the wire as pages in a browser, live."""
