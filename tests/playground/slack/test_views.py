"""Modals: trigger ids, the stack, hashes, submissions."""

import asyncio

import pytest

from playground.slack import ControlError


def modal(title="Reason", *, element=None, **more):
    field = {
        "type": "input",
        "block_id": "why",
        "label": {"type": "plain_text", "text": "Why"},
        "element": element or {"type": "plain_text_input", "action_id": "text"},
    }
    return {
        "type": "modal",
        "callback_id": "reason",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [field],
    } | more


@pytest.fixture
async def held(line):
    return await line()


@pytest.fixture
async def trigger(ws, held):
    """Makes a trigger id, as a shortcut does."""

    async def make():
        running = asyncio.create_task(ws.shortcut("ana", "declare_incident"))
        envelope = await held.take()
        await running
        return envelope["payload"]["trigger_id"]

    return make


async def submitted(ws, held, view_id, values, payload=None):
    running = asyncio.create_task(ws.submit("ana", view_id, values))
    envelope = await held.take(payload)
    return envelope, await running


async def test_a_trigger_opens_once(ws, slack, trigger, refused):
    ident = await trigger()
    view = (await slack.views_open(trigger_id=ident, view=modal()))["view"]
    assert view["id"] == ws.views("ana")["modals"][0]["id"]
    assert view["state"]["values"] == {"why": {"text": {"type": "plain_text_input", "value": None}}}
    assert ws.views("ben")["modals"] == []
    assert (await refused(slack.views_open(trigger_id=ident, view=modal())))["error"] == "exchanged_trigger_id"
    assert (await refused(slack.views_open(trigger_id="1.2.x", view=modal())))["error"] == "invalid_trigger_id"


async def test_a_trigger_lives_three_seconds(slack, trigger, clock, refused):
    early, late = await trigger(), await trigger()
    await clock.passes(seconds=2.9)
    assert (await slack.views_open(trigger_id=early, view=modal()))["ok"]
    await clock.passes(seconds=0.2)
    assert (await refused(slack.views_open(trigger_id=late, view=modal())))["error"] == "expired_trigger_id"


async def test_a_bad_view_is_pointed_at_and_costs_no_trigger(slack, trigger, refused):
    ident = await trigger()
    answer = await refused(slack.views_open(trigger_id=ident, view=modal("A title longer than the limit")))
    assert answer["error"] == "invalid_arguments"
    assert "[json-pointer:/view/title/text]" in answer["response_metadata"]["messages"][0]
    huge = modal(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 90)
    assert (await refused(slack.views_open(trigger_id=ident, view=huge)))["error"] == "view_too_large"
    assert (await slack.views_open(trigger_id=ident, view=modal()))["ok"]


async def test_three_views_and_no_more(ws, slack, trigger, refused):
    assert (await refused(slack.views_push(trigger_id=await trigger(), view=modal())))["error"] == "not_found"
    root = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    for _ in range(2):
        top = (await slack.views_push(trigger_id=await trigger(), view=modal()))["view"]
        assert top["root_view_id"] == root["id"]
    assert (await refused(slack.views_push(trigger_id=await trigger(), view=modal())))["error"] == "push_limit_reached"
    assert len(ws.views("ana")["modals"]) == 3
    await ws.close("ana", top["id"])
    assert len(ws.views("ana")["modals"]) == 2


async def test_a_stale_hash_and_a_view_that_is_gone(ws, slack, trigger, refused):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal(external_id="one")))["view"]
    newer = (await slack.views_update(external_id="one", view=modal("Other", external_id="one")))["view"]
    assert newer["hash"] != view["hash"]
    stale = slack.views_update(view_id=view["id"], view=modal(), hash=view["hash"])
    assert (await refused(stale))["error"] == "hash_conflict"
    twice = slack.views_open(trigger_id=await trigger(), view=modal(external_id="one"))
    assert (await refused(twice))["error"] == "duplicate_external_id"
    await ws.close("ana", view["id"])
    assert (await refused(slack.views_update(view_id=view["id"], view=modal())))["error"] == "not_found"


async def test_a_submission_closes_the_view(ws, slack, held, trigger):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal(private_metadata="p")))["view"]
    envelope, back = await submitted(ws, held, view["id"], {"why": {"text": "because"}})
    payload = envelope["payload"]
    assert (payload["type"], payload["user"]["id"], payload["response_urls"]) == ("view_submission", "U0ANA", [])
    assert envelope["accepts_response_payload"] is True
    assert payload["view"]["state"]["values"]["why"]["text"] == {"type": "plain_text_input", "value": "because"}
    assert payload["view"]["private_metadata"] == "p"
    assert back == {"ok": True}
    assert ws.views("ana")["modals"] == []


