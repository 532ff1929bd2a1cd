"""How the bot works: Slack in and out, the command framework, the health look."""
