"""A migration's text as people may read it in Slack: the same lines, without the secrets in it. Pure.

What runs is never masked, nor what is pinned and counted. Code stays readable: a name that says "token" hides no call
that stands behind it, only strings; whoever approves must see what is done.
"""

import re
from collections.abc import Iterator

from bot.hide import HIDDEN, hide
from bot.migrations.lexing import Is, Token, tokens
from bot.redaction import hidden

_NAMED = re.compile(r"(?:password|passwd|passphrase|pwd|secret|token|api_?key|private_?key)$", re.IGNORECASE)
_TAKES = re.compile(
    r"(?:create_secret|update_secret|crypt)$", re.IGNORECASE
)  # of Vault and pgcrypto: a secret is passed
_BETWEEN = frozenset({"=", "(", ",", ":", ">", "TO"})
_INSIDE = re.compile(r"(\bpassword\s+)('')(?:[^']|'')*?('')", re.IGNORECASE)  # SQL that stands in a string
_DOLLAR = re.compile(r"\$[^$]*\$")

_DEEPEST = 8  # bodies in bodies that are read; what lies deeper is looked at as one text


def masked(sql: str, depth: int = 0) -> str:
    """*sql* with as many lines, and [hidden] for passwords, for what is named a secret and what is shaped like one."""
    shown, at = [], 0
    before: list[Token] = []
    for token in tokens(sql):
        shown += [sql[at : token.start], _token(token, before, depth)]
        at = token.end
        if token.kind is not Is.COMMENT:
            before.append(token)
    return hide("".join([*shown, sql[at:]]))


def unsaid(sql: str, said: str) -> str:
    """What PostgreSQL *said* of *sql*, without the secrets that it quotes from it."""
    for secret in sorted(_secrets(sql), key=len, reverse=True):
        said = said.replace(secret, HIDDEN)
    return hidden(said)


def _secrets(sql: str, depth: int = 0) -> Iterator[str]:
    before: list[Token] = []
    for token in tokens(sql):
        if token.kind is Is.TEXT and _secret(before) and len(bare := _bare(token.raw)) > 2:
            yield bare
        elif token.kind is Is.TEXT and depth < _DEEPEST and _DOLLAR.match(token.raw):
            yield from _secrets(_bare(token.raw), depth + 1)
        if token.kind is not Is.COMMENT:
            before.append(token)


def _token(token: Token, before: list[Token], depth: int) -> str:
    if token.kind is Is.TEXT and _secret(before):
        return _as_long(token.raw, f"'{HIDDEN}", "'")
    if token.kind is Is.TEXT and depth < _DEEPEST and (opening := _DOLLAR.match(token.raw)):
        return f"{opening[0]}{masked(_bare(token.raw), depth + 1)}{opening[0]}"  # a body: SQL again
    if token.kind in (Is.TEXT, Is.COMMENT, Is.NAME, Is.BAD):
        return _as_long(token.raw, _INSIDE.sub(rf"\1\2{HIDDEN}\3", hidden(token.raw)))
    return token.raw


def _secret(before: list[Token]) -> bool:
    """Whether a string behind these is one: PASSWORD '…', jwt_secret TO '…', set_config('app.secret', '…')."""
    at = len(before) - 1
    while at >= 0 and (before[at].raw in _BETWEEN or before[at].word in _BETWEEN):
        at -= 1
    if at < 0:
        return False
    name, between = before[at], before[at + 1 :]
    if name.kind is Is.TEXT:
        return [one.word for one in before[at - 2 : at - 1]] == ["SET_CONFIG"] and bool(_NAMED.search(_bare(name.raw)))
    if name.kind not in (Is.WORD, Is.NAME):
        return False
    bare = name.raw.strip('"')
    if any(one.raw == "(" for one in between):
        return bool(_TAKES.search(bare))
    return bool(_NAMED.search(bare)) and not any(one.raw == "," for one in between)


def _bare(raw: str) -> str:
    opening = _DOLLAR.match(raw)
    if opening:
        return raw[opening.end() : -len(opening[0])]
    return raw[raw.index("'") + 1 : -1]


def _as_long(raw: str, shown: str, end: str = "") -> str:
    """*shown* with as many line breaks as *raw*, so that the lines of the card are those of the file."""
    return shown + "\n" * max(0, raw.count("\n") - shown.count("\n")) + end
