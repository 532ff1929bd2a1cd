"""Where events of the bot's own are not switched on, nothing is posted that leaves an event."""

from tests.chat import words


async def test_off_unless_switched_on(chat, project, bot):
    await chat.says("ana", "/aikeys webhooks test")
    card = words(await chat.until("acceptance is not proven"))
    assert "AIKEYS_SYNTHETIC" in card.replace("ˍ", "_")
    async with project.postgres.superuser() as connection:
        assert not await connection.fetchval("select count(*) from public.payment_events where event_id like 'aikeys%'")


async def test_a_typo_after_webhooks(chat, bot):
    await chat.says("ana", "/aikeys webhooks tset")
    await chat.until("Did you mean webhooks test?")
    await chat.says("ana", "/aikeys webhooks banana")
    assert "webhooks" in words(await chat.until("One word too many"))


async def test_help_explains_a_command_of_two_words(chat, bot):
    await chat.says("ana", "/aikeys help webhooks test")
    told = words(await chat.until("Prove that the webhook accepts"))
    assert "changes something" in told
    await chat.says("ana", "/aikeys webhooks setup --help")
    await chat.until("The address for Circle")
