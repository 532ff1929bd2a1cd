"""The report: what the record does not know is said; whatever people wrote is text; the page runs nothing."""

import asyncio
import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from bot.drawing import charts
from bot.drawing.charting import Chart, chart
from bot.incidents import impact
from bot.incidents.postmortem import described, drawn, report
from bot.views.document import Bullets, Document, Heading, Paragraph, Part, Picture, Table, markdown, page
from bot.views.postmortem import document
from store.samples import Sample

NOON = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # half an hour before Madrid's clocks go back
MADRID = ZoneInfo("Europe/Madrid")
HOSTILE = '<script>alert(1)</script> [x](javascript:alert(1)) ![y](z) `code` **b** | a\n# h & "q" \'; <!channel>'


def told(store, subject="incident/1", now=NOON + timedelta(hours=3), zone=MADRID):
    return report(store, subject, now, zone, "emolyyvmvvfjyxbguhyn")


def text(store, **given):
    return markdown(document(told(store, **given), None, "x.png"))


class Seen(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {f"{name}={value}" for name, value in attrs}


def test_what_the_record_does_not_know_is_said(store):
    store.incidents.open("P0", "Down", "database", NOON, data={"what": "It is gone."})
    said = text(store)
    for sentence in (
        "It is not over.",
        "Acknowledged | nobody did",
        "How many looks at the wallet failed is not known",
        "How many webhooks failed is not known",
        "No chart: no look of that time is kept.",
        "Nothing was changed through the bot while it lasted.",
        "In the day before it began nothing was changed through the bot.",
        "What was changed elsewhere, by hand or by Supabase, the record knows only where it was seen.",
        "Why it happened: a note that begins with “cause:” says it",
        "None was written down.",
        "What customers lost is not in the record",
    ):
        assert sentence in said, sentence
    with pytest.raises(KeyError):
        told(store, subject="incident/2")


def test_what_is_not_known_is_no_zero_and_what_is_open_is_asked(store):
    """While the database is away no failure can be written down; the gateway's log knows better."""
    end = NOON + timedelta(minutes=5)
    looks(store, NOON - timedelta(minutes=5), end, state="failed", failed=lambda _: 0)
    store.incidents.open("P0", "Down", "database_outage", NOON, data={"since": NOON.isoformat()})
    said = "payments-circle-webhook: 16 of 33 calls failed since; in the hour before, 0 of 48."
    at = NOON + timedelta(minutes=1)
    store.events.append("operation/1", "deploy.watched", "bot", {"worse": 1, "said": said, "functions": []}, at)
    store.events.append("operation/2", "deploy.watched", "bot", {"worse": 1, "said": said, "functions": []}, at)
    failed = {"function": "health", "version": 9, "ok": 0, "operation": "operation/1"}
    store.events.append("function/health", "deploy.finished", "U0ANA", failed, at)
    store.reviews.due("glass", "approval/1", at, not_by="U0ANA", incident="incident/1")
    found = text(store, now=end)
    assert "at least 0" not in found
    assert "Failed webhooks: not counted: while the database was away" in found
    assert "failed webhooks, last hour: not counted while the database was away" in described(told(store, now=end))
    assert "In the gateway's log, payments-circle-webhook: 16 of 33 calls failed since; in the hour before" in found
    assert "The glass was broken for approval/1, and nobody else has reviewed" in found
    assert "Supabase's support was not contacted" in found
    assert "health was not proved: which code is live?" in found
    listed = found.partition("## Timeline")[2].partition("## Actions")[0]
    assert (listed.count("16 of 33"), listed.count("as above.")) == (1, 1), "one long sentence, once"


def test_both_times_also_when_the_clocks_go_back(store):
    store.incidents.open("P1", "Slow", "slow", NOON)
    store.incidents.move("incident/1", "incident.noted", "U0ANA", NOON + timedelta(hours=1), text="an hour later")
    said = text(store)
    assert "| 2026-10-25 00:30:00 | 02:30:00 |" in said
    assert "| 2026-10-25 01:30:00 | 02:30:00 |" in said, "the hour that comes twice is told apart by UTC"


def test_in_utc_there_is_one_column_of_times(store):
    store.incidents.open("P1", "Slow", "slow", NOON)
    assert "| UTC | What happened |" in text(store, zone=ZoneInfo("UTC"))
    assert "| UTC | Europe/Madrid | What happened |" in text(store)


def test_a_curve_along_the_axis_is_words_and_no_frame(store):
    """Nothing failed, all along: the second chart would be an empty frame from 0 to 1."""
    looks(store, NOON - timedelta(minutes=5), NOON + timedelta(minutes=5), failed=lambda _: 0)
    store.incidents.open("P0", "Down", "database", NOON, data={"since": NOON.isoformat()})
    facts = told(store, now=NOON + timedelta(minutes=5))
    shown = drawn(facts)
    assert shown is not None
    assert [one["name"] for one in shown["curves"]] == ["wallet /health", "database"]
    assert "failed webhooks, last hour: none, all along" in described(facts)


def test_a_note_that_is_corrected_stands_there_once_and_what_was_taken_back_is_said(store):
    store.incidents.open("P1", "Slow", "slow", NOON)
    move, later = store.incidents.move, NOON + timedelta(minutes=5)
    move("incident/1", "incident.noted", "U0ANA", later, text="cause: the pol")
    row = store.events.latest("incident.noted").id
    move("incident/1", "incident.noted", "U0ANA", later, {"instead_of": row}, text="cause: the pool")
    move("incident/1", "incident.noted", "U0ANA", later, text="the password is hunter2")
    store.events.redact(store.events.latest("incident.noted").id, "U0ANA", "U0BEN", later)
    said = text(store)
    assert "| Cause | the pool (said by U0ANA) |" in said
    assert "the pol |" not in said
    assert "hunter2" not in said
    assert "(taken back by two people)" in said
    assert "Some words were taken back by two people" in said


def test_whatever_people_wrote_is_text(store):
    store.people.keep("U0ANA", HOSTILE)
    store.incidents.open("P0", HOSTILE, "x", NOON, by="U0ANA", data={"what": HOSTILE}, text=HOSTILE)
    for note in (HOSTILE, f"follow-up: {HOSTILE}", f"cause: {HOSTILE}", f"{HOSTILE}?"):
        store.incidents.move("incident/1", "incident.noted", "U0ANA", NOON, text=note)
    made = document(told(store), Chart(HOSTILE, "<svg onload='alert(1)'/>"), "x.png")

    html = page(made)
    seen = Seen()
    seen.feed(html)
    assert seen.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "div", "table", "thead", "tbody",
        "tr", "th", "td", "figure", "img", "figcaption", "code",
    }  # fmt: skip
    assert not [one for one in seen.attributes if one.startswith("on") or "javascript" in one.partition("=")[0]]
    assert "default-src 'none'" in html
    assert "<svg" not in html, "a picture is an image, in which nothing runs"
    assert re.findall(r"(?:src|href)=\"(?!data:image/svg\+xml;base64,)", html) == []

    said = markdown(made)
    assert "<script" not in said
    assert not re.search(r"(?<!\\)\]\(javascript", said)
    for line in said.splitlines():
        if line.startswith("| 2026"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 4, "a pipe that people wrote ends no cell"


def test_markdown_keeps_plain_text_plain():
    parts: list[Part] = [
        Heading("a_b"),
        Paragraph("- no list"),
        Bullets(["1. no number", "CIRCLE_API_KEY", "run `select 1`, not `a|b`"]),
        Table(("a", "b"), [("x|y", "_z_")]),
        Picture("a [b]", "", "f.png"),
    ]
    made = Document("# not a heading", parts)
    assert markdown(made).splitlines() == [
        "# \\# not a heading", "", "## a_b", "", "\\- no list", "", "- 1\u200b. no number", "- CIRCLE_API_KEY",
        "- run `select 1`, not \\`a\\|b\\`", "",
        "| a | b |", "|---|---|", "| x\\|y | \\_z\\_ |", "", "![a \\[b\\]](f.png)",
    ]  # fmt: skip


def looks(store, first, last, state="ok", failed=None, every=60):
    at = first
    while at <= last:
        samples = [Sample(at, "wallet", "", "ok", 45.0), Sample(at, "wallet", "database", state, 12.0)]
        if failed is not None:
            samples.append(Sample(at, "webhooks", "failed", "ok", value=float(failed(at))))
        store.samples.keep(samples)
        at += timedelta(seconds=every)


@pytest.mark.parametrize(
    ("before", "during", "expected"),
    [
        (0, 7, (7, 7)),  # an hour before nothing failed: all of it is the incident's
        (3, 10, (7, 10)),  # three of the hour before may still be in the count
        (None, None, None),
    ],
)
def test_how_many_webhooks_failed_is_said_no_surer_than_it_is(store, before, during, expected):
    end = NOON + timedelta(minutes=30)
    if before is not None:
        looks(store, NOON - timedelta(minutes=30), NOON, failed=lambda _: before)
        looks(store, NOON + timedelta(minutes=1), end, failed=lambda _: during)
    assert impact.measured(store, NOON, end).webhooks == expected


def test_what_it_did_is_kept_with_its_end(store):
    """The looks go after a day; the report of next week has figures and a curve all the same."""
    end = NOON + timedelta(minutes=10)
    looks(store, NOON - timedelta(minutes=30), NOON - timedelta(minutes=1))
    looks(store, NOON, end, state="failed")
    found = impact.measured(store, NOON, end)
    assert (found.looks, found.failed, found.minutes) == (11, 11, 11)
    assert impact.from_json(json.loads(json.dumps(impact.to_json(found)))) == found
    assert len(json.dumps(impact.to_json(found))) < 8_000

    store.incidents.open("P0", "Down", "database", NOON, data={"since": NOON.isoformat()})
    store.incidents.resolve("incident/1", "bot", end, {"calm": 60, "impact": impact.to_json(found)})
    store.samples.roll_up(NOON + timedelta(days=8))
    later = told(store, now=NOON + timedelta(days=8))
    assert later.impact == found
    assert "Of 11 looks at the wallet's health 11 failed, in 11 minutes." in markdown(document(later, None, "x.png"))
    assert "without an answer between 00:30:00 and 00:40:00 UTC" in described(later), "none before it began"


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ({1}, "at 00:31:00 UTC."),
        ({1, 2, 5, 6, 7}, "between 00:31:00 and 00:32:00 and between 00:35:00 and 00:37:00 UTC."),
        ({1, 3, 4, 6, 8}, "at 00:31:00 and between 00:33:00 and 00:34:00 UTC, and 2 more."),
    ],
)
def test_each_stretch_without_an_answer_is_said(store, lost, said):
    """Between two of them the database was up."""
    points = tuple((60 * at, None if at in lost else 5.0) for at in range(10))
    curve = impact.Curve("database", "ms", points)
    store.incidents.open("P0", "Down", "database", NOON, data={"since": NOON.isoformat()})
    found = replace(told(store), impact=impact.Impact(looks=10, begins=NOON, curves=(curve,)))
    assert described(found) == f"database: 5 to 5 ms, without an answer {said}"


