"""Where the bot is shown: one folder per platform, and the console script."""
