"""Socket Mode switched off, or the app token revoked: asking hotly would help nobody."""

from tests.wait import eventually


async def test_each_line_asks_again_every_half_minute_and_comes_back(life, town, moved):
    await life.begins()
    sockets = town.slack.sockets
    await sockets.disable(True)
    await eventually(lambda: not sockets.open and life.bot.sockets.up == 0)
    before = sockets.tickets.issued

    await moved.passes(seconds=29)
    assert sockets.tickets.issued == before
    await moved.passes(seconds=2)
    await eventually(lambda: sockets.tickets.issued == before + 2)
    await eventually(lambda: not sockets.open)
    await moved.passes(seconds=29)
    assert sockets.tickets.issued == before + 2

    await sockets.disable(False)
    await moved.passes(seconds=2)
    await eventually(lambda: life.bot.sockets.up == 2)
