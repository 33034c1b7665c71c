"""Canned replies: an agent's own and the team's, filled in with what the case knows."""
