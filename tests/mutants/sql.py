"""Mutants of SQL text: comparisons, conjuncts, guards, order, literals. By tokens: what it says is not understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LOOKS_LIKE_IT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE|ORDER BY|JOIN)\b")
_TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|[A-Za-z_][\w.]*|\d+|<>|<=|>=|\|\||\S")
_COMPARED = {"=": ["<>"], "<>": ["="], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"]}
_ENDS = {"ORDER", "GROUP", "LIMIT", "BEGIN", "THEN", "END", ";"}  # of a condition, at its own depth
_MOVES = {"INSERT", "UPDATE", "DELETE"}
_NAMED = re.compile(r"CREATE (UNIQUE INDEX|INDEX|TRIGGER|TABLE|VIRTUAL TABLE) (\w+)")
_AROUND = 28  # characters of a snippet on either side


@dataclass(frozen=True, slots=True)
class Change:
    """*text*: all of it, with the change. *where*: the table, index or trigger that it stands in, if any."""

    text: str
    where: str
    line: int  # from the first of the text on
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    depth: int
    sets: bool  # between SET and WHERE, where = gives and does not compare


def changes(sql: str) -> Iterator[Change]:
    """Each mutant of *sql*, in the order of the text."""
    tokens = _tokens(sql)
    for at, token in enumerate(tokens):
        for start, end, put in _edits(tokens, at, token):
            change = _change(sql, start, end, put)
            if not change.where.startswith("INDEX"):  # makes nothing true, only quick
                yield change


def _tokens(sql: str) -> list[_Token]:
    found: list[_Token] = []
    depth, sets = 0, -1
    for match in _TOKEN.finditer(sql):
        text = match[0]
        if text.startswith("--"):
            continue
        depth -= text == ")"
        if text == "SET":
            sets = depth
        elif text in ("WHERE", ";", "BEGIN"):
            sets = -1
        found.append(_Token(text, *match.span(), depth, sets == depth))
        depth += text == "("
    return found


def _edits(  # noqa: PLR0912  # a branch a word
    tokens: list[_Token], at: int, token: _Token
) -> Iterator[tuple[int, int, str]]:
    """Stretches of the text, and what is put in their place."""
    before = [one.text for one in tokens[max(0, at - 3) : at]]
    last, following = (before or [""])[-1], tokens[at + 1].text if at + 1 < len(tokens) else ""
    text, here = token.text, (token.start, token.end)
    if text in _COMPARED and not (token.sets and text == "=") and last not in ("tokenize", "columnsize"):
        yield from ((*here, put) for put in _COMPARED[text])
    elif text == "AND" and "BETWEEN" not in before:
        yield *here, "OR"
        yield token.start, _end(tokens, at, {"AND", "OR"}), ""
        yield _start(tokens, at), tokens[at + 1].start, ""
    elif text == "OR" and last != "INSERT":
        yield *here, "AND"
    elif text == "WHERE" and not any(one.text == "AND" for one in _clause(tokens, at)):
        yield token.end, _end(tokens, at, set()), " 1"
    elif text in ("EXISTS", "IN") and following == "(":
        yield (tokens[at - 1].start, token.start, "") if last == "NOT" else (*here, f"NOT {text}")
    elif text == "IS":
        yield (token.end, tokens[at + 1].end, "") if following == "NOT" else (*here, "IS NOT")
    elif text == "DESC":
        yield *here, ""
    elif text == "BY" and last == "ORDER":
        ends = _end(tokens, at, {",", "DESC"})
        if not _descends(tokens, ends):
            yield ends, ends, " DESC"
    elif text == "UNIQUE":
        yield *here, ""
    elif text == "CHECK":
        yield token.start, next(one.end for one in tokens[at + 1 :] if one.text == ")" and one.depth == token.depth), ""
    elif text.isdigit() and "columnsize" not in before and last != "SELECT":  # of EXISTS: any will do
        yield from ((*here, str(int(text) + by)) for by in (1, -1))
    elif text.startswith("'") and " " not in text and not {"ABORT", "tokenize"} & set(before):
        yield *here, f"{text[:-1]}x'"
    if last in ("BEGIN", ";", "") and (text in _MOVES or (text == "SELECT" and following == "RAISE")):
        stops = next((one.start for one in tokens[at:] if one.text == ";" and one.depth == token.depth), None)
        if stops is not None:
            yield token.start, stops, "SELECT 1"


def _descends(tokens: list[_Token], end: int) -> bool:
    """Whether what follows is DESC already."""
    return any(one.text == "DESC" and 0 <= one.start - end <= 1 for one in tokens)


def _clause(tokens: list[_Token], at: int) -> Iterator[_Token]:
    """What belongs to the condition after the token *at*, at its own depth."""
    for one in tokens[at + 1 :]:
        if one.depth < tokens[at].depth or (one.depth == tokens[at].depth and one.text in _ENDS):
            return
        if one.depth == tokens[at].depth:
            yield one


def _end(tokens: list[_Token], at: int, also: set[str]) -> int:
    """Where the term after the token *at* ends."""
    end = tokens[at].end
    for one in tokens[at + 1 :]:
        if one.depth < tokens[at].depth or (one.depth == tokens[at].depth and one.text in _ENDS | also):
            break
        end = one.end
    return end


def _start(tokens: list[_Token], at: int) -> int:
    """Where the term before the token *at* begins."""
    start = tokens[at].start
    for one in reversed(tokens[:at]):
        if one.depth < tokens[at].depth or (
            one.depth == tokens[at].depth and one.text in {"AND", "OR", "WHERE", "WHEN", "ON"}
        ):
            break
        start = one.start
    return start


def _change(sql: str, start: int, end: int, put: str) -> Change:
    names = _NAMED.findall(sql, 0, start)
    left, right = sql[max(0, start - _AROUND) : start], sql[end : end + _AROUND]
    was, now = (" ".join(f"{left}{middle}{right}".split()) for middle in (sql[start:end], put))
    return Change(
        sql[:start] + put + sql[end:], " ".join(names[-1]) if names else "", sql.count("\n", 0, start), was, now
    )
