"""Errbot with its Slack backend, as its guide has it; told where this Slack is, which it has no setting for.

Run by the Python of its own folder (bench/installing.py). It acknowledges before it looks at what came, from memory.
"""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import slack_sdk.web


class Here(slack_sdk.web.WebClient):
    """The SDK's client, at the playground's address."""

    def __init__(self, token: str, **more: Any) -> None:
        super().__init__(token, os.environ["SLACK_API_URL"], **more)

    def team_info(self, **_: Any) -> Any:
        """It asks for the workspace's name at its start; that is a scope which the manifest of this app lacks."""
        return {"ok": True, "team": {"domain": "aikeys"}}


def main() -> None:
    """As `errbot -c errbot_config.py` would."""
    slack_sdk.web.WebClient = Here  # type: ignore[misc, assignment]  # before the backend takes it from there
    sys.argv = ["errbot", "-c", str(Path(__file__).with_name("errbot_config.py"))]
    importlib.import_module("errbot.cli").main()


if __name__ == "__main__":
    main()
