"""Pure: what looks like a secret is hidden before it can be written or shown.

The shapes are those of Slack (docs.slack.dev/authentication/tokens), Supabase (personal access tokens, API keys),
Circle, JSON web tokens and credentials in addresses. A shape that is hidden once too often costs a line of
log; one that is not hidden costs a rotation: none asks what stands before it, since a colour's `m` may.
"""

import re

HIDDEN = "[hidden]"

# One after another, each beginning with known characters: as one pattern of alternatives they take five times as long.
# What a group keeps stays in front of the mark.
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<keep>B(?:earer|asic)\s+)[A-Za-z0-9._~+/=-]{8,}",  # an Authorization header
        r"(?P<keep>://)[^\s/@\"'<>]+(?=@)",  # user and password in an address
        r"(?P<keep>hooks\.slack(?:-gov)?\.com/)[^\s\"'<>\\]+",  # a response_url lets its reader speak as the bot
        r"(?P<keep>[?&](?:ticket|token|apikey|secret|key|sig)=)[^&\s\"'<>\\]+",
        r"(?P<keep>)xox[a-z]?(?:\.xox[a-z])?-[A-Za-z0-9-]{4,}",  # xoxb-, xoxp-, xoxe.xoxp-
        r"(?P<keep>)xapp-[A-Za-z0-9-]{4,}",
        r"(?P<keep>)sbp_[A-Za-z0-9_]{6,}",
        r"(?P<keep>)sb_(?:secret|publishable)_[A-Za-z0-9_-]{6,}",
        r"(?P<keep>)(?:TEST|LIVE|SAND)_(?:API|CLIENT)_KEY:[A-Za-z0-9:]{8,}",  # Circle
        r"(?P<keep>)whsec_[A-Za-z0-9+/=]{8,}",
        r"(?P<keep>)[prs]k_(?:live|test)_[A-Za-z0-9]{8,}",  # payment providers
        r"(?P<keep>)gh[oprsu]_[A-Za-z0-9]{20,}",  # GitHub
        r"(?P<keep>)AKIA[A-Z0-9]{12,}",  # Amazon
        # Possessive, and it eats what is no token: `eyJeyJ…` would else be read anew from every third character.
        r"(?P<keep>)eyJ[A-Za-z0-9_-]{6,}+(?P<dot>\.[A-Za-z0-9_-]{6,}+(?:\.[A-Za-z0-9_-]*+)?)?",
        r"(?P<keep>aikeys-probe/)[0-9a-f]{24}",  # who knows it stays out of the bot's counts
    )
)


def _replace(found: re.Match[str]) -> str:
    if found.groupdict().get("dot", "") is None:
        return found[0]  # one part alone is no JSON web token
    return f"{found['keep']}{HIDDEN}"


def hide(text: str) -> str:
    """Return *text* with everything that is shaped like a secret replaced by `[hidden]`."""
    for shape in _SHAPES:
        text = shape.sub(_replace, text)
    return text
