"""A P0 that comes and goes: what its card says, and that an outage in the end is told."""

from tests.chat import words

INCIDENTS, OPS = "#incidents", "#ops"


async def test_a_p0_that_flaps_says_so_and_is_told_again_where_it_stays_bad(watching, chat):
    """Nobody sleeps through an outage because an earlier one came and went."""

    def told():
        return sum("bad for two minutes without a pause. " in words(one) for one in chat.sees("zoe", INCIDENTS))

    await watching.looks()
    for on in (True, False, True, False, True):
        await watching.switch("database_outage", on)
        await watching.looks(3)
    card = words(await chat.until("*Comes and goes* since", channel=INCIDENTS))
    assert "steady for 15 min, or bad for 2 min. *Bad just now*, since" in card
    await chat.until("*Comes and goes* since", channel=OPS)
    await chat.says("zoe", "/aikeys incident")
    await chat.until(lambda one: "*1* P0 Database outage" in words(one) and "*Bad just now*" in words(one), "zoe", OPS)
    assert told() == 0

    await watching.looks(3, apart=60)
    again = await chat.until("bad for two minutes without a pause. ", channel=INCIDENTS)
    assert "Acknowledge" in words(again)
    assert "thread_ts" not in again
    await watching.looks(3, apart=60)
    assert told() == 1

    await watching.switch("database_outage", on=False)
    await watching.looks(1)
    await chat.until("*Good just now*", channel=INCIDENTS)
    await watching.looks(18, apart=60)
    await chat.until("*Resolved* by itself", channel=INCIDENTS)
    assert "Comes and goes" not in words(await chat.until("P0 Database outage · resolved", channel=INCIDENTS))
