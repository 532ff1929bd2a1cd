"""Whom to ring, for a telephone at night and as plain text. Pure. Only the asker sees it, so nobody is pinged."""

import re
from collections.abc import Sequence

from bot.runbook.contacts import Contact, Contacts, Way
from bot.views.blocks import Block, Message, actions, ask_button, context, escape, header, person, section
from bot.views.health import project

_LINKED = re.compile(r"https://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*)?")
_MOST_PEOPLE = 10


def show(found: Contacts) -> Message:
    """The card."""
    blocks: list[Block] = [header("☎️ Whom to ring"), context(f"Project {project(found.target)}")]
    blocks += [section(_contact(at, one)) for at, one in enumerate(found.contacts, 1)]
    blocks.append(section(f"*Here*\n{_people('may approve a change', found.approvers)}\n" + _asks(found)))
    blocks.append(context("From my settings and the runbook: nothing outside was asked for this."))
    blocks.append(actions(ask_button("What to tell them: health", "health"), ask_button("Runbook", "runbook")))
    return Message(text="\n".join(_plain(found)), blocks=blocks)


def _contact(at: int, one: Contact) -> str:
    missing = f"\n_{escape(one.missing)}_" if one.missing else ""
    ways = "\n".join(f"• {_way(*way)}" for way in one.ways)
    return f"*{at}. {escape(one.name)}*: {escape(one.when)}\n{ways}{missing}"


def _way(way: Way, value: str, label: str) -> str:
    match way:
        case Way.SLACK:
            return person(value)
        case Way.PHONE:
            return f"<tel:{re.sub(r'[^0-9+]', '', value)}|{escape(value)}>"
        case Way.MAIL:
            return f"<mailto:{escape(value)}|{escape(value)}>"
        case Way.WEB:
            shown = escape(label or value.removeprefix("https://"))
            return f"<{value.replace('&', '&amp;')}|{shown}>" if _LINKED.fullmatch(value) else escape(value)


def _asks(found: Contacts) -> str:
    return _people("may ask for one", found.operators)


def _people(may: str, ids: tuple[str, ...]) -> str:
    who = ", ".join(_member(one) for one in ids[:_MOST_PEOPLE]) or "nobody"
    more = f" and {len(ids) - _MOST_PEOPLE} more" if len(ids) > _MOST_PEOPLE else ""
    return f"{who}{more} {may}"


def _member(one: str) -> str:
    group = one.startswith("S") and one.isalnum() and one.isascii()
    return f"<!subteam^{one}>" if group else person(one)


def plain(found: Contacts) -> list[str]:
    """The same as lines for a terminal: where Slack is down too. Nothing in them is markup."""
    lines = [f"Whom to ring. Project {found.target.ref}."]
    for at, one in enumerate(found.contacts, 1):
        ways = ", ".join(f"Slack {value}" if way is Way.SLACK else value for way, value, _ in one.ways)
        lines.append(f"{at}. {one.name}, {one.when}: {ways or one.missing}.")
    return lines


def _plain(found: Contacts) -> list[str]:
    """What notifications show and screen readers say."""
    lines = [f"Whom to ring. Project {escape(found.target.ref)}."]
    for at, one in enumerate(found.contacts, 1):
        ways = ", ".join(person(value) if way is Way.SLACK else escape(value) for way, value, _ in one.ways)
        lines.append(f"{at}. {escape(one.name)}, {escape(one.when)}: {ways}.")
    return lines


def ringing(contacts: Sequence[Contact], *, tap: bool = True) -> str:
    """Whom to ring, by which number: one line of markup. *tap*: what is tapped calls, writes or opens."""
    return " · ".join(f"*{escape(one.name)}* {_reached(one, tap=tap)}" for one in contacts)


def _reached(one: Contact, *, tap: bool) -> str:
    phone = [each for each in one.ways if each[0] is Way.PHONE][:1]
    others = [each for each in one.ways if each[0] in (Way.MAIL, Way.WEB)][:2]
    found = ", ".join(_way(*each) if tap else escape(each[1]) for each in (*phone, *others))
    missing = escape(one.missing, 150)
    return f"{found} ({missing})" if found and missing else found or missing
