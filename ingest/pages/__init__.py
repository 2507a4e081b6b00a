"""The pages of articles whose feeds give only a short text: fetched, each once, for the workers."""
