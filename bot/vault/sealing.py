"""Pure: sealed boxes (libsodium's crypto_box_seal: X25519, XSalsa20-Poly1305) and keys, as texts that can be pasted.

    aikeys-key:v1:<43 characters>                  a public key; no secret
    aikeys-sealed:v1:<fingerprint>:<base64url>     a value that one private key opens

The fingerprint in a sealed text says for whom it is, so that the wrong key is named instead of guessed at.
"""

import base64
import binascii
import hashlib
import re

from bot.errors import AikeysError

KEY, SEALED = "aikeys-key:v1:", "aikeys-sealed:v1:"
DIGITS = 20  # hex digits of a fingerprint: 80 bits, more than anybody can search through for a lookalike
PUBLIC = 32  # bytes of a key
OVERHEAD = 48  # bytes that a box is longer than what is in it
_MOST = 200_000  # characters: a box of the longest value has 33,000

_GAP = re.compile(r"\s+")


class NotSealed(AikeysError):
    """It is no sealed text, or not for this key: the sentence says which, and holds nothing of it."""


def is_sealed(text: str) -> bool:
    """True for what claims to be a sealed text: also one that was cut short or wrapped."""
    return text.lstrip().startswith("aikeys-sealed:")


def fingerprint(public: bytes) -> str:
    """Return the first 80 bits of the SHA-256 of *public*, as `1a2b-3c4d-…`: what two people compare by eye."""
    digits = hashlib.sha256(public).hexdigest()[:DIGITS]
    return "-".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def key_text(public: bytes) -> str:
    """*public* as a text."""
    return KEY + _text(public)


def key_of(text: str) -> bytes:
    """The public key in *text*. Raises NotSealed."""
    text = _GAP.sub("", text)
    raw = _bytes(text.removeprefix(KEY)) if text.startswith(KEY) else None
    if raw is None or len(raw) != PUBLIC:
        raise NotSealed(f"That is no public key. One begins with {KEY} and has {len(KEY) + 43} characters.")
    seal(b"", raw)
    return raw


def seal(plain: bytes | bytearray, public: bytes) -> str:
    """Return *plain* in a box that only the holder of *public*'s private key opens. Raises NotSealed for a weak key."""
    from nacl.exceptions import CryptoError  # noqa: PLC0415  # see below
    from nacl.public import PublicKey, SealedBox  # noqa: PLC0415  # 15 ms and 3 MB: not at the start

    try:
        box = SealedBox(PublicKey(public)).encrypt(bytes(plain))
    except (CryptoError, RuntimeError):  # of small order: anybody could open the box (libsodium refuses it)
        raise NotSealed("That public key is none that a key pair has.") from None
    return f"{SEALED}{fingerprint(public)}:{_text(box)}"


def unseal(text: str, private: bytes) -> bytearray:
    """Return what is in the box *text*. Raises NotSealed."""
    from nacl.exceptions import CryptoError  # noqa: PLC0415  # see above
    from nacl.public import PrivateKey, SealedBox  # noqa: PLC0415  # see above

    text = _GAP.sub("", text)  # terminals and mail wrap long lines
    if not text.startswith(SEALED):
        raise NotSealed(f"That is no sealed text that I know. One begins with {SEALED}")
    told, _, rest = text.removeprefix(SEALED).partition(":")
    key = PrivateKey(private)
    mine = fingerprint(bytes(key.public_key))
    if told != mine and re.fullmatch(r"[0-9a-f-]{24}", told):
        raise NotSealed(f"It is sealed for another key ({told}). Seal it for {mine}.")
    box = _bytes(rest) if len(rest) <= _MOST else None
    if box is None or len(box) < OVERHEAD:
        raise NotSealed("The sealed text is not whole. Copy all of it.")
    try:
        return bytearray(SealedBox(key).decrypt(box))
    except CryptoError:
        raise NotSealed(
            "The sealed text does not open: a character of it is missing or wrong. Copy all of it."
        ) from None


def keypair() -> tuple[bytes, bytes]:
    """Make a private key; return it and its public key."""
    from nacl.public import PrivateKey  # noqa: PLC0415  # see above

    key = PrivateKey.generate()
    return bytes(key), bytes(key.public_key)


def public_of(private: bytes) -> bytes:
    """Return the public key of *private*."""
    from nacl.public import PrivateKey  # noqa: PLC0415  # see above

    return bytes(PrivateKey(private).public_key)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return None
