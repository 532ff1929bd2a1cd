"""How every programme ends: what was wrong, its figures on the last line, and the exit code."""

from collections.abc import Sequence

SHOWN = 20  # of what was wrong: one fault is often said a thousand times


def closes(wrong: Sequence[str], *lines: str, short: bool = False) -> int:
    """Print what is *wrong*, then the *lines*; the exit code: 1 where anything is, or it came *short* of its aim."""
    for each in wrong[:SHOWN]:
        print(f"  WRONG: {each}")
    for line in lines:
        print(line)
    return 1 if wrong or short else 0
