"""What another process holds, read from outside: it cannot say less than it has."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class Held:
    """Memory in MB, open files and threads of process *pid*, as the kernel counts them (proc(5)).

    Of files those that it held the last time too: what is asked just then comes and goes, a leak stays.
    """

    def __init__(self, pid: int) -> None:
        self._at = Path("/proc") / str(pid)
        self._files: set[tuple[str, str]] = set()

    def now(self) -> dict[str, float]:
        """What stands since the last time. Raises OSError where that process is gone."""
        status = dict(line.split(":", 1) for line in (self._at / "status").read_text().splitlines())
        files = set(self._open())
        said = {
            "memory": int(status["VmRSS"].split()[0]) / 1024,
            "handles": float(len(files & self._files)),
            "threads": float(status["Threads"]),
        }
        self._files = files
        return said

    def _open(self) -> Iterator[tuple[str, str]]:
        """Number and what is behind it: a socket has its own, as `socket:[4026]`."""
        for one in (self._at / "fd").iterdir():
            with suppress(OSError):  # closed since it was listed
                yield one.name, str(one.readlink())
