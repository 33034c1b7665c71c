"""The API under `/api/v1`: the same permissions as the user whose token it is."""
