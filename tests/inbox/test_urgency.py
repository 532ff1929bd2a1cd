"""Who is worked on first: a trigger id lives 3 s, so clicks and shortcuts go before everything that waits."""

from datetime import UTC, datetime

from bot.clock import SystemClock
from bot.door.inbox import Delivery
from bot.door.work import AT_HAND, Work
from tests.wait import eventually

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


async def test_clicks_overtake_a_backlog():
    """A hundred events and commands came first; both clicks are begun before any of them."""
    begun: list[str] = []

    async def dispatch(delivery: Delivery) -> None:
        begun.append(delivery.kind)

    work = Work(dispatch, SystemClock())
    for number in range(100):
        work.add(Delivery(number, "event" if number % 2 else "command", "{}", AT))
    work.add(Delivery(100, "click", "{}", AT))
    work.add(Delivery(101, "shortcut", "{}", AT))
    work.release()
    await eventually(lambda: len(begun) == 102)
    assert set(begun[:2]) == {"click", "shortcut"}
    assert begun[2:] == ["command"] * 50 + ["event"] * 50
    await eventually(lambda: work.depth == 0)


async def test_who_waits_far_behind_does_so_in_the_database():
    """Payloads may be large: a backlog holds some in memory, reads the others when it is their turn, and loses none."""
    read: list[int] = []
    seen: list[tuple[int, object, bool]] = []

    def payload(id_: int) -> tuple[str, bool | None]:
        read.append(id_)
        return f'{{"n": {id_}}}', None if id_ == AT_HAND else True

    async def dispatch(delivery: Delivery) -> None:
        seen.append((delivery.id, delivery.payload["n"], delivery.acked))

    work = Work(dispatch, SystemClock(), payload)
    for number in range(AT_HAND + 3):
        work.add(Delivery(number, "command", f'{{"n": {number}}}', AT))
    assert not read
    work.release()
    await eventually(lambda: len(seen) == AT_HAND + 3)
    # Of one that is not signed any more nobody knows what was acknowledged.
    assert seen == [(number, number, number != AT_HAND) for number in range(AT_HAND + 3)]
    assert read == [AT_HAND, AT_HAND + 1, AT_HAND + 2]
