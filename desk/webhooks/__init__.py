"""Webhooks: a city's own work-order system hears of each event of a case, signed and in order."""
