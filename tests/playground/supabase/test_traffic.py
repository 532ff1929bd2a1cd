"""Circle's traffic goes through the real function."""

import asyncio
import json
from random import Random

from playground.supabase.seed import event


async def test_a_stream_arrives_at_its_rate(project, sql, manual_clock):
    before = (await sql("select count(*) as n from public.payment_events"))[0]["n"]
    await project.traffic.start(per_hour=360)
    try:
        while len(project.journal.entries) < 21:  # the first is the question above
            await manual_clock.passes(seconds=1)
            await asyncio.sleep(0)
    finally:
        await project.traffic.stop()
    after = (await sql("select count(*) as n from public.payment_events"))[0]["n"]
    assert 20 <= after - before <= 21
    assert {call.status for call in list(project.journal.entries)[1:21]} == {200}


async def test_stopping_twice_and_starting_again(project):
    await project.traffic.start()
    await project.traffic.start()
    await project.traffic.stop()
    await project.traffic.stop()
    assert await project.traffic.send() == [200]


def test_the_mix_is_mostly_confirmed(manual_clock):
    random = Random(7)
    kinds = [event(random, manual_clock.now())["eventType"] for _ in range(1000)]
    assert 850 < kinds.count("payments.confirmed") < 950
    assert 10 < kinds.count("payments.failed") < 60
    assert 40 < kinds.count("wallets.created") < 110


def test_the_same_seed_gives_the_same_day(manual_clock):
    first, second = (json.dumps(event(Random(3), manual_clock.now())) for _ in range(2))
    assert first == second
