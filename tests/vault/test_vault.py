"""A value in memory: who gets it, how long, and what is left of it afterwards."""

import asyncio
import copy
import hashlib
import hmac
import pickle
import traceback

import pytest

from bot.vault import Box, Value, Vault
from bot.vault.value import Gone
from tests.clocks import Moved

SECRET = b"whsec_9f2b7c41d8e0"


def zeros(buffer) -> bool:
    return bytes(buffer) == bytes(len(SECRET))


@pytest.fixture
def clock():
    return Moved()


@pytest.fixture
def vault(clock, tmp_path):
    return Vault(clock, Box(tmp_path))


def test_a_value_tells_no_more_than_eight_digits_of_its_digest():
    value = Value(SECRET)
    digest = hashlib.sha256(SECRET).hexdigest()
    assert (value.digest, value.begins, value.sealed) == (digest, digest[:8], False)
    for shown in (repr(value), str(value), f"{value}", f"{[value]!r}", f"{ {'A': value} }"):
        assert SECRET.decode() not in shown
        assert digest[:8] not in shown


def test_a_value_is_neither_copied_nor_written_away():
    for copies in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            copies(Value(SECRET))


def test_a_value_is_lent_and_the_loan_ends():
    value = Value(SECRET, sealed=True)
    with value.reveal() as lent:
        assert hmac.new(lent, b"body", "sha256").digest() == hmac.new(SECRET, b"body", "sha256").digest()
        assert lent.decode() == SECRET.decode()
        lent[0] = 0  # a copy: the next reader gets the value all the same
    assert zeros(lent)
    with value.reveal() as lent:
        assert lent == SECRET


def test_a_wiped_value_is_zeros_and_its_digest_stays():
    value = Value(SECRET)
    held = value._buffer
    value.wipe()
    value.wipe()
    assert zeros(held)
    assert value.digest == hashlib.sha256(SECRET).hexdigest()
    with pytest.raises(Gone), value.reveal():
        pass


def test_a_value_that_nobody_holds_is_wiped():
    value = Value(SECRET)
    held = value._buffer
    del value
    assert zeros(held)


def test_a_traceback_through_a_loan_holds_no_value():
    with pytest.raises(RuntimeError) as caught, Value(SECRET).reveal():
        raise RuntimeError("Supabase was away")
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert SECRET.decode() not in shown


def test_one_reader_gets_it_once(vault):
    vault.keep("approval/1", {"CIRCLE_API_KEY": Value(SECRET)}, "UANA")
    assert vault.waiting("approval/1")
    taken = vault.take("approval/1", "operation/1")
    assert taken is not None
    with taken["CIRCLE_API_KEY"].reveal() as lent:
        assert lent == SECRET
    assert vault.take("approval/1", "operation/2") is None
    assert not vault.waiting("approval/1")


def test_after_fifteen_minutes_it_is_gone_and_wiped(vault, clock):
    value = Value(SECRET)
    held = value._buffer
    vault.keep("approval/1", {"A": value}, "UANA")
    asyncio.run(clock.passes(minutes=14, seconds=59))
    assert vault.waiting("approval/1")
    asyncio.run(clock.passes(seconds=1))
    asyncio.run(vault.round())
    assert zeros(held)
    assert vault.take("approval/1", "operation/1") is None


def test_the_last_entry_counts_and_each_approval_has_its_own(vault):
    first, other = Value(SECRET), Value(b"another-approvals")
    vault.keep("approval/1", {"A": first}, "UANA")
    vault.keep("approval/2", {"A": other}, "UBEN")
    vault.keep("approval/1", {"A": Value(b"second-entry")}, "UANA")
    with pytest.raises(Gone), first.reveal():
        pass
    vault.forget("approval/2")
    with pytest.raises(Gone), other.reveal():
        pass
    taken = vault.take("approval/1", "operation/1")
    assert taken is not None
    with taken["A"].reveal() as lent:
        assert lent == b"second-entry"


def test_whoever_waits_for_them_is_told(vault):
    heard = []
    vault.entered = lambda approval: heard.append((approval, vault.waiting(approval)))
    vault.keep("approval/3", {"A": Value(SECRET)}, "UANA")
    assert heard == [("approval/3", True)]


def test_closing_wipes_everything(vault):
    values = [Value(SECRET) for _ in range(3)]
    for number, value in enumerate(values):
        vault.keep(f"approval/{number}", {"A": value}, "UANA")
    vault.close()
    assert all(value._buffer is None for value in values)
    vault.forget("approval/9")
