"""A second opinion about locks, from a child process: never waited for long, and read with suspicion."""

import pytest

from bot.migrations import squawk


async def test_it_warns():
    said = await squawk.warnings("select 1;\nalter table t add constraint u unique (a);\n")
    assert not isinstance(said, str)
    assert (2, "disallowed-unique-constraint") in [(one.line, one.rule) for one in said]


@pytest.mark.parametrize("out", [b"", b"{", b"[1]", b'[{"line": "x"}]', b"null", b"[" * 5000])
def test_what_cannot_be_read_is_said(out):
    assert squawk.read(out) == "squawk's answer could not be read."
