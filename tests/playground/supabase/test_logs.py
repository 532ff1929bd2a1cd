"""The logs: what happened is there, the SQL is carried out, the limits hold."""

from datetime import timedelta
from typing import Any

import pytest

PATH = "/analytics/endpoints/logs"
ATTRIBUTE = "log_attributes['{}']"


@pytest.fixture
def logs(api, manual_clock):
    """Asks SQL about the last *hours*; gives the whole answer."""

    async def ask(sql, hours=1.0, **query):
        now = manual_clock.now() + timedelta(minutes=1)
        window = {
            "iso_timestamp_start": (now - timedelta(hours=hours)).isoformat(),
            "iso_timestamp_end": now.isoformat(),
        }
        answer = await api.get(PATH, params={"sql": sql} | window | query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture
def rows(logs):
    async def ask(sql, hours=1.0):
        answer = await logs(sql, hours)
        assert "error" not in answer, answer
        return answer["result"]

    return ask


async def test_a_call_of_a_function_and_what_it_said(rows, functions, project):
    await functions.post("/payments-circle-webhook", content=b"{}", headers={"circle-signature": "v1=00"})
    webhook = project.state.functions["payments-circle-webhook"].id
    (call,) = await rows(
        f"""select event_message, log_attributes from logs where source = 'function_edge_logs'
            and log_attributes['function_id'] = '{webhook}' and log_attributes['response.status_code'] = '401'
            order by timestamp desc limit 1"""
    )
    assert call["event_message"].startswith("POST | 401 | https://")
    attributes = call["log_attributes"]
    assert attributes["request.pathname"] == "/payments-circle-webhook"
    said = await rows(
        f"""select event_message, log_attributes['level'] as level from logs where source = 'function_logs'
            and event_message ilike '%INVALID%' and log_attributes['execution_id'] = '{attributes["execution_id"]}'"""
    )
    assert said == [{"event_message": "Invalid webhook signature", "level": "error"}]


async def test_what_the_platform_refused_ran_no_code(rows, functions, switch):
    await switch["function_throttled"].set(True)
    await functions.post("/payments-circle-webhook", content=b"{}")
    found = await rows(
        """select log_attributes['execution_id'] as execution from logs
           where source='function_edge_logs' and log_attributes['response.status_code']='546'
           and log_attributes['request.pathname']='/payments-circle-webhook'"""
    )
    assert found == [{"execution": ""}]


async def test_errors_and_slow_statements_of_the_real_postgres(rows, api):
    await api.post("/database/query/read-only", json={"query": "select * from public.nothing_here"})
    await api.post("/database/query", json={"query": "select pg_sleep(1.01)"})
    told: list[dict[str, Any]] = []

    async def read():
        told[:] = await rows(
            """select event_message, log_attributes['parsed.sql_state_code'] as code,
                      log_attributes['parsed.user_name'] as who,
                      toFloat64OrZero(extract(event_message, 'duration: ([0-9.]+) ms')) as ms
               from logs where source = 'postgres_logs'
               and (event_message ilike '%nothing_here%' or event_message ilike '%pg_sleep(1.01)%')
               order by timestamp"""
        )

    for _ in range(50):
        await read()
        if len(told) == 2:
            break
    error, slow = told
    assert error["event_message"] == 'relation "public.nothing_here" does not exist'
    assert (error["code"], error["who"]) == ("42P01", "supabase_read_only_user")
    assert slow["ms"] > 1000


async def test_an_outage_is_in_every_log(rows, switch, functions, manual_clock):
    """PostgreSQL says it itself; the services that have no server here say what they would."""
    await switch["database_outage"].set(True)
    await functions.get("/health")
    await manual_clock.passes(minutes=20)
    found = await rows(
        "select source, count() as n from logs where severity_text in ('ERROR', 'FATAL') group by source"
    )
    assert {"auth_logs", "edge_logs", "postgres_logs", "supavisor_logs"} <= {row["source"] for row in found}


async def test_a_day_before_the_start_is_there_and_the_same_each_time(rows, project):
    sql = "select source, count() as n, min(timestamp) as first from logs group by source order by source"
    day = await rows(sql, hours=23.9)
    assert day == await rows(sql, hours=23.9)
    counts = {row["source"]: row["n"] for row in day}
    assert 800 < counts["auth_logs"] < 1000
    assert 2500 < counts["function_edge_logs"] < 3200
    assert set(counts) >= {"postgres_logs", "function_logs", "storage_logs", "realtime_logs", "supavisor_logs"}


async def test_sign_ins_go_on_after_the_start(rows, manual_clock):
    await manual_clock.passes(hours=3)
    (row,) = await rows(
        """select count() as n, countIf(log_attributes['error'] = 'invalid_credentials') as failed from logs
           where source = 'auth_logs'"""
    )
    assert row["n"] > 15
    assert row["failed"] < row["n"]


async def test_numbers_that_operators_want(rows):
    """Per status with p50 and p95; a gateway's time-out and a limit of the platform count as what they are."""
    found = await rows(
        """select log_attributes['response.status_code'] as status, count() as n,
                  quantile(0.5)(toInt32OrZero(log_attributes['execution_time_ms'])) as p50,
                  quantile(0.95)(toInt32OrZero(log_attributes['execution_time_ms'])) as p95,
                  countIf(toInt32OrZero(log_attributes['response.status_code']) in (504, 546)) as limits
           from logs where source = 'function_edge_logs' group by status order by n desc limit 50""",
        hours=23.9,
    )
    assert found[0]["status"] == "200"
    assert 0 < found[0]["p50"] < found[0]["p95"]
    assert sum(row["limits"] for row in found) == sum(row["n"] for row in found if row["status"] in {"504", "546"})


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from logs", "Wildcard"),
        ("select logs.* from logs", "Wildcard"),
        ("select count(*) from logs", "count()"),
        ("select id from logs; select id from logs", "single SELECT"),
        ("insert into logs values (1)", "single SELECT"),
        ("drop table logs", "single SELECT"),
        ("select id from", "SYNTAX_ERROR"),
        ("select id from logs where event_message = 'x", "SYNTAX_ERROR"),
        ("select id from edge_logs", "UNKNOWN_TABLE"),
        ("select metadata from logs", "UNKNOWN_IDENTIFIER"),
        ("select toint32orzero(id) from logs", "UNKNOWN_FUNCTION"),
        ("select id from logs where event_message = 3", "NO_COMMON_TYPE"),
        ("select id from logs where toInt32OrZero(3) = 3", "ILLEGAL_TYPE_OF_ARGUMENT"),
        ("select id from logs where event_message", "ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER"),
        ("select source, count() from logs", "NOT_AN_AGGREGATE"),
        ("select max(count()) from logs", "ILLEGAL_AGGREGATION"),
        ("select id from logs where match(event_message, '(')", "CANNOT_COMPILE_REGEXP"),
        ("select id from (select id from logs)", "NOT_IMPLEMENTED"),
    ],
)
async def test_what_is_refused_is_answered_with_200(logs, sql, said):
    answer = await logs(sql)
    assert not answer["result"]
    error = answer["error"]
    assert said in (error if isinstance(error, str) else error["message"])


