"""A page for people at the Management API's address: what the project is and holds. No value of a secret."""

from collections.abc import Iterable
from html import escape

import asyncpg
from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.state import State

_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:56rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem}
code{font-family:ui-monospace,monospace}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;
  border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
.wide{overflow-x:auto}
"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"


async def page(request: web.Request) -> web.Response:
    """GET /: HTML."""
    state = request.app[STATE]
    text = _document(state, await _counts(state))
    return web.Response(text=text, content_type="text/html", headers=_HEADERS)


async def _counts(state: State) -> list[tuple[str, str]]:
    """Rows per table, or one line saying that the database does not answer."""
    try:
        async with state.postgres.superuser(timeout=2) as connection:
            names = [row["relname"] for row in await connection.fetch(_TABLES)]
            counts = []
            for name in names:
                quoted = '"' + name.replace('"', '""') + '"'
                counts.append((name, str(await connection.fetchval(f"select count(*) from public.{quoted}"))))  # noqa: S608
            return counts
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        return [("the database does not answer", str(error))]


def _document(state: State, counts: list[tuple[str, str]]) -> str:
    functions = [
        (f.slug, f.status, str(f.version), "yes" if f.verify_jwt else "no", f"{f.updated_at:%Y-%m-%d %H:%M} UTC")
        for f in state.functions.values()
    ]
    secrets = [(name, f"{state.secret_dates[name]:%Y-%m-%d}") for name in sorted(state.secrets)]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(state.name)} – Supabase playground</title><style>{_STYLE}</style></head><body>
<h1>{escape(state.name)}</h1>
<p><code>{escape(state.ref)}</code> in {escape(state.region)}: <strong>{escape(state.status)}</strong>.
A playground: nothing here is real. <a href="/">Look again</a></p>
{_table("Functions", ["Function", "Status", "Version", "verify_jwt", "Deployed"], functions)}
{_table("Secrets", ["Name", "Set"], secrets)}
{_table("Tables", ["Table", "Rows"], counts)}
</body></html>"""


def _table(title: str, head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    heads = "".join(f'<th scope="col">{escape(word)}</th>' for word in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    body = f"<div class=wide><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    return f"<h2>{escape(title)}</h2>{body}"
