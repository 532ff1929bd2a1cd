"""Pure: a multipart answer cut into its parts (RFC 7578), every byte of a file as it was sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_MOST = 1002  # parts: the files of a function and its metadata
_HEAD = 8192  # bytes of a part's headers
_BOUNDARY = re.compile(
    r"""multipart/form-data\s*;(?:[^"]*;)?\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";]{1,70}))""", re.IGNORECASE
)
_PARAMETER = re.compile(r""";\s*(name|filename\*?)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;"]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: *name* and *filename* (empty where there is none), headers in lower case, its bytes."""

    name: str
    filename: str
    headers: Mapping[str, str]
    content: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """Cut *body*. Raises ValueError, with a sentence's end, where it is not what *content_type* says."""
    found = _BOUNDARY.match(content_type.strip())
    if not found:
        raise ValueError("it is no multipart/form-data")
    mark = b"\r\n--" + (found[1] or found[2]).encode()
    pieces = (b"\r\n" + body).split(mark, _MOST + 1)
    if len(pieces) > _MOST + 1:
        raise ValueError("it has too many parts")
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ValueError("it is cut short")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    first, _, rest = piece.partition(b"\r\n")
    if first.strip(b" \t"):
        raise ValueError("a boundary is damaged")
    head, gap, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if not gap or len(head) > _HEAD:
        raise ValueError("a part's headers are damaged")
    headers = {}
    for line in head.decode(errors="replace").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    said = {name.lower(): _plain(quoted) or bare for name, quoted, bare in _PARAMETER.findall(_disposition(headers))}
    extended = said.get("filename*", "")
    filename = unquote(extended.partition("''")[2]) if extended.lower().startswith("utf-8''") else ""
    return Part(said.get("name", ""), filename or said.get("filename", ""), headers, content)


def _disposition(headers: Mapping[str, str]) -> str:
    return headers.get("content-disposition", "")


def _plain(quoted: str) -> str:
    # Browsers, Deno and httpx write a quotation mark as %22 (HTML, "multipart/form-data"); others put a \ before it.
    text = re.sub(r"\\(.)", r"\1", quoted)
    return text.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
