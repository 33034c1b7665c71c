"""The demo city: its people, entries and past; and the doors of its start page."""
