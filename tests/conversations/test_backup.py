"""/aikeys backup: what was made through the bot, and what the settings would unlock."""

from tests.chat import words


async def test_an_empty_list_says_what_would_fill_it(chat):
    await chat.says("zoe", "/aikeys backup")
    told = words(await chat.until("made through me", "zoe"))
    assert "No restore points, no dumps" in told
    for setting in ("AIKEYS_COPIES", "AIKEYS_DUMP_URL", "AIKEYS_PG_BIN"):
        assert setting in told
