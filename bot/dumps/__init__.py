"""Dumps of the wallet's database: taken read-only, encrypted on the way, restored elsewhere and counted."""
