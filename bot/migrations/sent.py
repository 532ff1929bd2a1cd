"""The SQL that applies one migration: its file and its row of the history, in one transaction or not at all. Pure.

Everything in front of the file stands on its first line, so that a line that PostgreSQL names is the file's own.
"""

import base64
import json
import re
from collections.abc import Sequence

LOCK = 0x61696B657973  # the advisory lock of whoever migrates through the bot: “aikeys” in ASCII
VERSION = re.compile(r"\d{0,20}")
# Whoever waits for a table's lock makes all that come after it wait too, payments among them: give up soon.
_PATIENCE = "SET LOCAL lock_timeout = '5s'"
HISTORY = "supabase_migrations.schema_migrations"
# A project that nobody has pushed to has none yet: made as the CLI makes it (its pkg/migration/history.go).
_MADE = (
    f"IF pg_catalog.to_regclass('{HISTORY}') IS NULL THEN CREATE SCHEMA IF NOT EXISTS supabase_migrations; "
    f"CREATE TABLE IF NOT EXISTS {HISTORY} "
    "(version text NOT NULL PRIMARY KEY, statements text[], name text); END IF; "
)


def guard(head: str) -> str:
    """Raises in the database where somebody else migrates, or has since *head* was the newest of the history.

    Until the end of the transaction nobody else can write into the history, the CLI neither.
    """
    newest = f"SELECT coalesce(max(version), '') FROM {HISTORY}"  # noqa: S608  # a constant
    return (
        f"DO $aikeys$ BEGIN IF NOT pg_catalog.pg_try_advisory_xact_lock({LOCK}) THEN "
        "RAISE EXCEPTION 'aikeys: another migration is running'; END IF; "
        f"{_MADE}LOCK TABLE {HISTORY} IN SHARE ROW EXCLUSIVE MODE; "
        f"IF ({newest}) IS DISTINCT FROM '{_version(head)}' THEN "
        "RAISE EXCEPTION 'aikeys: the history has moved'; END IF; END $aikeys$"
    )


def applied(sql: str, version: str, name: str, statements: Sequence[str], head: str) -> str:
    """Run *sql* and note it as the CLI does: `INSERT (version, name, statements)`, all or nothing."""
    return f"BEGIN; {_PATIENCE}; {guard(head)}; {sql}\n; {noted(version, name, statements)}; COMMIT"


def noted_alone(version: str, name: str, statements: Sequence[str], head: str) -> str:
    """The row alone, of a statement that ran by itself because no transaction can hold it."""
    return f"BEGIN; {_PATIENCE}; {guard(head)}; {noted(version, name, statements)}; COMMIT"


def taken_back(sql: str, version: str) -> str:
    """Run the way back *sql* of the newest migration, and take its row away."""
    gone = f"DELETE FROM {HISTORY} WHERE version = '{_version(version)}'"  # noqa: S608  # digits, checked
    return f"BEGIN; {_PATIENCE}; {guard(version)}; {sql}\n; {gone}; COMMIT"


def noted(version: str, name: str, statements: Sequence[str]) -> str:
    """The INSERT. What a file holds goes as base64, in which nothing can end a string, whatever the file has set."""
    inside = f"pg_catalog.jsonb_array_elements_text({_text(json.dumps(list(statements)))}::pg_catalog.jsonb)"
    array = f"ARRAY(SELECT value FROM {inside} WITH ORDINALITY AS each(value, place) ORDER BY place)"  # noqa: S608  # base64
    return f"INSERT INTO {HISTORY} (version, name, statements) VALUES ('{_version(version)}', {_text(name)}, {array})"  # noqa: S608  # digits, checked; base64


def _text(value: str) -> str:
    coded = base64.b64encode(value.encode()).decode("ascii")
    return f"pg_catalog.convert_from(pg_catalog.decode('{coded}', 'base64'), 'UTF8')"


def _version(version: str) -> str:
    if not VERSION.fullmatch(version):
        raise ValueError("a version is digits")
    return version
