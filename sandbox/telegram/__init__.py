"""Telegram as a bot meets it: updates by webhook or by polling, and the Bot API."""
