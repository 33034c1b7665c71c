"""Beside the form of an entry: how it looks on a phone, how it reads, what people really ask."""
