"""The App Home tab. Pure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.views.blocks import (
    Block,
    actions,
    ask_button,
    button,
    code,
    context,
    date_and_time,
    divider,
    escape,
    header,
    linked,
    one_line,
    person,
    section,
    time_of_day,
    to_card,
    when,
)
from bot.views.health import SIGN
from bot.views.review import title
from store.approvals import Approval
from store.reviews import Review

if TYPE_CHECKING:
    from bot.desks.home import Seen

_MOST = 8  # of each list; `/aikeys approvals` and the others have them all
_MOST_FINDINGS = 3


def closed() -> dict[str, Any]:
    """For who may do nothing: told nothing."""
    said = "I answer members of this workspace only, and those of them whom my settings allow."
    return {"type": "home", "blocks": [header("AIKeys operations"), section(said)]}


def view(seen: "Seen", said: str = "") -> dict[str, Any]:
    """The tab: how the wallet is, what is open, what waits for whom, what to ask. *said*: a line just asked."""
    blocks: list[Block] = [*_verdict(seen)]
    if said:
        blocks.append(section(f"👉 {code(f'/aikeys {said}')} is asked: the answer is under *Messages*, above."))
    blocks.append(divider())
    if seen.readable:
        blocks += [*_incidents(seen), *_waiting(seen), *_mine(seen), *_running(seen), *_reviews(seen)]
    else:
        blocks.append(section("❓ *My memory cannot be read*: what is open and what waits is not known here."))
    blocks += [divider(), *_asks(seen.asks)]
    drawn = time_of_day(seen.at)
    kept = f"As of {drawn}. I keep it up to date for a quarter of an hour after you open it."
    blocks.append(section(kept, accessory=button("Refresh", "refresh")))
    blocks.append(context(f"AIKeys Ops {escape(seen.version)}"))
    return {"type": "home", "blocks": blocks}


def _verdict(seen: "Seen") -> Iterator[Block]:
    target, looked = seen.target, seen.looked
    where = f"{code(target.ref)} {escape(target.name)} · {escape(target.region or 'region not known')}"
    small = f"Project {where} · you are {escape(' and '.join(sorted(seen.roles)))}"
    if looked is None:
        yield header(
            "⏳ I have just started and not looked yet" if seen.fresh else "❓ I could not look since I started"
        )
        yield context(small)
        return
    judgement = looked.judgement
    yield header(f"{SIGN[judgement.level]} {one_line(judgement.line, 140)}")
    yield context(f"I looked {when(looked.at.timestamp(), f'{looked.at:%H:%M} UTC')} · {small}")
    if not seen.fresh:
        yield section("⚠️ *That is old*: my looks do not finish. Ask anew with the button *health* below.")
    for finding in judgement.findings[:_MOST_FINDINGS]:
        yield section(f"{escape(finding.what, 500)}\n→ {linked(escape(finding.do, 300))}")
    if (more := len(judgement.findings) - _MOST_FINDINGS) > 0:
        yield context(f"… and {more} more: ask {code('/aikeys health')}")


def _incidents(seen: "Seen") -> Iterator[Block]:
    lines = [
        f"{'👀' if one.subject in seen.has else '🔥'} *{escape(one.severity)}* {escape(one.title, 200)} · told "
        f"{date_and_time(one.opened_at)} · {_has(seen.has.get(one.subject))}{_link(seen, one.subject)}"
        for one in seen.incidents
    ]
    yield _list("Open incidents", lines, "none")


def _has(user: str | None) -> str:
    return f"{person(user)} has it" if user is not None else "nobody has it yet"


def _waiting(seen: "Seen") -> Iterator[Block]:
    lines = [_approval(seen, one, f"asked by {person(one.requested_by)}") for one in seen.decide]
    titles = {one.subject: f"{one.severity} {one.title}" for one in seen.incidents}
    lines += [
        f"🔇 *Silence {escape(titles.get(one.incident, one.incident), 150)}* until {date_and_time(one.until)} "
        f"· asked by {person(one.asked_by)}: agree in the thread{_link(seen, one.incident)}"
        for one in seen.agree
    ]
    more = f" ({seen.others} for others)" if seen.others else ""
    yield _list("Waiting for your decision", lines, f"nothing{more}")


def _mine(seen: "Seen") -> Iterator[Block]:
    if seen.mine:
        lines = [_approval(seen, one, f"{len(one.votes)} of {one.needed} approved") for one in seen.mine]
        yield _list("You asked for", lines, "")


def _approval(seen: "Seen", one: Approval, how: str) -> str:
    until = time_of_day(one.expires_at)
    return f"⏳ *{escape(one.title, 150)}* · {how} · until {until}{_link(seen, one.subject)}"


def _link(seen: "Seen", subject: str) -> str:
    return to_card(seen.links.get(subject, ""))


def _running(seen: "Seen") -> Iterator[Block]:
    lines = [f"⚙️ *{escape(one.title, 150)}* of {person(one.started_by)} {escape(one.words)}" for one in seen.running]
    if seen.freeze is not None:
        until = date_and_time(seen.freeze.until)
        lines.append(f"🧊 Changes are frozen by {person(seen.freeze.by)} until {until}: {escape(seen.freeze.reason)}")
    if lines:
        yield _list("Under way", lines, "")


def _reviews(seen: "Seen") -> Iterator[Block]:
    lines = [_review(seen, one) for one in seen.reviews]
    if lines:
        yield _list("Due for review", lines, "")


def _review(seen: "Seen", one: Review) -> str:
    since = when(one.due_at.timestamp(), f"{one.due_at:%d %b} UTC", "{date_short_pretty}")
    other = " · another person signs it" if one.not_by == seen.user else ""
    return f"🗂️ *{escape(title(one), 150)}* · since {since}{other}{_link(seen, one.subject)}"


def _list(title: str, lines: Sequence[str], none: str) -> Block:
    if not lines:
        return section(f"*{title}*: {none}")
    rest = [f"… and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return section("\n".join([f"*{title}*", *lines[:_MOST], *rest]))


def _asks(lines: Sequence[str]) -> Iterator[Block]:
    if lines:
        yield section("*Ask*: the answer comes as a direct message from me, under *Messages*.")
        yield actions(*(ask_button(line, line) for line in lines[:20]))
