"""Who may post: a bearer token, or a signature over the time and the body. Pure, and in constant time."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

SIGNATURE = "X-Aikeys-Signature"  # t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>" in hex>
WINDOW = 300.0  # seconds that the time of a signature may be off, either way: a captured one is of no use later
_SHAPE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of itself before its body is read. *signed*: the time and the signature, or empty."""

    token: str = ""
    signed: tuple[str, str] | None = None


def claimed(headers: Mapping[str, str]) -> Claim | None:
    """What *headers* offer; None where they offer nothing that could be right."""
    found = _SHAPE.fullmatch(headers.get(SIGNATURE, ""))
    if found is not None:
        return Claim(signed=(found[1], found[2]))
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return Claim(token=token.strip()) if scheme.casefold() == "bearer" and token.strip() else None


def known(claim: Claim, secret: bytes) -> bool:
    """True where a bearer token is the right one; a signature is judged with the body, by `signed`."""
    return claim.signed is not None or hmac.compare_digest(_even(claim.token.encode()), _even(secret))


def signed(claim: Claim, body: bytes, secret: bytes, now: float) -> bool:
    """True where the claim is a token's, or the signature is the right one and of this minute (*now* since 1970)."""
    if claim.signed is None:
        return True
    at, given = claim.signed
    right = hmac.compare_digest(signature(at, body, secret), given)
    return right and abs(now - int(at)) <= WINDOW


def signature(at: str, body: bytes, secret: bytes) -> str:
    """What a sender computes."""
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _even(value: bytes) -> bytes:
    """Equally long, whatever it is: how long the secret is must not show in the time either."""
    return hashlib.sha256(value).digest()
