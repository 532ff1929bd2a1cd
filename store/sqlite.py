"""sqlite_utils, loaded as if numpy were not installed: it would load it, 12 MB and 0.15 s, for nothing of ours.

numpy is there for the charts of matplotlib, in a process of its own.
"""

import sys

_there = sys.modules.get("numpy")
sys.modules["numpy"] = None  # type: ignore[assignment]  # Python's own way to say “not there” (importlib docs)
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    if _there is None:
        del sys.modules["numpy"]
    else:
        sys.modules["numpy"] = _there

__all__ = ["Database", "Migrations"]
