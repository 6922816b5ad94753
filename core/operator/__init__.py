"""What those who run the bot see, change and are told of."""
