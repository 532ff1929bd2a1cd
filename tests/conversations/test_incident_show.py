"""`/aikeys incident show`: the whole story, in order."""

from tests.chat import words


async def test_what_happened_in_order(chat):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("Opened.")
    await chat.says("ana", "/aikeys incident ack")
    await chat.until("acknowledged now")
    await chat.says("ana", '/aikeys incident note "pool is full"')
    await chat.until("Noted.")
    await chat.says("ana", "/aikeys incident resolve")
    await chat.until("resolved now")

    await chat.says("zoe", "/aikeys incident show 1")

    story = words(await chat.until("Resolved* by", "zoe"))
    steps = [story.index(one) for one in ("was opened by", "acknowledged it", "pool is full", "resolved it")]
    assert steps == sorted(steps)


async def test_one_that_never_was(chat):
    await chat.says("zoe", "/aikeys incident show 7")
    await chat.until("I know no incident 7", "zoe")
