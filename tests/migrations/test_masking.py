"""What of a migration may be read in Slack: no secret, the same lines, all of the code."""

import pytest

from bot.clients.errors import Source, SqlFailed
from bot.migrations import failing
from bot.migrations.files import wanted
from bot.migrations.masking import masked
from bot.sources.migrations import MigrationFile
from bot.views import consequences as view

SECRET = "hunter2-of-the-night"
FILE = MigrationFile("20261104090000", "roles", "supabase/migrations/20261104090000_roles.sql")

SUPABASE = Source("Supabase", "api.supabase.com")


@pytest.mark.parametrize(
    "sql",
    [
        "alter role x password '%s'",
        "alter role x encrypted password /* new */ '%s' valid until 'infinity'",
        "alter role x password E'%s'",
        "alter role x password $$%s$$",
        "do $$begin alter role x password '%s'; end$$",
        "do $a$begin execute 'alter role x password ''%s'''; end$a$",
        "create user mapping for a server s options (user 'x', password '%s')",
        "alter database postgres set app.jwt_secret to '%s'",
        "update a set password = '%s', b = 'c'",
        "select set_config('app.secret', '%s', false)",
        "select vault.create_secret('%s', 'name')",
        "select vault.create_secret(new_secret => '%s')",
        "select extensions.crypt('%s', gen_salt('bf'))",
        "select dblink('host=a password=%s')",
        "-- password: %s\nselect 1",
    ],
)
def test_no_secret_is_shown(sql):
    found = wanted(FILE, (sql % SECRET).encode())
    card = "\n".join([*view.changes([found]), *view.dangers([found])])
    assert SECRET not in view.file(found).content
    assert SECRET not in card
    assert "holds what looks like a secret" in card
    assert SECRET in found.runs


@pytest.mark.parametrize("shape", ["sbp_0123456789abcdef0123", "postgres://u:pw-1234@db.example.com/x", "ab" * 32])
def test_what_is_shaped_like_one(shape):
    assert shape not in masked(f"insert into a values ('{shape}')")
    assert shape not in masked(f"do $$begin insert into a values ('{shape}'); end$$")


def test_the_lines_stay_and_the_code_is_read():
    """A key of several lines moves no line below it; a call behind a name is shown, also in a body."""
    key = "-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\n-----END PRIVATE KEY-----"
    sql = f"insert into a values ('{key}');\nalter role x password 'a\nb';\nupdate t set token = evil(x);\n"
    shown = masked(sql)
    assert "AAAA" not in shown
    assert shown.count("\n") == sql.count("\n")
    assert shown.splitlines()[-1] == "update t set token = evil(x);"
    for code in (
        "update t set token = evil(x)",
        "create type g as enum ('password', 'token')",
        "create function f() returns void language sql as $$update t set token = evil(x), a = 'plain'$$",
        "alter table a add password_hash text not null default ''",
        "comment on column a.password is 'hashed'",
    ):
        assert masked(code) == code


@pytest.mark.parametrize("sql", ["alter role x password '%s'", "do $$begin alter role x password '%s'; end$$"])
def test_what_postgresql_says_of_it(sql):
    """It may quote the line that it refuses; the operation's message says why, not with what."""
    failed = SqlFailed(SUPABASE, "", "", "22023", f'ERROR:  22023: invalid: "{SECRET}"\nDETAIL:  near {SECRET}\n')
    said = failing.why(FILE.version, failed, sql % SECRET)
    assert SECRET not in said
    assert "invalid" in said


def test_bodies_in_bodies_have_an_end():
    sql = "alter role x password 'a'"
    for each in range(900):
        sql = f"do $a{each}${sql}$a{each}$"
    assert masked(sql)
