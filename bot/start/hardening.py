"""What a running bot does about its memory: no core dump, no reader beside it, and no more of it than it needs."""

import resource
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4  # linux/prctl.h
_M_ARENA_MAX = -8  # malloc.h of glibc


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


def keep_small() -> bool:
    """Let the threads that copy and check the database share the heap of the loop; True where the C library can.

    glibc gives each thread an arena that is never handed back: 7 MB more after twenty hours of copies, and rising
    (tests/chaos/soak.py). Nothing here allocates in two threads so hard that sharing would cost time.
    """
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415  # as above

    with suppress(AttributeError):  # musl has no such call, and no such arenas
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1))
    return False
