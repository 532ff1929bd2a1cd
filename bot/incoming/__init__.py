"""Alerts from elsewhere: taken at `POST /alerts`, committed, grouped by their root, told as incidents."""
