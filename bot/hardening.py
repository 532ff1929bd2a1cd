"""What a running bot does so that its memory stays in its memory: no core dump, no reader beside it."""

import resource
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def close_memory() -> None:
    """Have no core dump written, also of children; on Linux let no other process of this user read the memory.

    Not dumpable, /proc/PID belongs to root: environ, mem, maps and fd are closed to the bot's own user, and a debugger
    of theirs is refused; status, stat, cmdline and limits stay readable, as monitoring needs them. Root reads all, and
    memory may be swapped out: swap has to be encrypted or off.
    """
    with suppress(ValueError, OSError):  # a limit that may not be lowered is lower already
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  # elsewhere there is no such call

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
