"""The words of the pages, Arabic and English."""
