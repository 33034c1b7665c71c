"""The departments' side: what they have to do, their answers, and their letters' links."""
