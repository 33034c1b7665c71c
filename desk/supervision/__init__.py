"""Supervision that nobody has to remember: rounds, letters to departments, the big table."""
