"""The keyed hash chain over the timeline: what is signed, and how. Pure.

Each row's mac is HMAC-SHA256, under the audit key, of the canonical JSON of [mac before it, id, at, subject, kind,
actor, data, digest]: the row cannot be changed, moved, removed or added to without the key. A seal of the same kind
over the last row's id and mac makes a cut-off tail visible; heads posted elsewhere make even a restored older file
visible (store.audit). What people write is covered by its digest only, so that it can be redacted; the digest is
keyed too, so that a redacted password cannot be guessed from it.
"""

import hashlib
import hmac
import json
from typing import Any

GENESIS = "aikeys events 1"  # stands where the mac before the first row would


def canonical(value: Any) -> str:
    """JSON in one way only: sorted keys, no blanks, ASCII. Raises ValueError for NaN, TypeError for a non-JSON type."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def row_mac(key: bytes, before: str, id_: int, columns: tuple[str | None, ...]) -> str:
    """The mac of a row. *columns*: at, subject, kind, actor, data, digest, as they are stored."""
    return _sign(key, json.dumps(["row", before, id_, *columns], separators=(",", ":")).encode())


def seal(key: bytes, last_id: int, mac: str) -> str:
    """The seal over the end of the chain."""
    return _sign(key, json.dumps(["seal", last_id, mac], separators=(",", ":")).encode())


def text_digest(key: bytes, text: bytes) -> str:
    """The digest by which a row holds what a person wrote (UTF-8)."""
    return _sign(key, b"text\n" + text)


def delivery_key(key: bytes) -> bytes:
    """What deliveries are signed with: made of the audit key, and good for nothing in the timeline."""
    return hmac.digest(key, b"deliveries", "sha256")


def delivery_mac(key: bytes, id_: str, kind: str, received_at: str, payload: str) -> str:
    """The mac of a delivery, under `delivery_key`. One pass of BLAKE2: it is on the way to every ack.

    With the moment, so that a click of before cannot be made a young one. The lengths keep the parts apart.
    """
    message = f"{len(id_)} {len(kind)} {len(received_at)} {id_}{kind}{received_at}{payload}"
    return hashlib.blake2b(message.encode("utf-8", "replace"), digest_size=16, key=key, person=b"delivery").hexdigest()


def key_check(key: bytes) -> str:
    """Tells one key from another and says nothing about either."""
    return _sign(key, b"key")[:16]


def same(one: str, other: str) -> bool:
    """Equal, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _sign(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, "sha256").hex()
