"""Cases: opened from a talk or by a person, moved by steps, with their history."""
