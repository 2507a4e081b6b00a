"""Events told by several outlets, and what became of them on the stories stream."""
