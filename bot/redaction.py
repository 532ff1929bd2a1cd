"""Pure: lines of logs as they may be shown: control characters visible, secrets gone, people's addresses hidden.

On top of the shapes of `bot.hide`: what is named as a secret, private keys, long keys in hex and in base64, payment
cards (by their check digit), e-mail and IP addresses. A number that is hidden once too often costs a look into the
dashboard; a key that is shown once costs a rotation.

All lines are worked on as one text: a regular expression that begins with a known character skips through it a hundred
times faster than it is called a thousand times.
"""

import ipaddress
import re
from collections.abc import Sequence

from bot.hide import HIDDEN, hide

EMAIL, ADDRESS, CARD = "[e-mail]", "[ip]", "[card]"
_BETWEEN = "\x1e"  # stands between two lines; no line holds one, since control characters were made visible before
# An ANSI sequence is one visible sign: its letters would otherwise stand before a token and hide it from us.
_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,8}[@-~]?|\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)?|[@-Z\\-_])?")
_CONTROL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_NAMES = (
    "password", "passwd", "passphrase", "pwd", "secret", "token", "api_key", "api-key", "api key", "apikey",
    "authorization", "cookie", "private_key", "private-key", "signature",
)  # fmt: skip
_QUOTE = r"""\\{0,7}(?:["']|%22)?"""  # in JSON, also in JSON that stands in JSON, and in an address
_NAMED = re.compile(
    rf"(?P<name>(?:{'|'.join(map(re.escape, _NAMES))})[a-z0-9_-]{{0,30}}{_QUOTE}\s{{0,2}}(?:[:=]|%3[AD])"
    rf"\s{{0,2}}{_QUOTE})"
    r"""(?!\[hidden\])(?:(?:Bearer|Basic)\s+)?[^\s"',;&})\]\\]{4,}""",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]{2,40}-----[^\x1e]*?(?:-----END [A-Z ]{2,40}-----|(?=\x1e)|\Z)")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:v1=)?[0-9a-fA-F]{48,}(?![0-9A-Za-z])")
_BASE64 = re.compile(r"(?<![0-9A-Za-z+/_-])[A-Za-z0-9+/_-]{60,}={0,2}(?![0-9A-Za-z+/_-])")
_EMAIL = re.compile(r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ENCODED = re.compile(r"(?:%(?:25)*40|\\{1,7}u0040)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.IGNORECASE)
_ENCODED_LOCAL = re.compile(r"[A-Za-z0-9.%+_-]+\Z")  # in an address the others are encoded or end the value
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+\Z")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?=[0-9a-fA-F:]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![0-9A-Za-z:])"
)
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])")


def visible(line: str) -> str:
    """*line* with what cannot be seen made visible; a line break goes on indented: none looks like another row."""
    if "\x1b" in line:
        # An unfinished sequence takes the next letter for its own: without its s, sb_secret_… has no shape any more.
        line = _ANSI.sub("␛", hidden(line))
    line = line.replace("\r\n", "\n")
    if not line.isprintable():
        line = _CONTROL.sub(_shown, line)
        line = line.replace("\n", "\n    ")
    return line


def redact(lines: Sequence[str], *, people: bool = True) -> list[str]:
    """Each of *lines* as it may be shown. *people*: e-mail and IP addresses are hidden too."""
    if not lines:
        return []
    text = _shapeless(_BETWEEN.join(_unnamed(visible(line)) for line in lines))
    text = _CARD.sub(_card, text)
    if people:
        text = _emails(text, _EMAIL, _LOCAL)
        if "40" in text:  # @ in an address, or in JSON
            text = _emails(text, _ENCODED, _ENCODED_LOCAL)
        text = _IPV4.sub(_address, text)
        text = _IPV6.sub(_address, text)
    return text.split(_BETWEEN)


def hidden(text: str) -> str:
    """*text* as it is, but for the secrets in it: what is named as one, and what has the shape of one."""
    return _shapeless(_unnamed(text))


def _shapeless(text: str) -> str:
    text = hide(_PRIVATE.sub(HIDDEN, text))
    return _BASE64.sub(_long, _HEX.sub(HIDDEN, text))


def _unnamed(line: str) -> str:
    """Without the values that a name calls secret. Few lines hold such a name, and the pattern is slow."""
    folded = line.casefold()
    if not any(name in folded for name in _NAMES):
        return line
    return _NAMED.sub(_value, line)


def _value(found: re.Match[str]) -> str:
    """Hidden, unless it is prose: `token: expired` says what is wrong and holds no secret."""
    name, value = found["name"], found[0][len(found["name"]) :]
    prose = name.endswith(": ") and value.replace("_", "").isalpha() and len(value) < 20
    return found[0] if prose else f"{name}{HIDDEN}"


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == 9:
        return "    "
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹U+{code:04X}›"


def _long(found: re.Match[str]) -> str:
    """A key has letters of both sizes and digits; a long path has not."""
    text = found[0]
    mixed = any(map(str.isupper, text)) and any(map(str.islower, text)) and any(map(str.isdigit, text))
    return HIDDEN if mixed else text


def _emails(text: str, shape: re.Pattern[str], name: re.Pattern[str]) -> str:
    """Found from their @: there are few, and a pattern that begins with a letter would try every letter."""
    parts, at = [], 0
    for found in shape.finditer(text):
        local = name.search(text, max(at, found.start() - 64), found.start())
        if local:
            parts += [text[at : local.start()], EMAIL]
            at = found.end()
    return "".join([*parts, text[at:]])


def _address(found: re.Match[str]) -> str:
    try:
        ipaddress.ip_address(found[0])
    except ValueError:
        return found[0]
    if not any(map(str.isdigit, found[0])):
        return found[0]  # `a::b` is more often a name in code
    return ADDRESS


def _card(found: re.Match[str]) -> str:
    """By the check digit of payment cards (ISO/IEC 7812, Luhn)."""
    digits = [int(char) for char in found[0] if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return CARD if sum(doubled) % 10 == 0 and len(set(digits)) > 1 else found[0]
