"""conversations.history and conversations.replies: what was said; metadata only where it is asked for."""

from decimal import Decimal, InvalidOperation

from playground.slack.channels import Channel
from playground.slack.errors import SlackError
from playground.slack.messages import Message
from playground.slack.methods.paging import page
from playground.slack.methods.table import Answer, Call, method

HISTORY = ("channels:history", "groups:history", "im:history")


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need(f"{channel.kind}:history")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """Those later than `oldest` and earlier than `latest`; with `inclusive` those two as well."""
    oldest, latest = _stamp(call, "oldest"), _stamp(call, "latest")
    inclusive = call.args.flag("inclusive")
    kept = []
    for message in messages:
        ts = Decimal(message.ts)
        after = oldest is None or ts > oldest or (inclusive and ts == oldest)
        before = latest is None or ts < latest or (inclusive and ts == latest)
        if after and before:
            kept.append(message)
    return kept


def _stamp(call: Call, name: str) -> Decimal | None:
    if not call.args.has(name):
        return None
    try:
        stamp = Decimal(call.args.text(name))
    except InvalidOperation:
        stamp = Decimal("NaN")
    if not stamp.is_finite():
        raise SlackError(f"invalid_ts_{name}")
    return stamp


def _answer(call: Call, messages: list[Message]) -> Answer:
    with_metadata = call.args.flag("include_all_metadata")
    found, more = page(call.args, messages)
    shown = [message.as_api(with_metadata=with_metadata) for message in found]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown, "has_more": has_more} | (more if has_more else {})


@method("conversations.history", tier=3, scopes=HISTORY)
def history(call: Call) -> Answer:
    """Newest first, without thread replies (but for broadcast ones)."""
    channel = _readable(call)
    if not channel.bot_member:
        raise SlackError("not_in_channel")
    messages = [
        message
        for message in call.backend.state.timelines[channel.id].values()
        if message.ephemeral_to is None and (not message.thread_ts or message.broadcast)
    ]
    answer = _answer(call, _between(call, messages)[::-1])
    return answer | {"pin_count": len(channel.pins)}


@method("conversations.replies", tier=3, scopes=HISTORY, takes_json=False)
def replies(call: Call) -> Answer:
    """The parent first, then its replies, oldest first."""
    channel = _readable(call)
    parent = call.backend.state.public(channel.id, call.args.required("ts"))
    if parent is None or not channel.bot_member:
        raise SlackError("thread_not_found")
    return _answer(call, [parent, *_between(call, parent.replies)])
