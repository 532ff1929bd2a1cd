"""Other secrets: by the parts of the proof that apply; an address by a code; the JWT secret not at all."""

import re
from datetime import timedelta

import pytest

from bot.reviews.evidence import secrets
from bot.vault import sealing
from tests.chat import words
from tests.deploys import has_button, opened
from tests.rotations.rotating import KEY, SECRET


async def test_another_secret_is_proved_by_its_digest(rotating, project):
    await rotating.chat.says("ana", "/aikeys rotate OPENAI_API_KEY")
    await rotating.chat.until("There is no secret OPENAI_API_KEY")
    card = words(await rotating.asks("rotate OPENAI_API_KEY --new"))
    assert "not there yet" in card
    assert "events of my own" not in card
    await rotating.chat.clicks("ben", "Approve")
    await rotating.said("enter the new values")
    await rotating.enters(OPENAI_API_KEY="sk-proj-0123456789abcdef")
    await rotating.said("Supabase has the new digest")
    assert project.secrets["OPENAI_API_KEY"] == "sk-proj-0123456789abcdef"


@pytest.mark.parametrize(
    ("line", "words_"),
    [
        ("CIRCLE_API_KY", "Did you mean CIRCLE_API_KEY?"),
        ("SUPABASE_URL", "belongs to Supabase"),
        (f"{KEY} --new", "is there already"),
        (f"{KEY} --generate", f"I make {SECRET} by myself"),
        ("circle --undo", "AIKEYS_CUSTODY_HOURS is not set"),
    ],
)
async def test_what_is_refused_at_once(rotating, line, words_):
    await rotating.chat.says("ana", f"/aikeys rotate {line}")
    await rotating.chat.until(words_)


async def test_one_of_circles_alone_is_warned_of(rotating):
    await rotating.chat.says("ana", f"/aikeys rotate {KEY} --plan")
    said = words(await rotating.chat.until("rotates both of Circle's together"))
    assert "nothing was asked for" in said


async def test_jwt_secrets_are_supabases(rotating, project):
    """Why not, and what the runbook asks for instead: the auth logs."""
    project.state.logs.write("auth_logs", "error", "signature is invalid", {"level": "error", "status": "500"})
    await rotating.chat.says("ana", "/aikeys rotate jwt")
    said = words(await rotating.chat.until("managed by Supabase, automatically"))
    assert "monitor the auth logs" in said
    assert "signature is invalid" in said


async def test_a_secret_that_the_bot_makes(rotating, project, town):
    """Handed out once, sealed to Ana's key; set and proved without anybody having seen it in the open."""
    private, public = sealing.keypair()
    card = await rotating.approved(f"rotate {SECRET} --generate")
    await rotating.click("ana", card, "Enter new values")
    modal = await opened(town, "ana")
    given = {"handout": {"key": sealing.key_text(public)}}
    assert (await town.slack.submit("ana", modal["id"], given)) == {"ok": True}
    await rotating.said("Proved")
    told = [words(one) for where in ("#ops", "@aikeys") for one in rotating.chat.sees("ana", where)]
    sealed = re.search(r"aikeys-sealed:v1:[\w:-]+", "".join(told))
    assert sealed is not None
    assert bytes(sealing.unseal(sealed[0], private)).decode() == project.secrets[SECRET]


async def test_the_alert_address_is_proved_by_a_code(rotating, project, town):
    await rotating.whole("rotate ALERT_EMAIL", ALERT_EMAIL="alerts@aikeys.test")
    waits = await rotating.chat.until(has_button("Enter the code"))
    assert "alerts@aikeys.test" not in words(waits)
    (mail,) = await town.mailbox.wait_for(1)
    assert mail.recipients == ("alerts@aikeys.test",)
    code = re.search(r"\b\d{6}\b", mail.text)
    assert code is not None
    await rotating.click("ben", waits, "Enter the code")
    modal = await opened(town, "ben")
    wrong = await town.slack.submit("ben", modal["id"], {"code": {"code": f"{(int(code[0]) + 1) % 10**6:06}"}})
    assert "That is not the code" in wrong["errors"]["code"]
    await town.slack.submit("ben", modal["id"], {"code": {"code": code[0]}})
    await rotating.said("the mailed code came back")
    assert project.secrets["ALERT_EMAIL"] == "alerts@aikeys.test"
    data = rotating.bot.store.events.latest("rotation.finished", "secret/ALERT_EMAIL").data
    assert data["begins"] == "", "an address can be guessed from a piece of its digest"


async def test_old_secrets_come_up_for_review(rotating, project):
    """By the team's own limit, with the command that rotates each; an address has no age."""
    now = project.clock.now()
    project.state.secret_dates |= {KEY: now - timedelta(days=91), "ALERT_EMAIL": now - timedelta(days=400)}
    found = await secrets(rotating.bot._answering._ctx, now)
    assert found.summary == "1 of 3 secrets older than 90 days."
    assert found.lines == [f"{KEY}: 91 days old. Rotate it: /aikeys rotate circle"]
