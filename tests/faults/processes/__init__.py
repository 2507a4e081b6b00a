"""Processes that are killed, stopped or told a wrong time."""
