"""The archive that answers: articles in a database, found by words, names, speakers and time."""
