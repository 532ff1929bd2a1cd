"""What people do in Slack, each kind at its desk: questions, requests, clicks, the Home tab, shortcuts."""
