"""Who may do what, and where: roles asked of Slack, the rest pure, and the tables made of it."""
