"""/aikeys secrets: names, ages, who; never a value, and of a digest eight digits at most."""

import hashlib
from datetime import timedelta

from tests.chat import words


async def test_names_ages_and_eight_digits(chat, project):
    await chat.says("zoe", "/aikeys secrets")
    told = words(await chat.until("Secrets: 3 of 3 present", "zoe"))
    for name, value in project.secrets.items():
        digest = hashlib.sha256(value.encode()).hexdigest()
        assert name in told
        assert value not in told
        assert digest[:9] not in told
        assert (digest[:8] in told) == name.startswith("CIRCLE_"), name


async def test_who_rotated_it_and_that_another_was_set_since(chat, project, bot):
    at = {name: project.state.secret_dates[name] for name in ("CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET")}
    append = bot.store.events.append
    append("secret/CIRCLE_API_KEY", "rotation.set", "U0ANA", {}, at["CIRCLE_API_KEY"])
    append("secret/CIRCLE_WEBHOOK_SECRET", "rotation.set", "U0BEN", {}, at["CIRCLE_WEBHOOK_SECRET"] - timedelta(days=1))

    await chat.says("ana", "/aikeys secrets")

    told = words(await chat.until("set without me"))
    assert "by <@U0ANA>" in told
    assert "by <@U0BEN>" not in told
    assert "CIRCLE_WEBHOOK_SECRET was set without me after my last rotation." in told


async def test_one_is_missing_and_one_is_old(chat, project, town):
    project.state.secret_dates["CIRCLE_WEBHOOK_SECRET"] -= timedelta(days=120)
    await town.slack.faults.set("secret_missing", True)
    await chat.says("ana", "/aikeys secrets")
    card = await chat.until("1 older than 90 days")
    assert "CIRCLE_API_KEY missing" in words(card) or "secret CIRCLE_API_KEY is missing" in words(card)
    assert "CIRCLE_WEBHOOK_SECRET is older than 90 days." in words(card)


async def test_a_name_that_is_markup(chat, project):
    project.state.secrets["<!channel>`*x*"] = "x" * 40
    project.state.secret_dates["<!channel>`*x*"] = project.clock.now()
    await chat.says("ana", "/aikeys secrets")
    told = words(await chat.until("3 of 3 present"))
    assert "&lt;!channel&gt;" in told
    assert "<!channel>" not in told


async def test_the_list_fails_and_what_the_function_sees_stays(chat, project):
    async with project.answers("GET", "/secrets$", status=500):
        await chat.says("ana", "/aikeys secrets")
        card = await chat.until("So not known: which secrets are set.")
    assert "seen by the running function" in words(card)
    assert card["blocks"][0]["text"]["text"].startswith("❓")
