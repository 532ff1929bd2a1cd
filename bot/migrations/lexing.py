"""SQL in pieces, as PostgreSQL's own lexer takes it apart (src/backend/parser/scan.l). Pure.

A reader that lets a comment or a string end elsewhere than the server does can be shown a harmless statement while
another one runs. So this is ours, follows scan.l rule by rule, and what it cannot place is *bad*: the whole is unread.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

_WORD = re.compile(r"[A-Za-z_\x80-\U0010ffff][A-Za-z_0-9$\x80-\U0010ffff]*")  # beyond ASCII all are letters there
_BLANK = re.compile(r"[ \t\n\r\f\v]+")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_DOLLAR = re.compile(r"\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z_0-9\x80-\U0010ffff]*)?\$")
_PARAMETER = re.compile(r"\$\d+")
_PLAIN = re.compile(r"[^']*'")
_ESCAPED = re.compile(r"(?:[^'\\]|\\.)*'", re.DOTALL)
_QUOTED = re.compile(r'[^"]*"')
_IN_COMMENT = re.compile(r"/\*|\*/")
# quotecontinue: a string goes on behind a line's end, and in the same manner as it began
_GOES_ON = re.compile(r"[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]+|--[^\n\r]*[\n\r])*'")
_SIGNS = frozenset("~!@#^&|`?+-*/%<>=,()[].:")


class Is(Enum):
    """What a token is. BAD: it cannot be placed, and nothing behind it can be trusted."""

    WORD = "word"
    NAME = "name"  # in double quotes
    TEXT = "text"  # a string, whichever way it is written
    NUMBER = "number"
    SIGN = "sign"
    COMMENT = "comment"
    END = "end"  # the semicolon
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Token:
    """*raw* as it is written, from *start* on. *word*: in capitals for a WORD, else empty."""

    kind: Is
    raw: str
    start: int

    @property
    def word(self) -> str:
        """The keyword that it may be."""
        return self.raw.upper() if self.kind is Is.WORD and self.raw.isascii() else ""

    @property
    def end(self) -> int:
        """Where the next one may begin."""
        return self.start + len(self.raw)


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement: *text* without its semicolon, comments included; *line* of its first word, from 1 on.

    *tokens* without comments. *nested*: semicolons stand inside it, in parentheses or in a body BEGIN ATOMIC.
    """

    text: str
    line: int
    tokens: tuple[Token, ...]
    nested: bool = False

    @property
    def bad(self) -> bool:
        """True where it cannot be taken apart."""
        return any(token.kind is Is.BAD for token in self.tokens)


def tokens(sql: str) -> Iterator[Token]:
    """All of *sql*, blanks left out; nothing behind a BAD one."""
    at = 0
    while at < len(sql):
        if blank := _BLANK.match(sql, at):
            at = blank.end()
            continue
        token = _next(sql, at)
        yield token
        if token.kind is Is.BAD:
            return
        at = token.end


def pieces(sql: str) -> list[Piece]:
    """The statements, each as `supabase db push` keeps it: trimmed, comments with what follows, no last semicolon."""
    found: list[Piece] = []
    held: list[Token] = []
    start = depth = atomic = 0
    nested = False
    for token in tokens(sql):
        if token.kind is Is.END and depth <= 0 and not atomic:
            found += _piece(sql, start, token.start, held, nested=nested)
            held, start, depth, nested = [], token.end, 0, False
            continue
        nested |= token.kind is Is.END
        depth += (token.raw == "(") - (token.raw == ")")
        atomic = _atomic(atomic, held, token)
        held.append(token)
    return found + _piece(sql, start, len(sql), held, nested=nested)


def _atomic(depth: int, held: Sequence[Token], token: Token) -> int:
    """How deep in a body BEGIN ATOMIC … END we are. Where it seems not to end, the rest is one piece, and dangerous."""
    before = next((one.word for one in reversed(held) if one.kind is not Is.COMMENT), "")
    if token.word == "ATOMIC" and before == "BEGIN":
        return 1
    if depth and token.word in ("CASE", "END"):
        return depth + (1 if token.word == "CASE" else -1)
    return depth


def _piece(sql: str, start: int, end: int, held: Sequence[Token], *, nested: bool) -> list[Piece]:
    text = sql[start:end].strip()
    if not text:
        return []
    kept = tuple(token for token in held if token.kind is not Is.COMMENT)
    first = kept[0].start if kept else start + sql[start:end].index(text[0])
    return [Piece(text, sql.count("\n", 0, first) + 1, kept, nested)]


def _next(sql: str, at: int) -> Token:
    char = sql[at]
    if char == ";":
        return Token(Is.END, char, at)
    if sql.startswith("--", at):
        ends = [where for where in (sql.find("\n", at), sql.find("\r", at)) if where >= 0]
        return Token(Is.COMMENT, sql[at : min(ends, default=len(sql))], at)
    if sql.startswith("/*", at):
        return _comment(sql, at)
    if char == "'":
        return _text(sql, at, at + 1, _PLAIN)
    if char == '"':
        return _name(sql, at, at + 1)
    if word := _WORD.match(sql, at):
        return _word(sql, at, word[0])
    if opening := _DOLLAR.match(sql, at):
        end = sql.find(opening[0], opening.end())
        return Token(Is.TEXT, sql[at : end + len(opening[0])], at) if end >= 0 else Token(Is.BAD, sql[at:], at)
    if number := _NUMBER.match(sql, at) or _PARAMETER.match(sql, at):
        after = sql[number.end() : number.end() + 1]
        junk = after in ("'", '"') or bool(_WORD.match(after))
        return Token(Is.BAD if junk else Is.NUMBER, number[0], at)
    return Token(Is.SIGN if char in _SIGNS else Is.BAD, char, at)


def _word(sql: str, at: int, word: str) -> Token:
    after = at + len(word)
    if len(word) == 1 and word in "eEbBxXnN" and sql[after : after + 1] == "'":
        return _text(sql, at, after + 1, _ESCAPED if word in "eE" else _PLAIN)
    if word in ("u", "U") and sql[after : after + 2] == "&'":
        return _text(sql, at, after + 2, _PLAIN)
    if word in ("u", "U") and sql[after : after + 2] == '&"':
        return _name(sql, at, after + 2)
    return Token(Is.WORD, word, at)


def _text(sql: str, at: int, begin: int, until: re.Pattern[str]) -> Token:
    while found := until.match(sql, begin):
        begin = found.end()
        if sql[begin : begin + 1] == "'":  # doubled: it belongs to the string
            begin += 1
        elif more := _GOES_ON.match(sql, begin):
            begin = more.end()
        else:
            return Token(Is.TEXT, sql[at:begin], at)
    return Token(Is.BAD, sql[at:], at)


def _name(sql: str, at: int, begin: int) -> Token:
    while found := _QUOTED.match(sql, begin):
        begin = found.end()
        if sql[begin : begin + 1] != '"':
            return Token(Is.NAME, sql[at:begin], at)
        begin += 1
    return Token(Is.BAD, sql[at:], at)


def _comment(sql: str, at: int) -> Token:
    depth, begin = 1, at + 2
    while found := _IN_COMMENT.search(sql, begin):
        begin = found.end()
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return Token(Is.COMMENT, sql[at:begin], at)
    return Token(Is.BAD, sql[at:], at)
