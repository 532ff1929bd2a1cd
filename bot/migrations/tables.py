"""ALTER TABLE, action by action: what it does to the table, its rows, and whoever waits for it. Pure."""

from bot.migrations import calls
from bot.migrations.effects import Effect, Kind, Lock, Read, There, unread
from bot.migrations.lexing import Piece
from bot.migrations.words import Words

_WEAKER = {"VALIDATE": Lock.SHARE_UPDATE_EXCLUSIVE, "CLUSTER": Lock.SHARE_UPDATE_EXCLUSIVE}
_VOLATILE = frozenset({"gen_random_uuid", "uuid_generate_v4", "random", "clock_timestamp", "nextval"})


def alter(piece: Piece, words: Words) -> Read:
    """*words* stand behind ALTER TABLE."""
    words.take("IF", "EXISTS")
    words.take("ONLY")
    table = words.name()
    words.any("*")
    if not table:
        return unread(piece, "which table it alters")
    effects: list[Effect] = []
    after: list[There] = []
    lock = Lock.NONE
    alone = False
    for action in words.parts():
        found, held, there = _action(table, action)
        if found is None:
            return unread(piece, f"what it does to {table}")
        effects += found
        after += there
        alone |= action.has("CONCURRENTLY")
        lock = max(lock, held)
        effects += [
            Effect(Kind.RUNS, f"{one}()", loses=True) for one in calls.unknown(calls.expressions(action.tokens))
        ]
    # What one action makes another may take away again: the catalog is asked about the last word on each name.
    last = {(one.thing, one.name): one for one in after}
    return Read(piece, tuple(effects), (table,), lock, alone=alone, after=tuple(last.values()))


def _action(table: str, words: Words) -> tuple[list[Effect] | None, Lock, list[There]]:  # noqa: PLR0912  # a table of PostgreSQL's actions
    full = Lock.ACCESS_EXCLUSIVE
    words.at = 0
    if words.take("ADD"):
        return _add(table, words)
    if words.take("DROP"):
        return _drop(table, words)
    if words.take("ALTER"):
        return _column(table, words)
    if words.take("VALIDATE", "CONSTRAINT"):
        return [Effect(Kind.SCANS, table)], _WEAKER["VALIDATE"], []
    if words.take("RENAME"):
        return [Effect(Kind.ALTERS, table, "a name: what runs now still says the old one", warns=True)], full, []
    if words.take("DISABLE", "ROW", "LEVEL", "SECURITY"):
        return [Effect(Kind.RLS_OFF, table, warns=True)], full, []
    if words.take("NO", "FORCE", "ROW", "LEVEL", "SECURITY"):
        return [Effect(Kind.RLS_OFF, table, "for the table's owner", warns=True)], full, []
    if words.take("ENABLE", "ROW", "LEVEL", "SECURITY") or words.take("FORCE", "ROW", "LEVEL", "SECURITY"):
        return (
            [Effect(Kind.ALTERS, table, "row level security on: without a policy nobody but the owner reads")],
            full,
            [],
        )
    if words.any("ENABLE", "DISABLE"):
        what = "a trigger or a rule"
        return [Effect(Kind.ALTERS, table, f"switches {what}", warns=True)], Lock.SHARE_ROW_EXCLUSIVE, []
    if words.take("SET", "SCHEMA"):
        return [Effect(Kind.ALTERS, table, "moves it to another schema", warns=True)], full, []
    if words.take("SET", "UNLOGGED"):
        return [Effect(Kind.REWRITES, table, "and a crash empties it from then on", loses=True)], full, []
    if words.take("SET", "LOGGED") or words.take("SET", "TABLESPACE") or words.take("SET", "ACCESS", "METHOD"):
        return [Effect(Kind.REWRITES, table, warns=True)], full, []
    if words.take("SET", "(") or words.take("RESET", "("):
        return [Effect(Kind.ALTERS, table, "how it is stored")], Lock.SHARE_UPDATE_EXCLUSIVE, []
    if words.take("DETACH", "PARTITION"):
        return [Effect(Kind.DROPS, f"a partition of {table}", "its rows leave the table", loses=True)], full, []
    if words.take("ATTACH", "PARTITION"):
        return [Effect(Kind.SCANS, table)], Lock.SHARE_UPDATE_EXCLUSIVE, []
    if words.take("OWNER", "TO"):
        return [Effect(Kind.RIGHTS, table, "another owner", warns=True)], full, []
    if words.take("REPLICA", "IDENTITY") or words.any("INHERIT", "CLUSTER") or words.take("NO", "INHERIT"):
        return [Effect(Kind.ALTERS, table)], full, []
    return None, full, []


