"""Charts, drawn by a process of their own."""
