"""The pages, one module each: what is shown, and what a person may do there."""