def test_what_came_back_says_its_pause_and_who_had_it_when(store):
    def after(minutes):
        return NOON + timedelta(minutes=minutes)

    store.incidents.open("P0", "Down", "database", NOON, data={"since": NOON.isoformat()})
    store.incidents.resolve("incident/1", "bot", after(2), {"calm": 60})
    store.incidents.move("incident/1", "incident.reopened", "bot", after(5), {"what": "Down."})
    store.incidents.move("incident/1", "incident.acknowledged", "U0ANA", after(6))
    store.incidents.resolve("incident/1", "bot", after(9), {"calm": 60})
    said = markdown(document(told(store, now=after(10)), None, "x.png"))
    assert "It lasted 9 min, with 3 min in between for which it counted as over." in said
    assert "1 min after it had come back" in said


@pytest.mark.parametrize("minutes", [0.5, 2, 6, 9, 11, 70, 1000, 5000])
def test_no_label_of_the_axis_stands_twice(minutes):
    from matplotlib.dates import AutoDateLocator, DateFormatter  # half a second, for this

    ticks = AutoDateLocator(tz=UTC).tick_values(NOON, NOON + timedelta(minutes=minutes))
    shown = [DateFormatter(charts._clock(minutes * 60), tz=UTC)(at) for at in ticks]
    assert len(set(shown)) == len(shown) > 1


