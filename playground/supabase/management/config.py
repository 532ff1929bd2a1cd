"""The database's configuration, as the platform keeps it (OpenAPI document; recorded: settings may be `{}`)."""

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.operation import Operation


async def postgres(request: web.Request) -> web.Response:
    """Only what was changed by hand: nothing, on the first day."""
    return web.json_response(dict(request.app[STATE].overridden))


async def pooler(request: web.Request) -> web.Response:
    """Supavisor in front of the one database, in transaction mode: Supabase's default for its smallest compute."""
    ref, region = request.app[STATE].ref, request.app[STATE].region
    host = f"aws-0-{region}.pooler.supabase.com"
    address = f"postgresql://postgres.{ref}:[YOUR-PASSWORD]@{host}:6543/postgres"
    return web.json_response(
        [
            {
                "identifier": ref,
                "database_type": "PRIMARY",
                "is_using_scram_auth": True,
                "db_user": f"postgres.{ref}",
                "db_host": host,
                "db_port": 6543,
                "db_name": "postgres",
                "connection_string": address,
                "connectionString": address,
                "default_pool_size": 15,
                "max_client_conn": 200,
                "pool_mode": "transaction",
            }
        ]
    )


_BASE = "/v1/projects/{ref}/config/database"
OPERATIONS = [
    Operation("GET", f"{_BASE}/postgres", "v1-get-postgres-config", postgres, ("database_config_read",)),
    Operation("GET", f"{_BASE}/pooler", "v1-get-pooler-config", pooler, ("database_pooling_config_read",)),
]
