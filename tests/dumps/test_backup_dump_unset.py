"""/aikeys backup dump without its settings: which are missing, and where it is said how to set them."""

from tests.chat import words


async def test_what_is_missing_is_named(chat):
    await chat.says("ana", "/aikeys backup dump")
    told = words(await chat.until("Nothing was dumped"))
    assert "AIKEYS_DUMP_URL, AIKEYS_DUMP_KEY, AIKEYS_DUMPS, AIKEYS_PG_BIN are not set" in told