async def test_a_chart_is_drawn_by_a_process_that_knows_nothing(tmp_path, store):
    looks(store, NOON - timedelta(minutes=5), NOON + timedelta(minutes=5), failed=lambda _: 2)
    store.incidents.open("P0", "Down", "database", NOON, data={"since": NOON.isoformat()})
    deployed = {"function": r"$\frac{<b>", "ok": 1}
    store.events.append("function/x", "deploy.finished", "U0ANA", deployed, NOON - timedelta(minutes=3))
    facts = drawn(told(store, now=NOON + timedelta(minutes=5)))
    assert facts is not None
    first, second = await chart(facts, "what it shows", tmp_path), await chart(facts, "what it shows", tmp_path)
    assert first.why == ""
    assert first.png.startswith(b"\x89PNG")
    assert "<svg" in first.svg
    assert "<script" not in first.svg
    assert first == second, "the same facts, the same bytes"

    broken = await chart({"nothing": "of it"}, "what it shows", tmp_path)
    assert (broken.svg, broken.png) == ("", b"")
    assert "failed" in broken.why


async def test_loading_the_bot_loads_nothing_that_draws(tmp_path):
    """It takes fifty megabytes: the bot may have ninety in all."""
    code = "import sys, bot.answering, bot.registry; bot.registry.load(); print('matplotlib' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert said.decode().strip() == "False"
