"""The bot's actions: they decide what is said and what should happen, and write nothing."""
