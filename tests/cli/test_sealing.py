"""`aikeys seal`, `unseal`, `keypair`: what goes in on stdin comes out on the other side, and nowhere else."""

from bot.vault import Box, keyfile, sealing

SECRET = "whsec_9f2b7c41d8e05a63"


async def test_sealed_on_the_laptop_opened_by_the_bot(shell, tmp_path):
    """Needs no settings; says on stderr for whom it sealed, to be compared."""
    box = Box(tmp_path / "data")
    ended = await shell("seal", "--to", box.public, stdin=f"{SECRET}\n".encode())
    assert ended.code == 0
    assert box.fingerprint in ended.err
    with box.open(ended.out).reveal() as plain:
        assert plain == SECRET.encode()
    assert SECRET not in ended.out + ended.err


async def test_what_is_no_value_is_not_sealed(shell, tmp_path):
    public = tmp_path / "bot.pub"
    public.write_text(Box(tmp_path / "data").public + "\n")
    ended = await shell("seal", "--to", str(public), stdin=b"new_webhook_secret\n")
    assert (ended.code, ended.out) == (1, "")
    assert "placeholder" in ended.err
    ended = await shell("seal", "--to", "nonsense", stdin=SECRET.encode())
    assert ended.code == 2
    assert SECRET not in ended.err


async def test_a_pair_of_ones_own_opens_what_the_bot_hands_out(shell, tmp_path):
    mine = tmp_path / "mine.key"
    ended = await shell("keypair", str(mine))
    assert ended.code == 0
    assert mine.stat().st_mode & 0o777 == 0o600
    sealed = sealing.seal(SECRET.encode(), sealing.key_of(ended.out))
    opened = await shell("unseal", "--with", str(mine), stdin=sealed.encode())
    assert (opened.code, opened.out.strip()) == (0, SECRET)
    keyfile.write(tmp_path / "other.key")
    refused = await shell("unseal", "--with", str(tmp_path / "other.key"), stdin=sealed.encode())
    assert (refused.code, refused.out) == (1, "")
    assert "another key" in refused.err


async def test_the_bot_prints_its_own_key_on_its_machine(shell, needed, tmp_path):
    ended = await shell("seal", "--public", environ=needed | {"AIKEYS_DATA": str(tmp_path)})
    assert (ended.code, ended.out.strip()) == (0, Box(tmp_path).public)
    assert Box(tmp_path).fingerprint in ended.err
