"""What travels on Redis streams between the channels and the desk, and nothing else.

Both sides import this package; neither imports the other.
"""
