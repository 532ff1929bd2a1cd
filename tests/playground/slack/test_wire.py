"""Calls in every form that clients send them."""

from slack_sdk.web.async_client import AsyncWebClient


def auth(ws):
    return {"Authorization": f"Bearer {ws.bot_token}"}


async def test_every_form_of_the_sdk_is_read(ws, slack):
    posted = await slack.chat_postMessage(channel="C0OPS", text="one")  # a JSON body
    await slack.reactions_add(channel="C0OPS", timestamp=posted["ts"], name="eyes")  # POST, all in the query
    await slack.conversations_info(channel="C0OPS", include_num_members=True)  # GET, 1 for true
    made = await slack.conversations_create(name="inc-1", is_private=False)
    await slack.conversations_invite(channel=made["channel"]["id"], users=["U0ANA", "U0BEN"])  # comma-joined
    assert (await slack.conversations_members(channel=made["channel"]["id"]))["members"] == ["U0BOT", "U0ANA", "U0BEN"]
    assert ws.messages("ops", "ana")[0]["reactions"] == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]


async def test_a_form_with_the_token_and_json_in_it_is_read(ws, http):
    form = {"token": ws.bot_token, "channel": "C0OPS", "text": "hello", "blocks": '[{"type":"divider"}]'}
    answer = await (await http.post(ws.api_url + "chat.postMessage", data=form)).json()
    assert answer["ok"] is True
    assert ws.messages("ops", "ana")[0]["blocks"][0]["type"] == "divider"


async def test_json_is_not_seen_by_methods_that_take_none(ws, http):
    answer = await http.post(ws.api_url + "users.info", json={"user": "U0ANA"}, headers=auth(ws))
    body = await answer.json()
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]


async def test_json_without_a_charset_is_warned_about(ws, http):
    headers = auth(ws) | {"Content-Type": "application/json"}
    body = await (await http.post(ws.api_url + "auth.test", data="{}", headers=headers)).json()
    assert body["warning"] == "missing_charset"
    assert body["response_metadata"]["warnings"] == ["missing_charset"]


async def test_bodies_that_cannot_be_read(ws, http):
    async def error(data, kind):
        headers = auth(ws) | {"Content-Type": kind}
        return (await (await http.post(ws.api_url + "chat.postMessage", data=data, headers=headers)).json())["error"]

    assert await error("{not json", "application/json; charset=utf-8") == "invalid_json"
    assert await error("[1]", "application/json; charset=utf-8") == "json_not_object"
    assert await error("x", "text/html") == "invalid_post_type"
    assert await error('{"channel": {"a": 1}}', "application/json; charset=utf-8") == "invalid_arguments"


async def test_an_unknown_method_says_so(slack, refused):
    assert (await refused(slack.api_call("chat.shout")))["error"] == "unknown_method"


async def test_the_sdk_reads_a_rate_limit(ws, http):
    client = AsyncWebClient(ws.bot_token, base_url=ws.api_url, session=http, retry_handlers=[])
    await ws.faults.set("slack_429", True)
    answer = await http.post(ws.api_url + "auth.test", headers=auth(ws))
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "3"
    assert (await answer.json())["error"] == "ratelimited"
    await ws.faults.set("slack_429", False)
    assert (await client.auth_test())["ok"]
