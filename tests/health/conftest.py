from datetime import timedelta

import pytest

from bot.clients.wallet import Wallet
from bot.context import Caller, Context, Target
from bot.health.judge import judge
from bot.health.judgement import Level
from bot.settings import Settings


@pytest.fixture
def is_judged():
    """The verdict on *answers* is that *line* at that *level*; whatever is wrong has its sentence and what to do."""

    def check(answers, level, line):
        verdict = judge(answers)
        assert (verdict.line, verdict.level) == (line, level)
        assert (verdict.findings == ()) is (level is Level.OK)
        for finding in verdict.findings:
            assert finding.what.endswith(".")
            assert finding.do.endswith((".", "?"))

    return check


@pytest.fixture
async def ctx(project, clock, store, supabase):
    """Ana's question in #ops, with real clients to the playground's project."""
    wallet = Wallet(project.functions_url, clock, project.ref)
    yield Context(
        clock=clock,
        settings=Settings.model_construct(),  # type: ignore[call-arg]  # a look needs no token
        store=store,
        supabase=supabase,
        wallet=wallet,
        commands={},
        target=Target(project.ref, "aikeys-wallet", project.region),
        caller=Caller("U0ANA", "C0OPS", frozenset({"viewer"}), clock.now() - timedelta(seconds=1)),
    )
    await wallet.close()
