"""What the bot says of itself to machines: its log without secrets, its figures, its HTTP port."""
