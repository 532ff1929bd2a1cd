"""Writes the marked regions of manifest.yml, README.md and three documents from the declarations: none can disagree.

A region stands between two marks, `aikeys:begin NAME` and `aikeys:end NAME`, each in a comment of its own line; what is
outside is written by hand and left alone.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot.command import Command
from bot.desks.shortcuts import SHORTCUTS
from bot.detectors import load as detectors
from bot.health.thresholds import DEFAULTS, figures
from bot.incidents.judging import BLIND_DETECTOR
from bot.incidents.watched import patience
from bot.registry import load
from bot.rights import authorisation
from bot.rights.pressing import BUTTONS, MODALS
from bot.settings import Settings, about
from bot.start.scopes import EVENTS, SCOPES, Scope

FILES = ("manifest.yml", "README.md", "docs/settings.md", "docs/detectors.md", "docs/authorisation.md")
FIRST = ("operators", "approvers", "ops_channel", "incident_channel", "lead", "source", "audit_key")  # and those needed
LONGEST_HINT = 1000  # characters (Slack's manifest schema, slash_commands.usage_hint)

_REGION = re.compile(
    r"^(?P<begin>(?P<indent>[ \t]*)(?:#|<!--)[ ]aikeys:begin[ ](?P<name>[a-z-]+)\b[^\n]*\n)"
    r"(?P<old>.*?)"
    r"(?P<end>^[ \t]*(?:#|<!--)[ ]aikeys:end[ ](?P=name)\b)",
    re.MULTILINE | re.DOTALL,
)


class BadMarks(ValueError):
    """A mark is missing, not closed, or names a region that nobody makes."""


def stale(root: Path) -> list[Path]:
    """Return those of FILES under *root* that are not as they should be. Raises BadMarks."""
    return [path for path in (root / name for name in FILES) if path.read_text() != render(path)]


def render(path: Path) -> str:
    """Return the text of *path* with its regions made anew. Raises BadMarks."""
    return rewrite(path.read_text(), REGIONS)


def rewrite(text: str, regions: dict[str, Callable[[], list[str]]]) -> str:
    """Return *text* with each marked region made anew, at the indent of its mark. Pure but for what *regions* do."""

    def new(found: re.Match[str]) -> str:
        if found["name"] not in regions:
            raise BadMarks(f"nobody makes the region {found['name']}")
        lines = (f"{found['indent']}{line}".rstrip() for line in regions[found["name"]]())
        return found["begin"] + "".join(f"{line}\n" for line in lines) + found["end"]

    marks = len(re.findall(r"aikeys:(?:begin|end) ", text))
    regions_found = len(_REGION.findall(text))
    if marks != 2 * regions_found or not regions_found:
        raise BadMarks("a mark is missing, or not closed by its own end")
    return _REGION.sub(new, text)


def usage_hint(commands: dict[str, Command[Any, Any]]) -> str:
    """Return what Slack shows behind /aikeys while somebody types."""
    ordered = sorted(commands.values(), key=lambda command: (command.name == "help", command.name))
    hint = " | ".join(command.usage for command in ordered)
    return hint if len(hint) <= LONGEST_HINT else " | ".join(command.name for command in ordered)[:LONGEST_HINT]


def _hint() -> list[str]:
    return [f'usage_hint: "{usage_hint(load())}"']


def _scope_lines(scopes: list[Scope]) -> list[str]:
    width = max(len(scope.name) for scope in scopes)
    return [f"- {scope.name:<{width}}  # {scope.lost or 'to ' + scope.why}" for scope in scopes]


def _required() -> list[str]:
    return _scope_lines([scope for scope in SCOPES if not scope.optional])


def _optional() -> list[str]:
    lines = _scope_lines([scope for scope in SCOPES if scope.optional])
    return [line.replace("  # ", "  # without it: ", 1) for line in lines]


def _events() -> list[str]:
    width = max(len(name) for name, _ in EVENTS)
    return [f"- {name:<{width}}  # {why}" for name, why in EVENTS]


def _shortcuts() -> list[str]:
    return [
        line
        for one in SHORTCUTS
        for line in (
            f"- name: {one.name}",
            f"  type: {one.type}",
            f"  callback_id: {one.callback_id}",
            f"  description: {one.description}",
        )
    ]


def _commands() -> list[str]:
    rows = ["| type | to | who | what it can do |", "|---|---|---|---|"]
    for command in load().values():
        typed = f"/aikeys {command.usage}".replace("|", "\\|")
        rows.append(f"| `{typed}` | {command.summary.rstrip('.')} | {command.who} | {command.risk} |")
    return rows


def _settings() -> list[str]:
    return _rows(about())


def _first_settings() -> list[str]:
    """What somebody needs who begins: README stays short enough to be read."""
    needed = [name for name in about() if Settings.model_fields[name].is_required()]
    return _rows([*needed, *FIRST])


def _rows(names: Iterable[str]) -> list[str]:
    rows = ["| setting | is | example | default | unlocks |", "|---|---|---|---|---|"]
    for name in names:
        setting = about()[name]
        later = " *(in a later version)*" if setting.later else ""
        cells = (f"`{setting.env}`", setting.help, f"`{setting.example}`", _default(name), f"{setting.unlocks}{later}")
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.is_required():
        return "**needed**"
    if name == "functions_url":
        return "made from the ref"
    value = field.default
    if value is None or value == ():
        return "not set"
    if isinstance(value, tuple):
        value = f"{value[0]}:{value[1]}"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _detectors() -> list[str]:
    rows = ["| | id | what | seen | over after | explained by |", "|---|---|---|---|---|---|"]
    for one in (*detectors(), BLIND_DETECTOR):
        seen, _, _ = patience(one).partition(";")
        causes = ", ".join(f"`{cause}`" for cause in sorted(one.inhibited_by))
        over = f"{one.calm.total_seconds() / 60:g} min"
        rows.append(f"| {one.severity} | `{one.id}` | {one.title} | {seen} | {over} | {causes} |")
    return rows


def _thresholds() -> list[str]:
    used: dict[str, list[str]] = {}
    for one in detectors():
        for name in one.by:
            used.setdefault(name, []).append(f"`{one.id}`")
    rows = ["| threshold | default | from | to | why | of |", "|---|---:|---:|---:|---|---|"]
    for name, figure in figures().items():
        value = f"{getattr(DEFAULTS, name):g} {figure.unit}"
        where = ", ".join(used.get(name, ["cards"]))
        rows.append(f"| `{name}` | {value} | {figure.least:g} | {figure.most:g} | {figure.why} | {where} |")
    return rows


REGIONS: dict[str, Callable[[], list[str]]] = {
    "usage-hint": _hint,
    "scopes": _required,
    "optional-scopes": _optional,
    "events": _events,
    "shortcuts": _shortcuts,
    "commands": _commands,
    "settings": _settings,
    "first-settings": _first_settings,
    "detectors": _detectors,
    "thresholds": _thresholds,
    "people": authorisation.people,
    "asking": lambda: authorisation.askers(load()),
    "moments": lambda: authorisation.moments(load()),
    "decisions": authorisation.decisions,
    "buttons": lambda: authorisation.presses(BUTTONS),
    "modals": lambda: authorisation.presses(MODALS),
}
