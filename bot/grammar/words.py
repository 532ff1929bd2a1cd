"""Pure: a line into words, with the quotes and dashes that phones and macOS make of typed ones."""

import re
from dataclasses import dataclass

from bot.errors import Refused
from bot.grammar.refusing import codepoint

_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‛"
_DASHES = "—–―"
_LONG_DASH = re.compile(rf"[{_DASHES}]+(?=[^\W\d_])")  # an option's name begins with a letter
# Left behind by copying from web pages and chats; nobody types or means them.
_RESIDUE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line. A *quoted* one is a value, whatever it looks like."""

    text: str
    quoted: bool = False


def split(line: str) -> list[Word]:
    """Return the words of *line*. Raises Refused for an open quote or a character that nobody types."""
    line = line.translate(_RESIDUE)
    if found := _FORBIDDEN.search(line):
        raise Refused(
            "That line was not read.",
            f"It holds a character that cannot be typed ({codepoint(found[0])}).",
            "Type it by hand instead of pasting it.",
        )
    words: list[Word] = []
    place = 0
    while place < len(line):
        if line[place].isspace():
            place += 1
            continue
        word, place = _quoted(line, place) if line[place] in _DOUBLE + _SINGLE else _bare(line, place)
        words.append(word)
    return words


def _bare(line: str, start: int) -> tuple[Word, int]:
    """Read to the next blank. `--name="two words"` goes on to the closing quote; don't keeps its apostrophe."""
    end = start
    while end < len(line) and not line[end].isspace():
        if line[end] == "=" and end + 1 < len(line) and line[end + 1] in _DOUBLE + _SINGLE and _option(line[start:end]):
            value, after = _quoted(line, end + 1)
            return Word(_dashed(line[start : end + 1]) + value.text), after
        end += 1
    return Word(_dashed(line[start:end])), end


def _option(text: str) -> bool:
    return _dashed(text).startswith("--")


def _dashed(text: str) -> str:
    """Return *text* with a long dash before a name as the `--` that was typed."""
    return _LONG_DASH.sub("--", text, count=1) if text.startswith(tuple(_DASHES)) else text


def _quoted(line: str, start: int) -> tuple[Word, int]:
    r"""Read from an opening quote to one of its kind that ends a word; `\"` and `\\` stand for themselves."""
    kind = _DOUBLE if line[start] in _DOUBLE else _SINGLE
    text = []
    place = start + 1
    while place < len(line):
        char = line[place]
        if char == "\\" and place + 1 < len(line) and line[place + 1] in kind + "\\":
            text.append(line[place + 1])
            place += 2
            continue
        if char in kind and (place + 1 == len(line) or line[place + 1].isspace()):
            return Word("".join(text), quoted=True), place + 1
        text.append(char)
        place += 1
    raise Refused(
        "That line was not read.",
        f"A quote is opened at character {start + 1} and not closed.",
        "Close it, or leave it away: only values with blanks need quotes.",
    )
