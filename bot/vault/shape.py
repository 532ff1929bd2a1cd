"""Pure: what is wrong with an entered value, in a sentence that does not hold it."""

import hashlib
import re
import unicodedata

MOST = 24_576  # characters that Supabase takes (POST …/secrets: value, maxLength)
MOST_NAME = 256  # the same: name, maxLength; not SUPABASE_*
MOST_TYPED = 3_000  # characters that a field of a modal takes (docs.slack.dev: plain_text_input, max_length)
FEWEST = 8  # characters of a key, secret or token: fewer are guessed in a second

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EMAIL = re.compile(r"[^@\s]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SECRET = re.compile(r"(KEY|SECRET|TOKEN|PASSWORD|PASS|PWD|SALT|SIGNATURE)S?(_|$)", re.IGNORECASE)
# Those of the runbook and its kin: your_production_key, new_webhook_secret, <value>, [value], changeme, xxxx, …
_PLACEHOLDER = re.compile(
    r"""<.*>|\[.*\]|\{.*\}|\$\{?\w+\}?|\.{3,}|…
        |(your|my|the|new|old|test|example|dummy|sample|some|prod|production)([_-][a-z]+)+
        |(your|new|old)?(value|secret|key|token|password)
        |changeme|change[_-]me|placeholder|example|redacted|hidden|todo|tbd|none|null|undefined|test""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"""(["'`‘“«]).*["'`’”»]""", re.DOTALL)


def problem_of_name(name: str) -> str | None:
    """What speaks against a secret called *name*; None where nothing does."""
    if name.upper().startswith("SUPABASE_"):
        return "SUPABASE_… belongs to Supabase, which sets it by itself. It cannot be set."
    if len(name) > MOST_NAME:
        return f"The name is longer than {MOST_NAME} characters, which is what Supabase takes."
    if not _NAME.fullmatch(name):
        return "A name is made of letters, digits and _, and does not begin with a digit."
    return None


def problems(name: str, text: str, old_digest: str | None = None, *, most: int = MOST) -> str | None:
    """What is wrong with *text* as the new value of the secret *name*; None where nothing is.

    *old_digest*: SHA-256 in hex of the value that is live, where known. *most*: characters allowed on this way in.
    """
    return (
        problem_of_name(name)
        or _length(text, most)
        or _blanks(text)
        or _unseen(text)
        or _copied_with_more(name, text)
        or _kind(name, text)
        or _known(text, old_digest)
    )


def _length(text: str, most: int) -> str | None:
    if not text.strip():
        return "Nothing was entered."
    if len(text) > most:
        return f"It is longer than {most:,} characters, which is all that fits here."
    return None


def _blanks(text: str) -> str | None:
    if text == text.strip():
        return None
    return "There is a blank or a line break before or after it. Copy it again without."


def _unseen(text: str) -> str | None:
    """What cannot be seen cannot be checked by eye; it is most often caught up by copying out of a web page."""
    for char in text:
        category = unicodedata.category(char)
        if (category.startswith(("C", "Z")) and char not in " \n\t") or char in "\ufeff\u00ad":
            return f"It holds a character that cannot be seen (U+{ord(char):04X}). Copy it again, or type it."
    return None


def _copied_with_more(name: str, text: str) -> str | None:
    if re.match(rf"(export\s+)?{re.escape(name)}\s*[=:]", text, re.IGNORECASE):
        return "It begins with the secret's own name. Enter what stands behind the = alone."
    if re.match(r"Bearer\s|Authorization:", text, re.IGNORECASE):
        return "It begins like a header of a request. Enter the key alone."
    if len(text) > 1 and _QUOTED.fullmatch(text):
        return "It stands between quotation marks. Enter what is between them."
    return None


def _kind(name: str, text: str) -> str | None:
    if name.upper().endswith("EMAIL"):
        return None if _EMAIL.fullmatch(text) else "That is not an e-mail address."
    if not _SECRET.search(name) or "-----BEGIN " in text:
        return None  # a setting, or a private key in lines
    if any(char.isspace() for char in text):
        return "There is a blank or a line break in it. A key or a secret is one word."
    if not text.isascii():
        return "A letter in it is not ASCII. A key or a secret goes into a header, which takes no other."
    if _PLACEHOLDER.fullmatch(text) or len(set(text)) < 4:
        return "That is a placeholder, not a value."
    if len(text) < FEWEST:
        return f"It is shorter than {FEWEST} characters. Is it whole?"
    return None


def _known(text: str, old_digest: str | None) -> str | None:
    if _PLACEHOLDER.fullmatch(text):
        return "That is a placeholder, not a value."
    if old_digest and hashlib.sha256(text.encode()).hexdigest() == old_digest.lower():
        return "That is the value which is live now. Enter the new one."
    return None
