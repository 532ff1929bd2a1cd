"""Pure: what people type to the bot, without the secret that they typed with it by mistake.

What is cut out here is never written: the text becomes a row of the inbox afterwards (bot.door.inbox). A word cut out
once too often costs a retyped line; one that is kept lies in a file.
"""

import difflib
import re
from html import unescape

from bot.hide import HIDDEN
from bot.redaction import hidden

CUT = "[cut-out]"  # one word, and no command takes it: the line is refused wherever it stands

# Letters, blanks and hyphens: most lines by far, and nothing of this has the shape of a secret.
_HARMLESS = re.compile(r"(?!.{0,80}rotate)[a-z][a-z -]{0,60}")
_WORD = re.compile(r"\S+")
_NAME = re.compile(r"[A-Z]{1,15}\d{0,2}(_(?:[A-Z]{1,15}\d{0,2}|\d{1,4}))*")  # of a secret: words, no mix of letters
_SMALL = re.compile(
    r"[a-z]{1,15}(?:_[a-z]{1,15})*_(?:key|secret|token|email|url|id|password|salt)"
)  # the same, as phones do
_KNOWN = ("circle", "jwt", "alert", "help", "circle_api_key", "circle_webhook_secret", "alert_email")
_FLAG = re.compile(r"[-–—―]{1,2}(?P<name>[a-z][a-z-]{1,15})(?P<value>=.*)?", re.DOTALL)
_REASON = re.compile(r"""[-–—―]{1,2}reason(?:=|\s+)(?:["“„'‘](?P<quoted>[^"“”'’]{0,1000})["”“'’]|(?P<word>\S+))""")
# Bounded: a line made of such names would else be read anew from each of them, before it is acknowledged.
_GIVEN = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9_]{0,60}(?:KEY|SECRET|TOKEN|PASS|PASSWORD|PWD|SALT)[A-Z0-9_]{0,60}\s{0,3}=\s{0,3})\S+"
)
_SETS = re.compile(r"\W*(supabase|secrets?|set|env|export|key|token|rotate)\b", re.IGNORECASE)  # as people paste it
_GIVEN_ANY = re.compile(r"\b(?P<name>[A-Za-z][A-Za-z0-9_]{1,99}=)(?!=)\S+")
_POLITE = "aikeys|please|pls|hey|hi|hello|now|can|could|would|you|we|bot|run|to|i|want|need"
_ROTATE = re.compile(rf"\W*(?:(?:{_POLITE})\W+){{0,6}}rotate\b\s*", re.IGNORECASE)
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_MENTIONS = 3  # of a line are looked behind: the bot's own stands first, or behind a greeting
_SHOWN = "\ue000"  # of Unicode's private use: nobody types it
_PART = re.compile(r"[A-Za-z]{0,15}\d{0,2}|\d{1,8}|v\d+")
_LONG = 16  # characters: a word of so many that is not made of words and numbers is a value


def without_secrets(line: str) -> str:
    """*line*, all that was said to the bot, with CUT in place of what looks like the value of a secret.

    After `rotate` nothing stays but the name of a secret, options and a reason.
    """
    if _HARMLESS.fullmatch(line):
        return line
    before = ""
    for _ in range(_MENTIONS):
        if _ROTATE.match(line) or (mention := _MENTION.search(line)) is None:
            break
        before, line = before + _cleaned(line[: mention.start()]) + mention[0], line[mention.end() :]
    return before + _cleaned(line)


def _cleaned(line: str) -> str:
    if (found := _ROTATE.match(line)) is not None:
        kept = _rotation(line[found.end() :])
        return line[: found.end()] + kept if CUT in kept else line
    line = prose(line)
    if _SETS.match(line):
        line = _WORD.sub(_unless_random, _GIVEN_ANY.sub(rf"\g<name>{CUT}", line))
    first = _WORD.search(line)
    return line[: first.start()] + _unless_random(first) + line[first.end() :] if first else line


def prose(text: str) -> str:
    """*text* that people wrote in sentences: what has the shape of a secret, or is named as one, is cut out."""
    text = _GIVEN.sub(rf"\g<name>{CUT}", text).replace(HIDDEN, _SHOWN)  # what was hidden already is no secret
    return hidden(text).replace(HIDDEN, CUT).replace(_SHOWN, HIDDEN)


def _rotation(rest: str) -> str:
    reason, kept = _REASON.search(rest), ""
    if reason is not None:
        said = reason["quoted"] if reason["quoted"] is not None else reason["word"]
        kept = f' --reason "{_WORD.sub(_unless_random, prose(said))}"'
        rest = rest[: reason.start()] + " " + rest[reason.end() :]
    words, named = [], False
    for word in rest.split():
        flag = _FLAG.fullmatch(word)
        if flag is not None:
            words.append(f"--{flag['name']}" + (f"={CUT}" if flag["value"] else ""))
        elif not named:
            words.append(_target(word))
            named = True
        else:
            words.append(CUT)
    return " ".join(dict.fromkeys(words)) + kept


def _target(word: str) -> str:
    name, equals, _ = word.partition("=")
    near = difflib.get_close_matches(name.casefold(), _KNOWN, 1, 0.75)
    shown = name if near or _NAME.fullmatch(name) or _SMALL.fullmatch(name) else CUT
    return f"{shown}={CUT}" if equals and shown != CUT else shown


def _unless_random(word: re.Match[str]) -> str:
    """A long word that mixes letters and digits, as keys do and names, dates and paths do not."""
    text = word[0]
    if len(text) < _LONG or CUT in text:
        return text
    parts = re.split(r"[-_./:,;|<>@#()!*&\"'“”]+", unescape(text))  # Slack escapes what is no markup
    return text if all(_PART.fullmatch(part) for part in parts) else CUT
