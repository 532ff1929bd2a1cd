"""Reads a migration statement by statement: by its first words, which say in PostgreSQL what a statement is. Pure.

Two readers: ours, which knows the words of each kind of statement, and sqlglot for whatever touches rows. What neither
places is dangerous. `read` never raises, whatever it is given.
"""

import re
from collections.abc import Callable, Sequence

from bot.migrations import made, rows, taken
from bot.migrations.armed import set_off
from bot.migrations.effects import Effect, Kind, Lock, Read, There, unread
from bot.migrations.lexing import Piece, pieces
from bot.migrations.tables import alter
from bot.migrations.words import Words

LARGEST = 400_000  # characters of a file: nobody approves what nobody can read
# What a session may set without changing what the statements after it mean or may do.
_SETTINGS = frozenset(
    """
    lock_timeout statement_timeout idle_in_transaction_session_timeout client_min_messages search_path
    row_security check_function_bodies default_tablespace default_table_access_method client_encoding timezone
    xmloption maintenance_work_mem work_mem
    """.split()  # noqa: SIM905  # words to be read, not typed
)
_TIME = re.compile(r"'?(\d{1,9}) ?(ms|s)?'?")
_CONTROL = frozenset({"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"})


def read(sql: str) -> list[Read]:
    """Every statement of *sql*, in order."""
    if len(sql) > LARGEST:
        return [unread(Piece(sql[:200], 1, ()), "it is too long")]
    return set_off([_one(piece) for piece in pieces(sql)])


def _one(piece: Piece) -> Read:
    if piece.bad or "\0" in piece.text:
        return unread(piece, "a string, a comment or a sign in it")
    if not piece.tokens:
        return Read(piece)  # a comment alone
    if piece.nested:
        return unread(piece, "statements stand inside it")
    words = Words.of(piece)
    first = words.peek()
    if first in _CONTROL or (first == "PREPARE" and words.peek(1) == "TRANSACTION"):
        return Read(piece, control=" ".join(filter(None, words.rest))[:60])
    reader = _READERS.get(first)
    words.at = 1
    return reader(piece, words) if reader is not None else unread(piece, f"I do not know what {first or 'it'} is")


def _rows(piece: Piece, _: Words) -> Read:
    return rows.read(piece)


def _truncate(piece: Piece, words: Words) -> Read:
    words.take("TABLE")
    words.take("ONLY")
    tables = words.names()
    cascade = "and every table that refers to it" if words.has("CASCADE") else ""
    effects = tuple(Effect(Kind.EMPTIES, one, cascade, loses=True) for one in tables)
    return Read(piece, effects, tuple(tables), Lock.ACCESS_EXCLUSIVE) if tables else unread(piece, "what it empties")


def _alter(piece: Piece, words: Words) -> Read:
    words.take("FOREIGN")
    return alter(piece, words) if words.take("TABLE") and words.peek() != "ALL" else taken.altered(piece, words)


def _comment(piece: Piece, words: Words) -> Read:
    return Read(piece, (Effect(Kind.ALTERS, "a comment"),)) if words.take("ON") else unread(piece, "what it comments")


def _set(piece: Piece, words: Words) -> Read:
    """SET and RESET: most of what can be set changes nothing for others; some of it changes what SQL means."""
    words.any("LOCAL", "SESSION")
    if words.take("CONSTRAINTS"):
        return Read(piece, (Effect(Kind.SETS, "when constraints are checked"),))
    name = words.name()
    if name == "search_path" and any("pg_catalog" in one.raw.lower() for one in words.tokens[words.at + 2 :]):
        return unread(piece, "functions of the wallet's own come before PostgreSQL's: what is called cannot be told")
    if name == "lock_timeout" and not _soon(words):
        more = "whoever waits for its locks makes all that come after wait, for longer than five seconds"
        return Read(piece, (Effect(Kind.SETS, name, more, warns=True),))
    if name in _SETTINGS or (name == "time" and words.take("ZONE")):
        return Read(piece, (Effect(Kind.SETS, name),))
    return unread(piece, f"{name or 'what it sets'} changes what the statements after it may do, or mean")


