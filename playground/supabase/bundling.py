"""Pure: what the platform does with the files of a deploy before it takes them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any

from playground.supabase.functions import marks

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"`;]*?["']([^"'\n]+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Upload:
    """What came in: files by path, and the metadata's fields."""

    files: dict[str, bytes]
    entrypoint: str
    import_map: str = ""
    verify_jwt: bool = True  # the platform's default
    name: str = ""


def problem(upload: Upload, folder: str) -> str:
    """Why it cannot be bundled, in the platform's words, or nothing. *folder* is where it lies on its machine."""
    if upload.entrypoint not in upload.files:
        return f"Entrypoint path does not exist - {folder}/{upload.entrypoint}"
    if upload.import_map and upload.import_map not in upload.files:
        return f"Import map path does not exist - {folder}/{upload.import_map}"
    mark = marks.read(upload.files[upload.entrypoint].decode(errors="replace")).bundle
    if mark == "timeout":
        return "Bundle generation timed out"
    if mark:
        return "Failed to bundle the function (reason: The module's source code could not be parsed)."
    try:
        names = _import_map(upload)
    except ValueError:
        return "Failed to bundle the function (reason: Unable to parse import map JSON)."
    for missing in _missing(upload, names):
        return f'Failed to bundle the function (reason: Module not found "file://{folder}/{missing}").'
    return ""


def _missing(upload: Upload, names: dict[str, str]) -> Iterator[str]:
    seen, waiting = {upload.entrypoint}, [upload.entrypoint]
    while waiting:
        path = waiting.pop()
        for name in _IMPORT.findall(_COMMENT.sub("", upload.files[path].decode(errors="replace"))):
            target = _target(path, name, upload.import_map, names)
            if target and target not in upload.files:
                yield target
            elif target and target not in seen:
                seen.add(target)
                waiting.append(target)


def _target(path: str, name: str, import_map: str, names: dict[str, str]) -> str:
    if name.startswith(("./", "../")):
        return normpath(join(dirname(path), name))
    for key, value in sorted(names.items(), key=lambda item: -len(item[0])):
        if value.startswith(("./", "../")) and (name == key or (key.endswith("/") and name.startswith(key))):
            return normpath(join(dirname(import_map), value + name[len(key) :]))
    return ""


def _import_map(upload: Upload) -> dict[str, str]:
    if not upload.import_map:
        return {}
    read: Any = json.loads(_COMMENT_LINE.sub("", upload.files[upload.import_map].decode()))
    imports = read.get("imports", {}) if isinstance(read, dict) else {}
    return {str(key): str(value) for key, value in imports.items()}


_COMMENT_LINE = re.compile(r"^\s*//[^\n]*", re.MULTILINE)
