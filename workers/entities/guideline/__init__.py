"""From what a recogniser marks to what an article delivers: the guideline of docs/entities.md."""
