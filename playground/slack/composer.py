"""What Slack makes of what a person types: escaping, names, channels and links."""

import re

from playground.slack.state import State

# The text is escaped already: an & belongs to an address only as &amp;, &gt; and &lt; end it.
_URL = re.compile(r"https?://(?:&amp;|[^\s<>&])*(?:&amp;|[^\s<>&.,;:!?)\]])")
_NAME = re.compile(r"(?<![\w@])@([\w.\-]+)")
_CHANNEL = re.compile(r"(?<![\w#&])#([a-z0-9_\-]+)")
_EVERYBODY = {"here", "channel", "everyone"}


def escaped(text: str) -> str:
    """`&`, `<` and `>` as entities (docs.slack.dev: the three characters that have to be)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message_text(state: State, typed: str) -> str:
    """A message as stored: `<@U0ANA>`, `<#C0OPS|ops>`, `<https://…>`, `<!here>`."""
    return _linked(state, escaped(typed), named=False)


def command_text(state: State, typed: str, *, should_escape: bool) -> str:
    """A slash command's text.

    With should_escape `@ana` is `<@U0ANA|ana>`, `#ops` is `<#C0OPS|ops>`, URLs are `<http…>`; without it all of them
    stay as typed.
    """
    text = escaped(typed)
    return _linked(state, text, named=True) if should_escape else text


def linked(state: State, text: str) -> str:
    """An app's text where it asked for `link_names`: names and channels become mentions."""
    return _linked(state, text, named=False)


def _linked(state: State, text: str, *, named: bool) -> str:
    parts: list[str] = []
    end = 0
    for url in _URL.finditer(text):
        parts += [_names(state, text[end : url.start()], named=named), f"<{url[0]}>"]
        end = url.end()
    return "".join([*parts, _names(state, text[end:], named=named)])


def _names(state: State, text: str, *, named: bool) -> str:
    def person(found: re.Match[str]) -> str:
        name = found[1].rstrip(".-")
        rest = found[1][len(name) :]
        if name in _EVERYBODY:
            return f"<!{name}>{rest}"
        user = next((each for each in state.users.values() if each.name == name.lower()), None)
        if user is not None:
            return (f"<@{user.id}|{user.name}>" if named else f"<@{user.id}>") + rest
        for ident, (handle, _) in state.groups.items():
            if handle == name:
                return f"<!subteam^{ident}|@{handle}>{rest}"
        return found[0]

    def channel(found: re.Match[str]) -> str:
        room = next((each for each in state.channels.values() if each.name == found[1] and not each.is_im), None)
        return f"<#{room.id}|{room.name}>" if room else found[0]

    return _CHANNEL.sub(channel, _NAME.sub(person, text))
