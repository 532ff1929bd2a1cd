"""Incidents: opened by a detector or a person, told once, kept current, acknowledged, resolved, remembered."""
