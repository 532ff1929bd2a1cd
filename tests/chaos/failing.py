"""The kinds of failure of tests.chaos.nth: of the disk, Slack, Supabase and Circle, and of programs that it starts."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from playground.supabase.answers import Rule
from tests.chaos import sabotage
from tests.chaos.bodily import Body


class Failing:
    """The kinds of failure, each by its name: something is told to fail at its *nth* time, and whether it has."""

    def __init__(self, body: Body, wrapped: Path) -> None:
        self._body, self._wrapped = body, wrapped

    def all(self) -> dict[str, Callable[[int], object]]:
        """By name."""
        town, orders = self._body.town, self._body.orders

        def disk(what: int, error: int) -> Callable[[int], object]:
            return lambda nth: self._disk(what, nth, error)

        def slack(name: str) -> Callable[[int], object]:
            return lambda nth: self._slack(name, nth)

        def supabase(**how: object) -> Callable[[int], object]:
            return lambda nth: self._answer(town.project.answers, nth, how)

        def circle(**how: object) -> Callable[[int], object]:
            return lambda nth: self._answer(town.project.circle.answers, nth, how)

        assert orders is not None
        return {
            "write": disk(sabotage.WRITE, sabotage.EIO),
            "write, disk full": disk(sabotage.WRITE, sabotage.ENOSPC),
            "fsync": disk(sabotage.SYNC, sabotage.EIO),
            "call of Slack": slack("slack_5xx"),
            "answer of Slack": slack("slack_store_then_drop"),
            "call of Supabase": supabase(status=500, body={"message": "Internal"}),
            "answer of Supabase": supabase(drop=True, after=True),
            "Supabase hangs": supabase(delay=math.inf),
            "call of Circle": circle(status=500),
            "answer of Circle": circle(drop=True),
            "Circle hangs": circle(delay=math.inf),
            "program, not started": disk(sabotage.START, sabotage.ENOMEM),
            "program, ends at once": disk(sabotage.END, 0),
            "git": lambda nth: self._git(nth, "exit 1"),
            "git, killed": lambda nth: self._git(nth, "kill -9 $$"),
        }

    @asynccontextmanager
    async def _disk(self, what: int, nth: int, error: int) -> AsyncIterator[Callable[[], bool]]:
        with self._body.orders.failing(what, nth, error):
            yield lambda: self._body.orders.failed > 0

    @asynccontextmanager
    async def _slack(self, name: str, nth: int) -> AsyncIterator[Callable[[], bool]]:
        faults = self._body.town.slack.faults
        await faults.set(name, True, nth=nth)
        try:
            yield lambda: faults.spent(name)
        finally:
            spent = faults.spent(name)
            await faults.set(name, False, nth=-1 if spent else 0)

    @asynccontextmanager
    async def _answer(
        self, answers: Callable[..., AbstractAsyncContextManager[Rule]], nth: int, how: dict[str, object]
    ) -> AsyncIterator[Callable[[], bool]]:
        async with answers("*", ".", nth=nth, **how) as rule:
            yield lambda: rule.hits > 0

    @asynccontextmanager
    async def _git(self, nth: int, how: str) -> AsyncIterator[Callable[[], bool]]:
        (self._wrapped / "seen").write_text("")
        (self._wrapped / "nth").write_text(f"{nth} {how}")
        try:
            yield lambda: len((self._wrapped / "seen").read_text()) >= nth
        finally:
            (self._wrapped / "nth").unlink()


def wrapper(folder: Path, git: str) -> Path:
    """A folder with a git that fails when it is told to."""
    folder.mkdir()
    (folder / "git").write_text(f"""#!/bin/sh
if [ -f {folder}/nth ]; then
  printf x >> {folder}/seen
  read -r nth how < {folder}/nth
  if [ "$(wc -c < {folder}/seen)" -eq "$nth" ]; then eval "$how"; fi
fi
exec {git} "$@"
""")
    (folder / "git").chmod(0o755)
    return folder
