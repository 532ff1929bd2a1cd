"""Whatever is sent, it is answered: no method, hook or control call falls over."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.slack.methods import METHODS

CHEAP = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
NAMES = [
    "attachments",
    "blocks",
    "bookmark_id",
    "channel",
    "channel_id",
    "cursor",
    "delete_original",
    "filename",
    "files",
    "hash",
    "latest",
    "length",
    "limit",
    "link",
    "message",
    "message_ts",
    "metadata",
    "name",
    "oldest",
    "replace_original",
    "response_type",
    "text",
    "thread_ts",
    "timestamp",
    "title",
    "topic",
    "trigger_id",
    "ts",
    "type",
    "types",
    "user",
    "user_id",
    "users",
    "view",
    "view_id",
]
LIKELY = st.sampled_from(
    ["C0OPS", "C0WAR", "U0ANA", "#ops", "1.000001", "home", "modal", "[]", "{}", "[1]", "-1", "link"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | LIKELY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, "id"]), inner, max_size=3),
    max_leaves=8,
)
ARGS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8)


@CHEAP
@given(method=st.sampled_from(sorted(METHODS)), args=ARGS)
async def test_every_method_answers(ws, http, method, args):
    ws.limits.off = True
    token = ws.app_token if METHODS[method].token == "app" else ws.bot_token
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{ws.url}/api/{method}"
    for form in (
        {"data": json.dumps(args), "headers": headers | {"Content-Type": "application/json; charset=utf-8"}},
        {"data": {key: json.dumps(value) for key, value in args.items()}, "headers": headers},
        {"params": {key: str(value) for key, value in args.items()}, "headers": headers},
    ):
        answer = await http.post(url, **form)
        assert answer.status == 200, await answer.text()
        assert isinstance((await answer.json())["ok"], bool)


async def test_values_that_break_careless_readers(ws, http):
    headers = {"Authorization": f"Bearer {ws.bot_token}", "Content-Type": "application/json; charset=utf-8"}
    url = f"{ws.url}/api/conversations.history"
    for body, error in (
        ('{"channel": "C0OPS", "limit": Infinity}', "invalid_arguments"),
        ('{"channel": "C0OPS", "oldest": "NaN"}', "invalid_ts_oldest"),
        ('{"channel": "C0OPS", "cursor": "bmV4dDotNQ=="}', "invalid_cursor"),
        ("[" * 100_000, "invalid_json"),
    ):
        answer = await http.post(url, data=body, headers=headers)
        assert (await answer.json())["error"] == error
    deep = {"channel": "C0OPS", "text": "x", "blocks": "[" * 100_000}
    answer = await http.post(f"{ws.url}/api/chat.postMessage", json=deep, headers=headers)
    assert (await answer.json())["error"] == "invalid_blocks_format"
    for depth in (300, 900, 980):
        nested = '{"event_type": "a", "event_payload": {"a": ' + "[" * depth + "]" * depth + "}}"
        deep = {"channel": "C0OPS", "text": "x", "metadata": nested, "blocks": "[" * depth + "]" * depth}
        assert (await http.post(f"{ws.url}/api/chat.postMessage", json=deep, headers=headers)).status == 200
        raw = f'{{"channel": "C0OPS", "text": "x", "metadata": {nested}}}'
        assert (await http.post(f"{ws.url}/api/chat.postMessage", data=raw, headers=headers)).status == 200
    assert (await http.get(f"{ws.url}/control/journal")).status == 200
    assert (await http.get(f"{ws.url}/control/messages?channel=ops&user=ana")).status == 200
    answer = await http.post(f"{ws.url}/control/say", data="[" * 100_000)
    assert (await answer.json())["error"] == "not_json"


@CHEAP
@given(args=ARGS)
async def test_every_hook_answers(ws, http, args):
    url = ws.backend.hooks.issue("U0ANA", "C0OPS")
    assert (await http.post(url, json=args)).status in (200, 400)


@CHEAP
@given(
    path=st.sampled_from(["say", "click", "submit", "close", "shortcut", "home", "react", "faults"]),
    body=st.dictionaries(
        st.sampled_from(
            ["user", "channel", "text", "ts", "thread_ts", "view_id", "action_id", "values", "name", "rate"]
        ),
        JSON | st.sampled_from(["ana", "ops", "/aikeys x", "slack_5xx"]),
        max_size=6,
    ),
)
async def test_every_control_call_answers(ws, http, path, body):
    answer = await http.post(f"{ws.url}/control/{path}", json=body)
    assert answer.status in (200, 400), await answer.text()
    assert isinstance((await answer.json())["ok"], bool)
