"""/aikeys webhooks setup: what to enter at Circle, and what can be seen of it from here."""

from tests.chat import words


async def test_the_checklist(chat, project, bot):
    await chat.says("zoe", "/aikeys webhooks setup")
    card = words(await chat.until("Set up: all three events have come", "zoe"))
    assert f"{project.functions_url}/payments-circle-webhook" in card
    for event in ("payments.confirmed", "payments.failed", "wallets.created"):
        assert f"`{event}` last seen" in card
    assert "`verify_jwt` off" in card
    assert project.secrets["CIRCLE_WEBHOOK_SECRET"] not in card


async def test_what_is_missing(chat, project, bot):
    project.state.functions["payments-circle-webhook"].verify_jwt = True
    del project.state.secrets["CIRCLE_WEBHOOK_SECRET"]
    async with project.postgres.superuser() as connection:
        await connection.execute("delete from public.payment_events where event_type = 'wallets.created'")
    await chat.says("ana", "/aikeys webhooks setup")
    card = words(await chat.until("The endpoint is not ready"))
    assert "verify_jwt is on" in card
    assert "is missing: every event is refused" in card
    assert "`wallets.created` never seen" in card


async def test_nothing_can_be_asked(chat, town, bot):
    await town.slack.faults.set("management_down", True)
    await chat.says("ana", "/aikeys webhooks setup")
    card = words(await chat.until("Not all of the set-up can be seen"))
    assert "payments-circle-webhook" in card
