"""What the bot does, free of any chat platform."""
