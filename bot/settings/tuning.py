"""The file of a team's own thresholds: TOML, checked at the start, every mistake in a sentence.

database_slow = 800             # a threshold by its name (aikeys detectors prints them all)

[detector.database_slow]        # how patient one detector is, by its id
confirm = 4                     # looks in a row that see it
span = 300                      # seconds from the first of them to the last
calm = 900                      # seconds without it until it is over
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.health.thresholds import DEFAULTS, Thresholds, figures

LARGEST = 64 * 1024  # bytes
_PATIENCE = {"confirm": (1, 100), "span": (0, 86_400), "calm": (0, 86_400)}


@dataclass(frozen=True, slots=True)
class Patience:
    """What a team sets of one detector; None: as it is declared."""

    confirm: int | None = None
    span: float | None = None
    calm: float | None = None


@dataclass(frozen=True, slots=True)
class Tuning:
    """*path*: where it came from, empty for the defaults. *patience* by the detector's id."""

    path: str = ""
    limits: Thresholds = DEFAULTS
    patience: Mapping[str, Patience] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.path or "built in"


def tuned(value: object) -> Tuning:
    """The tuning in the file named *value*. Raises ValueError with all that is wrong with it."""
    if isinstance(value, Tuning):
        return value
    path = Path(str(value))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror})") from None
    if len(content) > LARGEST:
        raise ValueError(f"the file is larger than {LARGEST // 1024} kB")
    try:
        read = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        raise ValueError("the file is not text") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the file is no TOML ({error})") from None
    return parsed(read, str(path))


def parsed(read: Mapping[str, Any], path: str = "") -> Tuning:
    """Pure but for the list of detectors: what *read* sets. Raises ValueError with all that is wrong with it."""
    wrong: list[str] = []
    known = figures()
    numbers: dict[str, float] = {}
    for name, value in read.items():
        if name == "detector":
            continue
        if name not in known:
            wrong.append(f"there is no threshold {_quoted(name)}{_near(name, known)}")
        elif sentence := _number(name, value, known[name].least, known[name].most):
            wrong.append(sentence)
        else:
            numbers[name] = float(value)
    patience = _patience(read.get("detector", {}), wrong)
    if wrong:
        raise ValueError("; ".join(wrong[:8]))
    return Tuning(path, replace(DEFAULTS, **numbers), patience)


def _patience(read: object, wrong: list[str]) -> dict[str, Patience]:
    if not isinstance(read, dict):
        wrong.append("detector must be a table: [detector.database_slow]")
        return {}
    if not read:
        return {}
    from bot.detectors import load  # noqa: PLC0415  # they build on what asks Supabase: not needed without such a table

    ids = {one.id for one in load()}
    found: dict[str, Patience] = {}
    for id_, table in read.items():
        if id_ not in ids:
            wrong.append(f"there is no detector {_quoted(id_)}{_near(id_, ids)}")
            continue
        if not isinstance(table, dict):
            wrong.append(f"detector.{id_} must be a table")
            continue
        before = len(wrong)
        for name, value in table.items():
            if name not in _PATIENCE:
                wrong.append(f"a detector has no {_quoted(name)}{_near(name, _PATIENCE)}")
            elif sentence := _number(f"detector.{id_}.{name}", value, *_PATIENCE[name], whole=name == "confirm"):
                wrong.append(sentence)
        if len(wrong) == before:
            found[id_] = Patience(**table)
    return found


def _number(name: str, value: object, least: float, most: float, *, whole: bool = False) -> str:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not least <= value <= most:
        kind = "a whole number" if whole else "a number"
        return f"{name} must be {kind} from {least:g} to {most:g}"
    return ""


def _near(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _quoted(name: str) -> str:
    return f"“{name[:60]}”"
