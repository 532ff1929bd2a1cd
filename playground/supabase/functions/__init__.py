"""Edge functions: the platform's door in front, the wallet's own code behind it."""
