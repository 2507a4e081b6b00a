"""What the archive costs: filling it, its size, and ten kinds of question."""
