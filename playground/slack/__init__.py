"""A Slack workspace on loopback, as strict as Slack where Slack is strict.

`Workspace` is the front; docs/playground.md describes what it speaks.
"""

from playground.slack.app import AppManifest, from_file
from playground.slack.errors import ControlError
from playground.slack.workspace import Workspace

__all__ = ["AppManifest", "ControlError", "Workspace", "from_file"]
