"""What a message may say: text, blocks, attachments and metadata, checked alike at every door."""

import json
import re
from dataclasses import dataclass
from typing import Any

from playground.blockkit import check_message
from playground.slack.blocks import told, with_ids
from playground.slack.composer import linked
from playground.slack.errors import SlackError
from playground.slack.state import State
from playground.slack.wire import Args

TRUNCATED_AT = 40_000  # docs.slack.dev: longer texts are cut, with the warning message_truncated
UPDATE_MOST = 4_000  # chat.update: “The text field cannot exceed 4,000 characters”
ATTACHMENTS_MOST = 100
METADATA_BYTES = 16_384  # metadata_too_large; Slack does not publish the number
BLOCKS_BYTES = 200_000  # msg_blocks_too_long; nor this one

Parts = list[dict[str, Any]]


@dataclass
class Content:
    """A message's body, ready to keep. None: not given; an empty list or object: to be taken away (chat.update)."""

    text: str
    blocks: Parts | None
    attachments: Parts | None
    metadata: dict[str, Any] | None
    truncated: bool


def read_content(state: State, args: Args, *, most: int | None = None) -> Content:
    """Read it from a call or a response_url.

    Raises SlackError: no_text, msg_too_long (above *most*), invalid_blocks, invalid_blocks_format, msg_blocks_too_long,
    invalid_attachments, too_many_attachments, invalid_metadata_format, invalid_metadata_schema, metadata_too_large,
    markdown_text_conflict.
    """
    blocks = _objects(args.parsed("blocks", bad="invalid_blocks_format"), "invalid_blocks_format")
    attachments = _objects(args.parsed("attachments", bad="invalid_attachments"), "invalid_attachments")
    text = _text(args, blocks)
    if most is not None and len(text) > most:
        raise SlackError("msg_too_long")
    if attachments and len(attachments) > ATTACHMENTS_MOST:
        raise SlackError("too_many_attachments")
    if not text.strip() and blocks is None and attachments is None:
        raise SlackError("no_text")
    _check(blocks, attachments)
    if args.flag("link_names") or args.text("parse") == "full":
        text = linked(state, text)
    return Content(
        text[:TRUNCATED_AT],
        with_ids(blocks) if blocks is not None else None,
        _kept(attachments) if attachments is not None else None,
        _metadata(args.parsed("metadata", bad="invalid_metadata_format")),
        len(text) > TRUNCATED_AT,
    )


def _text(args: Args, blocks: Parts | None) -> str:
    text = args.text("text")
    if not args.has("markdown_text"):
        return text
    if text or blocks:
        raise SlackError("markdown_text_conflict")
    return args.text("markdown_text")


def _objects(given: Any, error: str) -> Parts | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise SlackError(error)
    return given


def _check(blocks: Parts | None, attachments: Parts | None) -> None:
    parts: dict[str, Any] = {"text": "-"}
    if blocks:
        parts["blocks"] = blocks
        if len(json.dumps(blocks)) > BLOCKS_BYTES:
            raise SlackError("msg_blocks_too_long")
    if attachments:
        parts["attachments"] = attachments
    problems = check_message(parts)
    if problems:
        elsewhere = all(problem.pointer.startswith("/attachments") for problem in problems)
        raise SlackError("invalid_attachments" if elsewhere else "invalid_blocks", **told(problems))


def _kept(attachments: Parts) -> Parts:
    kept = [{"id": number, **attachment} for number, attachment in enumerate(attachments, 1)]
    for attachment in kept:
        if "blocks" in attachment:
            attachment["blocks"] = with_ids(attachment["blocks"])
    return kept


def _metadata(given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if given == {}:
        return {}
    if not isinstance(given, dict):
        raise SlackError("invalid_metadata_format")
    kind, payload = given.get("event_type"), given.get("event_payload")
    if not isinstance(kind, str) or not re.fullmatch(r"[\w.\-]{1,255}", kind) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(given)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}
