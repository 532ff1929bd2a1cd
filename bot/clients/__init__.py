"""The outside world, I/O only."""
