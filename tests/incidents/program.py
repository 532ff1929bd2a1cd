"""A program to be killed (tests.mortal), with PATH API_URL TOKEN SMTP_URL: a P0, and all that is done about it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from structlog.typing import Processor

from bot.clients.mail import Mailer
from bot.clients.slack import Slack, web_client
from bot.clock import SystemClock
from bot.clockwork.timers import Timers
from bot.context import Target
from bot.incidents import about
from bot.incidents.alerting import Alerts
from bot.incidents.errands import Errands
from bot.incidents.rooms import INVITE, PIN, TOPIC, Rooms
from bot.incidents.team import Team
from bot.post.outbox import Outbox
from bot.runbook.contacts import LEAD, SUPPORT, Contact, Contacts, Way
from bot.telemetry import logs
from store.database import Store, open_store

KEY = b"a key for tests, 32 bytes at least"
KNOWN = Contacts(
    Target("abcdefghijklmnopqrst"),
    (
        Contact(SUPPORT, "at once", ((Way.MAIL, "support@supabase.test", ""),)),
        Contact(LEAD, "at once", ((Way.MAIL, "lead@aikeys.test", ""),)),
    ),
)
TEAM = Team(lead="U0CY", on_call=("U0BEN",), rooms=True, at_once=True, contacts=lambda: KNOWN)


async def run(store: Store, url: str, token: str, smtp: str) -> None:
    """Open it, once; go on until nothing is owed to anybody."""
    async with aiohttp.ClientSession() as session:
        clock = SystemClock()
        slack = Slack(web_client(token, url, session, clock), session)
        outbox = Outbox(store, slack, clock, can_look=True, mailer=Mailer(smtp))
        alerts = Alerts(store, clock, outbox, Timers(store, clock), p0="C0INC", p1="C0OPS", team=TEAM)
        errands = Errands(store, clock, alerts.redraw)
        rooms = Rooms(store, slack, outbox, TEAM, str((await slack.call("auth.test"))["user_id"]))
        errands.does |= {about.SUPPORT: alerts.help.support, about.LEAD: alerts.help.lead, about.ROOM: rooms.make}
        errands.does |= {TOPIC: rooms.set_topic, PIN: rooms.pin, INVITE: rooms.invite}
        outbox.open()
        errands.open()
        if not store.incidents.recent():
            alerts.open("P0", "Database outage", "U0ANA", "")
        while _owed(store):
            await errands.round()
            await asyncio.sleep(0.02)
        await errands.close()
        await outbox.close()


def _owed(store: Store) -> bool:
    waits = any(not one.over for one in store.errands.of("incident/1"))
    return waits or bool(store.outbox.waiting()) or bool(store.mails.waiting())


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until all is done, or until the point is reached."""
    path, url, token, smtp = arguments
    logs.configure("debug", killers)
    store = open_store(Path(path), audit_key=KEY)
    asyncio.run(run(store, url, token, smtp))
    store.close()
