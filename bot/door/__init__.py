"""What comes in from Slack: two lines, kept before it is acknowledged, worked on in order of urgency."""