async def test_a_literal_means_what_is_written(rows, project):
    """Backslashes, quotes, percent signs and all that ClickHouse reads its own way."""
    hostile = "it's 100% \\ _x_ “naïve” \t日本"
    project.state.say("health", "info", hostile)
    project.state.say("health", "info", "itXs 100X \\ XxX “naïve” \t日本")
    literal = hostile.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    literal = literal.replace("\\", "\\\\").replace("'", "''")
    found = await rows(
        f"select event_message from logs where source = 'function_logs' and event_message like '{literal}'"
    )
    assert found == [{"event_message": hostile}]


async def test_a_thousand_rows_at_most(rows):
    assert len(await rows("select id from logs limit 5000", hours=23.9)) == 1000
    assert len(await rows("select id from logs where source = 'edge_logs' limit 7")) == 7


class TestWindow:
    async def test_neither_is_a_minute(self, api, project, manual_clock):
        project.state.say("health", "info", "now")
        await manual_clock.passes(seconds=59)
        sql = "select event_message from logs where source='function_logs' and event_message = 'now'"
        assert (await api.get(PATH, params={"sql": sql})).json()["result"]
        await manual_clock.passes(seconds=2)
        assert not (await api.get(PATH, params={"sql": sql})).json()["result"]

    async def test_one_is_a_minute_around_it(self, api, project, manual_clock):
        project.state.say("health", "info", "now")
        sql = "select id from logs where source='function_logs' and event_message = 'now'"
        at = manual_clock.now().isoformat()
        assert (await api.get(PATH, params={"sql": sql, "iso_timestamp_end": at})).json()["result"]

    @pytest.mark.parametrize(
        ("start", "end", "status"),
        [
            ("2026-11-22T03:00:00Z", "2026-11-23T03:00:29Z", 200),  # rounded to the minute
            ("2026-11-22T03:00:00Z", "2026-11-23T03:00:31Z", 400),
            ("2026-11-23T03:00:00Z", "2026-11-22T03:00:00Z", 400),
            ("yesterday", "2026-11-22T03:00:00Z", 400),
            ("2026-11-22T03:00:00", "2026-11-22T03:00:00Z", 400),
        ],
    )
    async def test_a_day_at_most(self, api, start, end, status):
        answer = await api.get(PATH, params={"iso_timestamp_start": start, "iso_timestamp_end": end})
        assert answer.status_code == status


async def test_without_sql_the_gateway(api, manual_clock):
    await manual_clock.passes(minutes=5)
    now = manual_clock.now()
    window = {"iso_timestamp_start": (now - timedelta(hours=1)).isoformat(), "iso_timestamp_end": now.isoformat()}
    rows = (await api.get(PATH, params=window)).json()["result"]
    assert all("| aikeys-wallet/" in row["event_message"] for row in rows)
    assert rows


async def test_thirty_a_minute_and_ten_when_metered(api, switch, manual_clock):
    for most, on in ((30, False), (10, True)):
        await manual_clock.passes(minutes=2)
        await switch["logs_metered"].set(on)
        answers = [await api.get(PATH, params={"sql": "select id from logs limit 1"}) for _ in range(most + 1)]
        assert [one.status_code for one in answers] == [200] * most + [429]
        assert answers[0].headers["x-ratelimit-limit"] == str(most)


@pytest.mark.parametrize(
    ("name", "status"), [("logs_unpaid", 402), ("logs_429", 429), ("logs_gone", 410), ("logs_failing", 200)]
)
async def test_a_switch(api, switch, name, status):
    await switch[name].set(True)
    answer = await api.get(PATH)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["error"].startswith("Backend error!")
    assert (await api.get("/functions")).status_code == 200
    await switch[name].set(False)
    assert (await api.get(PATH)).status_code == 200


async def test_it_needs_its_permission(project, api):
    for permission, status in (("edge_functions_read", 403), ("analytics_logs_read", 200)):
        token = project.issue_token(permission)
        assert (await api.get(PATH, headers={"Authorization": f"Bearer {token}"})).status_code == status
