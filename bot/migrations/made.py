"""CREATE: what there is afterwards, and who waits for it meanwhile. Pure."""

from collections.abc import Callable

from bot.migrations import calls, rows
from bot.migrations.effects import Effect, Kind, Lock, Read, There, unread
from bot.migrations.lexing import Piece
from bot.migrations.words import Words


def created(piece: Piece, words: Words) -> Read:
    """*words* stand behind CREATE."""
    replaces = words.take("OR", "REPLACE")
    temporary = bool(words.any("GLOBAL", "LOCAL")) | bool(words.any("TEMP", "TEMPORARY"))
    words.any("UNLOGGED", "RECURSIVE", "TRUSTED", "CONSTRAINT")
    unique = bool(words.any("UNIQUE"))
    what = words.any(*_MADE)
    if words.peek(-1) == "EVENT" or not what:
        return unread(piece, "what it creates")
    if unique and what != "INDEX":
        return unread(piece, "what it creates")
    made = _MADE[what](piece, words, replaces)
    return Read(piece, made.effects, made.tables, made.lock) if temporary else made


def _if_not_exists(words: Words) -> None:
    words.take("IF", "NOT", "EXISTS")


def _table(piece: Piece, words: Words, _: bool) -> Read:
    _if_not_exists(words)
    name = words.name()
    if not name:
        return unread(piece, "what it creates")
    effects = [Effect(Kind.CREATES, name)]
    query = _query(words)
    if query and query not in ("SELECT", "WITH", "VALUES", "TABLE", "("):
        return unread(piece, "the query in it")
    if query:
        inside = rows.read(piece)  # CREATE TABLE … AS: its query runs at once
        return Read(piece, (*effects, *inside.effects), inside.tables, inside.lock, after=(There("relation", name),))
    if words.has("PARTITION", "OF"):  # its bounds are computed at once
        found = calls.unknown(calls.expressions(piece.tokens))
        effects += [Effect(Kind.RUNS, f"{one}()", loses=True) for one in found]
    return Read(piece, tuple(effects), after=(There("relation", name),))


def _query(words: Words) -> str:
    """What follows an AS outside all parentheses; within them it is that of a generated column. Empty: no query."""
    depth = 0
    rest = words.rest
    for at, word in enumerate(rest):
        depth += (word == "(") - (word == ")")
        if word == "AS" and depth <= 0:
            return (rest[at + 1 :] or ["?"])[0] or "?"
    return ""


def _materialized(piece: Piece, words: Words, _: bool) -> Read:
    if not words.take("VIEW"):
        return unread(piece, "what it creates")
    _if_not_exists(words)
    name = words.name()
    effects = [Effect(Kind.CREATES, name, "its query runs at once")]
    effects += [Effect(Kind.RUNS, f"{one}()", loses=True) for one in calls.unknown(calls.expressions(piece.tokens))]
    return Read(piece, tuple(effects), after=(There("relation", name),))


def _view(piece: Piece, words: Words, replaces: bool) -> Read:
    _if_not_exists(words)
    name = words.name()
    kind = Kind.REPLACES if replaces else Kind.CREATES
    effects = [Effect(kind, name)]
    if not _invokes(words):
        effects.append(
            Effect(
                Kind.OPENS, name, "a view reads with its owner's rights: row level security does not hold", warns=True
            )
        )
    return Read(piece, tuple(effects), after=(There("relation", name),))


def _invokes(words: Words) -> bool:
    """True for `WITH (security_invoker)`, on, true or 1 in front of AS; else it reads with its owner's rights."""
    options = Words(words.tokens, words.at)
    while options.peek() not in ("AS", "SECURITY_INVOKER") and options.at < len(words.tokens):
        options.at += 1
    if not options.take("SECURITY_INVOKER"):
        return False
    if not options.take("="):
        return True
    value = words.tokens[options.at : options.at + 1]
    return bool(value) and value[0].raw.strip("'").lower() in ("true", "on", "1", "yes")


def _index(piece: Piece, words: Words, _: bool) -> Read:
    alone = words.take("CONCURRENTLY")
    _if_not_exists(words)
    name = "" if words.peek() == "ON" else words.name()
    if not words.take("ON"):
        return unread(piece, "what it indexes")
    words.take("ONLY")
    table = words.name()
    schema = table.rpartition(".")[0]
    there = (There("relation", f"{schema}.{name}" if schema else name),) if name else ()
    effects = [Effect(Kind.CREATES, f"the index {name}".strip(), f"on {table}")]
    effects += [
        Effect(Kind.RUNS, f"{one}()", loses=True)
        for one in calls.unknown(calls.expressions(piece.tokens, besides="USING"))
    ]
    if not alone:
        effects.append(Effect(Kind.SCANS, table, "CONCURRENTLY, alone in a file, would let others write", warns=True))
    lock = Lock.SHARE_UPDATE_EXCLUSIVE if alone else Lock.SHARE
    return Read(piece, tuple(effects), (table,), lock, alone=alone, after=there)


