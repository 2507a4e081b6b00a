"""How the work for a text grows with its length: worst cases of n, 2n and 4n characters."""
