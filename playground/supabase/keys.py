"""Where the servers' handlers find the shared objects."""

from dataclasses import dataclass

from aiohttp import web

from playground.supabase.archive import Archive
from playground.supabase.functions.database import WalletDatabase
from playground.supabase.sql import Sql
from playground.supabase.state import State


@dataclass(frozen=True)
class Runners:
    """SQL as the project's owner, and as the reader who can write nothing."""

    admin: Sql
    reader: Sql


STATE = web.AppKey("state", State)
WALLET = web.AppKey("wallet", WalletDatabase)
SQL = web.AppKey("sql", Runners)
ARCHIVE = web.AppKey("archive", Archive)
