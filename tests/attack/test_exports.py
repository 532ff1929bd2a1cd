"""What strangers wrote, in what is handed out: a report runs nothing in a real browser, no file is a spreadsheet."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.drawing.charting import Chart
from bot.views.blocks import code, context, escape, fields, section
from bot.views.document import markdown, page
from bot.views.postmortem import document
from tests.browser.conftest import browser  # noqa: F401  # the fixture
from tests.incidents.test_report import told

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
EVIL = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "\"'><svg onload=window.hacked=1>",
    "' onmouseover='window.hacked=1' autofocus onfocus='window.hacked=1' x='",
    "<a href='javascript:window.hacked=1'>press me</a> [press me](javascript:window.hacked=1)",
    "</title></style></textarea></h1><iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><base href=//evil.example/>",
    "--><!--<link rel=stylesheet href=//evil.example/x.css>",
    "=cmd|' /C calc'!A0",
    "&#60;script&#62;window.hacked=1&#60;/script&#62;",
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked=1'><script>parent.hacked=1</script></svg>"


@pytest.fixture
def hostile(store):
    store.people.keep("U0ANA", EVIL[0])
    store.incidents.open("P0", EVIL[2][:110], "x", NOON, by="U0ANA", data={"what": EVIL[1]}, text=EVIL[5])
    for number, one in enumerate(EVIL):
        at = NOON + timedelta(seconds=number)
        for note in (one, f"cause: {one}", f"follow-up: {one}", f"{one}?"):
            store.incidents.move("incident/1", "incident.noted", "U0ANA", at, text=note)
    return document(told(store, now=NOON + timedelta(hours=1)), Chart(f"{EVIL[2]}{EVIL[3]}", SVG), "x.png")


@pytest.mark.browser
async def test_nothing_in_the_report_runs_in_a_browser(hostile, browser, tmp_path):  # noqa: F811  # the fixture
    """Opened from a disk as people open it; everything is pointed at and focused; nothing is asked of anybody."""
    file = tmp_path / "incident-1.html"
    file.write_text(page(hostile))
    context_ = await browser.new_context()
    asked: list[str] = []
    tab = await context_.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    await tab.goto(file.as_uri())
    for cell in (await tab.query_selector_all("td, li, p, h1, img"))[:40]:
        await cell.dispatch_event("mouseover")
    found = await tab.evaluate(
        "() => ({hacked: window.hacked ?? null, scripts: document.scripts.length,"
        " frames: window.length, links: document.querySelectorAll('a, link, base, form, input').length,"
        " handlers: [...document.querySelectorAll('*')].flatMap(n => [...n.attributes])"
        ".filter(a => a.name.startsWith('on')).length,"
        " refresh: document.querySelectorAll('meta[http-equiv=refresh]').length, text: document.body.innerText})"
    )
    await context_.close()
    assert EVIL[0] in found.pop("text"), "it is there, as text"
    assert found == {"hacked": None, "scripts": 0, "frames": 0, "links": 0, "handlers": 0, "refresh": 0}
    assert [one for one in asked if not one.startswith(("file://", "data:image/svg+xml;base64,"))] == []


def test_no_mark_of_theirs_is_one_in_the_markdown(hostile):
    said = markdown(hostile)
    assert not re.search(r"<(?![^>]*>\Z)[a-z/!]", said), "no tag"
    assert not re.search(r"(?<!\\)\]\((?!x\.png\))", said), "no link but the chart's"
    assert not [line for line in said.splitlines() if line.startswith(("=", "+", "@", "\t", "\r"))]


def test_nothing_of_ours_is_opened_by_a_spreadsheet(root):
    """A formula in a cell (=cmd|…) is no danger where no spreadsheet opens it: whoever adds one reads this."""
    ours = "\n".join(path.read_text() for place in ("bot", "commands") for path in (root / place).rglob("*.py"))
    assert not re.search(r"\bimport csv\b|\.csv\b|\.tsv\b|\.xlsx?\b|text/csv", ours)


@pytest.fixture
def root() -> Path:
    return Path(__file__).parents[2]


def test_an_address_that_somebody_wrote_is_no_link():
    """Slack makes one of any bare address, unless the text is verbatim: a log line must offer nothing to press."""
    hostile = escape("restored, see https://supabase.com.evil.example/login #ops <https://x.example|here>")
    for block in (section(hostile), context(hostile), fields([hostile])):
        texts = [one for one in [block.get("text"), *block.get("elements", []), *block.get("fields", [])] if one]
        assert [one["verbatim"] for one in texts if one["type"] == "mrkdwn"] == [True]
    assert "<" not in hostile


def test_every_mrkdwn_of_ours_is_made_in_one_place(root):
    """So that none is without it."""
    found = [
        path for place in ("bot", "commands") for path in (root / place).rglob("*.py") if '"mrkdwn"' in path.read_text()
    ]
    assert [path.name for path in found] == ["blocks.py"]


NAMES = (
    "--upload-pack=touch /tmp/x", "-oProxyCommand=x", "../../etc/passwd", "main\nmain", "a`b`c", "<!channel>", "$(id)",
    ";id;", "<https://evil.example|health>", "*bold* _it_ ~no~", "a\x00b", "\u202egnp.exe", "|cell|", "=HYPERLINK(1)",
    "{{7*7}}", "%s%n",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_theirs_stays_a_word_wherever_it_is_shown(name):
    """Of a file, a commit, a branch, a function, a table, a migration: all of them come through these two."""
    for shown in (escape(name), code(name)):
        assert not re.search(r"[<>]|(?<!&)\x00", shown)
        assert not re.search(r"[\x00-\x1f\u202a-\u202e]", shown)
    assert code(name).count("`") == 2
    assert not re.search(r"[*~`]", escape(name))
