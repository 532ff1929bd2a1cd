"""Where the wallet's code comes from: a git repository, read and never run."""

from bot.sources.commits import Commit, Distance
from bot.sources.differences import Diff
from bot.sources.errors import NotInSource, SourceAway, SourceRefused
from bot.sources.reading import Source
from bot.sources.sources import Sources

__all__ = ["Commit", "Diff", "Distance", "NotInSource", "Source", "SourceAway", "SourceRefused", "Sources"]
