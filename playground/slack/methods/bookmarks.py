"""bookmarks.add, edit, remove, list: links at the top of a channel."""

from typing import Any

from playground.slack.channels import Channel
from playground.slack.errors import SlackError
from playground.slack.methods.table import Answer, Call, method

MOST = 100  # too_many_bookmarks


def _channel(call: Call) -> Channel:
    return call.channel("channel_id")


def _link(call: Call) -> str:
    link = call.args.text("link")
    if not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    return link


def _find(call: Call, channel: Channel) -> dict[str, Any]:
    wanted = call.args.required("bookmark_id")
    for bookmark in channel.bookmarks:
        if bookmark["id"] == wanted:
            return bookmark
    raise SlackError("not_found")


@method("bookmarks.add", tier=2, scopes=("bookmarks:write",))
def add(call: Call) -> Answer:
    """A link with a title."""
    channel = _channel(call)
    if not channel.bot_member:
        raise SlackError("access_denied")
    title = call.args.required("title")
    if call.args.required("type") != "link":
        raise SlackError("invalid_bookmark_type")
    link = _link(call)
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    bookmark = {
        "id": call.backend.state.new_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": call.args.text("emoji"),
        "type": "link",
        "date_created": int(call.backend.clock.now().timestamp()),
        "date_updated": 0,
    }
    channel.bookmarks.append(bookmark)
    call.backend.state.channel_changed(channel)
    return {"bookmark": dict(bookmark)}


@method("bookmarks.edit", tier=2, scopes=("bookmarks:write",))
def edit(call: Call) -> Answer:
    """Another title, link or emoji."""
    channel = _channel(call)
    bookmark = _find(call, channel)
    if call.args.has("link"):
        bookmark["link"] = _link(call)
    for name in ("title", "emoji"):
        if call.args.has(name):
            bookmark[name] = call.args.text(name)
    bookmark["date_updated"] = int(call.backend.clock.now().timestamp())
    call.backend.state.channel_changed(channel)
    return {"bookmark": dict(bookmark)}


@method("bookmarks.remove", tier=2, scopes=("bookmarks:write",))
def remove(call: Call) -> Answer:
    """Take it away."""
    channel = _channel(call)
    channel.bookmarks.remove(_find(call, channel))
    call.backend.state.channel_changed(channel)
    return {}


@method("bookmarks.list", tier=3, scopes=("bookmarks:read",))
def list_(call: Call) -> Answer:
    """All of a channel."""
    return {"bookmarks": [dict(each) for each in _channel(call).bookmarks]}
