"""What is looked at first: the tokens, the scopes, the target, and what is closed to others."""
