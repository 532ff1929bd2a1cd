"""`aikeys rotate --stdin`: values that are longer than a modal takes, or that should not go through Slack at all."""

import asyncio
import os
import stat
import sys

import pytest

from bot.vault import Value, door, keyfile, sealing
from tests.shell import Shell
from tests.wait import eventually

KEY, HOOK = "LIVE_API_KEY:" + "5d1c0b6f2a9e48d7" * 1500, "whsec_9f2b7c41d8e05a63"
# Whoever it is started as, it knocks as the user id that it is given, and prints what it hears.
KNOCK = """
import json, os, socket, sys
os.setuid(int(sys.argv[1]))
line = socket.socket(socket.AF_UNIX)
line.connect("vault.sock")
try:
    line.sendall(json.dumps({"approval": sys.argv[2]}).encode() + b"\\n")
    print(line.makefile().readline(), end="")
except ConnectionError:
    pass
"""
LINES = f"CIRCLE_API_KEY={KEY}\nCIRCLE_WEBHOOK_SECRET={HOOK}\n".encode()


@pytest.fixture
def shell(environment):
    """A shell on the bot's machine."""

    async def run(*arguments: str, stdin: bytes = b""):
        return await Shell()(*arguments, environ=environment, stdin=stdin)

    return run


@pytest.fixture
def through(bot, settings):
    """What the bot answers at the door."""

    async def ask(request):
        return await asyncio.to_thread(door.ask, settings.data, request)

    return ask


async def test_the_longest_values_come_in_from_the_shell(asked, shell, chat, settings):
    await asked.asked()
    ended = await shell("rotate", "--stdin", "1", stdin=LINES)
    assert ended.code == 0, ended.err
    assert "CIRCLE_WEBHOOK_SECRET: taken" in ended.err
    await eventually(lambda: asked.got)
    assert asked.got == {"CIRCLE_API_KEY": KEY.encode(), "CIRCLE_WEBHOOK_SECRET": HOOK.encode()}
    await chat.until(f"by its user {os.getuid()}", channel="@aikeys")
    mode = (settings.data / door.NAME).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert mode & 0o777 == 0o600


async def test_what_is_wrong_is_said_and_nothing_kept(asked, shell, through):
    """What nobody waits for; a placeholder; stdin with other lines than were asked for. No word of it holds a value."""
    assert "I know nothing of that card" in (await through({"approval": "approval/7"}))["refused"]
    await asked.asked()
    box = asked.vault.box
    sealed = {name: box.seal(Value(b"new_production_key")) for name in ("CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET")}
    answer = await through({"approval": asked.approval, "values": sealed | {"CIRCLE_WEBHOOK_SECRET": HOOK}})
    assert answer["wrong"]["CIRCLE_API_KEY"] == "That is a placeholder, not a value."
    assert "Only sealed values" in answer["wrong"]["CIRCLE_WEBHOOK_SECRET"]
    ended = await shell("rotate", "--stdin", "1", stdin=HOOK.encode())
    assert (ended.code, HOOK in ended.err + ended.out) == (2, False)
    assert not asked.vault.waiting(asked.approval)


async def test_what_the_bot_makes_is_handed_out_sealed(asked, through, tmp_path):
    await asked.asked(names=["CIRCLE_WEBHOOK_SECRET"], generate=["CIRCLE_WEBHOOK_SECRET"])
    key = sealing.key_text(keyfile.write(tmp_path / "mine.key"))
    answer = await through({"approval": asked.approval, "values": {}, "key": key})
    await eventually(lambda: asked.got)
    made = sealing.unseal(answer["made"]["CIRCLE_WEBHOOK_SECRET"], keyfile.read(tmp_path / "mine.key"))
    assert asked.got == {"CIRCLE_WEBHOOK_SECRET": bytes(made)}


async def test_what_is_made_and_not_fetched_is_not_used(asked, settings, tmp_path):
    await asked.asked(names=["CIRCLE_WEBHOOK_SECRET"], generate=["CIRCLE_WEBHOOK_SECRET"])
    key = sealing.key_text(keyfile.write(tmp_path / "mine.key"))

    def gone(_answer):
        raise ConnectionResetError("the shell was closed")

    with pytest.raises(ConnectionResetError):
        await asyncio.to_thread(door.ask, settings.data, {"approval": asked.approval, "values": {}, "key": key}, gone)
    await asyncio.sleep(0)
    assert not asked.got
    assert not asked.vault.waiting(asked.approval)


ODD = (b"", b"[]\n", b"{}\n", b'{"approval": {}, "values": 3}\n', b"\xff\n", b'"got"\n', b"[" * 100_000 + b"\n")


@pytest.mark.parametrize("said", ODD, ids=lambda said: said[:20].decode(errors="replace"))
async def test_whatever_comes_through_the_door_breaks_nothing(asked, settings, caplog, said):
    await asked.asked()
    with door.short(settings.data / door.NAME) as address:
        reader, writer = await asyncio.open_unix_connection(address)
    writer.write(said)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert b"Traceback" not in answer
    assert caplog.text == "", "asyncio says there what nobody caught"
    assert (await asyncio.to_thread(door.ask, settings.data, {"approval": asked.approval}))["names"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can knock as somebody else")
async def test_another_user_gets_no_answer_even_where_the_files_modes_let_them_in(asked, settings):
    """By the kernel's word on who is at the other end."""
    await asked.asked()
    settings.data.chmod(0o711)
    (settings.data / door.NAME).chmod(0o666)

    async def knocks(as_whom: int) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", KNOCK, str(as_whom), asked.approval),
            cwd=settings.data,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out

    assert b"CIRCLE_API_KEY" in await knocks(0)
    assert await knocks(65534) == b""
