"""A secret typed where it does not belong is refused at once, and in no byte of the database, the log or the answer."""

import pytest

from tests.attack.test_canary import every_byte
from tests.chat import words
from tests.deploys import Deploying, opened

VALUE = "whsec_3kX9vQ2m4Tz7Lp0a"


@pytest.mark.parametrize(
    ("line", "where", "says"),
    [
        ("/aikeys rotate circle plain-old-hunter", "#ops", "treat that value as leaked"),
        ("/aikeys rotate CIRCLE_WEBHOOK_SECRET={}", "#ops", "treat that value as leaked"),
        ("/aikeys health {}", "#ops", "treat that value as leaked"),
        ("@aikeys rotate circle {}", "#ops", "Delete the message"),
        ("supabase secrets set CIRCLE_WEBHOOK_SECRET={}", "@aikeys", "treat that value as leaked"),
        ("{}", "@aikeys", "treat that value as leaked"),
    ],
)
async def test_what_was_typed_is_cut_out_before_it_is_written(chat, bot, capsys, line, where, says):
    typed = line.format(VALUE)
    await chat.says("ana", typed, where)
    told = words(await chat.until(says, channel=where))
    assert "cut it out" in told
    bot.store.inbox.flush()
    left = every_byte(bot.settings.data) + capsys.readouterr().err.encode() + told.encode()
    assert VALUE.encode() not in left
    assert b"plain-old-hunter" not in left
    assert not list(bot.store.approvals.pending())


class TestAReason:
    @pytest.fixture
    def environment(self, environment, repository):
        return environment | {"AIKEYS_SOURCE": str(repository.path)}

    async def test_with_a_secret_in_it_is_refused_under_its_field(self, chat, bot, town, project):
        deploying = Deploying(chat, project)
        await deploying.click("ben", await deploying.asks(), "Deny")
        modal = await opened(town, "ben")
        answer = await town.slack.submit("ben", modal["id"], {"reason": {"reason": f"the key is {VALUE}"}})
        assert "I cut it out" in str(answer)
        assert VALUE.encode() not in every_byte(bot.settings.data)
        assert bot.store.approvals.pending()
