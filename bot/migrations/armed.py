"""What a file makes and then sets off itself: a trigger, a default, a view that calls what may do anything. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.migrations import calls
from bot.migrations.effects import Effect, Kind, Read
from bot.migrations.lexing import Is
from bot.migrations.words import Words, plain

_ROWS = frozenset({"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "TABLE", "REFRESH"})
_SETS_OFF = {Kind.ADDS: "INSERT", Kind.CHANGES: "UPDATE", Kind.DELETES: "DELETE"}


def set_off(found: Sequence[Read]) -> list[Read]:
    """The same, and of each that sets off what stands before it in the file, that it runs that."""
    triggers: set[tuple[str, str]] = set()  # own name of the table, and the word of what sets it off
    callers: set[str] = set()  # own names of views and tables whose text calls what may do anything
    told = []
    for one in found:
        runs = [f"a trigger on {table}" for table, word in sorted(triggers & _changed(one))]
        first = one.piece.tokens[0].word if one.piece.tokens else ""
        if first in _ROWS or (first == "CREATE" and _queries(one)):
            runs += [f"what {name} calls" for name in sorted(callers & _names(one))]
        more = tuple(Effect(Kind.RUNS, f"{each}, made above", "it may do anything", loses=True) for each in runs)
        told.append(replace(one, effects=one.effects + more))
        if first == "CREATE":
            triggers |= _trigger(one)
            callers |= _caller(one)
    return told


def _changed(one: Read) -> set[tuple[str, str]]:
    return {(_own(each.what), _SETS_OFF[each.kind]) for each in one.effects if each.kind in _SETS_OFF}


def _queries(one: Read) -> bool:
    """CREATE TABLE … AS and a materialized view run their query at once."""
    words = Words.of(one.piece)
    return words.has("AS") and (words.has("TABLE") or words.has("MATERIALIZED"))


def _trigger(one: Read) -> set[tuple[str, str]]:
    words = Words.of(one.piece)
    if not one.tables or not any(each.what.startswith("the trigger ") for each in one.effects):
        return set()
    before = words.rest[: words.rest.index("ON")]
    return {(_own(one.tables[0]), word) for word in _SETS_OFF.values() if word in before}


def _caller(one: Read) -> set[str]:
    made = {_own(each.name) for each in one.after if each.thing == "relation" and each.there}
    return made if made and calls.unknown(calls.named(one.piece.tokens[3:])) else set()


def _names(one: Read) -> set[str]:
    return {plain(token) for token in one.piece.tokens if token.kind in (Is.WORD, Is.NAME)}


def _own(name: str) -> str:
    return name.rpartition(".")[2]
