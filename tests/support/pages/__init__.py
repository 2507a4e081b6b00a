"""Article pages in the manners of the Arab press, written for the tests."""
