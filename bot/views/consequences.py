"""A migration's card: what each statement does, who waits for it, what is lost, what stands there now. Pure."""

from collections.abc import Sequence

from bot.health.words import ago, count
from bot.migrations.compared import Compared
from bot.migrations.effects import Effect, Kind, Lock
from bot.migrations.files import Wanted
from bot.migrations.live import Table
from bot.migrations.masking import masked
from bot.migrations.squawk import Warned
from bot.redaction import hidden
from bot.sources import Commit
from bot.views import deploys
from bot.views.blocks import TextFile, cap, code, escape, one_line
from store.views import OpenIncident

_MOST_LINES = 12  # of one file on the card; all are in its file
_MOST_FILES = 8  # with lines of their own on the card
_MOST_DANGERS = 14
_IN_WORDS = ("a ", "the ", "all ", "what ", "it ", "I ", "two ")  # no name that could be copied
_KEPT = "hidden here: it stays in git and in the history, so set it outside of migrations, and rotate it"
_SURE = frozenset({Kind.DROPS, Kind.DELETES, Kind.EMPTIES})
_VERBS = {
    Kind.SETS: "sets",
    Kind.RUNS: "runs",
    Kind.UNREAD: "*cannot be read*:",
    Kind.OPENS: "*opens*",
    Kind.RLS_OFF: "*switches row level security off* on",
    Kind.EXPOSED: "makes",
    Kind.TYPE: "*changes the type* of",
    Kind.ADDS: "adds rows to",
    Kind.CHANGES: "changes rows of",
    Kind.DELETES: "*deletes rows* of",
    Kind.EMPTIES: "*empties*",
    Kind.DROPS: "*drops*",
    Kind.SCANS: "reads the whole of",
    Kind.REWRITES: "writes anew the whole of",
    Kind.RIGHTS: "changes rights:",
}


def changes(found: Sequence[Wanted]) -> list[str]:
    """One paragraph a file; a line for each thing that it does."""
    said = [_file(one) for one in found[:_MOST_FILES]]
    if len(found) > _MOST_FILES:
        rest = ", ".join(code(one.version) for one in found[_MOST_FILES:])
        said.append(f"… and {count(len(found) - _MOST_FILES, 'file')} more: {rest}")
    return said


def _file(one: Wanted) -> str:
    # A name of the CLI's own making is a UUID, which tells nobody anything.
    name = "" if len(one.name) == 36 and one.name.count("-") == 4 else f" {escape(one.name, 80)}"
    head = f"*{code(one.version)}*{name} · {count(len([each for each in one.reads if each.effects]), 'statement')}"
    if one.alone:
        head += ", outside a transaction: half-done it leaves an invalid index"
    lines = [f"• line {read.piece.line}: {_effect(effect)}" for read in one.reads for effect in read.effects]
    more = len(lines) - _MOST_LINES
    shown = lines[:_MOST_LINES] + ([f"… and {more} more, all in the file below"] if more > 0 else [])
    return "\n".join([head, *shown])


def _effect(one: Effect) -> str:
    more = f", {escape(hidden(one.more), 160)}" if one.more else ""
    if one.kind is Kind.EXPOSED:
        return f"makes {code(one.what, 80)} *run with its owner's rights, without a search_path of its own*"
    if one.kind is Kind.SETS and one.what.startswith("no "):
        return f"{escape(one.what, 100)}{more}"
    seen = masked(one.what)
    what = escape(seen, 100) if one.what.startswith(_IN_WORDS) else code(seen, 100)
    return f"{_VERBS.get(one.kind, one.kind.value)} {what}{more}"


