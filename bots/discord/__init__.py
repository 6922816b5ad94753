"""Discord: the gateway through discord.py, answers through REST calls of our own."""
