"""Pure: how deployed code behaves. It is not run; a few marks in its entrypoint decide (docs/playground.md)."""

import re
from dataclasses import dataclass

_VERSION = re.compile(r'^\s*(?:export )?const VERSION = "([^"\n]{1,40})"', re.MULTILINE)
_THROWS = re.compile(r"^throw ", re.MULTILINE)  # at the top level: the function never starts
_MARK = re.compile(r"^\s*// playground: ([^\n]{1,60}?)\s*$", re.MULTILINE)
_NUMBER = re.compile(r"(fails|slow) (\d{1,3}(?:\.\d{1,3})?)")
_CODE = re.compile(r"[A-Z][A-Z_]{3,40}")


@dataclass(frozen=True)
class Marks:
    """`failure` is a platform error code; `fails` the share of calls that answer 500; `slow` seconds before each."""

    version: str = ""
    failure: str = ""
    fails: float = 0.0
    slow: float = 0.0
    accepts_unsigned: bool = False
    bundle: str = ""  # "timeout" or "broken": what becomes of the deploy


def read(code: str) -> Marks:
    """The marks in an entrypoint's text."""
    version = _VERSION.search(code)
    said = _MARK.findall(code)
    numbers = {
        name: float(value) for each in said if (found := _NUMBER.fullmatch(each)) for name, value in [found.groups()]
    }
    codes = [each for each in said if _CODE.fullmatch(each)]
    return Marks(
        version=version[1] if version else "",
        failure=codes[0] if codes else "BOOT_ERROR" if _THROWS.search(code) else "",
        fails=numbers.get("fails", 0.0),
        slow=numbers.get("slow", 0.0),
        accepts_unsigned="accepts unsigned" in said,
        bundle=next((each.removeprefix("bundle ") for each in said if each.startswith("bundle ")), ""),
    )
