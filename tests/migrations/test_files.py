"""Which files can be applied as one, what the history keeps of them, and what is said where the database refuses."""

import pytest

from bot.clients.errors import Source, SqlFailed
from bot.errors import Refused
from bot.migrations import failing, sent
from bot.migrations.files import shown, wanted
from bot.sources.migrations import MigrationFile

FILE = MigrationFile("20261104090000", "odd", "supabase/migrations/20261104090000_odd.sql")
SUPABASE = Source("Supabase", "api.supabase.com")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("create table a (b int);\ncommit;\ndrop table a;", "Line 2 says COMMIT"),
        ("begin; select 1; commit; drop table a", "Line 1 says BEGIN"),
        ("begin; select 1; savepoint a; select 2; commit", "says BEGIN"),
        ("begin; select 1", "says BEGIN"),
        ("select 1; rollback", "says ROLLBACK"),
        ("select 1;\nprepare transaction 'a'", "Line 2 says PREPARE TRANSACTION"),
        ("start transaction isolation level serializable; select 1; commit", "says START TRANSACTION"),
        (
            "create table a (b int);\ncreate index concurrently i on a (b);",
            "Line 2 (CREATE …) cannot run in a transaction",
        ),
        ("create index concurrently on a (b)", "only an index that has a name"),
        ("vacuum full public.profiles;", "only an index that has a name"),
        ("select 'unfinished;\n", "Line 1 cannot be read"),
        ("select 1;\n/* unfinished", "Line 2 cannot be read"),
        ("-- nothing\n", "It holds no statement"),
        ("", "It holds no statement"),
    ],
)
def test_refused_with_the_line(text, why):
    with pytest.raises(Refused, match=r"20261104090000 is not applied") as refused:
        wanted(FILE, text.encode())
    assert why in refused.value.why


def test_not_utf8():
    with pytest.raises(Refused, match="It is not UTF-8 at byte 8"):
        wanted(FILE, b"select '\xff'")


def test_a_transaction_around_the_whole_gives_way():
    found = wanted(FILE, b"begin;\nselect 1;\nselect 2;\ncommit;")
    assert found.runs == "     ;\nselect 1;\nselect 2;\n      ;"
    assert found.statements == ["begin", "select 1", "select 2", "commit"]


def test_the_file_stands_in_one_transaction_with_its_row():
    """On the first line, so that a line that PostgreSQL names is the file's; no text of it stands in a literal."""
    sql = sent.applied("select 1;\nselect 2", "20261104090000", "it's", ["select 1", "select '2'"], "20261103000000")
    first, second = sql.split("\n", 1)
    assert first.startswith("BEGIN; SET LOCAL lock_timeout")
    assert first.endswith("; select 1;")
    assert second.startswith(
        "select 2\n; INSERT INTO supabase_migrations.schema_migrations (version, name, statements)"
    )
    assert sql.endswith("; COMMIT")
    assert "it's" not in sql
    with pytest.raises(ValueError, match="digits"):
        sent.noted("1'; drop table a; --", "", [])


@pytest.mark.parametrize(
    ("said", "sql", "where"),
    [
        ('ERROR:  42P01: relation "x" does not exist\nLINE 3: alter', "select 1;\n\nalter table x;", ", line 3:"),
        (
            'ERROR:  23505: could not create unique index "i"',
            "select 1;\ncreate unique index i on t (a)",
            ", probably line 2:",
        ),
        ("ERROR:  22012: division by zero", "select 1/0", ", line 1:"),
        ("ERROR:  22012: division by zero", "select 1;\nselect 1/0", ", in a line that PostgreSQL does not name:"),
        ("ERROR:  P0001: aikeys: the history has moved", "select 1;select 2", "The history has moved: somebody else"),
        ("ERROR:  55P03: canceling statement due to lock timeout", "select 1", "Somebody holds a lock"),
        ("odd", "select 1;select 2", "what it was"),
    ],
)
def test_why_it_was_refused(said, sql, where):
    state = said[8:13] if said.startswith("ERROR") else ""
    failed = SqlFailed(SUPABASE, "what it was", "", state, f"Failed to run sql query: {said}\n")
    words = failing.why("20261104090000", failed, sql)
    assert where in words
    assert words.endswith("Nothing of 20261104090000 was applied.")


@pytest.mark.parametrize(
    ("files", "there"),
    [
        (["create table a (b int)", "drop table public.a"], {"public.a": False}),
        (["create table a (b int)", "alter table a rename to c"], {}),
        (["alter table a add b int", "alter table public.a drop b"], {"public.a.b": False}),
        (["create table a (b int); create index i on a (b)", "drop table a; create table c (d int)"],
         {"a": False, "c": True}),
        (["create function f(int) returns int language sql as 'select 1'", "drop function f(int)"], {}),
        (["create type a as enum ('b')", "drop type a; alter table t add d int"], {"t.d": True}),
        (["drop table a", "create table a (b int)"], {"a": True}),
    ],
)  # fmt: skip
def test_the_catalog_is_asked_about_the_last_word_of_all_files(files, there):
    """What one makes a later one may take away: then it is not missing."""
    found = shown([wanted(FILE, text.encode()) for text in files])
    assert {one["name"]: one["there"] for one in found} == there
