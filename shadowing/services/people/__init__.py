"""The roster: who is in, what they are, and who has left."""
