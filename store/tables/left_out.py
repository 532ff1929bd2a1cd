"""Alerts that came as a number only: Alertmanager leaves out of a body what its max_alerts has no room for."""

SQL = """
    ALTER TABLE alert_groups ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;  -- of its count, those without a body
"""
