"""Telegram. Importing the package costs nothing; its modules import the platform's library."""
