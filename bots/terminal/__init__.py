"""The bot in the shell: ask, imagine and the operator's commands."""
