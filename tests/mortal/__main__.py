"""Bears processes that are to be killed: `python -m tests.mortal`, one JSON line on stdin for each, until it ends.

Everything is imported once, here; a child is a fork of this process and begins where `main` of its program begins. So a
life costs some fifty milliseconds, and a thousand kills a few minutes. Nothing runs here before the fork: no loop, no
thread, no connection.

In: {"program", "arguments", "environment", "point": [event or events, nth] or [], "out", "err": files}
Out: {"born": pid}, and when it is gone {"dead": pid, "code": exit code, or minus the signal}
"""

import importlib
import json
import os
import select
import signal
import sys
import traceback
from typing import Any

import httpx  # noqa: F401  # the bot loads it when it first asks: once for all here
import nacl.public  # noqa: F401  # the same, for whoever seals
import sqlglot.dialects.postgres  # noqa: F401  # the same, for a migration

import bot.answering  # noqa: F401  # the same
from bot.registry import load
from tests.mortal.killer import Killer

PROGRAMS = (
    "tests.mortal.bot",
    "tests.incidents.program",
    "tests.operations.program",
    "tests.outbox.program",
    "tests.outbox.mail_program",
    "tests.outbox.weather_program",
)


def main() -> None:
    """Bear until nobody asks any more, then end all that live."""
    load()
    programs = {name: importlib.import_module(name) for name in PROGRAMS}
    ended, woken = os.pipe()
    for end in (ended, woken):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken)
    living: set[int] = set()
    asked = b""
    print(json.dumps({"ready": os.getpid()}), flush=True)
    while True:
        ready, _, _ = select.select([0, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _bury(living)
        if 0 in ready:
            block = os.read(0, 65536)
            if not block:
                break
            *lines, asked = (asked + block).split(b"\n")
            for line in lines:
                wanted = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    _live(programs[wanted["program"]].main, wanted)
                living.add(pid)
                print(json.dumps({"born": pid}), flush=True)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _bury(living: set[int]) -> None:
    for pid in list(living):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            living.discard(pid)
            print(json.dumps({"dead": pid, "code": os.waitstatus_to_exitcode(status)}), flush=True)


def _live(program: Any, wanted: dict[str, Any]) -> None:
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for stream, name in ((0, os.devnull), (1, wanted["out"]), (2, wanted["err"])):
            opened = os.open(name, os.O_RDONLY if stream == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(opened, stream)
            os.close(opened)
        os.environ.clear()
        os.environ.update(wanted["environment"])
        point = wanted["point"]
        program(wanted["arguments"], [Killer(point[0], int(point[1]))] if point else [])
        code = 0
    except BaseException:  # noqa: BLE001  # a fork must never come back into the loop that bore it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
