"""What an incident of incoming alerts says of them, plain text: escaped where it is shown. Pure."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from bot.approvals.policy import HEARSAY
from bot.detectors import Firing
from bot.incoming.grouping import Sum
from store.alerts import KINDS, Kind

FEW = 3  # texts on a card; of more the count says how many
FIRST = timedelta(seconds=60)  # a count is a row of the timeline after a minute,
GROWTH = 1.5  # then each time that half as much time again has passed:
SELDOM = timedelta(minutes=30)  # a day of alerts is some fifty rows, not one for each of them


def title(root: str) -> str:
    """The name of a root's incident."""
    label, _, value = root.partition("=")
    return f"Alert: {value}" if label in ("alertname", "root") else f"Alerts of {label} {value}"


def opening(kinds: Sequence[Kind]) -> str:
    """The first of *kinds* in a sentence."""
    if not kinds:
        return ""
    first = kinds[0]
    same = not first.said or first.said.startswith(first.title)
    return (first.said or first.title) if same else f"{first.title.rstrip('.')}. {first.said}"


def firing(found: Sequence[Sequence[Kind]], hosts: Collection[str]) -> Firing:
    """What is to be told of alerts; *found*: the worst kind of each root first."""
    worst = min((kinds[0] for kinds in found if kinds), key=lambda one: (not one.firing, one.severity or "P2"))
    # Who may post an alert could make the emergency in which they act alone: it needs another's word.
    about = {HEARSAY: True} | ({"url": worst.url, "link": linked(worst.url, hosts)} if worst.url else {})
    return Firing(
        opening([worst]),
        "It is over when its sender says so. How the wallet is: /aikeys health",
        title=worst.title,
        about=about,
    )


def linked(url: str, hosts: Collection[str]) -> bool:
    """True where *url* may be a link: https, of a host that the team has named, without a user name in it."""
    try:
        parts = urlsplit(url)
        host, user = (parts.hostname or "").casefold(), parts.username
    except ValueError:
        return False
    return parts.scheme == "https" and user is None and host in hosts and not set(url) & set("<>|` \\")


def counted(found: Sum, kinds: int, roots: int) -> str:
    """How many there were, and how many still fire."""
    more = " or more" if kinds >= KINDS else ""
    several = "" if kinds == 1 else f" of {kinds:,} kinds{more}"
    apart = f", {roots} causes" if roots > 1 else ""
    alerts = "1 alert" if found.count == 1 else f"{found.count:,} alerts"
    over = "resolved" if kinds == found.count == 1 else "all resolved"
    state = f"{found.firing:,} still firing" if found.firing else over
    if found.firing == kinds:
        state = "all firing" if kinds > 1 else "firing"
    left_out = f"; {found.left_out:,} of them left out by their sender (max_alerts)" if found.left_out else ""
    return f"{alerts}{several}{apart}, {state}{left_out}"


def due(age: timedelta, last: timedelta | None) -> bool:
    """True where the timeline is to hold the count again. *last*: how old the incident was at the last row."""
    return age >= FIRST if last is None else age >= min(last * GROWTH, last + SELDOM)
