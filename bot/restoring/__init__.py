"""Restore points and going back to one, or to a second: planned, carried out, proved, told."""
