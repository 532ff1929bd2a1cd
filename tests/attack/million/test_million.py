"""Ten thousand of the million, and proof that its judge sees: doors with a fault of each kind are found out."""

from random import Random

import pytest
from structlog.testing import capture_logs

from bot.bundle import objection
from bot.errors import Refused
from bot.grammar import parse
from bot.registry import load
from bot.router import Router
from bot.views import refusals
from bot.views.blocks import Message, button, code, escape, section
from bot.views.document import markdown, page
from store.incidents import Incident
from tests.attack.million.documents import Documents
from tests.attack.million.kind import Kind
from tests.attack.million.kinds import kinds
from tests.attack.million.lines import Lines
from tests.attack.million.logs import Logs
from tests.attack.million.marks import Marks
from tests.attack.million.names import Names
from tests.attack.million.payloads import Payloads
from tests.attack.million.rules import markup, message
from tests.attack.million.running import run
from tests.attack.million.views import Views

INPUTS = 10_000


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    with kinds(tmp_path_factory.mktemp("million")) as all_of_them:
        yield all_of_them


def test_ten_thousand_of_every_kind(doors):
    with capture_logs():  # what is refused is logged, thousands of times
        tally = run(doors, INPUTS, 7)
    assert "\n".join(map(str, tally.findings)) == ""
    assert sum(tally.inputs.values()) >= INPUTS
    assert set(tally.inputs) == {one.name for one in doors}


def test_the_same_seed_draws_the_same(doors):
    for one in doors:
        assert repr(one.draw(Random(11))) == repr(one.draw(Random(11)))


def raw(incident: Incident) -> Message:
    return Message(escape(incident.title), [section(f"*{incident.title}*")])


def too_long(incident: Incident) -> Message:
    return Message(escape(incident.title), [{"type": "header", "text": {"type": "plain_text", "text": incident.title}}])


def notified(incident: Incident) -> Message:
    return Message(f"Opened: {incident.title}", [section(escape(incident.title))])


def pressed(incident: Incident) -> Message:
    return Message(
        "x", [{"type": "actions", "elements": [button("Ask", "ask", incident.title) | {"value": incident.title}]}]
    )


def echoed(error: Refused) -> Message:
    return Message(error.why, refusals.refused(error).blocks)


def falls_over(text, commands):
    if "=" in text.split("--limit")[-1]:
        raise KeyError(text)
    return parse(text, commands)


FAULTS: dict[str, Kind] = {
    "an escape that forgets <": Marks({"escape": lambda text, limit: escape(text, limit).replace("&lt;", "<")}),
    "an escape that forgets &": Marks(
        {"escape": lambda text, limit: escape(text.replace("&", "＆"), limit).replace("＆", "&")}
    ),
    "an escape that lets a backtick through": Marks({"code": lambda text, limit: f"`{escape(text, limit)}`{text[:1]}"}),
    "an escape that lets directions through": Marks({"escape": lambda text, _: text.replace("<", "").replace(">", "")}),
    "a view with a raw title": Views(shows={"raw": raw}),
    "a view whose notification is raw": Views(shows={"notified": notified}),
    "a view that caps nothing": Views(shows={"long": too_long}),
    "a button with a value of any length": Views(shows={"pressed": pressed}),
    "a refusal that repeats what was typed": Lines(load(), refused=echoed),
    "an echo without marks": Lines(load(), echo=str),
    "a grammar that falls over": Lines(load(), parse=falls_over),
    "a redaction that does nothing": Logs(redact=list),
    "a redaction that joins lines": Logs(redact=lambda lines: "\n".join(lines).split("\n")),
    "a page that escapes nothing": Documents(page=lambda told: page(told).replace("&lt;", "<")),
    "a Markdown without backslashes": Documents(markdown=lambda told: markdown(told).replace("\\", "")),
    "a mail of what it is given": Documents(mail=lambda mail, *_: f"Subject: {mail.subject}\n\n{mail.text}".encode()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault):
    tally = run([FAULTS[fault]], 1500, 7, most=1, tries=30)
    assert tally.findings


def test_what_is_found_is_made_short():
    """So that a person sees at once what it is."""
    (found,) = run([FAULTS["a view with a raw title"]], 500, 7, most=1, tries=600).findings
    assert len("".join(found.shortest.texts).replace("x", "")) <= 3
    assert "raw" in str(found)


class Careless(Router):
    async def _ask_again(self, delivery, answer, value):
        await self.replies.settle(delivery, answer, value)


class Forgetful(Router):
    async def _reaction(self, delivery, event):
        if event.get("reaction") == "pushpin":
            await super()._reaction(delivery, event)


@pytest.mark.parametrize("router", [Careless, Forgetful], ids=["a button that does", "a delivery that never ends"])
def test_a_router_with_a_fault_is_found(doors, router):
    right = next(one for one in doors if isinstance(one, Payloads))
    with capture_logs():
        tally = run([Payloads(right.commands, right.store, right.loop, router)], 2000, 7, most=1, tries=20)
    assert tally.findings


async def _no_end(sources, sha, names):
    await sources._git.run("log", "--max-count=1", sha, *names)


async def _another(sources, _, names):
    await sources._git.run("show", "--", *names)


async def _in_an_option(sources, sha, names):
    await sources._git.run("log", f"--max-count={names[0]}", sha, "--")


@pytest.mark.parametrize(
    "fault",
    [
        {"ref": lambda name: name},
        {"source": lambda name: (name, "https")},
        {"path": lambda path: objection(path) if ".." in path else ""},
        {"asks": [_no_end]},
        {"asks": [_another]},
        {"asks": [_in_an_option]},
    ],
    ids=["any ref", "any source", "any path", "no --", "another program of git's", "in an option"],
)
def test_a_name_where_it_must_not_stand_is_found(doors, fault):
    right = next(one for one in doors if isinstance(one, Names))
    right.loop.lets = lambda _: False  # it is written down what git would have been given, and git says nothing
    try:
        tally = run([Names(right.sources, right.sha, right.loop, often=1, **fault)], 200, 7, most=1, tries=20)
    finally:
        right.loop.lets = lambda _: True
    assert tally.findings


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>", "a <!here|x> b", "<!everyone>", "<!subteam^S0AB>", "<!date^1^{date}^https://evil.example|x>",
        "<number>", "<https://evil.example|open>", "<@U0EVIL666>", "a < b", "a & b", "&lt", "\x1b[31m", "\u202ex",
        "\ud800", "> a > b <",
    ],
)  # fmt: skip
def test_what_slack_would_read_is_seen(text):
    assert list(markup(text))


@pytest.mark.parametrize(
    "text",
    ["&lt;!channel&gt;", "<!date^1764158400^{date_short_pretty} {time}|26 Nov 12:00 UTC>", "<@U0ANA>", "> quoted",
     "<https://supabase.com/dashboard|the dashboard>", f"{code('<!here>')} & co".replace("&", "&amp;")],
)  # fmt: skip
def test_what_is_harmless_is_let_be(text):
    assert list(markup(text)) == []


def test_a_mention_in_a_rich_text_block_is_seen():
    inside = [{"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "channel"}]}]
    assert list(message("x", [{"type": "rich_text", "elements": inside}]))
