"""What is said about a file that could not be put where it belongs."""

from bot.views.blocks import TextFile, escape

TWICE = "Slack did not confirm my first attempt: this file may appear twice."
_INVITE = "Slack wants who shares a file to be a member of the channel: `/invite @aikeys`, and ask again."
_WHY = {
    "missing_scope": "I lack the scope files:write: bring the app up to date with manifest.yml and install it again.",
    "file_uploads_disabled": "This workspace does not allow file uploads.",
    "file_uploads_except_images_disabled": "This workspace allows uploads of pictures only.",
    "file_type_not_allowed": "This workspace does not allow files of this type.",
    "storage_limit_reached": "The file storage of this workspace is full.",
    "not_in_channel": _INVITE,
    "channel_not_found": _INVITE,
    "posting_to_channel_denied": "I may not post here.",
}  # Slack's word → ours (docs.slack.dev: errors of files.getUploadURLExternal and files.completeUploadExternal)

OUTSIDE = frozenset({"not_in_channel", "channel_not_found", "posting_to_channel_denied"})


def privately(file: TextFile) -> str:
    """What stands over the thread with *file*, in the asker's direct message."""
    return f"The file to what you asked, for you alone, is in the thread of this message: *{escape(file.title)}*"


def missing(file: TextFile, code: str) -> str:
    """The sentence in place of the file. *code* is Slack's."""
    return f"*{escape(file.title)}* belongs here as a file and is missing. {_why(code)}"


def elsewhere(file: TextFile, code: str) -> str:
    """The sentence where the asker has it instead."""
    return f"*{escape(file.title)}* went to who asked, in a direct message. {_why(code)}"


def _why(code: str) -> str:
    return _WHY.get(code) or f"Slack refused it: {escape(code)}."
