"""The attributes of each source, as far as they are known (Supabase docs, "Logs"; Studio's and the CLI's queries)."""

import json
from typing import Any

from playground.supabase.deployed import Function


def severity(status: int) -> str:
    """Of a call by its status, as Studio colours it."""
    return "ERROR" if status >= 500 else "WARN" if status >= 400 else "INFO"


def invocation(
    ref: str, function: Function | None, method: str, path: str, status: int, took: float, execution: str
) -> tuple[str, dict[str, str]]:
    """`function_edge_logs`: the message and the attributes. *took* is milliseconds; no *execution*: code never ran."""
    url = f"https://{ref}.supabase.co/functions/v1{path.removeprefix('/functions/v1')}"
    attributes = {
        "response.status_code": str(status),
        "request.method": method,
        "request.pathname": path,
        "request.url": url,
        "execution_time_ms": str(round(took)),
        "execution_id": execution,
    }
    if function is not None:
        attributes |= {
            "function_id": function.id,
            "deployment_id": f"{ref}_{function.id}_{function.version}",
            "version": str(function.version),
        }
    return f"{method} | {status} | {url}", attributes


def console(function: Function, region: str, level: str, event: str, execution: str) -> dict[str, str]:
    """`function_logs`: *level* is error, warn, info, log or debug; *event* Boot, Shutdown, Log or UncaughtException."""
    return {
        "level": level,
        "event_type": event,
        "function_id": function.id,
        "execution_id": execution,
        "version": str(function.version),
        "region": region,
    }


def postgres(ref: str, severity: str, state: str, user: str, application: str) -> dict[str, str]:
    """`postgres_logs`: query and detail are usually empty, and left out."""
    return {
        "parsed.error_severity": severity,
        "parsed.sql_state_code": state,
        "parsed.user_name": user,
        "parsed.application_name": application,
        "identifier": ref,
    }


def auth(entry: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """`auth_logs`: GoTrue's own JSON line, and the keys of it that can be asked for."""
    known = ("level", "status", "path", "msg", "error")
    return json.dumps(entry, separators=(",", ":")), {key: str(entry.get(key, "")) for key in known}


def edge(method: str, path: str, search: str, status: int, took: int, address: str, country: str) -> dict[str, str]:
    """`edge_logs`: the API's gateway."""
    return {
        "request.method": method,
        "request.path": path,
        "request.search": search,
        "response.status_code": str(status),
        "response.origin_time": str(took),
        "request.headers.x_real_ip": address,
        "request.cf.country": country,
    }
