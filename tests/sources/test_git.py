"""A git server that hangs, hangs up, lies or is not there; a bot that was killed while it fetched."""

import asyncio
import contextlib
import os
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.sources import SourceAway, SourceRefused, Sources
from bot.sources.git import Git
from playground.source import ANA
from tests.wait import eventually


@pytest.fixture
async def server():
    """A git server on loopback that answers as it is told, or not at all."""

    class Server:
        answer = b""
        asked = 0
        url = ""

        async def serve(self, reader, writer):
            Server.asked += 1
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(self.answer)
                await writer.drain()
                if not self.answer:
                    await reader.read()
            writer.close()

    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/wallet.git"
    yield made
    listening.close()
    await listening.wait_closed()


def children() -> list[str]:
    """The git processes that are alive, as the kernel names them."""
    found = []
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(status.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


async def test_a_server_that_hangs_is_given_up_and_nothing_of_it_is_left(server, tmp_path, clock):
    sources = Sources(server.url, tmp_path, clock)
    began = clock.monotonic()
    with pytest.raises(SourceAway) as caught:
        await sources.fetch(patience=0.6)
    assert clock.monotonic() - began < 5
    assert "0.6 s" in caught.value.what
    assert server.asked == 1
    await eventually(lambda: not any(server.url in line for line in children()))


async def test_giving_up_on_the_asking_ends_git_too(server, tmp_path, clock):
    fetching = asyncio.create_task(Sources(server.url, tmp_path, clock).fetch())
    await eventually(lambda: any(server.url in line for line in children()))
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert not any(server.url in line for line in children())


def http(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (http("401 no", 'WWW-Authenticate: Basic realm="x"'), "did not let the bot in"),
        (http("403 no"), "did not let the bot in"),
        (http("404 no"), "no git repository"),
        (http("301 there", "Location: http://127.0.0.1:9/x"), "Git could not read|elsewhere"),
        (http("500 oops"), "Git could not read"),
        (http("200 ok", "Content-Type: text/html", body=b"<html>"), "no branch"),
        (b"garbage", "Git could not read"),
    ],
)
async def test_what_a_server_may_answer_is_said_in_words(server, tmp_path, clock, answer, words):
    server.answer = answer
    with pytest.raises(SourceAway, match=words) as caught:
        await Sources(server.url, tmp_path, clock).fetch(patience=10)
    assert caught.value.do


@pytest.fixture
async def published(repository, tmp_path):
    """The wallet's repository as a plain web server gives it ("dumb" HTTP, git-http-backend(1)): its address."""
    bare = tmp_path / "published" / "wallet.git"
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(bare))
    repository.git("--git-dir", str(bare), "update-server-info")
    app = web.Application()
    app.router.add_static("/", bare.parent)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/wallet.git"
    await runner.cleanup()


async def test_a_repository_by_its_address(published, repository, tmp_path, clock):
    sources = Sources(published, tmp_path / "data", clock)
    commit = await sources.resolve("main")
    assert commit.sha == repository.head
    source = await sources.read("health", commit.sha)
    assert all(file.content == (repository.path / file.path).read_bytes() for file in source.files)


async def test_nobody_there_no_such_folder_and_no_repository(tmp_path, clock):
    for address, words in (
        ("http://127.0.0.1:9/x", "takes no connections"),
        (str(tmp_path / "none"), "no git repository"),
        (str(tmp_path), "no git repository"),
    ):
        with pytest.raises(SourceAway, match=words):
            await Sources(address, tmp_path / "data", clock).fetch()


async def test_what_a_killed_fetch_left_behind_stops_nobody(repository, tmp_path, clock):
    first = Sources(str(repository.path), tmp_path / "data", clock)
    await first.fetch()
    mirror = next((tmp_path / "data" / "source").glob("*.git"))
    for left in ("HEAD.lock", "config.lock", "packed-refs.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_x"):
        (mirror / left).write_text("")
    repository.git("checkout", "--quiet", "main")
    newest = repository.commit(ANA, "After", {"x": "y"})
    again = Sources(str(repository.path), tmp_path / "data", clock)
    assert (await again.resolve("main")).sha == newest
    assert not (mirror / "objects/pack/tmp_pack_x").exists()