def dangers(found: Sequence[Wanted]) -> list[str]:
    """What is lost, loudest; then who waits; then what a person should know."""
    several = len(found) > 1
    lost, other = [], []
    waits: dict[tuple[str, Lock], str] = {}
    for one in found:
        for read in one.reads:
            at = f"line {read.piece.line}" + (f" of {code(one.version)}" if several else "")
            gone = [effect for effect in read.effects if effect.loses]
            lost += [f"*DATA {_is(effect)} LOST*, {at}: {_effect(effect)}" for effect in gone]
            other += [f"{at}: {_effect(effect)}" for effect in read.effects if effect.warns and not effect.loses]
            if read.lock.words:
                for table in read.tables:
                    waits.setdefault((table, read.lock), at)
    effects = [effect for one in found for read in one.reads for effect in read.effects]
    new = {effect.what for effect in effects if effect.kind is Kind.CREATES}  # nobody waits for what is not there yet
    told = {name: at for name, at in waits.items() if name[0] not in new}
    held = [f"{code(table)}: {lock.words} meanwhile ({at})" for (table, lock), at in told.items()]
    keys = [f"{code(one.version)} holds what looks like a secret, {_KEPT}" for one in found if one.secret]
    said = [*lost, *_strongest(held), *keys, *other]
    more = len(said) - _MOST_DANGERS
    return said[:_MOST_DANGERS] + ([f"… and {count(more, 'more')}: read the file below."] if more > 0 else [])


def _is(effect: Effect) -> str:
    return "IS" if effect.kind in _SURE else "MAY BE"


def _strongest(held: Sequence[str]) -> list[str]:
    """One line a table: who is shut out wholly is not told that writers wait."""
    first: dict[str, str] = {}
    for line in sorted(held, key=lambda one: "nobody reads" not in one):
        first.setdefault(line.split(":")[0], line)
    return list(first.values())


def renamed(known: Compared) -> list[str]:
    """Files that are called otherwise than what was applied: harmless in itself, but a sign."""
    versions = ", ".join(code(one.version) for one, _ in known.renamed[:3])
    return [f"Applied under another name than the file's now: {versions}. Was it changed since?"] if versions else []


def now(tables: Sequence[Table] | str) -> list[str]:
    """What stands in the tables that are touched."""
    if isinstance(tables, str):
        return [f"What stands in the tables now is not known. {escape(tables)}"]
    said = [f"{code(one.name, 80)} {_rows(one)}, {_bytes(one.bytes)}" for one in tables[:8]]
    return [f"There now: {' · '.join(said)}"] if said else []


def _rows(one: Table) -> str:
    if one.rows is not None:
        return count(int(one.rows), "row")
    return f"about {one.estimate:,.0f} rows" if one.estimate >= 0 else "rows not counted yet"


def busy(tables: Sequence[Table] | str) -> list[str]:
    """Who is at these tables while the card is written: a lock would wait for them, and all others behind it."""
    if isinstance(tables, str):
        return []
    return [
        f"{count(one.busy, 'session')} at {code(one.name, 80)} now, the oldest for {ago(one.oldest or 0)}: "
        "the lock waits for it five seconds, then gives up"
        for one in tables
        if one.busy
    ]


def _bytes(number: float) -> str:
    for size, unit in ((1e9, "GB"), (1e6, "MB")):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number / 1e3:.0f} kB"


def squawk(one: Wanted, said: Sequence[Warned] | str) -> list[str]:
    """What squawk adds: nothing about a line that is pointed out already."""
    if isinstance(said, str):
        return [escape(said)]
    known = {read.piece.line for read in one.reads if read.loses or any(effect.warns for effect in read.effects)}
    added = [each for each in said if each.line not in known]
    return [
        f"squawk, line {each.line} of {code(one.version)}: {escape(each.message, 160)} ({escape(each.rule, 40)})"
        for each in added[:3]
    ]


def commit(one: Commit) -> str:
    """Where it comes from."""
    return deploys.commit(one, None)


def incidents(found: Sequence[OpenIncident]) -> list[str]:
    """What is open meanwhile."""
    return deploys.incidents(found)


def file(one: Wanted, suffix: str = "") -> TextFile:
    """The whole file, as it would run, but for the secrets in it."""
    title = cap(f"{one.version} {one_line(one.name, 60)} {suffix}".strip(), 100)
    name = f"{one.version}-{suffix}.sql" if suffix else f"{one.version}.sql"
    return TextFile(name, title, one.shown)


def back(one: Wanted, where: str) -> list[str]:
    """A way back, from *where* it stands, and that it brings back no row."""
    return [
        f"{_file(one)}\nFrom {code(where)}, with the end of its row in the history.",
        "Rows that the migration took do not come back by this: its way back mends the schema.",
    ]