def _function(piece: Piece, words: Words, replaces: bool) -> Read:
    name = words.name()
    effects = [Effect(Kind.REPLACES if replaces else Kind.CREATES, f"{name}()")]
    if words.has("SECURITY", "DEFINER") and not words.has("SET", "SEARCH_PATH"):
        effects.append(Effect(Kind.EXPOSED, f"{name}()", warns=True))
    elif not words.has("SET", "SEARCH_PATH"):
        effects.append(Effect(Kind.SETS, f"no search_path for {name}()", "it finds tables by the caller's"))
    return Read(piece, tuple(effects), after=(There("function", name),))


def _trigger(piece: Piece, words: Words, replaces: bool) -> Read:
    name = words.name()
    at = next((n for n, word in enumerate(words.rest) if word == "ON"), None)
    if at is None:
        return unread(piece, "on which table it stands")
    words.at += at + 1
    table = words.name()
    kind = Kind.REPLACES if replaces else Kind.CREATES
    return Read(piece, (Effect(kind, f"the trigger {name}", f"on {table}"),), (table,), Lock.SHARE_ROW_EXCLUSIVE)


def _policy(piece: Piece, words: Words, _: bool) -> Read:
    name = words.name()
    if not words.take("ON"):
        return unread(piece, "on which table it stands")
    table = words.name()
    effects = [Effect(Kind.CREATES, f"the policy {name}", f"on {table}")]
    rest = words.rest
    to = Words(words.tokens, words.at + rest.index("TO") + 1).names() if "TO" in rest else None
    named = [one for one in to or () if one in ("anon", "public")]
    if named or to is None:
        who = named[0] if named else "everybody: no TO"
        effects.append(Effect(Kind.OPENS, table, f"for {who}", warns=True))
    return Read(piece, tuple(effects), (table,), Lock.ACCESS_EXCLUSIVE)


def _plain(thing: str) -> Callable[[Piece, Words, bool], Read]:
    def read(piece: Piece, words: Words, replaces: bool) -> Read:
        _if_not_exists(words)
        kind = Kind.REPLACES if replaces else Kind.CREATES
        name = words.name()
        there = (There(thing, name),) if thing in ("relation", "type", "schema", "extension") and name else ()
        return Read(piece, (Effect(kind, f"{thing} {name}".strip()),), after=there)

    return read


def _right(piece: Piece, words: Words, _: bool) -> Read:
    return Read(piece, (Effect(Kind.RIGHTS, f"a new role {words.name()}", warns=True),))


def _opaque(piece: Piece, words: Words, _: bool) -> Read:
    del words
    return unread(piece, "it runs by itself later, or moves data")


def _outside(piece: Piece, words: Words, _: bool) -> Read:
    """DATABASE, TABLESPACE, SUBSCRIPTION: no part of a schema, and in no transaction."""
    del words
    return Read(piece, (Effect(Kind.UNREAD, "no part of a schema", loses=True),), alone=True)


_MADE: dict[str, Callable[[Piece, Words, bool], Read]] = {
    "TABLE": _table,
    "MATERIALIZED": _materialized,
    "VIEW": _view,
    "INDEX": _index,
    "FUNCTION": _function,
    "PROCEDURE": _function,
    "TRIGGER": _trigger,
    "POLICY": _policy,
    "SEQUENCE": _plain("relation"),
    "TYPE": _plain("type"),
    "DOMAIN": _plain("type"),
    "SCHEMA": _plain("schema"),
    "EXTENSION": _plain("extension"),
    "STATISTICS": _plain("statistics"),
    "PUBLICATION": _plain("publication"),
    "COLLATION": _plain("collation"),
    "AGGREGATE": _plain("aggregate"),
    **dict.fromkeys(("ROLE", "USER", "GROUP"), _right),
    **dict.fromkeys(("RULE", "EVENT", "SERVER", "FOREIGN", "CAST", "OPERATOR", "LANGUAGE", "ACCESS"), _opaque),
    **dict.fromkeys(("DATABASE", "TABLESPACE", "SUBSCRIPTION"), _outside),
}
