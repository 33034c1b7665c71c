"""What Qianmen adds to Rasa: reading Chinese by its characters, and a turn that needs no memory."""
