"""Asking how the wallet is, and judging the answers."""
