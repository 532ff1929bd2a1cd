"""Puts a mutant into the modules of a process that has loaded them: the child of a fork, which tests and ends.

The module is run anew with the change, beside the one that everybody has imported; then the code of each function and
the value of each name go from the new one to the old one. Nothing is imported again, and no file is touched.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import suppress
from enum import EnumMeta
from types import CodeType, FunctionType, ModuleType
from typing import Any

OURS = ("bot.", "store.", "commands.", "tests.", "playground.")


def plant(path: str, code: CodeType) -> int:
    """Make the loaded module of *path* that of *code*; return how much of it became another.

    Raises whatever the module raises when it is run.
    """
    old = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    new = ModuleType(old.__name__)
    new.__dict__.update({"__file__": old.__file__, "__package__": old.__package__})
    loaded = sys.modules[old.__name__]
    sys.modules[old.__name__] = new  # a dataclass looks for its module by name
    try:
        exec(code, new.__dict__)  # the module itself, with one change
    finally:
        sys.modules[old.__name__] = loaded
    return sum(_put(old, name, value) for name, value in list(vars(new).items()) if not name.startswith("__"))


def _put(old: ModuleType, name: str, value: Any) -> int:
    there = vars(old).get(name)
    if isinstance(value, FunctionType) and isinstance(there, FunctionType):
        return _function(there, value)
    if isinstance(value, type) and isinstance(there, type):
        return _class(there, value) if value.__module__ == old.__name__ and not isinstance(value, EnumMeta) else 0
    with suppress(Exception):  # what cannot be compared is no constant
        if not callable(value) and type(value) is type(there) and value != there and repr(value) != repr(there):
            for module in _ours():
                if vars(module).get(name) is there:
                    setattr(module, name, value)
            return 1
    return 0


def _ours() -> Iterator[ModuleType]:
    return (module for name, module in list(sys.modules.items()) if name.startswith(OURS))


def _function(old: FunctionType, new: FunctionType) -> int:
    changed = 0
    for name in ("__code__", "__defaults__", "__kwdefaults__"):
        if getattr(old, name) != getattr(new, name):
            setattr(old, name, getattr(new, name))
            changed += 1
    return changed


def _class(old: type, new: type) -> int:
    changed = 0
    for name, value in vars(new).items():
        there, here = _of(vars(old).get(name)), _of(value)
        if isinstance(here, FunctionType) and isinstance(there, FunctionType):
            changed += _function(there, here)
    return changed


def _of(member: Any) -> Any:
    if isinstance(member, property):
        return member.fget
    return member.__func__ if isinstance(member, classmethod | staticmethod) else member
