"""Brings citizens who ask for a person to the right one, and tells them the truth meanwhile."""
