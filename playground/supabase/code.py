"""What the project's functions consist of on its first day: the files of `playground/wallet`."""

import re
from functools import cache
from pathlib import Path

WALLET = Path(__file__).parents[1] / "wallet"
FUNCTIONS = "supabase/functions"
MIGRATIONS = "supabase/migrations/"
_SHARED = re.compile(r'"(?:\.\./_shared|shared)/([a-z]+\.ts)"')


@cache
def tree() -> dict[str, bytes]:
    """Every file of the wallet's repository by its path in it."""
    return {
        path.relative_to(WALLET).as_posix(): path.read_bytes() for path in sorted(WALLET.rglob("*")) if path.is_file()
    }


def files(slug: str) -> dict[str, bytes]:
    """The files of one function by path: its folder, and what it imports of `_shared`. Empty for an unknown one."""
    found = {path: content for path, content in tree().items() if path.startswith(f"{FUNCTIONS}/{slug}/")}
    waiting = list(found.values())
    while waiting:
        for name in _SHARED.findall(waiting.pop().decode()):
            path = f"{FUNCTIONS}/_shared/{name}"
            if path not in found:
                found[path] = tree()[path]
                waiting.append(found[path])
    return found
