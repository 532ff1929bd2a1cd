"""/aikeys webhooks test: three lines of proof, and what they could not prove."""

import pytest

from tests.chat import words


@pytest.fixture
def copy(tmp_path, project):
    """The file with the bot's copy of the signing secret."""
    path = tmp_path / "circle-webhook"
    path.write_text(project.secrets["CIRCLE_WEBHOOK_SECRET"] + "\n")
    return path


@pytest.fixture
def environment(environment, copy):
    return environment | {"AIKEYS_SYNTHETIC": "true", "AIKEYS_WEBHOOK_SECRET_PATH": str(copy)}


async def rows(project, sql: str) -> int:
    async with project.postgres.superuser() as connection:
        return int(await connection.fetchval(sql))


async def test_three_lines_of_proof(chat, project, bot):
    before = await rows(project, "select count(*) from public.circle_transactions where status = 'confirmed'")
    await chat.says("ana", "/aikeys webhooks test")
    card = words(await chat.until("accepts what is rightly signed, once, and refuses the rest"))
    for line in ("200 success", "200 alreadyˍprocessed", "401 Unauthorized"):
        assert line in card.replace("already_processed", "alreadyˍprocessed"), line
    assert "How I know" not in card or "circle-signature" not in card
    assert project.secrets["CIRCLE_WEBHOOK_SECRET"] not in card
    mine = "select count(*) from public.payment_events where event_type = 'aikeys.synthetic'"
    assert await rows(project, mine) == 1
    assert await rows(project, "select count(*) from public.circle_transactions where status = 'confirmed'") == before
    (told,) = bot.store.db.query("SELECT actor FROM events WHERE kind = 'webhook.tested'")
    assert told["actor"] == "U0ANA"
    await chat.says("ana", "/aikeys logs functions --since 5m --level error")
    page = words(await chat.until("Function console: 1 line, 1 error, all by my own probes"))
    assert "1 wrong signature here is my own" in page


async def test_twice_is_two_events(chat, project, bot):
    """A fixed id would prove nothing on its second run."""
    for _ in range(2):
        await chat.says("ana", "/aikeys webhooks test")
    await chat.until(lambda one: "accepts what is" in words(one))
    sql = "select count(*) from public.payment_events where event_type = 'aikeys.synthetic'"

    async def both() -> bool:
        return await rows(project, sql) == 2

    await chat.slack.until(both)


async def test_who_only_looks_may_not(chat, project, bot):
    await chat.says("zoe", "/aikeys webhooks test")
    told = await chat.until("operator", "zoe")
    assert told["ephemeral"]
    assert await rows(project, "select count(*) from public.payment_events where event_type like 'aikeys%'") == 0


async def test_an_old_copy_is_an_answer_and_not_an_alarm(chat, project, bot):
    project.state.secrets["CIRCLE_WEBHOOK_SECRET"] = "rotated"
    await chat.says("ana", "/aikeys webhooks test")
    card = words(await chat.until("acceptance is not proven"))
    assert "My copy of the signing secret is old" in card
    assert "❓" in card
    assert "401 Unauthorized" in card


async def test_the_file_is_read_anew_at_each_use(chat, project, copy, bot):
    project.state.secrets["CIRCLE_WEBHOOK_SECRET"] = "rotated"
    copy.write_text("rotated")
    await chat.says("ana", "/aikeys webhooks test")
    await chat.until("accepts what is rightly signed")


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"", "is empty"), (b"\xff\xfe", "is not text"), (b"x" * 30_000, "too large")],
)
async def test_a_file_that_holds_none(chat, copy, bot, content, said):
    copy.unlink() if content is None else copy.write_bytes(content)
    await chat.says("ana", "/aikeys webhooks test")
    await chat.until(said)


async def test_code_that_takes_anything_is_the_worst(chat, project, bot):
    project.state.functions["payments-circle-webhook"].marks = type(
        project.state.functions["payments-circle-webhook"].marks
    )(accepts_unsigned=True)
    await chat.says("ana", "/aikeys webhooks test")
    card = words(await chat.until("does not answer as it should"))
    assert "It takes events that nobody signed" in card


async def test_the_functions_are_away(chat, town, bot):
    await town.slack.faults.set("database_outage", True)
    await chat.says("ana", "/aikeys webhooks test")
    card = words(await chat.until("does not answer as it should"))
    assert "500" in card