async def test_a_mirror_that_lost_its_files_is_mended(repository, tmp_path, clock):
    await Sources(str(repository.path), tmp_path / "data", clock).fetch()
    mirror = next((tmp_path / "data" / "source").glob("*.git"))
    (mirror / "HEAD").unlink()
    assert (await Sources(str(repository.path), tmp_path / "data", clock).resolve("main")).sha == repository.head


async def test_too_much_output_is_stopped(repository, tmp_path):
    git = Git(tmp_path / "m" / "x.git", str(repository.path), "file", SystemClock())
    await git.prepare()
    await git.run("fetch", "--quiet", "--", str(repository.path), "+refs/heads/*:refs/heads/*")
    with pytest.raises(SourceRefused, match="too much"):
        await git.run("log", "-p", "main", most=100)
    said = await git.run("log", "-p", "main", most=100, cut=True)
    assert (len(said.out), said.cut) == (100, True)


async def test_output_that_is_cut_while_much_more_waits_ends_at_once(repository, tmp_path, clock):
    """Python waits for a process until its pipes are read: what is not wanted must be read away all the same."""
    repository.commit(ANA, "Large", {"noise.txt": "line\n" * 2_000_000})
    git = Git(tmp_path / "m" / "x.git", str(repository.path), "file", SystemClock())
    await git.prepare()
    await git.run("fetch", "--quiet", "--", str(repository.path), "+refs/heads/*:refs/heads/*")
    began = clock.monotonic()
    for most in (1, 65_536, 300_000, 1_000_000):
        assert (await git.run("show", "main:noise.txt", most=most, cut=True)).cut
    assert clock.monotonic() - began < 4


async def test_a_large_question_and_a_large_answer_at_once(repository, tmp_path):
    git = Git(tmp_path / "m" / "x.git", str(repository.path), "file", SystemClock())
    await git.prepare()
    given = b"".join(b"%040d\n" % n for n in range(100_000))
    said = await git.run("cat-file", "--batch-check", given=given, most=10_000_000)
    assert said.out.count(b" missing\n") == 100_000


async def test_a_place_that_cannot_be_written_is_said(repository, clock):
    with pytest.raises(SourceAway, match="cannot write"):
        await Sources(str(repository.path), Path("/proc/nowhere"), clock).fetch()


async def test_the_mirror_is_nobody_else_s_to_read(sources, tmp_path):
    await sources.fetch()
    assert (tmp_path / "data" / "source").stat().st_mode & 0o077 == 0


async def test_a_repository_that_fills_the_disk_is_stopped_and_what_came_of_it_goes(repository, tmp_path, clock):
    repository.commit(ANA, "Large", {"noise.bin": os.urandom(30_000_000)})
    sources = Sources(str(repository.path), tmp_path / "data", clock, most=4_000_000)
    with pytest.raises(SourceRefused, match="4 MB"):
        await sources.fetch()
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    with contextlib.suppress(SourceRefused):  # it may have come whole before the first look
        await sources.fetch()
    assert not list((tmp_path / "data").rglob("tmp_pack_*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
async def test_a_repository_of_another_user_is_read_when_it_is_the_one_in_the_settings(repository, sources):
    head = repository.head
    for path in (repository.path, *repository.path.rglob("*")):
        os.chown(path, 65534, 65534)
    assert (await sources.resolve("main")).sha == head


async def test_the_machine_s_own_settings_for_git_do_not_count(repository, tmp_path, clock):
    """Whoever may write the bot user's ~/.gitconfig must not be able to send it elsewhere."""
    sources = Sources(str(repository.path), tmp_path / "data", clock)
    home = tmp_path / "data" / "source"
    home.mkdir(parents=True)
    (home / ".gitconfig").write_text(f'[url "{tmp_path}/evil"]\n\tinsteadOf = "{repository.path}"\n')
    assert (await sources.resolve("main")).sha == repository.head
