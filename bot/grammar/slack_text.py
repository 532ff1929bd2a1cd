"""Pure: what Slack made of the typed text, turned back into usable values.

With should_escape a command's text carries `<@U1|ana>`, and every message does (docs.slack.dev: formatting):

    <@U1|ana>                      U1            a person's id
    <#C1|ops>                      C1            a channel's id
    <!subteam^S1|@oncall>          S1            a user group's id
    <!here>                        @here         plain words, which ping nobody
    <!date^…|fallback>             fallback
    <http://a.io|a.io>             a.io          what the person typed; Slack added the rest
    <https://a.io/x|label>         https://a.io/x
    <mailto:a@b.io|a@b.io>         a@b.io
    &amp; &lt; &gt;                & < >         once, and never inside what was decoded
"""

import re

_MARKUP = re.compile(r"<([^<>]*)>|&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def decode(text: str) -> str:
    """Return *text* as the person meant it."""
    return _MARKUP.sub(lambda found: _ENTITIES[found[2]] if found[2] else _meant(found[1]), text)


def _meant(inside: str) -> str:
    target, bar, label = inside.partition("|")
    if re.match(r"[@#][A-Z0-9]+$", target):
        return target[1:]
    if target.startswith("!subteam^"):
        return target.removeprefix("!subteam^")
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    if target.startswith(("mailto:", "tel:")):
        return _plain(target.partition(":")[2])
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        typed = bar and label in (target.removeprefix("http://"), target.removeprefix("https://"))
        return _plain(label if typed else target)
    return f"<{_plain(inside)}>"  # not Slack's: somebody's own angle brackets


def _plain(text: str) -> str:
    return re.sub(r"&(amp|lt|gt);", lambda found: _ENTITIES[found[1]], text)
