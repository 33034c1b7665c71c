"""The knowledge index: articles in, the one that answers a citizen's question out.

A library without state of its own: it knows neither the desk nor the bot nor Redis. Words, vectors
and the decision are computed here for both engines alike; an engine stores and finds by words.
"""
