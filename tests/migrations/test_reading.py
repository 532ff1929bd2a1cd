"""What a migration does, read from its text: a labelled corpus of our own. Nothing that loses data may be missed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.migrations.effects import Kind
from bot.migrations.lexing import Is, pieces, tokens
from bot.migrations.reading import read

CORPUS = Path(__file__).parent / "corpus"


def entries(name: str) -> list[str]:
    text = (CORPUS / f"{name}.sql").read_text().partition("\n")[2]
    return [one.rstrip("\n") for one in text.split("\n----\n")]


LOSES, WARNS, HARMLESS = entries("loses"), entries("warns"), entries("harmless")


def test_nothing_that_loses_data_is_missed():
    missed = [sql for sql in LOSES if not any(one.loses for one in read(sql))]
    assert missed == []


def test_what_is_dangerous_otherwise_is_pointed_out():
    silent = [
        sql for sql in WARNS if not any(effect.warns or effect.loses for one in read(sql) for effect in one.effects)
    ]
    assert silent == []


def test_false_alarms_are_counted(capsys):
    alarms = [sql for sql in [*WARNS, *HARMLESS] if any(one.loses for one in read(sql))]
    count, of = len(alarms), len(WARNS) + len(HARMLESS)
    with capsys.disabled():
        print(f"\n{len(LOSES)} that lose data: 0 missed. False alarms: {count} of {of}.")  # the figure
        print("\n".join(f"  {sql[:100]}" for sql in alarms))
    assert len(LOSES) + of >= 200
    assert count <= 8


@pytest.mark.parametrize("sql", ["set lock_timeout = '5s'", "set local lock_timeout to 300"])
def test_less_patience_than_the_bots_own_is_nothing_to_point_out(sql):
    assert not any(effect.warns for one in read(sql) for effect in one.effects)


NOISE = st.lists(
    st.sampled_from([*"abEeU&'\"$;-/*() \n\t{}#:@`é；\\\u00a0\u2028\0\x01_", "begin atomic ", "case ", "end", "$$"]),
    max_size=30,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(NOISE)
def test_nothing_in_front_hides_what_comes(noise):
    """Whatever stands before it: either the drop is seen, or the whole is unread. Both are dangerous."""
    assert any(one.loses for one in read(f"{noise};\ndrop table t"))


@settings(max_examples=200, deadline=None)
@given(NOISE, NOISE)
def test_it_reads_whatever_it_is_given(noise, more):
    """It never raises, and no character is lost between the tokens."""
    sql = f"select a {noise} from {more}"
    found = read(sql)
    assert all(token.raw == sql[token.start : token.end] for token in tokens(sql))
    assert all(one.loses for one in found if any(token.kind is Is.BAD for token in one.piece.tokens))


@given(st.text(max_size=60))
def test_what_cannot_be_read_is_dangerous(text):
    known = ("select", "insert", "with", "values", "set", "begin", "commit", "end", "start", "rollback", "abort")
    for one in read(text):
        first = one.piece.tokens[0].raw.lower() if one.piece.tokens else ""
        assert one.loses or not first or first in known


def test_statements_as_the_cli_keeps_them():
    """Comments stay with what follows, the last semicolon goes, blanks around it too."""
    sql = "-- first\ncreate table a (b int);\n\n/* second */ insert into a values (';');\n"
    assert [one.text for one in pieces(sql)] == [
        "-- first\ncreate table a (b int)",
        "/* second */ insert into a values (';')",
    ]
    assert [one.line for one in pieces(sql)] == [2, 4]


@pytest.mark.parametrize(
    ("sql", "kind", "what"),
    [
        ("alter table Public.Profiles drop column Email", Kind.DROPS, "public.profiles.email"),
        ('alter table "Odd ""Name" add column "A" int', Kind.CREATES, 'Odd "Name.A'),
        ("truncate a, only b", Kind.EMPTIES, "a"),
        ("with gone as (delete from public.t) select 1", Kind.DELETES, "public.t"),
        ("alter table t alter a type bigint", Kind.TYPE, "t.a"),
        ("grant select on public.t to ANON", Kind.OPENS, "public.t"),
    ],
)
def test_names_are_those_of_the_catalog(sql, kind, what):
    assert (kind, what) in [(effect.kind, effect.what) for one in read(sql) for effect in one.effects]
