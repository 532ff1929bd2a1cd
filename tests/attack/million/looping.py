"""An event loop that writes down which programs are started, with which arguments: as the system is given them."""

import asyncio
from collections.abc import Callable
from typing import Any

Argv = tuple[str, ...]


class Noting(asyncio.SelectorEventLoop):
    """*started*: the argument lists, in order. *lets*: which are begun; of the others the system says no (OSError)."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[Argv] = []
        self.lets: Callable[[Argv], bool] = lambda _: True

    async def subprocess_exec(self, protocol_factory: Any, *args: Any, **kwargs: Any) -> Any:
        """As any loop does it, once it is written down."""
        argv = tuple(map(str, args))
        self.started.append(argv)
        if not self.lets(argv):
            raise OSError(11, "not begun")
        return await super().subprocess_exec(protocol_factory, *args, **kwargs)

    async def subprocess_shell(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing of ours asks for a shell."""
        raise AssertionError(f"a shell was asked for: {args!r} {kwargs!r}")
