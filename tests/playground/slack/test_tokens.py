"""Who may call what: tokens and scopes."""

import pytest


async def test_auth_test_names_the_bot_and_its_scopes(ws, slack):
    answer = await slack.auth_test()
    assert answer["user_id"] == "U0BOT"
    assert answer["bot_id"] == "B0BOT"
    assert answer["team_id"] == "T0AIKEYS"
    assert set(answer.headers["x-oauth-scopes"].split(",")) == ws.app.scopes


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-of-somebody-else", "invalid_auth"), ("APP", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(ws, slack, refused, token, error):
    slack.token = ws.app_token if token == "APP" else token
    assert (await refused(slack.auth_test()))["error"] == error


async def test_a_bot_token_opens_no_socket(ws, slack, refused):
    answer = await refused(slack.apps_connections_open(app_token=ws.bot_token))
    assert answer["error"] == "not_allowed_token_type"


@pytest.mark.parametrize("why", ["token_revoked", "account_inactive", "token_expired"])
async def test_a_token_taken_back_says_why(ws, slack, refused, why):
    ws.tokens.refusal = why
    assert (await refused(slack.auth_test()))["error"] == why


async def test_a_missing_scope_is_named_with_what_there_is(ws, slack, refused):
    ws.app.scopes.discard("pins:write")
    answer = await refused(slack.pins_add(channel="C0OPS", timestamp="1.000001"))
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "pins:write"
    assert set(answer["provided"].split(",")) == ws.app.scopes


async def test_the_scope_follows_the_channels_kind(ws, slack, refused):
    ws.state.channels["C0WAR"].members.append("U0BOT")
    assert (await refused(slack.conversations_info(channel="C0WAR")))["needed"] == "groups:read"
    assert (await slack.conversations_info(channel="C0OPS"))["channel"]["name"] == "ops"
    assert (await refused(slack.conversations_list(types="public_channel,private_channel")))["needed"] == "groups:read"


async def test_an_address_is_shown_only_with_its_scope(ws, slack):
    assert (await slack.users_info(user="U0ANA"))["user"]["profile"]["email"] == "ana@example.com"
    ws.app.scopes.discard("users:read.email")
    assert "email" not in (await slack.users_info(user="U0ANA"))["user"]["profile"]
