"""The nine sources that people ask for: their name in the table, how bad a row of each is, what of it is shown. Pure.

Severities as Supabase's own dashboard and CLI read them: GoTrue logs a wrong password at level info, so that a status
counts there too; a call of a function is as bad as its status.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.logbook.clickhouse import attribute, whole

Word = Literal["db", "auth", "edge", "functions", "invocations", "api", "storage", "realtime", "pooler"]
Told = Mapping[str, str]

_BY_TEXT = "lower(severity_text) in ('error', 'fatal', 'panic', 'critical')"
_BY_TEXT_WARN = "lower(severity_text) in ('warn', 'warning')"


@dataclass(frozen=True, slots=True)
class Source:
    """*table* is the value of the column `source`; *error* and *warn* are conditions in SQL.

    *keys*: attributes that are shown, by a name of ours; *says* makes the line's text of them and the message.
    """

    word: Word
    table: str
    title: str
    error: str
    warn: str
    keys: Mapping[str, str]
    says: Callable[[str, Told], str]
    by_function: bool = False

    @property
    def level(self) -> str:
        """SQL: `error`, `warn` or `info`."""
        return f"multiIf({self.error}, 'error', {self.warn}, 'warn', 'info')"


def _by_status(key: str) -> tuple[str, str]:
    status = whole(key)
    return f"{status} >= 500", f"{status} >= 400"


def _plain(message: str, _told: Told) -> str:
    return message


def _database(message: str, told: Told) -> str:
    state, who = told["state"], told["user"] or told["application"]
    plain = told["severity"] in {"", "ERROR", "LOG"}  # which the level says already
    marks = [
        *([] if plain else [told["severity"]]),
        *([state] if state not in {"", "00000"} else []),
        *([who] if who else []),
    ]
    return f"{' '.join(marks)}: {message}" if marks else message


def _console(message: str, told: Told) -> str:
    event = "" if told["event"] in {"", "Log"} else f" {told['event']}"
    return f"[{told['function']}{event}] {message}" if told["function"] else message


def _invocation(message: str, told: Told) -> str:
    ran = "" if told["execution"] else ", refused before its code ran"
    version = f" v{told['version']}" if told["version"] else ""
    if not told["path"]:
        return message
    return f"{told['method']} {told['path']}{version} {told['status']} in {told['took'] or '?'} ms{ran}"


def _auth(message: str, told: Told) -> str:
    if not told["path"]:
        return message
    why = f": {told['error']}" if told["error"] and told["error"] not in told["msg"] else ""
    return f"{told['path']} {told['status']} {_who(message)}{told['msg'] or message}{why}"


def _who(message: str) -> str:
    """Who tried what from where, as far as GoTrue's own line of JSON says and is whole."""
    try:
        entry = json.loads(message)
        event = entry.get("auth_event") or {}
        parts = (event.get("action"), event.get("actor_username"), entry.get("remote_addr"))
    except (ValueError, AttributeError):
        return ""
    said = " ".join(part for part in parts if isinstance(part, str) and part)
    return f"({said}) " if said else ""


def _gateway(message: str, told: Told) -> str:
    if not told["path"]:
        return message
    where = f" ({told['country']})" if told["country"] else ""
    took = f" in {told['took']} ms" if told["took"] else ""
    return (
        f"{told['method']} {told['path']}{told['search']} {told['status']}{took} from {told['address'] or '?'}{where}"
    )


_SEVERITY = attribute("parsed.error_severity")
_LEVEL = attribute("level")
_AUTH = whole("status")
SOURCES: Mapping[Word, Source] = {
    source.word: source
    for source in (
        Source(
            "db",
            "postgres_logs",
            "Database",
            f"{_SEVERITY} in ('ERROR', 'FATAL', 'PANIC')",
            f"{_SEVERITY} = 'WARNING'",
            {
                "severity": "parsed.error_severity",
                "state": "parsed.sql_state_code",
                "user": "parsed.user_name",
                "application": "parsed.application_name",
            },
            _database,
        ),
        Source(
            "auth",
            "auth_logs",
            "Sign-ins",
            f"{_LEVEL} in ('error', 'fatal', 'panic') or {_AUTH} >= 500",
            f"{_LEVEL} = 'warning' or {_AUTH} >= 400",
            {"status": "status", "path": "path", "msg": "msg", "error": "error"},
            _auth,
        ),
        Source(
            "edge",
            "edge_logs",
            "API gateway",
            *_by_status("response.status_code"),
            {
                "method": "request.method",
                "path": "request.path",
                "search": "request.search",
                "status": "response.status_code",
                "took": "response.origin_time",
                "address": "request.headers.x_real_ip",
                "country": "request.cf.country",
            },
            _gateway,
        ),
        Source(
            "functions",
            "function_logs",
            "Function console",
            f"{_LEVEL} = 'error'",
            f"{_LEVEL} = 'warn'",
            {"function": "function_id", "event": "event_type"},
            _console,
            by_function=True,
        ),
        Source(
            "invocations",
            "function_edge_logs",
            "Function calls",
            *_by_status("response.status_code"),
            {
                "method": "request.method",
                "path": "request.pathname",
                "status": "response.status_code",
                "took": "execution_time_ms",
                "execution": "execution_id",
                "version": "version",
            },
            _invocation,
            by_function=True,
        ),
        Source("api", "postgrest_logs", "PostgREST", _BY_TEXT, _BY_TEXT_WARN, {}, _plain),
        Source("storage", "storage_logs", "Storage", _BY_TEXT, _BY_TEXT_WARN, {}, _plain),
        Source("realtime", "realtime_logs", "Realtime", _BY_TEXT, _BY_TEXT_WARN, {}, _plain),
        Source("pooler", "supavisor_logs", "Pooler", _BY_TEXT, _BY_TEXT_WARN, {}, _plain),
    )
}
