"""Questions about the logs: what to ask, how to read it, how to show it."""
