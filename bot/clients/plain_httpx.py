"""httpx, loaded as if its command line could not be: that loads rich, pygments and click, for nothing of ours."""

import sys
from importlib.util import find_spec

sys.modules["httpx._main"] = None  # type: ignore[assignment]  # Python's own way to say “not there” (importlib docs)
try:
    import httpx
finally:
    del sys.modules["httpx._main"]

# Each request asks it whether the loop is trio's. Where it is not installed, it is looked for anew each time, in every
# folder of the path: 0.5 ms of each question.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # as above

__all__ = ["httpx"]
