"""`aikeys export`: the same report on the bot's own machine, beside a bot that runs."""


async def test_it_is_written_beside_a_running_bot(shell, bot, chat, environment, tmp_path):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds", channel="#incidents")
    to = tmp_path / "reports"
    ended = await shell("export", "1", "--to", str(to), environ=environment)
    assert (ended.code, ended.err) == (0, "")
    said = (to / "incident-1.md").read_text()
    assert "refunds do not go out" in said
    assert "Ana Ruiz" in said
    assert "<!doctype html>" in (to / "incident-1.html").read_text()
    assert str(to / "incident-1.md") in ended.out

    unknown = await shell("export", "9", environ=environment)
    assert (unknown.code, "There is no incident 9." in unknown.err) == (1, True)
    unwritable = await shell("export", "1", "--to", "/proc/nowhere", environ=environment)
    assert unwritable.code == 1
    assert "Traceback" not in unwritable.err


async def test_without_a_database_it_says_so(shell, needed, tmp_path):
    ended = await shell("export", "1", environ=needed | {"AIKEYS_DATA": str(tmp_path)})
    assert ended.code == 3
    assert "There is no database" in ended.err
