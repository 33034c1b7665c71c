"""Tells the agents' open pages what changed, as server-sent events, and catches them up."""
