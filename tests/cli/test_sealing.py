"""`aikeys seal`, `unseal`, `keypair`: what goes in on stdin comes out on the other side, and nowhere else."""

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.vault import Box, keyfile, sealing

SECRET = "whsec_9f2b7c41d8e05a63"


@pytest.fixture
def types():
    """The command line in this process: starting one takes most of a second."""

    def run(*arguments: str, stdin: str = "", environ: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin, env=environ)

    return run


async def test_sealed_on_the_laptop_opened_by_the_bot(shell, tmp_path):
    """Needs no settings; says on stderr for whom it sealed, to be compared."""
    box = Box(tmp_path / "data")
    ended = await shell("seal", "--to", box.public, stdin=f"{SECRET}\n".encode())
    assert ended.code == 0
    assert box.fingerprint in ended.err
    with box.open(ended.out).reveal() as plain:
        assert plain == SECRET.encode()
    assert SECRET not in ended.out + ended.err


def test_what_is_no_value_is_not_sealed(types, tmp_path):
    public = tmp_path / "bot.pub"
    public.write_text(Box(tmp_path / "data").public + "\n")
    ended = types("seal", "--to", str(public), stdin="new_webhook_secret\n")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "placeholder" in ended.stderr
    for wrong in ("nonsense", str(tmp_path), "aikeys-key:v1:short"):
        ended = types("seal", "--to", wrong, stdin=SECRET)
        assert ended.exit_code == 2
        assert SECRET not in ended.output
    assert types("seal", stdin=SECRET).exit_code == 2


def test_a_pair_of_ones_own_opens_what_the_bot_hands_out(types, tmp_path):
    mine, other = tmp_path / "mine.key", tmp_path / "other.key"
    ended = types("keypair", str(mine))
    assert ended.exit_code == 0
    assert mine.stat().st_mode & 0o777 == 0o600
    sealed = sealing.seal(SECRET.encode(), sealing.key_of(ended.stdout))
    opened = types("unseal", "--with", str(mine), stdin=sealed)
    assert (opened.exit_code, opened.stdout.strip()) == (0, SECRET)
    keyfile.write(other)
    refused = types("unseal", "--with", str(other), stdin=sealed)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "another key" in refused.stderr
    assert types("keypair", str(mine)).exit_code == 1, "a key that is there is not overwritten"


def test_the_bot_prints_its_own_key_on_its_machine(types, needed, tmp_path):
    ended = types("seal", "--public", environ=needed | {"AIKEYS_DATA": str(tmp_path)})
    assert (ended.exit_code, ended.stdout.strip()) == (0, Box(tmp_path).public)
    assert Box(tmp_path).fingerprint in ended.stderr


def test_without_a_bot_nothing_is_taken(types, needed, tmp_path):
    ended = types("rotate", "--stdin", "12", stdin=SECRET, environ=needed | {"AIKEYS_DATA": str(tmp_path)})
    assert (ended.exit_code, "no bot runs on this folder" in ended.stderr) == (1, True)
    assert types("rotate", "--stdin", "twelve", stdin=SECRET).exit_code == 2
