"""Sealed boxes: only the right key opens one, and whatever is wrong with a pasted text is said in a sentence."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vault import Box, Value, keyfile, sealing
from bot.vault.sealing import NotSealed

SECRET = b"whsec_9f2b7c41d8e0"


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path / "data")


def test_what_was_sealed_for_the_bot_is_opened_by_it(box):
    text = sealing.seal(SECRET, sealing.key_of(box.public))
    assert SECRET.decode() not in text
    assert text.startswith(f"aikeys-sealed:v1:{box.fingerprint}:")
    opened = box.open(f"  {text[:60]}\n{text[60:]}\n")  # wrapped by a terminal
    assert opened.sealed
    with opened.reveal() as plain:
        assert plain == SECRET


def test_what_the_bot_seals_it_opens_and_no_two_are_alike(box):
    one, two = box.seal(Value(SECRET)), box.seal(Value(SECRET))
    assert one != two
    with box.open(one).reveal() as plain:
        assert plain == SECRET


def test_another_key_is_named(box, tmp_path):
    other = Box(tmp_path / "other")
    with pytest.raises(NotSealed, match=f"another key .{other.fingerprint}.*Seal it for {box.fingerprint}"):
        box.open(other.seal(Value(SECRET)))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text[:-10], "does not open|not whole"),
        (lambda text: text[:44], "not whole"),
        (lambda text: text[:-8] + "AAAAAAAA", "does not open"),
        (lambda text: text.replace("v1", "v9"), "begins with"),
        (lambda text: text + "ü", "not whole"),
        (lambda text: text.replace(":", ";"), "begins with"),
        (lambda _: "aikeys-sealed:v1:", "not whole"),
    ],
)
def test_a_spoiled_text_is_told(box, spoil, said):
    with pytest.raises(NotSealed, match=said) as caught:
        box.open(spoil(box.seal(Value(SECRET))))
    assert SECRET.decode() not in str(caught.value)


@given(st.text(max_size=80))
@settings(max_examples=50)
def test_no_pasted_text_breaks_it(text):
    private, _ = sealing.keypair()
    for tried in (text, sealing.SEALED + text, f"{sealing.SEALED}aaaa:{text}"):
        with pytest.raises(NotSealed):
            sealing.unseal(tried, private)
    with pytest.raises(NotSealed):
        sealing.key_of(text)


def test_the_longest_value_fits_and_two_thousand_characters_fit_a_modal():
    private, public = sealing.keypair()
    text = sealing.seal(b"k" * 24_576, public)
    assert sealing.unseal(text, private) == b"k" * 24_576
    assert len(sealing.seal(b"k" * 2_100, public)) <= 3_000


def test_a_key_is_told_from_anything_else():
    _, public = sealing.keypair()
    assert sealing.key_of(f" {sealing.key_text(public)}\n") == public
    for wrong in ("", "aikeys-key:v1:", "aikeys-key:v1:AAAA", sealing.key_text(public)[:-2], secrets.token_urlsafe(32)):
        with pytest.raises(NotSealed, match="no public key"):
            sealing.key_of(wrong)


@pytest.mark.parametrize("weak", [b"\0" * 32, b"\1" + b"\0" * 31])
def test_a_key_that_anybody_could_open_is_none(weak):
    with pytest.raises(NotSealed, match="none that a key pair has"):
        sealing.key_of(sealing.key_text(weak))


class TestTheFile:
    def test_it_is_made_once_for_its_owner_alone(self, tmp_path):
        data = tmp_path / "deep" / "data"
        first = keyfile.own(data)
        assert keyfile.own(data) == first
        assert (data / keyfile.KEPT).stat().st_mode & 0o777 == 0o600
        assert [path.name for path in data.iterdir()] == [keyfile.KEPT]

    def test_one_that_others_may_read_is_not_used(self, tmp_path):
        keyfile.own(tmp_path)
        (tmp_path / keyfile.KEPT).chmod(0o644)
        with pytest.raises(keyfile.KeyUnusable, match="chmod 600"):
            keyfile.own(tmp_path)

    @pytest.mark.parametrize("held", [b"", b"aikeys-private-key:v1:AAAA\n", b"\xff" * 500, b"{}"])
    def test_one_that_holds_something_else_is_not_replaced(self, tmp_path, held):
        path = tmp_path / keyfile.KEPT
        path.write_bytes(held)
        path.chmod(0o600)
        with pytest.raises(keyfile.KeyUnusable, match="no private key"):
            keyfile.own(tmp_path)
        assert path.read_bytes() == held

    def test_a_key_that_is_there_is_not_overwritten(self, tmp_path):
        path = tmp_path / "mine.key"
        keyfile.write(path)
        kept = path.read_bytes()
        with pytest.raises(keyfile.KeyUnusable, match="exists"):
            keyfile.write(path)
        assert path.read_bytes() == kept
        assert [one.name for one in tmp_path.iterdir()] == ["mine.key"]
