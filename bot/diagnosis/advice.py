"""What Supabase's advisors find, as a group of a report: the worst first, and how many more there are. Pure."""

from bot.clients.errors import Failure
from bot.clients.supabase import Lint
from bot.questions.saying import told
from bot.redaction import redact
from bot.report import Group, Line

_ORDER = {"ERROR": 0, "WARN": 1, "INFO": 2}
_MOST = 6


def advice(title: str, lints: list[Lint] | Failure | None) -> Group:
    """The findings of one advisor, under *title*."""
    if not isinstance(lints, list):
        return Group(title, none=told(lints, lambda _: ""))
    lints = sorted(lints, key=lambda lint: (_ORDER.get(lint.level, len(_ORDER)), lint.detail))
    details = redact([lint.detail.replace("`", "").rstrip(".") for lint in lints[:_MOST]])
    lines = [Line(f"{lint.title}:", detail) for lint, detail in zip(lints, details, strict=False)]
    if len(lints) > _MOST:
        lines.append(Line("And more:", f"{len(lints) - _MOST} in the dashboard (Advisors)"))
    return Group(title, tuple(lines), "no findings")
