"""What a message may say: text, blocks, attachments and metadata, checked alike at every door."""

import json
from dataclasses import dataclass, field
from typing import Any

from playground.slack.blocks import message_blocks, with_ids
from playground.slack.errors import SlackError
from playground.slack.wire import Args

TRUNCATED_AT = 40_000  # docs.slack.dev: longer texts are cut, with the warning message_truncated
UPDATE_MOST = 4_000  # chat.update: “The text field cannot exceed 4,000 characters”
ATTACHMENTS_MOST = 100
METADATA_BYTES = 16_384  # metadata_too_large; Slack does not publish the number
BLOCKS_BYTES = 200_000  # msg_blocks_too_long; nor this one


@dataclass
class Content:
    """A message's body, ready to keep."""

    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    truncated: bool = False


def read_content(args: Args, *, most: int | None = None) -> Content:
    """Read it from a call or a response_url.

    Raises SlackError: no_text, msg_too_long (above *most*), invalid_blocks, invalid_blocks_format, msg_blocks_too_long,
    invalid_attachments, too_many_attachments, invalid_metadata_format, invalid_metadata_schema, metadata_too_large,
    markdown_text_conflict.
    """
    text = args.text("text")
    blocks = message_blocks(args.parsed("blocks", bad="invalid_blocks_format"))
    if args.has("markdown_text"):
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text = args.text("markdown_text")
    attachments = _attachments(args.parsed("attachments", bad="invalid_attachments"))
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if most is not None and len(text) > most:
        raise SlackError("msg_too_long")
    if len(json.dumps(blocks)) > BLOCKS_BYTES:
        raise SlackError("msg_blocks_too_long")
    metadata = _metadata(args.parsed("metadata", bad="invalid_metadata_format"))
    return Content(text[:TRUNCATED_AT], blocks, attachments, metadata, len(text) > TRUNCATED_AT)


def _attachments(given: Any) -> list[dict[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise SlackError("invalid_attachments")
    if len(given) > ATTACHMENTS_MOST:
        raise SlackError("too_many_attachments")
    kept = []
    for number, attachment in enumerate(given, 1):
        copy = {"id": number, **attachment}
        if "blocks" in copy:
            message_blocks(copy["blocks"])
            copy["blocks"] = with_ids(copy["blocks"])
        kept.append(copy)
    return kept


def _metadata(given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(given)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}
