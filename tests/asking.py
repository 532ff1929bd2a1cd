"""Which commands put questions to the outside, and so can fail and can say how they know."""

# What the bot knows without asking anybody.
OWN = frozenset({
    "approvals", "backup", "contacts", "detectors", "help", "incident", "incident export", "incident list",
    "incident show", "operations", "reviews", "runbook", "stats", "timeline",
})  # fmt: skip
