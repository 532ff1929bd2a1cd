"""Why the database refused a migration: its words, the line, and that nothing of the file is there. Pure."""

import re

from bot.clients.errors import SqlFailed
from bot.migrations.lexing import pieces
from bot.migrations.masking import unsaid

_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_SAID = re.compile(r"ERROR:\s+(?:[0-9A-Z]{5}:\s*)?([^\n]*)")
_DETAIL = re.compile(r"^(DETAIL|HINT):\s*([^\n]*)", re.MULTILINE)
_NAMED = re.compile(r'"([^"\n]+)"')
_TIMED_OUT = "55P03"  # lock_not_available


def why(version: str, failed: SqlFailed, sql: str, *, alone: bool = False) -> str:
    """A plain sentence or three for whoever must mend the file, which says *sql*."""
    found = _SAID.search(failed.said)
    said = found[1].strip() if found else failed.what
    if said.startswith("aikeys: "):
        said = f"{said.removeprefix('aikeys: ').capitalize()}: somebody else migrates"
    more = [text for _, text in _DETAIL.findall(failed.said)][:2]
    if failed.state == _TIMED_OUT and "timeout" in said:
        more.append("Somebody holds a lock that it needs: see /aikeys db, and ask again when that is over")
    where = _where(failed.said, said, sql)
    kept = "It may have left an invalid index." if alone else f"Nothing of {version} was applied."
    said, *more = [unsaid(sql, one) for one in (said, *more)]
    return " ".join([f"{version}{where}: {said.rstrip('.')}.", *(f"{one.rstrip('.')}." for one in more), kept])


def _where(said: str, message: str, sql: str) -> str:
    """The line: as PostgreSQL names it; else of the one statement that holds the names in its message."""
    named = _LINE.search(said)
    if named:
        return f", line {named[1]}"
    lines = [(one.line, one.text) for one in pieces(sql) if one.tokens]
    if len(lines) == 1:
        return f", line {lines[0][0]}"
    words = _NAMED.findall(message)
    close = [line for line, text in lines if words and any(word in text for word in words)]
    return f", probably line {close[0]}" if len(close) == 1 else ", in a line that PostgreSQL does not name"
