"""The search proves itself: whatever is planted is found, and among 2 MB of noise nothing else."""

import random
import secrets

import pytest

from tests.canaries.search import SHORTEST, Canaries, files, ways

RANDOM = random.Random(20261125)
VALUES = [f"LIVE_API_KEY:{secrets.token_hex(16)}:{secrets.token_hex(16)}" for _ in range(300)] + [
    secrets.token_urlsafe(48) for _ in range(300)
]


@pytest.fixture(scope="module")
def canaries():
    return Canaries(VALUES)


def noise(size: int) -> bytes:
    """As logs and databases are: JSON, hex, and bytes."""
    return (secrets.token_hex(size // 4) + '{"event": "inbox.committed", "count": 1}' * (size // 160)).encode() + (
        secrets.token_bytes(size // 4)
    )


def test_nothing_is_found_where_nothing_is(canaries):
    assert list(canaries.in_bytes(noise(2_000_000), "noise")) == []


@pytest.mark.parametrize("how", sorted({how for how, _ in ways("x" * 60)}))
def test_every_way_to_write_it_is_found(canaries, how):
    for number in RANDOM.sample(range(len(VALUES)), 9):
        for written in (text for name, text in ways(VALUES[number]) if name == how):
            planted = noise(900) + written + noise(900)
            assert {one.number for one in canaries.in_bytes(planted, "p")} == {number}


@pytest.mark.parametrize("part", ["first half", "second half", "23 bytes in the middle"])
def test_a_part_of_it_is_found(canaries, part):
    value = VALUES[RANDOM.randrange(len(VALUES))].encode()
    half = len(value) // 2
    cut = {"first half": value[:half], "second half": value[half:]}.get(part, value[21:44])
    assert list(canaries.in_bytes(b'{"note": "' + cut + b'"}', "p"))


def test_eight_digits_of_the_digest_may_be_shown_and_no_more(canaries):
    import hashlib

    digest = hashlib.sha256(VALUES[7].encode()).hexdigest().encode()
    assert list(canaries.in_bytes(noise(400) + digest[:8] + noise(400), "p")) == []
    assert next(one.how for one in canaries.in_bytes(noise(400) + digest + noise(400), "p")) == "digest"


def test_in_a_file_it_is_found_also_over_the_seam_of_two_parts(canaries, tmp_path):
    (tmp_path / "deep").mkdir()
    for shift in range(64):
        (tmp_path / "deep" / f"{shift}").write_bytes(b"." * shift + VALUES[3].encode() + b"." * 200)
    found = {one.place for one in canaries.in_files(files(tmp_path), part=64)}
    assert len(found) == 64


def test_what_is_found_is_shown_without_it(canaries):
    found = next(canaries.in_bytes(b'{"reason": "' + VALUES[400].encode(), "timeline"))
    assert (found.place, found.at) == ("timeline", 12)
    assert found.around == '{"reason": "'


def test_a_short_canary_would_not_be_found_in_halves():
    with pytest.raises(ValueError, match=str(SHORTEST)):
        Canaries(["short"])
