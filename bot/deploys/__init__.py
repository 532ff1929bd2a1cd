"""Putting functions live and taking them back: the plan, the steps, the record."""
