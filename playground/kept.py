"""Runs a program for exactly as long as whoever asked for it lives: `python -m playground.kept PROGRAM [ARGUMENT …]`.

The asker holds our standard input open. When that pipe ends, because it was closed or because the asker was killed, the
program gets SIGTERM, and SIGKILL where it does not end. Its exit code is passed on.
"""

import os
import signal
import subprocess
import sys
import threading

PATIENCE = 24.0  # seconds after SIGTERM: the bot drains its work for 20


def main() -> int:
    """Return the program's exit code."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603  # our caller's own argument list
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    threading.Thread(target=_end_with_asker, args=(program,), daemon=True).start()
    return program.wait()


def _end_with_asker(program: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 4096):
        pass
    program.terminate()
    try:
        program.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()


if __name__ == "__main__":
    sys.exit(main())
