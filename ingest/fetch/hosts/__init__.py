"""How many requests a host gets at once, how soon after each other, and when it is left alone."""
