"""The shapes a setting can have. Each refusal is a sentence that never repeats the value: it may be a secret."""

import re
import socket
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

_ACCESS_TOKEN = re.compile(r"sbp_(oauth_|v0_)?[a-f0-9]{40}")  # the shape Supabase's own CLI accepts
_REF = re.compile(r"[a-z]{20}")
_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")
_MEMBER = re.compile(r"[UWS][A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,190}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}")
_KINDS = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe": "a rotating token",
    "sbp_": "a Supabase token",
    "sb_": "a Supabase API key",
    "eyJ": "a JSON web token (an anon or service key?)",
}


def _kind(value: str) -> str:
    return next((f"; this one looks like {kind}" for start, kind in _KINDS.items() if value.startswith(start)), "")


def _slack_token(value: SecretStr, start: str) -> SecretStr:
    token = value.get_secret_value()
    if not token.startswith(start):
        raise ValueError(f"it must start with {start}{_kind(token)}")
    if not re.fullmatch(r"[A-Za-z0-9.-]{8,500}", token):
        raise ValueError("it holds characters that no Slack token has, or is cut short: copy it again")
    return value


def bot_token(value: SecretStr) -> SecretStr:
    """A bot token: xoxb-…, and nothing else."""
    return _slack_token(value, "xoxb-")


def app_token(value: SecretStr) -> SecretStr:
    """An app-level token: xapp-…, and nothing else."""
    return _slack_token(value, "xapp-")


def access_token(value: SecretStr) -> SecretStr:
    """A Supabase access token: classic, OAuth or scoped."""
    token = value.get_secret_value()
    if not _ACCESS_TOKEN.fullmatch(token):
        found = "" if token.startswith("sbp_") else _kind(token)
        raise ValueError(f"it must be sbp_ (or sbp_v0_, sbp_oauth_) and 40 hexadecimal digits{found}")
    return value


def project_ref(value: str) -> str:
    """A project's ref: 20 small letters."""
    if not _REF.fullmatch(value):
        hint = "; only the ref is wanted, not the whole address" if "." in value or "/" in value else ""
        raise ValueError(f"it must be exactly 20 small letters{hint}")
    return value


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _nowhere(host: str) -> bool:
    """Whether *host* is an IP, however written, at which none of the servers asked can be: a cloud's metadata is."""
    try:
        found = ip_address(host if ":" in host else socket.inet_aton(host))
    except (ValueError, OSError):
        return False  # a name
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_link_local or found.is_unspecified or found.is_multicast


def address(value: str) -> str:
    """An https address without credentials; http only on this machine. Returned without a closing slash."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("it is not an address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("it must be an address such as https://example.com")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it must not hold a user name or password")
    if parts.query or parts.fragment:
        raise ValueError("it must not hold a ? or a #")
    if parts.scheme == "http" and not _loopback(host):
        raise ValueError("it must start with https:// (http:// only for this machine itself)")
    if _nowhere(host):
        raise ValueError("it must be the address of a server, which a link-local, multicast or empty one is not")
    return value.rstrip("/")


def slashed(value: str) -> str:
    """The same, with a closing slash: slack_sdk puts the method's name right behind it."""
    return address(value) + "/"


def listed(value: object) -> object:
    """Names divided by commas or blanks, as a tuple."""
    return tuple(word for word in re.split(r"[,\s]+", value) if word) if isinstance(value, str) else value


def members(value: tuple[str, ...]) -> tuple[str, ...]:
    """Slack ids of people (U…, W…) and user groups (S…)."""
    wrong = [position for position, word in enumerate(value, 1) if not _MEMBER.fullmatch(word)]
    if wrong:
        which = ", ".join(map(str, wrong[:5]))
        raise ValueError(
            f"entry {which} is not the id of a person (U… or W…) or of a user group (S…); names do not work"
        )
    return tuple(dict.fromkeys(value))


def person(value: str) -> str:
    """The Slack id of one person."""
    if not _PERSON.fullmatch(value):
        raise ValueError("it must be the id of one person (U… or W…)")
    return value


def channel(value: str) -> str:
    """The Slack id of a channel."""
    if not _CHANNEL.fullmatch(value):
        raise ValueError("it must be the id of a channel (C…, in the channel's About tab); a name does not work")
    return value


def email(value: str) -> str:
    """One mail address."""
    if not _EMAIL.fullmatch(value):
        raise ValueError("it must be one e-mail address")
    return value


def phone(value: str) -> str:
    """One telephone number."""
    if not _PHONE.fullmatch(value):
        raise ValueError("it must be one telephone number, such as +34 600 123 456")
    return value


