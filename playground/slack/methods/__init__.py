"""The Web API's methods, by family. Importing this package fills the table."""

from playground.slack.methods import (
    apps,
    auth,
    bookmarks,
    chat,
    chat_more,
    conversations,
    conversations_more,
    files,
    history,
    pins,
    reactions,
    usergroups,
    users,
    views,
)
from playground.slack.methods.table import METHODS, Call, Method

__all__ = [
    "METHODS",
    "Call",
    "Method",
    "apps",
    "auth",
    "bookmarks",
    "chat",
    "chat_more",
    "conversations",
    "conversations_more",
    "files",
    "history",
    "pins",
    "reactions",
    "usergroups",
    "users",
    "views",
]
