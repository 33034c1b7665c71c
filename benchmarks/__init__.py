"""What a message costs: the whole path beside Rasa's own door, and the search alone.

`make bench`, or `python -m benchmarks --help`. Nothing here is part of the product.
"""
