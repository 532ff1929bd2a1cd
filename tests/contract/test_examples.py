"""Every example of every command, and every line that README and the documents show, is said to a bot and answered."""

import re
from pathlib import Path

import pytest

from bot.command import Risk
from bot.errors import Refused
from bot.grammar import parse
from bot.registry import load
from bot.runbook.reading import Kind, pages
from playground.source import WalletRepository
from tests.asking import OWN
from tests.chat import words
from tests.contract.conftest import ROOT
from tests.wait import eventually

COMMANDS = load()
USED_UP = "and they are used up (429)"  # questions about the logs of this minute: the bot asked no more
PATIENCE = 30  # seconds for all of them together
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUNBOOK = ROOT / "docs" / "runbook.md"
# Usages have brackets, examples have none.
_INLINE = re.compile(r"`[/@]aikeys ([^`<\[|]+)`")
_FENCED = re.compile(r"^[/@]aikeys ([^<\[|]+)$", re.MULTILINE)


def written(path: Path) -> list[str]:
    """The lines that *path* tells people to type, without /aikeys."""
    if path == RUNBOOK:  # it also names what a later version will have
        return [line for page in pages() for line in page.named(Kind.IN_SLACK)]
    text = path.read_text(encoding="utf-8")
    return [line.strip() for line in (*_INLINE.findall(text), *_FENCED.findall(text))]


@pytest.fixture
def environment(environment, tmp_path):
    """With a repository to deploy from."""
    repository = WalletRepository(tmp_path / "wallet")
    repository.build()
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_documents_show_can_be_typed(path: Path):
    """As it stands there; a command's name alone may stand for the command."""
    for line in written(path):
        if line in COMMANDS:
            continue
        try:
            parse(line, COMMANDS)
        except Refused as refused:
            pytest.fail(f"{path.relative_to(ROOT)} shows `/aikeys {line}`: {refused}")


def test_the_documents_show_something():
    """A pattern that finds nothing would hold nothing."""
    assert {"health", "health webhooks", "deploy payments-circle-webhook"} <= set(written(ROOT / "README.md"))
    assert len(written(RUNBOOK)) > 30


@pytest.mark.slow
async def test_every_example_is_answered(chat, bot, town):
    """Zoe, who may only look, asks questions: answered. Ana asks for changes, as plans: answered or refused.

    What had to be asked outside says how it is known.
    """
    town.slack.limits.off = True
    lines = list(dict.fromkeys([*_examples(), *(line for path in DOCUMENTS for line in written(path) if _whole(line))]))
    said = []
    # A freeze would stand in the way; of an incident that is not there nothing can be said.
    for line in sorted(lines, key=lambda line: (line.startswith("freeze"), not line.startswith("incident open"))):
        command = parse(line, COMMANDS).command
        planned = f"{line} --plan" if "plan" in command.args.model_fields and "--plan" not in line else line
        reads = command.risk is Risk.READ
        await chat.says("zoe" if reads else "ana", f"/aikeys {line if reads else planned}")
        sure = reads and line != "incident show"  # the pages open several: it asks which
        said.append((line, {"answered"} if sure else {"answered", "refused"}))

    def outcomes() -> list[tuple[str | None, str | None]]:
        """How each ended, and where the answer stands."""
        bot.store.inbox.flush()
        rows = bot.store.db.query("SELECT outcome, reply_ts FROM deliveries WHERE kind = 'command' ORDER BY id")
        return [(row["outcome"], row["reply_ts"]) for row in rows]

    await eventually(lambda: all(outcome or reply for outcome, reply in outcomes()), PATIENCE)
    endless = [line for line, _ in said if "--follow" in line]  # it has said something, and goes on for minutes
    await eventually(lambda: sum(outcome is None for outcome, _ in outcomes()) <= len(endless), PATIENCE)
    became = [(line, outcome, allowed) for (line, allowed), (outcome, _) in zip(said, outcomes(), strict=True)]
    assert [
        (line, outcome) for line, outcome, allowed in became if outcome not in allowed and line not in endless
    ] == []
    shown = {one["ts"]: words(one) for one in chat.sees("zoe")}
    answers = [(line, shown[reply]) for (line, _), (_, reply) in zip(said, outcomes(), strict=True) if reply]
    assert len(answers) > 30
    untold = [line for line, told in answers if _asks(line) and "How I know" not in told and USED_UP not in told]
    assert untold == []


def _examples() -> list[str]:
    return [example for command in COMMANDS.values() for example in command.examples]


def _whole(line: str) -> bool:
    """False for a command's name that stands for the command and asks nothing by itself."""
    try:
        parse(line, COMMANDS)
    except Refused:
        return False
    return True


def _asks(line: str) -> bool:
    """True where the answer cannot be known without asking; nothing is deployed, so that `deploys` asks nobody."""
    command = parse(line, COMMANDS).command
    return command.name == "webhooks test" or (command.risk is Risk.READ and command.name not in OWN | {"deploys"})
