"""A place on the network, tried: the name is known, something listens, TLS proves who. Not a byte is asked there."""

import asyncio
import ssl
from urllib.parse import urlsplit

from bot.doctor.line import Line, well, wrong

_WITHIN = 8.0  # seconds
_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}
_NETWORK = "Look at DNS, the firewall and the proxy of this machine."


async def reached(what: str, address: str, who: str) -> Line:
    """Whether *who* takes a connection at *address*, whose path may be secret and is not shown."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return wrong(what, f"the address of {who} is none", "Copy it again.")
    tls = ssl.create_default_context() if parts.scheme in ("https", "wss") else None
    try:
        async with asyncio.timeout(_WITHIN):
            _, writer = await asyncio.open_connection(host, port, ssl=tls)
            writer.close()
    except ssl.SSLCertVerificationError as error:
        return wrong(what, f"{host} cannot prove who it is ({error.verify_message})", "Is a proxy in between?")
    except TimeoutError:
        return wrong(what, f"{host} did not answer within {_WITHIN:g} s", _NETWORK)
    except OSError as error:
        return wrong(what, f"{host}:{port} takes no connection ({error.strerror or type(error).__name__})", _NETWORK)
    return well(what, f"{who} takes a connection at {host}")
