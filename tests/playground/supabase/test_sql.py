"""SQL over the API runs in a real PostgreSQL and reports as psql does."""

import json

import pytest


async def _run(api, query, path="/database/query/read-only", **more):
    return await api.post(path, json={"query": query} | more)


async def test_a_days_payments_are_there_and_add_up(sql):
    (row,) = await sql(
        """select count(*) as events, count(*) filter (where event_type = 'payments.failed') as failed,
                  max(created_at) < now() and min(created_at) > now() - interval '1 day' as yesterday
           from public.payment_events"""
    )
    assert row["events"] > 500
    assert 5 < row["failed"] < 100
    assert row["yesterday"]


async def test_now_is_the_playgrounds_clock(sql, manual_clock):
    (row,) = await sql("select now() as now")
    assert row["now"].startswith(f"{manual_clock.now():%Y-%m-%d %H:%M}")


async def test_rows_come_as_json_with_postgres_text_for_moments(sql):
    (row,) = await sql(
        """select 1 as whole, 9007199254740991 as big, 1.50::numeric as money, true as yes, null as nothing,
                  0.5::float8 as half, '2026-01-02 03:04:05+00'::timestamptz as moment, '{"a": [1]}'::jsonb as inside,
                  array[1, 2] as list, '198.51.100.7'::inet as address,
                  '00000000-0000-4000-8000-000000000000'::uuid as id"""
    )
    assert row == {
        "whole": 1,
        "big": 9007199254740991,
        "money": "1.50",
        "yes": True,
        "nothing": None,
        "half": 0.5,
        "moment": "2026-01-02 03:04:05+00",
        "inside": {"a": [1]},
        "list": [1, 2],
        "address": "198.51.100.7",
        "id": "00000000-0000-4000-8000-000000000000",
    }


async def test_parameters_are_values_and_never_sql(sql):
    hostile = "'; drop table public.profiles; --"
    assert await sql("select $1::text as said, $2::int as n", hostile, 3) == [{"said": hostile, "n": 3}]
    assert await sql("select count(*) > 0 as there from public.profiles") == [{"there": True}]


async def test_an_error_names_code_line_and_place(api):
    answer = await _run(api, "select 1\nfrom public.nothing_here")
    assert answer.status_code == 400
    assert answer.json() == {
        "message": 'Failed to run sql query: ERROR:  42P01: relation "public.nothing_here" does not exist\n'
        "LINE 2: from public.nothing_here\n             ^\n"
    }


async def test_a_reader_must_name_the_schema(api):
    answer = await _run(api, "select * from payment_events")
    assert answer.status_code == 400
    assert 'relation "payment_events" does not exist' in answer.json()["message"]


@pytest.mark.parametrize(
    "query",
    [
        "insert into public.audit_events (event_type) values ('x')",
        "delete from public.payment_events",
        "create table public.x (id int)",
        "create temporary table x (id int)",
        "set transaction read write; delete from public.payment_events",
        "commit; begin read write; delete from public.payment_events",
        "set default_transaction_read_only = off; begin; truncate public.payment_events",
        "set role postgres; delete from public.payment_events",
        "select public.log_security_event('x')",
        "begin read write; select public.log_security_event('x'); commit",
        "begin read write; create temporary table x (id int); commit",
    ],
)
async def test_a_reader_cannot_write(api, sql, query):
    before = await sql(
        "select (select count(*) from public.payment_events) as a, (select count(*) from public.security_events) as b"
    )
    answer = await _run(api, query)
    assert answer.status_code == 400, answer.text
    after = await sql(
        "select (select count(*) from public.payment_events) as a, (select count(*) from public.security_events) as b"
    )
    assert before == after


@pytest.mark.parametrize(
    "query", ["select '\0'", "select '\ud800'", "select 1 where $1", ";", "-- nothing", "x" * 100_000]
)
async def test_a_strange_query_is_refused_and_the_next_one_runs(api, sql, query):
    raw = json.dumps({"query": query}).encode()
    answer = await api.post("/database/query/read-only", content=raw)
    assert answer.status_code in {201, 400}
    assert await sql("select 1 as one") == [{"one": 1}]


async def test_what_json_cannot_say_is_null(sql):
    assert await sql("select 'NaN'::float8 as a, 'infinity'::float8 as b, '\\x0102'::bytea as c") == [
        {"a": None, "b": None, "c": "\\x0102"}
    ]


async def test_a_caller_leaves_nothing_to_the_next(api):
    for left in ["begin; set role anon", "set role anon; select 1", "set search_path = auth; select 1"]:
        await _run(api, left, "/database/query")
    answer = await _run(api, "select current_user::text as who, count(*) as n from audit_events", "/database/query")
    assert answer.json() == [{"who": "postgres", "n": 1}]


async def test_a_token_that_may_only_read_runs_no_other_sql(project, api):
    headers = {"Authorization": f"Bearer {project.issue_token('database_read')}"}
    refused = await api.post("/database/query", json={"query": "select 1"}, headers=headers)
    assert (refused.status_code, refused.json()["missing_permissions"]) == (403, ["database_write"])
    allowed = await api.post("/database/query", json={"query": "select 1", "read_only": True}, headers=headers)
    assert allowed.status_code == 201


async def test_the_flag_read_only_reads_only(api):
    refused = await _run(api, "delete from public.audit_events", "/database/query", read_only=True)
    assert refused.status_code == 400
    done = await _run(api, "delete from public.audit_events", "/database/query")
    assert (done.status_code, done.json()) == (201, [])


async def test_several_statements_run_as_one(api, sql):
    script = (
        "begin; create table public.a (id int); insert into supabase_migrations.schema_migrations values ('1'); commit"
    )
    assert (await _run(api, script, "/database/query")).status_code == 201
    assert await sql("select count(*) as n from public.a") == [{"n": 0}]
    failed = await _run(api, "create table public.b (id int); select 1 / 0", "/database/query")
    assert "22012: division by zero" in failed.json()["message"]
    assert await sql("select to_regclass('public.b') as b") == [{"b": None}]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"query": ""}', b'{"query": 3}', b'{"query": "select 1", "parameters": {}}', b"\xff"]
)
async def test_a_body_that_is_none_is_refused(api, body):
    answer = await api.post("/database/query", content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]


async def test_what_a_test_wrote_is_gone_after_a_reset(project, api, sql):
    await _run(api, "truncate public.payment_events; create table public.x (id int)", "/database/query")
    await project.reset()
    (row,) = await sql("select count(*) as n, to_regclass('public.x') as x from public.payment_events")
    assert row["n"] > 500
    assert row["x"] is None


async def test_a_reset_moves_the_seed_to_now(project, sql, manual_clock):
    await manual_clock.passes(days=40)
    await project.reset()
    assert await sql(
        """select now() - max(created_at) < interval '15 minutes' as fresh, max(processed_at) < now() as past
           from public.payment_events"""
    ) == [{"fresh": True, "past": True}]
