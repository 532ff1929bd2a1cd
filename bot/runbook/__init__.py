"""The headings of the owner's runbook (docs/runbook.md, held equal by a test): help is grouped as it is."""

import re
from collections.abc import Iterable

SECTIONS: dict[str, tuple[str, ...]] = {
    "Prerequisites": (),
    "Deployment Procedures": (
        "Initial Setup",
        "Database Migrations",
        "Edge Functions Deployment",
        "Secrets Management",
    ),
    "Health Monitoring": ("System Health Check", "Database Health", "Webhook Health"),
    "Circle Webhook Configuration": ("Webhook Endpoint Setup", "Testing Webhook"),
    "Troubleshooting": ("Webhook Failures", "Database Connection Issues", "Edge Function Errors"),
    "Secret Rotation": ("Circle API Keys", "JWT Secrets"),
    "Backup & Recovery": ("Database Backup", "Recovery Procedures"),
    "Performance Monitoring": ("Database Performance", "Function Performance", "Webhook Performance"),
    "Rollback Procedures": ("Database Migration Rollback", "Function Rollback"),
    "Escalation Procedures": ("Critical Issues (P0)", "Warning Issues (P1)"),
    "Security Procedures": ("Security Event Response", "Access Review"),
    "Contact Information": (),
}
OURS = "The bot itself"  # the section of what no heading of the runbook asks for


def section(headings: Iterable[str]) -> str:
    """Return the section in which the first of *headings* stands, with or without its number. Raises KeyError."""
    first = next(iter(headings), None)
    if first is None:
        return OURS
    first = plain(first)
    for name, below in SECTIONS.items():
        if first == name or first in below:
            return name
    raise KeyError(first)


def plain(heading: str) -> str:
    """Return a heading without its number: “1. Initial Setup” is “Initial Setup”."""
    return re.sub(r"^\d+\.\s+", "", heading)


def order(name: str) -> int:
    """Return a section's place in the runbook; the bot's own comes last."""
    names = list(SECTIONS)
    return names.index(name) if name in SECTIONS else len(names)
