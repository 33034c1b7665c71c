"""Telegram bots: webhook or polling in, the Bot API out."""
