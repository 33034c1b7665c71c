"""Citizens hear of their case: every step that matters, in the channel where they wrote, and on a
page of their own; and they answer the call back there.
"""
