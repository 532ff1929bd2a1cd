"""Two people: who asks, who approves, and what speaks against it."""
