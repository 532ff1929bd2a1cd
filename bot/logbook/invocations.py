"""Single invocations of a function, from the logs."""

from datetime import datetime

from bot.logbook.clickhouse import attribute, literal, moment, whole


def refused_posts(slug: str, start: datetime, end: datetime) -> str:
    """The SQL for when *slug* answered a POST with 401 in that time, the oldest first, a thousand at most."""
    return f"""
        select timestamp from logs
        where source = 'function_edge_logs' and {attribute("request.method")} = 'POST'
          and endsWith({attribute("request.pathname")}, {literal(f"/{slug}")})
          and {whole("response.status_code")} = 401
          and timestamp >= {moment(start)} and timestamp < {moment(end)}
        order by timestamp asc limit 1000
    """  # noqa: S608  # each value goes through bot.logbook.clickhouse
