"""What counts over a whole message: text, blocks and attachments together.

Limits: docs.slack.dev/reference/methods/chat.postMessage and the pages of the blocks named below.
"""

from collections.abc import Mapping
from typing import Literal

from playground.blockkit.data import shown
from playground.blockkit.problem import Found, Problem, step
from playground.blockkit.rules import Rule, chars, each, flag, shaped, url
from playground.blockkit.shapes import Shape, kind_of, one_of
from playground.blockkit.surfaces import Walked, check_stack, distinct_blocks, walk

TEXT = chars(40_000, 0)  # longer is cut off with the warning message_truncated; here it is refused
ATTACHMENTS_MOST = 100
MARKDOWN_MOST = 12_000  # over all markdown blocks of a message
TABLE_MOST = 10_000  # characters in all cells of a table block, reported; 20,000 for data_table
DATA_TABLE_MOST = 20_000


def _blocks(value: object, at: str, found: Found) -> None:
    check_stack(value, at, "message", found)


def _time(value: object, at: str, found: Found) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        found.append(Problem(at, "wrong_type", "this must be a time in seconds"))


_WORDS: Rule = chars(None, 0)
# docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments. Callback buttons ("actions") are not
# known here: they are older than Block Kit, and nobody should send them.
ATTACHMENT = Shape(
    None,
    may={
        "blocks": _blocks,
        "color": shaped("#?[0-9A-Fa-f]{6}|good|warning|danger", "#2eb886"),
        "fallback": _WORDS,
        "text": _WORDS,
        "pretext": _WORDS,
        "title": _WORDS,
        "title_link": url(3000),
        "author_name": _WORDS,
        "author_link": url(3000),
        "author_icon": url(3000),
        "image_url": url(3000),
        "thumb_url": url(3000),
        "footer": chars(300, 0),
        "footer_icon": url(3000),
        "ts": _time,
        "mrkdwn_in": each(chars(None), None, 0),
        "fields": each(
            Shape(None, may={"title": _WORDS, "value": _WORDS, "short": flag}, agree=(one_of("title", "value"),)),
            None,
            0,
        ),
    },
    agree=(one_of("blocks", "fallback", "text", "pretext", "title", "image_url", "fields"),),
)


def _at_most(walked: Walked, kinds: tuple[str, ...], most: int, found: Found) -> None:
    here = [at for one, at in walked if kind_of(one) in kinds]
    found.extend(Problem(at, "too_many", f"a message takes {most} of: {', '.join(kinds)}") for at in here[most:])


def _characters(walked: Walked, kind: str, part: Literal["text", "rows"], most: int, found: Found) -> None:
    total = 0
    for one, at in walked:
        if kind_of(one) != kind:
            continue
        total += len(one[part]) if isinstance(one.get(part), str) else shown(one.get(part))
        if total > most:
            problem = f"{total} characters in the {kind} blocks so far, at most {most} in a message"
            found.append(Problem(f"{at}/{part}", "too_long", problem))
            return


def over_all(walked: Walked, found: Found) -> None:
    """Check what Slack counts over all blocks of a message, those in attachments and containers included."""
    distinct_blocks(walked, found)
    _at_most(walked, ("table", "data_table"), 1, found)  # only_one_table_allowed
    _at_most(walked, ("plan",), 1, found)
    _at_most(walked, ("data_visualization",), 2, found)
    _characters(walked, "markdown", "text", MARKDOWN_MOST, found)
    _characters(walked, "table", "rows", TABLE_MOST, found)
    _characters(walked, "data_table", "rows", DATA_TABLE_MOST, found)


def check_message(payload: object) -> list[Problem]:
    """Return what Slack would refuse in `text`, `blocks` and `attachments` of *payload*; other keys are not read.

    Blocks and attachments are given as lists, not as JSON text. At least one of the three must have something in
    it (Slack: no_text). An empty list of blocks is allowed: it is how chat.update takes blocks away.
    """
    if not isinstance(payload, Mapping):
        return [Problem("", "wrong_type", "a message is an object")]
    found: Found = []
    if "text" in payload and payload["text"] is not None:
        TEXT(payload["text"], "/text", found)
    if not any(payload.get(name) for name in ("text", "blocks", "attachments")):
        found.append(Problem("/text", "missing", "a message needs text, blocks or attachments"))
    walked: Walked = []
    if (blocks := payload.get("blocks")) is not None:
        check_stack(blocks, "/blocks", "message", found)
        walked += walk(blocks, "/blocks")
    if (attachments := payload.get("attachments")) is not None:
        each(ATTACHMENT, ATTACHMENTS_MOST, 0)(attachments, "/attachments", found)
        for index, one in enumerate(attachments if isinstance(attachments, list) else ()):
            if isinstance(one, dict):
                walked += walk(one.get("blocks"), step(f"/attachments/{index}", "blocks"))
    over_all(walked, found)
    return found
