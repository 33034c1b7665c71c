"""What a citizen's words say: readings with evidence and confidence, from the text alone.

The package keeps no state and imports nothing of the site, the bot or the channels.
"""
