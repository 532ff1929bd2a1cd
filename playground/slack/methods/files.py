"""files.getUploadURLExternal → POST the bytes → files.completeUploadExternal; files.info."""

from typing import Any

from playground.slack.content import read_content
from playground.slack.errors import SlackError
from playground.slack.files import MOST_BYTES, File
from playground.slack.messages import Message
from playground.slack.methods.table import Answer, Call, method
from playground.slack.people import BOT_USER
from playground.slack.threads import root_of


@method("files.getUploadURLExternal", tier=4, scopes=("files:write",), takes_json=False)
def get_upload_url(call: Call) -> Answer:
    """An address for exactly `length` bytes."""
    if call.backend.faults.hits("slack_no_files"):
        raise SlackError("file_uploads_disabled")
    name = call.args.required("filename")
    length = call.args.number("length", 0)
    if length < 1:
        raise SlackError("missing_argument")
    if length > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    url, file = call.backend.files.begin(name, length)
    return {"upload_url": url, "file_id": file.id}


@method("files.completeUploadExternal", tier=4, scopes=("files:write",))
def complete_upload(call: Call) -> Answer:
    """Share the uploaded files: one message with all of them, in a thread where `thread_ts` says so."""
    args, backend = call.args, call.backend
    files = _uploaded(call, args.parsed("files"))
    channels = args.words("channels") if args.has("channels") else []
    if args.has("channel_id"):
        channels = [args.text("channel_id"), *channels]
    for name in channels:
        _check_channel(call, name)
    with_blocks = args.has("blocks") and not args.has("initial_comment")
    comment = read_content(backend.state, args) if with_blocks else None
    for name in channels:
        backend.limits.post(name)
        thread = args.text("thread_ts") or None
        message = Message(
            name,
            backend.state.ts(),
            BOT_USER,
            args.text("initial_comment"),
            (comment.blocks if comment else None) or [],
            thread_ts=root_of(backend.state, name, thread) if thread else None,
            files=[backend.files.as_json(file) for file in files],
        )
        backend.state.add(message)
        backend.events.message(message)
    for file in files:
        file.shared = True
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _uploaded(call: Call, given: Any) -> list[File]:
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments")
    found = []
    for each in given:
        file = call.backend.files.by_id.get(each.get("id", "")) if isinstance(each, dict) else None
        if file is None or file.data is None or file.shared:
            raise SlackError("file_not_found")
        file.title = str(each.get("title") or file.name)
        found.append(file)
    return found


def _check_channel(call: Call, name: str) -> None:
    channel = call.backend.state.channels.get(name)
    if channel is None or (channel.is_private and not channel.bot_member):
        raise SlackError("channel_not_found")
    # docs.slack.dev: files.completeUploadExternal has no chat:write.public; the bot must be in the channel
    if not channel.bot_member:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("posting_to_channel_denied")


@method("files.info", tier=4, scopes=("files:read",), takes_json=False)
def files_info(call: Call) -> Answer:
    """One file."""
    file = call.backend.files.by_id.get(call.args.required("file"))
    if file is None or file.data is None:
        raise SlackError("file_not_found")
    return {"file": call.backend.files.as_json(file)}
