"""The rich_text block and all that it is made of.

Limits: docs.slack.dev/reference/block-kit/blocks/rich-text-block; slack_sdk 3.47 RichTextElementParts; @slack/types.
"""

from playground.blockkit.rules import Rule, chars, choice, each, flag, shaped, url, whole
from playground.blockkit.shapes import Shape, kinds
from playground.blockkit.texts import ID, TIMEZONE

_LETTERS = dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag)
_STYLE = Shape(None, may=_LETTERS)
_MENTION_STYLE = Shape(None, may={**_LETTERS, "highlight": flag, "client_highlight": flag, "unlink": flag})


def _mention(kind: str, field: str, form: str, example: str) -> Shape:
    return Shape(kind, need={field: shaped(form, example, 40)}, may={"style": _MENTION_STYLE})


TEXT = Shape("text", need={"text": chars(None)}, may={"style": _STYLE})
LINK = Shape("link", need={"url": url(3000)}, may={"text": chars(None), "unsafe": flag, "style": _STYLE})
INLINE = (
    TEXT,
    LINK,
    Shape(
        "emoji",
        need={"name": shaped("[^:\\s]+", "rocket, without colons", 100)},
        may={"skin_tone": whole(1, 6), "unicode": chars(100), "style": _STYLE},
    ),
    _mention("user", "user_id", "[UW][A-Z0-9]+", "U012AB3CD"),
    _mention("usergroup", "usergroup_id", "S[A-Z0-9]+", "S012AB3CD"),
    _mention("channel", "channel_id", "[CDG][A-Z0-9]+", "C012AB3CD"),
    _mention("team", "team_id", "[TE][A-Z0-9]+", "T012AB3CD"),
    Shape("broadcast", need={"range": choice("here", "channel", "everyone")}, may={"style": _STYLE}),
    Shape("color", need={"value": shaped("#[0-9A-Fa-f]{6}", "#F405B3", 7)}, may={"style": _STYLE}),
    Shape(
        "date",
        need={
            "timestamp": whole(0, 9_999_999_999),  # seconds
            # At least one token in braces, as in the mrkdwn form <!date^…>.
            "format": shaped(r"[^{}]*(\{[a-z_]+\}[^{}]*)+", "{date_short_pretty} at {time}"),
        },
        may={"timezone": TIMEZONE, "url": url(3000), "fallback": chars(None), "style": _MENTION_STYLE},
    ),
)

_BORDER = whole(0, 1)
SECTION = Shape("rich_text_section", need={"elements": each(kinds(*INLINE), None)})
QUOTE = Shape("rich_text_quote", need={"elements": each(kinds(*INLINE), None)}, may={"border": _BORDER})
LIST = Shape(
    "rich_text_list",
    need={"style": choice("bullet", "ordered"), "elements": each(kinds(SECTION), None)},
    may={"indent": whole(0, 8), "offset": whole(0), "border": _BORDER},
)
# `language` is spoken of in 2026, but neither in slack_sdk 3.47 nor in the reference: the stricter reading refuses it.
PREFORMATTED = Shape(
    "rich_text_preformatted", need={"elements": each(kinds(TEXT, LINK), None)}, may={"border": _BORDER}
)

_ANY: Rule = kinds(SECTION, LIST, QUOTE, PREFORMATTED)
RICH_TEXT = Shape("rich_text", need={"elements": each(_ANY, None)}, may={"block_id": ID})