def _soon(words: Words) -> bool:
    """Whether the value that stands here gives up within the five seconds that the bot gives; 0 never does."""
    found = _TIME.fullmatch(words.tokens[-1].raw.lower())
    return found is not None and 0 < int(found[1]) * (1000 if found[2] == "s" else 1) <= 5000


def _lock(piece: Piece, words: Words) -> Read:
    words.take("TABLE")
    words.take("ONLY")
    tables = words.names()
    weak = words.has("SHARE", "MODE") or words.has("ROW")
    lock = Lock.SHARE if weak else Lock.ACCESS_EXCLUSIVE
    return Read(piece, tuple(Effect(Kind.WAITS, one, warns=True) for one in tables), tuple(tables), lock)


def _analyze(piece: Piece, words: Words) -> Read:
    return Read(piece, (Effect(Kind.ALTERS, "statistics"),)) if not words.has("(") else unread(piece, "what it does")


def _refresh(piece: Piece, words: Words) -> Read:
    words.take("MATERIALIZED", "VIEW")
    words.take("CONCURRENTLY")
    return Read(piece, (Effect(Kind.REWRITES, words.name(), warns=True),), lock=Lock.ACCESS_EXCLUSIVE)


def _alone(piece: Piece, words: Words) -> Read:
    """VACUUM, REINDEX, CLUSTER: upkeep, that no transaction can hold."""
    del words
    what = piece.tokens[0].word
    return Read(piece, (Effect(Kind.REWRITES, what.lower(), warns=True),), lock=Lock.ACCESS_EXCLUSIVE, alone=True)


def _runs(piece: Piece, words: Words) -> Read:
    what = {"DO": "a DO block", "CALL": "a procedure", "EXECUTE": "a prepared statement"}[piece.tokens[0].word]
    del words
    return Read(piece, (Effect(Kind.RUNS, what, "it may do anything", loses=True),), lock=Lock.ACCESS_EXCLUSIVE)


_READERS: dict[str, Callable[[Piece, Words], Read]] = {
    **dict.fromkeys(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"), _rows),
    "TRUNCATE": _truncate,
    "CREATE": made.created,
    "DROP": taken.dropped,
    "ALTER": _alter,
    "COMMENT": _comment,
    "GRANT": taken.granted,
    "REVOKE": taken.revoked,
    "SET": _set,
    "RESET": _set,
    "LOCK": _lock,
    "ANALYZE": _analyze,
    "REFRESH": _refresh,
    **dict.fromkeys(("VACUUM", "REINDEX", "CLUSTER"), _alone),
    **dict.fromkeys(("DO", "CALL", "EXECUTE"), _runs),
}


def after(found: Sequence[Read]) -> list[There]:
    """What the catalog must show when all have run: the last word on each name.

    Nothing where names may change hands without a word that could be followed: then only the history is asked.
    """
    if any(_untraceable(one) for one in found):
        return []
    last: dict[tuple[str, str], There] = {}
    for one in found:
        if Words.of(one.piece).has("CASCADE"):  # it may take what was made before
            last = {key: each for key, each in last.items() if not each.there}
        elif any(effect.kind is Kind.DROPS for effect in one.effects):  # indexes go with their table or column
            last = {key: each for key, each in last.items() if not each.there or each.thing == "column"}
        for there in one.after:
            name = _in_full(there)
            if there.thing == "relation" and not there.there:  # with a table its columns go
                last = {key: each for key, each in last.items() if not key[1].startswith(f"{name}.")}
            last.pop((there.thing, name), None)
            last[(there.thing, name)] = there
    return list(last.values())


def _in_full(there: There) -> str:
    """Its name with the schema, so that `a` and `public.a` are one."""
    parts = 1 + (there.thing == "column")
    return there.name if there.name.count(".") >= parts else f"public.{there.name}"


def _untraceable(one: Read) -> bool:
    words = Words.of(one.piece)
    if words.has("RENAME") or words.has("SET", "SCHEMA") or (words.has("SEARCH_PATH") and words.peek() != "CREATE"):
        return True
    return any(effect.kind in (Kind.UNREAD, Kind.RUNS) for effect in one.effects)
