"""Addresses from the settings: what is accepted, and their host for sentences."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def checked(base_url: str) -> str:
    """Return *base_url* without its last slash. Raises ValueError unless it is https, or http on loopback."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address holds no user, password, query or fragment")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise ValueError("an address starts with https:// (http:// only on this machine)")
    return base_url.rstrip("/")


def host_of(base_url: str) -> str:
    """The host in an address, for sentences."""
    return urlsplit(base_url).hostname or base_url[:80]


def is_loopback(host: str) -> bool:
    """True where *host* is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
