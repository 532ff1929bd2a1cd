"""The command line: `aikeys run`, `settings`, `docs`, `audit`, `manifest`, `seal`, `rotate --stdin`."""
