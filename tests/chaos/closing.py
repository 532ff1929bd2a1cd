"""How every programme ends: what was wrong, its figures on the last line, and the exit code."""

import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

SHOWN = 20  # of what was wrong: one fault is often said a thousand times

T = TypeVar("T")
_reached: list[tuple[str, Any]] = []


def closes(wrong: Sequence[str], *lines: str, short: bool = False) -> int:
    """Print what is *wrong*, then the *lines*; the exit code: 1 where anything is, or it came *short* of its aim."""
    for each in wrong[:SHOWN]:
        print(f"  WRONG: {each}")
    for line in lines:
        print(line)
    return 1 if wrong or short else 0


def reaches(name: str, figures: T) -> T:
    """Return the *figures* of *name*, and say what they are by then where it is ended early."""
    _reached.append((name, figures))
    return figures


def ends(main: Callable[[], int]) -> int:
    """What *main* returns. Ended early (SIGTERM, SIGINT) it prints what was reached, and it is 1.

    The first signal ends what was opened, in order; a second one does not wait for that.
    """
    # Begun in a shell's background it would ignore SIGINT, and with it what is sent on here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # which asyncio ends in order
    try:
        return main()
    except KeyboardInterrupt:
        for name, figures in _reached[-1:]:
            closes(figures.wrong, f"{name}: {_line(figures)}; ended early")
        if not _reached:
            print("ended early")
        return 1


def _line(figures: Any) -> str:
    if hasattr(figures, "line"):
        return str(figures.line())
    amounts = {one.name: getattr(figures, one.name) for one in fields(figures)}
    amounts |= {name: each.total() for name, each in amounts.items() if isinstance(each, Counter)}
    amounts |= {"wrong": len(figures.wrong)}
    return ", ".join(f"{name} {each:g}" for name, each in amounts.items() if isinstance(each, int | float))
