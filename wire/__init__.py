"""What travels on Redis streams between the channels and the desk, and how a platform cuts it.

Both sides import this package; neither imports the other.
"""
