"""`aikeys doctor`: what must be right before the bot is relied on, looked at from the shell. It changes nothing."""
