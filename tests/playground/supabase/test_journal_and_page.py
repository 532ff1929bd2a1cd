"""What is written down and shown never holds a secret."""

import json

from playground.supabase.functions.circle_webhook import signature


async def test_calls_are_written_down_in_order_with_their_server(project, api, functions):
    await api.get("/functions")
    await functions.get("/health")
    first, second = project.journal.entries
    assert (first.server, first.method, first.status) == ("management", "GET", 200)
    assert first.path == f"/v1/projects/{project.ref}/functions"
    assert (second.server, second.path, second.status) == ("functions", "/health", 200)
    assert json.loads(second.answer)["status"] == "healthy"
    assert first.n < second.n
    json.dumps([call.as_json() for call in project.journal.entries])


async def test_a_request_body_is_kept_and_capped(project, api):
    await api.post("/database/query/read-only", json={"query": "select 1"})
    assert json.loads(project.journal.entries[-1].request) == {"query": "select 1"}
    await api.post("/database/query/read-only", json={"query": f"select '{'x' * 9000}'"})
    assert len(project.journal.entries[-1].request) == 2000
    assert len(project.journal.entries[-1].answer) == 2000


async def test_a_refused_call_is_written_down_too(project, api):
    await api.post("/database/query", content=b"hello", headers={"Authorization": ""})
    assert (project.journal.entries[-1].status, project.journal.entries[-1].request) == (401, "hello")


async def test_no_secret_and_no_token_is_kept(project, api, functions):
    hidden = [*project.state.secrets.values(), project.access_token]
    for value in hidden:
        await api.post("/database/query/read-only", json={"query": f"select '{value}' as told"})
        await functions.get("/health", params={"key": value})
    await api.post("/secrets", json=[{"name": "NEW", "value": "a value nobody has seen before"}])
    raw = json.dumps({"secret": project.circle_secret}).encode()
    await functions.post(
        "/payments-circle-webhook", content=raw, headers={"circle-signature": signature(project.circle_secret, raw)}
    )
    kept = json.dumps([call.as_json() for call in project.journal.entries])
    assert len(project.journal.entries) == 2 * len(hidden) + 2
    assert not [value for value in [*hidden, "nobody has seen"] if value in kept]


async def test_the_page_shows_names_and_counts_and_no_value(project, api):
    answer = await api.get(f"{project.api_url}/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    for shown in [project.ref, "ACTIVE_HEALTHY", "payments-circle-webhook", "CIRCLE_WEBHOOK_SECRET", "payment_events"]:
        assert shown in answer.text
    assert not [value for value in (*project.secrets.values(), project.access_token) if value in answer.text]


async def test_the_page_escapes_what_it_shows(project, api):
    await api.post("/database/query", json={"query": 'create table public."<script>alert(1)</script>" (id int)'})
    text = (await api.get(f"{project.api_url}/")).text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


async def test_the_page_is_there_while_the_database_is_not(project, api, switch):
    await switch["database_outage"].set(True)
    answer = await api.get(f"{project.api_url}/")
    assert answer.status_code == 200
    assert "does not answer" in answer.text
