"""How well the bot answers, in figures that open what they count."""
