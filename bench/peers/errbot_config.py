"""Errbot's settings, least of all: no plugin of its own, nothing kept."""

import logging
import os
from pathlib import Path

BACKEND = "SlackV3"
STORAGE = "Memory"
BOT_DATA_DIR = os.environ["AIKEYS_DATA"]
BOT_EXTRA_PLUGIN_DIR = None
BOT_LOG_FILE = str(Path(BOT_DATA_DIR) / "errbot.log")
BOT_LOG_LEVEL = logging.ERROR
BOT_ADMINS = ("@ana",)
BOT_ALT_PREFIXES = ()
CORE_PLUGINS = ("Help",)
BOT_IDENTITY = {"token": os.environ["SLACK_BOT_TOKEN"], "app_token": os.environ["SLACK_APP_TOKEN"]}
