"""Pure: what looks like a secret is hidden before it can be written or shown.

The shapes are those of Slack (docs.slack.dev/authentication/tokens), Supabase (personal access tokens, API keys),
Circle, JSON web tokens and credentials in addresses. A shape that is hidden once too often costs a line of
log; one that is not hidden costs a rotation.
"""

import re

HIDDEN = "[hidden]"

_SHAPES = re.compile(
    r"""
      (?P<keep>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}     # an Authorization header
    | (?P<scheme>\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@"'<>]+@      # user and password in an address
    | (?P<hook>\bhooks\.slack(?:-gov)?\.com/)[^\s"'<>\\]+       # a response_url lets its reader speak as the bot
    | (?P<param>[?&](?:ticket|token|apikey|secret|key|sig)=)[^&\s"'<>\\]+
    | \bxox[a-z]?(?:\.xox[a-z])?-[A-Za-z0-9-]{4,}               # xoxb-, xoxp-, xoxe.xoxp-
    | \bxapp-[A-Za-z0-9-]{4,}
    | \bsbp_[A-Za-z0-9_]{6,}
    | \bsb_(?:secret|publishable)_[A-Za-z0-9_-]{6,}
    | \b(?:TEST|LIVE|SAND)_(?:API|CLIENT)_KEY:[A-Za-z0-9:]{8,}  # Circle
    | \bwhsec_[A-Za-z0-9+/=]{8,}
    | \beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?
    """,
    re.VERBOSE,
)


def _replace(found: re.Match[str]) -> str:
    kept = found["keep"] or found["hook"] or found["param"] or ""
    if found["scheme"]:
        return f"{found['scheme']}{HIDDEN}@"
    return f"{kept}{HIDDEN}"


def hide(text: str) -> str:
    """Return *text* with everything that is shaped like a secret replaced by `[hidden]`."""
    return _SHAPES.sub(_replace, text)
