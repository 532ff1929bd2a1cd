"""Every question, whatever is wrong outside: answered, in a sentence of its own with what to do, and nothing broke."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from bot.command import Risk
from bot.deploys.record import FINISHED
from bot.registry import load
from playground.source import WalletRepository
from tests.asking import OWN
from tests.chat import words
from tests.running import unwatched
from tests.wait import eventually

PATIENCE = 30  # seconds for those of one fault
ASKING = {
    name: command.examples[0] for name, command in load().items() if command.risk is Risk.READ and name not in OWN
}
FAULTS: Sequence[tuple[dict[str, Any], str]] = [
    ({"status": 401}, "does not accept the bot's token"),
    ({"status": 402}, r"unpaid bill|\(402\)"),
    ({"status": 403, "body": {"message": "no"}}, r"\(403\)|token may not"),
    ({"status": 404}, "404"),
    ({"status": 410}, "410"),
    ({"status": 429, "headers": {"Retry-After": "60"}}, r"\(429\)"),
    ({"status": 503}, r"failed \(503\)"),
    ({"status": 540}, r"is paused \(540\)"),
    ({"status": 544}, "could not reach the project's database"),
    ({"body": "<html>"}, "something that is not JSON"),
    ({"body": {"unknown": 3}}, "in a shape the bot does not know"),
    ({"drop": True}, "broke the connection off"),
]
DO = re.compile(r"→ |\\n1\. |\"1\. ")  # an arrow or numbered steps


@pytest.fixture
def environment(environment, tmp_path):
    """With a repository, so that `migrations` has two sides to compare."""
    repository = WalletRepository(tmp_path / "wallet")
    repository.build()
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
async def bot(settings, moved):
    async with unwatched(settings, moved) as bot:
        yield bot


async def test_every_question_under_every_fault(chat, bot, town, project, moved):
    """Every second question of each fault, the others of the next: 12 times 14 cost more than they tell."""
    town.slack.limits.off = True
    mine = {"function": "health", "version": 1, "ok": True}  # without a deploy of its own `deploys` asks nobody
    bot.store.events.append("function/health", FINISHED, "U0ANA", mine, moved.now())
    for at, (fault, sentence) in enumerate(FAULTS):
        before = len(chat.sees("zoe"))
        lines = [line for n, line in enumerate(ASKING.values()) if (n + at) % 2]
        async with project.answers("*", "/v1/", **fault):
            for line in lines:
                await chat.says("zoe", f"/aikeys {line}")
            await bot.inbox.idle()
            await eventually(lambda: _outcomes(bot).count(None) == 0, PATIENCE)
        found = [said for said in map(words, chat.sees("zoe")[before:]) if "<@U0ZOE> asked" in said]  # no seal
        assert len(found) == len(lines)
        assert [said for said in found if not re.search(sentence, said) or not DO.search(said)] == [], fault
        assert not [said for said in found if "Something in me broke" in said or "Traceback" in said]
        await moved.passes(seconds=61)  # then it may ask for logs again
    assert set(_outcomes(bot)) == {"answered"}


def _outcomes(bot) -> list[str | None]:
    bot.store.inbox.flush()
    return [row["outcome"] for row in bot.store.db.query("SELECT outcome FROM deliveries WHERE kind = 'command'")]