def reach(value: str) -> str:
    """An https address, an e-mail address or a telephone number."""
    if _PHONE.fullmatch(value) or _EMAIL.fullmatch(value):
        return value
    if not re.fullmatch(r"https://[A-Za-z0-9.-]+(/[A-Za-z0-9._~/-]*)?", value):
        raise ValueError("it must be an https address without a ?, an e-mail address or a telephone number")
    return value


def mail_server(value: SecretStr) -> SecretStr:
    """smtp://[user:password@]host[:port], or smtps:// for TLS from the start."""
    try:
        parts = urlsplit(value.get_secret_value())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("it is not an address") from None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise ValueError("it must start with smtp:// or smtps:// and name a host")
    return value


def audit_key(value: SecretStr) -> SecretStr:
    """A key that nobody guesses."""
    key = value.get_secret_value()
    if len(key) < 32:
        raise ValueError("it must have at least 32 characters")
    if len(set(key)) < 8:
        raise ValueError("it repeats too few characters to be a key")
    return value


def alerts_token(value: SecretStr) -> SecretStr:
    """What a machine presents, or signs with: nobody guesses it, and a header can hold it."""
    token = value.get_secret_value()
    if not re.fullmatch(r"[\x21-\x7e]{24,200}", token):
        raise ValueError("it must have 24 to 200 characters of ASCII, without blanks")
    if len(set(token)) < 8:
        raise ValueError("it repeats too few characters to be a token")
    return value


def label(value: str) -> str:
    """The name of a label, as Prometheus has them."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,59}", value):
        raise ValueError("it must be the name of a label: letters, digits and _")
    return value


def hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    """Names of hosts, without https:// and without a path."""
    wrong = [position for position, word in enumerate(value, 1) if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", word)]
    if wrong:
        raise ValueError(
            f"entry {', '.join(map(str, wrong[:5]))} is not the name of a host, such as grafana.example.com"
        )
    return tuple(word.casefold() for word in value)


def pulse(value: SecretStr) -> SecretStr:
    """Where a heartbeat goes: an https address, whose path may be all that is secret of it; http on loopback."""
    text = value.get_secret_value()
    address(text.partition("?")[0])
    if not re.fullmatch(r"[\x21\x22\x24-\x7e]{1,1000}", text):
        raise ValueError("it must be an address such as https://hc-ping.com/… without a #")
    return value


def door(value: object) -> object:
    """`host:port`, or `off`."""
    if not isinstance(value, str):
        return value
    if value.lower() == "off":
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError("it must be host:port, or off")
    return host.strip("[]"), int(port)


def timezone(value: str) -> str:
    """An IANA name of a time zone."""
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):  # not found, a folder of zones, a path
        raise ValueError("it must be a time zone's name, such as Europe/Madrid; an offset does not work") from None
    return value


def reading(value: str) -> str:
    """One SQL statement that reads."""
    if not re.match(r"(select|with)\b", value, re.IGNORECASE) or ";" in value.rstrip("; \n"):
        raise ValueError("it must be one SQL statement that begins with select or with")
    return value.rstrip("; \n")


def recipients(value: tuple[str, ...]) -> tuple[str, ...]:
    """Public keys of age; a private one is refused, and not repeated."""
    if any(word.upper().startswith("AGE-SECRET-KEY") for word in value):
        raise ValueError("one of them is a private key: take the public one (age-keygen -y), and make a new pair")
    if not all(re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", word) for word in value):
        raise ValueError("each must be a public key of age: age1 and 58 letters and digits")
    return tuple(dict.fromkeys(value))


_SAFE = ("require", "verify-ca", "verify-full")
_PARAMETERS = {"host", "port", "sslmode", "sslrootcert"}


def postgres(value: SecretStr) -> SecretStr:
    """A connection string of PostgreSQL: a user, a host (or ?host= a socket's folder), a database; encrypted."""
    try:
        parts = urlsplit(value.get_secret_value())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("it is not an address") from None
    query = dict(parse_qsl(parts.query))
    if parts.scheme not in ("postgresql", "postgres") or not parts.username or len(parts.path) < 2:
        raise ValueError("it must be postgresql://user:password@host:5432/database")
    if query.keys() - _PARAMETERS:
        raise ValueError("it may have no other parameters than host, port, sslmode and sslrootcert")
    socket = query.get("host", "").startswith("/")
    if not host and not socket:
        raise ValueError("it names no host")
    if not (socket or _loopback(host)) and query.get("sslmode", "require") not in _SAFE:
        raise ValueError("sslmode must be require, verify-ca or verify-full")
    if any(char in value.get_secret_value() for char in "\r\n\0"):
        raise ValueError("it holds a line break")
    return value