def _add(table: str, words: Words) -> tuple[list[Effect] | None, Lock, list[There]]:
    full = Lock.ACCESS_EXCLUSIVE
    if words.peek() in ("CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"):
        kind = "a constraint"
        foreign = words.has("FOREIGN", "KEY")
        effects = [Effect(Kind.ALTERS, table, f"adds {kind}")]
        if not words.has("NOT", "VALID") and not words.has("USING", "INDEX"):
            effects.append(Effect(Kind.SCANS, table, "to check what is there", warns=True))
        return effects, Lock.SHARE_ROW_EXCLUSIVE if foreign else full, []
    words.take("COLUMN")
    words.take("IF", "NOT", "EXISTS")
    column = words.name()
    if not column:
        return None, full, []
    effects = [Effect(Kind.CREATES, f"{table}.{column}")]
    serial = any(word.endswith("SERIAL") for word in words.rest[:1])
    stored = words.has("GENERATED") and (words.has("STORED") or words.has("IDENTITY"))
    if serial or stored or (words.has("DEFAULT") and _VOLATILE & set(calls.expressions(words.tokens))):
        effects.append(Effect(Kind.REWRITES, table, "to fill the new column", warns=True))
    if words.has("NOT", "NULL") and not words.has("DEFAULT") and not serial and not words.has("GENERATED"):
        effects.append(
            Effect(
                Kind.ALTERS,
                f"{table}.{column}",
                "NOT NULL without a default: it fails unless the table is empty",
                warns=True,
            )
        )
    if words.has("REFERENCES") or words.has("CHECK"):
        effects.append(Effect(Kind.SCANS, table, "to check what is there", warns=True))
    return effects, full, [There("column", f"{table}.{column}")]


def _drop(table: str, words: Words) -> tuple[list[Effect] | None, Lock, list[There]]:
    full = Lock.ACCESS_EXCLUSIVE
    cascade = words.has("CASCADE")
    if words.take("CONSTRAINT"):
        words.take("IF", "EXISTS")
        more = "and all that rests on it" if cascade else "what it kept out can come in"
        return [Effect(Kind.DROPS, f"the constraint {words.name()} of {table}", more, warns=True)], full, []
    words.take("COLUMN")
    words.take("IF", "EXISTS")
    column = words.name()
    if not column:
        return None, full, []
    more = "with what is in it" + (", and all that rests on it" if cascade else "")
    dropped = Effect(Kind.DROPS, f"{table}.{column}", more, loses=True)
    return [dropped], full, [There("column", f"{table}.{column}", there=False)]


def _column(table: str, words: Words) -> tuple[list[Effect] | None, Lock, list[There]]:
    full = Lock.ACCESS_EXCLUSIVE
    if words.take("CONSTRAINT"):
        return [Effect(Kind.ALTERS, table, "a constraint", warns=True)], full, []
    words.take("COLUMN")
    column = f"{table}.{words.name()}"
    if words.take("TYPE") or words.take("SET", "DATA", "TYPE"):
        to = words.tokens[words.at :]
        # To text as it stands nothing is cut off; anything else may round, cut or fail on what is there.
        kept = len(to) == 1 and to[0].word == "TEXT"
        effect = Effect(
            Kind.TYPE, column, "" if kept else "what does not fit is cut, rounded, or stops it", loses=not kept
        )
        return [effect, Effect(Kind.REWRITES, table, warns=True)], full, []
    if words.take("SET", "NOT", "NULL"):
        return (
            [Effect(Kind.ALTERS, column, "NOT NULL"), Effect(Kind.SCANS, table, "to check what is there", warns=True)],
            full,
            [],
        )
    if words.take("SET", "DEFAULT") or words.take("DROP", "DEFAULT") or words.take("DROP", "NOT", "NULL"):
        return [Effect(Kind.ALTERS, column)], full, []
    if words.take("SET", "STATISTICS") or words.take("SET", "(") or words.take("RESET", "("):
        return [Effect(Kind.ALTERS, column)], Lock.SHARE_UPDATE_EXCLUSIVE, []
    if words.take("SET", "STORAGE") or words.take("SET", "COMPRESSION"):
        return [Effect(Kind.ALTERS, column)], full, []
    if words.take("SET", "EXPRESSION"):
        return [Effect(Kind.REWRITES, column, "its values are computed anew", loses=True)], full, []
    if words.take("DROP", "EXPRESSION") or words.take("DROP", "IDENTITY"):
        return [Effect(Kind.ALTERS, column, warns=True)], full, []
    if words.take("ADD", "GENERATED") or words.take("SET", "GENERATED") or words.any("RESTART"):
        return [Effect(Kind.ALTERS, column, "how it numbers rows", warns=True)], full, []
    return None, full, []
