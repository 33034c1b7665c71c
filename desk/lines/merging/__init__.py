"""A line merges into another and loses nothing: kind by kind, each looked at before it moves."""
