"""The outputs: articles posted to a webhook, served as events, kept in files, printed as lines."""
