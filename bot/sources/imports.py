"""Pure: what a file of TypeScript or JavaScript imports, as far as that lies in the repository.

Not a parser: the few forms in which a module names another one. A name that is not written down (`import(name)`) is not
found; what lies in the function's own folder is sent anyway.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Any

from bot.sources.errors import refuse

CODE = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs")
# One pass, and every alternative takes what it began: the time grows with the length of the code and no faster.
_TEXT = r""" "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"? | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'? """
_COMMENT = r" //[^\n]*+ | /\*.*?(?:\*/|\Z) "
_TOKEN = re.compile(
    rf"(?P<comment>{_COMMENT}) | (?P<text>{_TEXT}) | `[^`\\]*+(?:\\.[^`\\]*+)*+`? | [A-Za-z_$][\w$]*+ | [;(=.]",
    re.DOTALL | re.VERBOSE,
)
_JSON = re.compile(rf"(?P<comment>{_COMMENT}) | {_TEXT}", re.DOTALL | re.VERBOSE)


@dataclass(frozen=True, slots=True)
class ImportMap:
    """Names and what they stand for, as seen from *path*; *scopes* are the same for files below a path."""

    path: str = ""
    imports: Mapping[str, str] = field(default_factory=dict)
    scopes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    other: str = ""  # a deno.json may name a file that holds them


def imported(code: str) -> tuple[list[str], list[str]]:
    """The names of modules that *code* imports for sure, and those that it may import while it runs."""
    surely, perhaps = [], []
    opened = False  # an import or export has begun and not ended
    before = last = ""
    for token in _TOKEN.finditer(code):
        if token["comment"] is not None:
            continue
        word = token[0]
        if token["text"] is not None:
            name = word[1:-1]
            if opened and last in {"import", "from"}:
                surely.append(name)
            elif last == "(" and before == "import":
                perhaps.append(name)
            opened = False
        elif word in {"import", "export"}:
            opened = last != "."
        elif word in {";", "(", "=", "."} or word[0] == "`":
            opened = False
        before, last = last, word
    return surely, perhaps


def target(path: str, name: str, names: ImportMap) -> str:
    """The path from the root that *name*, imported in *path*, leads to; empty where it is none of the repository's.

    It may begin with `..` where it leads out of the repository.
    """
    if mapped := _mapped(path, name, names):
        base, name = names.path, mapped
    else:
        base = path
    if name.startswith("file:"):
        return "../" + name.removeprefix("file:").lstrip("/")
    if name.startswith("/"):
        return ".." + name
    if not name.startswith(("./", "../")):
        return ""
    return normpath(join(dirname(base), name.partition("?")[0].partition("#")[0]))


def import_map(path: str, raw: bytes) -> ImportMap:
    """Read an import map, or the part of a deno.json(c) that is one. Raises SourceRefused for a broken one."""
    try:
        whole: Any = json.loads(raw)
    except (ValueError, RecursionError):
        try:
            whole = json.loads(_without_comments(raw.decode()))  # Deno takes comments in deno.json too
        except (ValueError, RecursionError):
            raise refuse(path, "It is not valid JSON, and it says where imports lead.") from None
    if not isinstance(whole, dict):
        raise refuse(path, "It is not an object of JSON.")
    scopes = whole.get("scopes") or {}
    other = whole.get("importMap") or ""
    if not isinstance(scopes, dict) or not isinstance(other, str):
        raise refuse(path, "Its scopes or its importMap are not of the documented form.")
    return ImportMap(
        path,
        _texts(path, whole.get("imports") or {}),
        {str(scope): _texts(path, inner) for scope, inner in scopes.items()},
        normpath(join(dirname(path), other)) if other and "://" not in other else "",
    )


def _mapped(path: str, name: str, names: ImportMap) -> str:
    scopes = [
        inner
        for scope, inner in names.scopes.items()
        if scope.startswith(("./", "../")) and _within(path, normpath(join(dirname(names.path), scope)))
    ]
    for table in (*scopes, names.imports):
        for key in sorted(table, key=len, reverse=True):
            if name == key or (key.endswith("/") and name.startswith(key)):
                return table[key] + name[len(key) :]
    return ""


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _texts(path: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise refuse(path, "Its imports are not of the documented form.")
    return table


def _without_comments(text: str) -> str:
    bare = _JSON.sub(lambda found: " " if found["comment"] is not None else found[0], text)
    return re.sub(r",(\s*[}\]])", r"\1", bare)
