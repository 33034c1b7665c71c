"""Lines among each other: what moves between them, and a line that merges into another."""
