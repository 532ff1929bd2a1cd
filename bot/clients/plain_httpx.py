"""httpx, loaded as if its command line could not be: that loads rich, pygments and click, for nothing of ours."""

import sys

sys.modules["httpx._main"] = None  # type: ignore[assignment]  # Python's own way to say “not there” (importlib docs)
try:
    import httpx
finally:
    del sys.modules["httpx._main"]

__all__ = ["httpx"]
