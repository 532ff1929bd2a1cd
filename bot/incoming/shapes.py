"""What may be posted: Alertmanager's webhook and a small JSON of our own, read into alerts. Pure.

Alertmanager's shape: prometheus.io/docs/alerting/latest/configuration, webhook_config (version "4"). What a newer one
or Grafana, which sends the same, adds is passed over. In our own a name that we do not know is refused: it is a typo.
"""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from bot.errors import AikeysError
from bot.redaction import redact
from bot.views.blocks import cap
from store.alerts import Arrived

MOST = 2_000  # alerts in one body
MOST_LEFT_OUT = 1_000_000  # of them that are believed: it is a number in somebody else's body
TITLE, SAID, ROOT = 120, 500, 120  # characters that are kept
P0 = frozenset({"critical", "p0"})
UNTOLD = frozenset({"info", "none"})  # Prometheus' own Watchdog has severity none, and fires for ever
ROOT_LABEL = "alertname"

Status = Literal["firing", "resolved"]


class NotAnAlert(AikeysError):
    """What was posted is neither of the two shapes."""


def _began(at: datetime) -> datetime | None:
    """In UTC; Go's zero time and a time without a zone say nothing."""
    return at.astimezone(UTC) if at.tzinfo is not None and at.year > 1970 else None


def _texts(value: Any) -> Any:
    return {} if value is None else value  # Go writes an empty map as null


def _number(value: Any) -> Any:
    return min(value, MOST_LEFT_OUT) if isinstance(value, int) and value > 0 else 0


Labels = Annotated[dict[str, str], BeforeValidator(_texts), Field(max_length=100)]
Began = Annotated[datetime, AfterValidator(_began)]


class _Theirs(BaseModel):
    """One alert of Alertmanager's."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    status: Status
    labels: Labels
    annotations: Labels = {}
    starts_at: Annotated[Began | None, Field(alias="startsAt")] = None
    generator_url: Annotated[str, Field(alias="generatorURL", max_length=4_000)] = ""
    fingerprint: Annotated[str, Field(max_length=200)] = ""


class _Alertmanager(BaseModel):
    """Its webhook. Of the rest nothing is needed: each alert has its own labels."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    alerts: Annotated[list[_Theirs], Field(max_length=MOST)]
    # Those that max_alerts has left out; an older one does not send it, and one that is odd costs no alert.
    left_out: Annotated[int, BeforeValidator(_number), Field(alias="truncatedAlerts")] = 0


class _Ours(BaseModel):
    """The small one. *key* tells two alerts apart that have the same title; *root* is what is taken for one cause."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    title: Annotated[str, Field(min_length=1, max_length=1_000)]
    status: Status = "firing"
    severity: Literal["critical", "warning", "info"] = "warning"
    key: Annotated[str, Field(max_length=200)] = ""
    root: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=10_000)] = ""
    url: Annotated[str, Field(max_length=4_000)] = ""
    at: Began | None = None


def read(body: bytes, root_label: str = ROOT_LABEL) -> list[Arrived]:
    """The alerts in *body*. Raises NotAnAlert with a sentence that repeats nothing of it."""
    try:
        given = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise NotAnAlert("The body is no JSON.") from None
    if not isinstance(given, dict):
        raise NotAnAlert("The body is no JSON object.")
    try:
        if "alerts" in given:
            theirs = _Alertmanager.model_validate(given)
            found = [_theirs(one, root_label) for one in theirs.alerts]
            if theirs.left_out and found:
                # Of the same group, so of the cause of what was sent.
                found[0] = replace(found[0], more=theirs.left_out)
            return found
        return [_ours(_Ours.model_validate(given))]
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"][:4] if not isinstance(step, str) or step.isidentifier())
        raise NotAnAlert(f"{where[:80] or 'The body'}: {first['msg'][:120]}. See docs/alerts.md.") from None


def _theirs(one: _Theirs, root_label: str) -> Arrived:
    labels, notes = one.labels, one.annotations
    name = labels.get("alertname", "")
    print_ = one.fingerprint or _digest(labels)
    label = root_label if labels.get(root_label) else ROOT_LABEL
    said = notes.get("description") or notes.get("message") or ""
    return Arrived(
        root=_root(label, labels.get(label) or print_),
        fingerprint=_digest(print_) if len(print_) > 64 or not print_.isalnum() else print_,
        severity=_severity(labels.get("severity", "")),
        firing=one.status == "firing",
        title=_clean(notes.get("summary") or name or "An alert without a name", TITLE),
        said=_clean(said, SAID),
        url=_url(one.generator_url),
        episode=one.starts_at,
    )


def _ours(one: _Ours) -> Arrived:
    return Arrived(
        root=_root("root", one.root or one.title),
        fingerprint=_digest([one.key or one.title]),
        severity=_severity(one.severity),
        firing=one.status == "firing",
        title=_clean(one.title, TITLE),
        said=_clean(one.text, SAID),
        url=_url(one.url),
        episode=one.at,
    )


def _severity(word: str) -> str:
    """Critical is a P0; what says itself that it is for information pages nobody; in doubt a P1."""
    folded = word.strip().casefold()
    return "P0" if folded in P0 else "" if folded in UNTOLD else "P1"


def _root(label: str, value: str) -> str:
    return f"{_clean(label, 60)}={_clean(value, ROOT)}"


def _url(url: str) -> str:
    return url if url.isascii() and url.isprintable() and len(url) <= 1_000 else ""


@lru_cache(maxsize=512)  # a storm says the same a thousand times a second
def _clean(text: str, limit: int) -> str:
    """Without what looks like a secret; half a surrogate cannot be stored."""
    plain = text[: 4 * limit].encode("utf-8", "replace").decode()
    return cap(" ".join(redact([plain])[0].split()), limit)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
