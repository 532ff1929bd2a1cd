"""DROP, GRANT, REVOKE, and every ALTER that is not of a table. Pure."""

from bot.migrations.effects import Effect, Kind, Lock, Read, There, unread
from bot.migrations.lexing import Piece
from bot.migrations.words import Words

_HOLD_ROWS = {"TABLE": "with its rows", "SCHEMA": "with all that is in it", "SEQUENCE": "and where it stood",
              "EXTENSION": "and the tables it keeps", "DATABASE": "all of it", "OWNED": "all that the role owns",
              "SERVER": "and the tables behind it", "PUBLICATION": "who follows it misses rows",
              "SUBSCRIPTION": "who follows it misses rows", "TABLESPACE": "and what lies in it"}  # fmt: skip
_HOLD_NONE = frozenset(
    """
    VIEW INDEX FUNCTION PROCEDURE ROUTINE TRIGGER POLICY TYPE DOMAIN ROLE USER GROUP AGGREGATE RULE STATISTICS
    COLLATION OPERATOR CAST CONVERSION LANGUAGE TRANSFORM
    """.split()  # noqa: SIM905  # words to be read, not typed
)
_RELATIONS = frozenset({"TABLE", "VIEW", "INDEX", "SEQUENCE"})
_ALTERED = frozenset(
    """
    TYPE DOMAIN INDEX VIEW FUNCTION PROCEDURE ROUTINE POLICY SEQUENCE TRIGGER AGGREGATE STATISTICS COLLATION
    PUBLICATION EXTENSION SCHEMA
    """.split()  # noqa: SIM905  # words to be read, not typed
)
STRANGERS = ("ANON", "PUBLIC")


def dropped(piece: Piece, words: Words) -> Read:
    """*words* stand behind DROP."""
    foreign = bool(words.any("FOREIGN"))
    matview = bool(words.any("MATERIALIZED"))
    what = words.any(*_HOLD_ROWS, *_HOLD_NONE)
    if foreign and what == "TABLE":
        what = "VIEW"  # its rows are elsewhere
    if not what:
        return unread(piece, "what it drops")
    alone = words.take("CONCURRENTLY") or what in ("DATABASE", "TABLESPACE", "SUBSCRIPTION")
    words.take("IF", "EXISTS")
    words.take("BY")
    names = words.names()
    cascade = words.has("CASCADE")
    rows = _HOLD_ROWS.get(what, "")
    more = ", ".join(filter(None, [rows, "and all that rests on it: columns too" if cascade else ""]))
    word = "materialized view" if matview else what.lower()
    named = [f"{word} {one}" for one in names] or [word]
    effects = [Effect(Kind.DROPS, one, more, loses=bool(rows) or cascade, warns=True) for one in named]
    gone = [There("relation", one, there=False) for one in names] if what in _RELATIONS else []
    tables = names if what == "TABLE" else [words.name()] if what in ("TRIGGER", "POLICY") and words.take("ON") else []
    lock = Lock.SHARE_UPDATE_EXCLUSIVE if alone else Lock.ACCESS_EXCLUSIVE
    return Read(piece, tuple(effects), tuple(filter(None, tables)), lock, alone=alone, after=tuple(gone))


def altered(piece: Piece, words: Words) -> Read:
    """*words* stand behind ALTER, of all but tables."""
    if words.take("DEFAULT", "PRIVILEGES"):
        return _rights(piece, words, "what is created from now on", gives=words.has("GRANT"))
    if words.any("ROLE", "USER", "GROUP"):
        return Read(piece, (Effect(Kind.RIGHTS, f"of {words.name()}", warns=True),))
    words.take("MATERIALIZED")
    what = words.any(*_ALTERED)
    if not what or words.has("ALL", "IN", "TABLESPACE"):
        return unread(piece, "what it alters")
    words.take("IF", "EXISTS")
    name = f"{what.lower()} {words.name()}"
    if what == "TYPE" and words.has("DROP", "ATTRIBUTE"):
        return Read(
            piece, (Effect(Kind.DROPS, f"a part of {name}", "in every row", loses=True),), lock=Lock.ACCESS_EXCLUSIVE
        )
    if what == "TYPE" and words.has("ALTER", "ATTRIBUTE"):
        return Read(piece, (Effect(Kind.TYPE, name, "in every row", loses=True),), lock=Lock.ACCESS_EXCLUSIVE)
    if what == "SEQUENCE" and words.has("RESTART"):
        more = "it may give numbers that were given before"
        return Read(piece, (Effect(Kind.ALTERS, name, more, loses=True),))
    if what in ("EXTENSION", "PUBLICATION") and words.has("DROP"):
        return Read(piece, (Effect(Kind.DROPS, f"a part of {name}", loses=True),))
    if what in ("FUNCTION", "PROCEDURE", "ROUTINE") and words.has("SECURITY", "DEFINER"):
        return Read(piece, (Effect(Kind.EXPOSED, name, warns=True),))
    if what == "POLICY":
        return Read(
            piece, (Effect(Kind.RIGHTS, name, "who may read or write what", warns=True),), lock=Lock.ACCESS_EXCLUSIVE
        )
    warns = words.has("RENAME") or words.has("OWNER") or words.has("SET", "SCHEMA")
    lock = Lock.ACCESS_EXCLUSIVE if what in ("INDEX", "VIEW") else Lock.NONE
    return Read(piece, (Effect(Kind.ALTERS, name, warns=warns),), lock=lock)


def granted(piece: Piece, words: Words) -> Read:
    """*words* stand behind GRANT."""
    return _rights(piece, words, _on(words), gives=True)


def revoked(piece: Piece, words: Words) -> Read:
    """*words* stand behind REVOKE."""
    return _rights(piece, words, _on(words), gives=False)


def _on(words: Words) -> str:
    rest = words.rest
    if "ON" not in rest:
        return "a role"
    at = Words(words.tokens, words.at + rest.index("ON") + 1)
    at.any("TABLE", "SCHEMA", "SEQUENCE", "FUNCTION")
    return "all in a schema" if at.peek() == "ALL" else at.name()


def _rights(piece: Piece, words: Words, on: str, *, gives: bool) -> Read:
    to = "TO" if gives else "FROM"
    rest = words.rest
    if to not in rest:
        return unread(piece, "whose rights it changes")
    receivers = Words(words.tokens, words.at + len(rest) - rest[::-1].index(to)).names()
    strangers = [one for one in receivers if one.upper() in STRANGERS]
    if gives and strangers:
        return Read(piece, (Effect(Kind.OPENS, on, f"to {', '.join(strangers)}: anybody on the web", warns=True),))
    verb = "given to" if gives else "taken from"
    return Read(piece, (Effect(Kind.RIGHTS, on, f"{verb} {', '.join(receivers)}", warns=not gives),))