async def test_errors_keep_it_open(ws, slack, held, trigger):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    ack = {"response_action": "errors", "errors": {"why": "Say more."}}
    _, back = await submitted(ws, held, view["id"], {"why": {"text": "x"}}, ack)
    assert back == {"ok": True, "response_action": "errors", "errors": {"why": "Say more."}}
    assert ws.views("ana")["modals"][0]["state"]["values"]["why"]["text"]["value"] == "x"


async def test_update_push_and_clear(ws, slack, held, trigger):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    values = {"why": {"text": "x"}}
    await submitted(ws, held, view["id"], values, {"response_action": "update", "view": modal("Working")})
    assert ws.views("ana")["modals"][0]["title"]["text"] == "Working"
    await submitted(ws, held, view["id"], values, {"response_action": "push", "view": modal("More")})
    top = ws.views("ana")["modals"][-1]
    assert (top["title"]["text"], top["previous_view_id"]) == ("More", view["id"])
    await submitted(ws, held, top["id"], values, {"response_action": "clear"})
    assert ws.views("ana")["modals"] == []


@pytest.mark.parametrize(
    "ack",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors"},
        {"response_action": "dance"},
        {"response_action": "update", "view": {"type": "modal"}},
        "text",
    ],
)
async def test_an_answer_slack_cannot_carry_out(ws, slack, held, trigger, ack):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    with pytest.raises(ControlError) as caught:
        await submitted(ws, held, view["id"], {"why": {"text": "x"}}, ack)
    assert caught.value.code == "bad_ack"
    assert len(ws.views("ana")["modals"]) == 1


async def test_nobody_answers_a_submission(ws, slack, held, trigger, clock):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    running = asyncio.create_task(ws.submit("ana", view["id"], {"why": {"text": "x"}}))
    await held.frame()
    await clock.passes(seconds=3)
    with pytest.raises(ControlError) as caught:
        await running
    assert (caught.value.code, str(caught.value)) == ("no_ack", "We had some trouble connecting. Try again?")
    assert len(ws.views("ana")["modals"]) == 1


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (None, ""),
        (None, "x" * 3001),
        ({"type": "plain_text_input", "action_id": "text", "max_length": 5}, "longer"),
        ({"type": "plain_text_input", "action_id": "text", "min_length": 5}, "x"),
        ({"type": "number_input", "action_id": "text", "is_decimal_allowed": False}, "1.5"),
        ({"type": "number_input", "action_id": "text", "is_decimal_allowed": False, "min_value": "3"}, "2"),
    ],
)
async def test_what_slacks_own_client_refuses(ws, slack, trigger, element, value):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal(element=element)))["view"]
    with pytest.raises(ControlError) as caught:
        await ws.submit("ana", view["id"], {"why": {"text": value}})
    assert caught.value.code == "invalid_input"
    assert list(caught.value.fields["errors"]) == ["why"]


async def test_three_thousand_characters_are_taken(ws, slack, held, trigger):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    _, back = await submitted(ws, held, view["id"], {"why": {"text": "x" * 3000}})
    assert back["ok"]


async def test_closing_is_told_where_it_was_asked_for(ws, slack, held, trigger):
    quiet = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    told = (await slack.views_push(trigger_id=await trigger(), view=modal(notify_on_close=True)))["view"]
    closing = asyncio.create_task(ws.close("ana", told["id"]))
    payload = (await held.take())["payload"]
    await closing
    assert (payload["type"], payload["view"]["id"], payload["is_cleared"]) == ("view_closed", told["id"], False)
    await ws.close("ana", quiet["id"])
    assert [e["body"]["payload"]["type"] for e in ws.journal.entries("interactive")].count("view_closed") == 1


async def test_what_was_put_in_survives_an_update(ws, slack, trigger):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    with pytest.raises(ControlError):
        await ws.submit("ana", view["id"], {"why": {"text": "x" * 3001}})
    newer = await slack.views_update(view_id=view["id"], view=modal("Other"))
    assert len(newer["view"]["state"]["values"]["why"]["text"]["value"]) == 3001


async def test_only_the_one_in_front_can_submit(ws, slack, trigger):
    view = (await slack.views_open(trigger_id=await trigger(), view=modal()))["view"]
    with pytest.raises(ControlError) as caught:
        await ws.submit("ben", view["id"], {})
    assert caught.value.code == "no_such_view"
