"""Signs an event as the wallet expects it. A small replaceable part: Circle's own scheme is another (ECDSA)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

HEADER = "circle-signature"


class Signer(Protocol):
    """Makes the headers that prove who sent exactly these bytes."""

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """The headers for *raw*, which must then be sent byte for byte."""
        ...


@dataclass(frozen=True, slots=True)
class HmacSigner:
    """The wallet's scheme: HMAC-SHA256 with the secret that both sides know, `v1=` and lower-case hex."""

    secret: SecretStr

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """Raises nothing; never logs the secret."""
        return {HEADER: "v1=" + hmac.new(self.secret.get_secret_value().encode(), raw, "sha256").hexdigest()}


@dataclass(frozen=True, slots=True)
class WrongSigner:
    """A signature of the right shape that no secret made: it must be refused."""

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """The same for all bytes."""
        del raw
        return {HEADER: "v1=" + "0" * 64}
