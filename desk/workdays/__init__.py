"""Which days are working days: the State Council's yearly calendar, and what a person entered."""
