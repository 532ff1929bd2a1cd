"""What the bot does by itself: rounds, and timers that outlive a restart."""
