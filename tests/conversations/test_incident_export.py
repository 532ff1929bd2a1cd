"""`/aikeys incident export`: the report in the thread, in the team's channels."""

from tests.chat import words


async def test_three_files_or_two_in_the_thread(chat, bot, town):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds", channel="#incidents")
    await chat.says("zoe", "/aikeys incident export", "#incidents")
    card = await chat.until("is in the thread", "zoe", "#incidents", timeout=60)
    assert "incident-1.md" in words(card)
    files = town.slack.backend.files.by_id
    await town.slack.until(lambda: any(one.shared and one.name == "incident-1.html" for one in files.values()), 30)
    shown = [one for one in chat.sees("zoe", "#incidents") if one.get("files")]
    assert {one["thread_ts"] for one in shown} == {card["ts"]}
    (page,) = [bytes(one.data).decode() for one in files.values() if one.name == "incident-1.html"]
    assert "Ana Ruiz" in page
    assert "U0ANA" not in page

    await chat.says("zoe", "/aikeys incident export 9", "#incidents")
    await chat.until("I know no incident 9", "zoe", "#incidents")
