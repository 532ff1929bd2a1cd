"""Ana asks how the wallet is; Zoe may look too; guests may not."""

from tests.chat import words


async def test_ana_asks_and_gets_the_true_health(chat):
    """The first answer says that six services are asked; the same message then holds the verdict."""
    await chat.says("ana", "/aikeys health")

    card = await chat.until("Healthy")

    assert "asked" in words(card)
    assert len([one for one in chat.sees("ana") if one.get("bot_id")]) == 1


async def test_an_outage_is_seen_when_asked_again(chat, project):
    """Healthy; the database goes away; the same card, asked again, says so; and again when it is back."""
    await chat.says("ana", "/aikeys health")
    await chat.until("Healthy")

    await switch(project, "database_outage", True)
    await chat.clicks("ben", "Ask again")
    await chat.until("Database outage")

    await switch(project, "database_outage", False)
    await chat.clicks("ana", "Ask again")
    await chat.until("Healthy")


async def switch(project, name, on):
    await next(one for one in project.switches if one.name == name).set(on)
