"""Statements as they may be shown: whatever they were asked with, no value of theirs is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.words import headline, percent, size, statement


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("select 1 from x\n  where a = $1", "select 1 from x where a = $1"),
        ("alter role x password 'hunter2'", "alter role x password '…'"),
        ("select 'it''s mine', 'b'", "select '…', '…'"),
        (r"select E'it\'s mine', 'b'", "select '…', '…'"),
        ("select 'C:\\', 'b'", "select '…', '…'"),
        ("select \"it's\", 'mine'", "select \"it's\", '…'"),
        ("select $$mine$$, $a$it's $$ mine$a$, 'b'", "select '…', '…', '…'"),
        ("select 1 -- it's mine\n, 'b'", "select 1 , '…'"),
        ("select /* it's mine */ 'b'", "select '…'"),
        ("insert into x values ('cut of", "insert into x values ('…'"),
        ("select $a$cut of", "select '…'"),
        (r"select e'cut of\\"[:-1], "select '…'"),
        ("select price from x where mail = zoe@example.com", "select price from x where mail = [e-mail]"),
    ],
)
def test_a_statement_without_its_values(sql, shown):
    assert statement(sql, 200) == shown


@given(st.text(alphabet="ab'\"$-/*\\ \n", max_size=12), st.text(alphabet='ab -/*"$', max_size=8))
def test_a_value_never_comes_through_whatever_stands_before_it(before, value):
    """A complete statement before it, as pg_stat_activity has it: then the value of ours is a value."""
    quoted = before.replace("'", "''")
    assert "hunter2" not in statement(f"select '{quoted}', 'hunter2{value}'", 300)


def test_sizes_and_shares():
    assert [size(one) for one in (0, 12_288, 5e6, 8.5 * 1024**3, 2 * 1024**4)] == [
        "0 kB", "12 kB", "5 MB", "8.5 GB", "2.0 TB",
    ]  # fmt: skip
    assert [percent(one) for one in (0, 0.004, 0.07, 1)] == ["0 %", "under 1 %", "7 %", "100 %"]
    assert headline(["One: more of it.", "Two."]) == "One (1 more below)"
