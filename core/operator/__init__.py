"""What operators see, change and are alerted to."""
