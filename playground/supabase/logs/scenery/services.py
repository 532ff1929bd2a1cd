"""The services that have no server here, each as its lines look; while the database is away they say so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from playground.supabase.logs import shapes
from playground.supabase.logs.scenery.scene import Line, Now

if TYPE_CHECKING:
    from playground.supabase.state import State

_AWAY = (
    "failed to connect to `host=localhost user=supabase_auth_admin database=postgres`: dial error (connection refused)"
)
# path, action, share
_SIGNING = [
    ("/token", "login", 6),
    ("/token", "token_refreshed", 12),
    ("/user", "", 8),
    ("/signup", "user_signedup", 1),
    ("/logout", "logout", 1),
]
_PATHS = [
    ("GET", "/rest/v1/circle_transactions", 8),
    ("GET", "/rest/v1/profiles", 5),
    ("POST", "/rest/v1/rpc/is_admin", 2),
    ("POST", "/auth/v1/token", 3),
    ("GET", "/storage/v1/object/authenticated/receipts", 1),
]
_COUNTRIES = ["ES", "US", "DE", "GB", "JP"]
_REFUSED = [
    ("23505", 'duplicate key value violates unique constraint "idempotency_keys_pkey"', "service_role", 6),
    ("57014", "canceling statement due to statement timeout", "service_role", 2),
    ("42P01", 'relation "public.payment_event" does not exist', "postgres", 1),
    ("22P02", 'invalid input syntax for type uuid: "undefined"', "authenticator", 3),
]
_SLOW = "select id, amount, status from public.circle_transactions where user_id = $1 order by created_at desc"


def auth(_state: "State", now: Now) -> Iterator[Line]:
    """Sign-ins and their failures; GoTrue logs a wrong password at level info."""
    random = now.random
    for at in now.moments(36):
        path, action, _ = random.choices(_SIGNING, [share for *_, share in _SIGNING])[0]
        who = f"user{random.randint(2, 23):02}@example.com"
        entry = {
            "component": "api", "duration": random.randint(9, 160) * 1_000_000, "level": "info", "method": "POST",
            "msg": "request completed", "path": path, "remote_addr": now.address(), "status": 200,
            "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        }  # fmt: skip
        if action:
            entry["auth_event"] = {
                "action": action,
                "actor_username": who,
                "actor_id": f"{random.getrandbits(64):016x}",
            }
        if now.down(at):
            entry |= {"level": "error", "status": 500, "msg": "500: Database error querying schema", "error": _AWAY}
        elif action == "login" and random.random() < 0.15:
            entry |= {"status": 400, "msg": "400: Invalid login credentials", "error": "invalid_credentials"}
        message, attributes = shapes.auth(entry)
        yield Line(at, str(entry["level"]).upper(), message, attributes)


def edge(state: "State", now: Now) -> Iterator[Line]:
    """The API's gateway: what the wallet's app asks."""
    random = now.random
    for at in now.moments(180):
        method, path, _ = random.choices(_PATHS, [share for *_, share in _PATHS])[0]
        status = 503 if now.down(at) else random.choices([200, 401, 404], [97, 2, 1])[0]
        address, search = now.address(), "?select=*" if method == "GET" else ""
        url = f"https://{state.ref}.supabase.co{path}{search}"
        attributes = shapes.edge(
            method, path, search, status, random.randint(12, 240), address, random.choice(_COUNTRIES)
        )
        message = f"{method} | {status} | {address} | {random.getrandbits(60):015x} | {url} | aikeys-wallet/3.2 (iOS)"
        yield Line(at, shapes.severity(status), message, attributes)


def postgrest(_state: "State", now: Now) -> Iterator[Line]:
    """PostgREST says little while all is well."""
    for at in now.moments(6):
        stamp = f"{at:%d/%b/%Y:%H:%M:%S +0000}"
        if now.down(at):
            yield Line(at, "ERROR", f"{stamp}: Failed to query the database for the schema cache (PGRST002)", {})
        else:
            yield Line(at, "INFO", f"{stamp}: Schema cache loaded 6 Relations, 4 Functions in 12.4 milliseconds", {})


def storage(_state: "State", now: Now) -> Iterator[Line]:
    """Receipts that people open."""
    random = now.random
    for at in now.moments(8):
        status = 544 if now.down(at) else random.choices([200, 404], [95, 5])[0]
        path = f"/object/authenticated/receipts/{random.getrandbits(48):012x}.pdf"
        message = f"GET | {status} | {now.address()} | {random.getrandbits(60):015x} | {path} | aikeys-wallet/3.2 (iOS)"
        yield Line(at, shapes.severity(status), message, {})


def realtime(_state: "State", now: Now) -> Iterator[Line]:
    """Channels of the wallet's app."""
    for at in now.moments(10):
        if now.down(at):
            yield Line(at, "ERROR", "UnableToConnectToProject: tenant database is not reachable", {})
        else:
            count = now.random.randint(3, 40)
            yield Line(at, "INFO", f"Billing metrics: [:realtime, :connections] connected={count}", {})


def pooler(_state: "State", now: Now) -> Iterator[Line]:
    """Supavisor: clients come and go."""
    for at in now.moments(24):
        if now.down(at):
            yield Line(at, "ERROR", "DbHandler: Connection failed {:error, :econnrefused}", {})
        else:
            pid = f"#PID<0.{now.random.randint(900, 9000)}.0>"
            yield Line(at, "INFO", f"ClientHandler: Client {pid} connected, mode transaction", {})


def postgres(state: "State", now: Now) -> Iterator[Line]:
    """Before the start: checkpoints, connections, slow statements, a few errors."""
    random = now.random
    for at in now.moments(12):
        line = f"checkpoint complete: wrote {random.randint(4, 90)} buffers (0.4%); 0 WAL file(s) added, 0 removed"
        yield Line(at, "LOG", line, shapes.postgres(state.ref, "LOG", "00000", "", ""))
    for at in now.moments(14):
        line = "connection authorized: user=authenticator database=postgres application_name=postgrest"
        yield Line(at, "LOG", line, shapes.postgres(state.ref, "LOG", "00000", "authenticator", "postgrest"))
    for at in now.moments(1.5):
        line = f"duration: {random.uniform(1000, 4800):.3f} ms  execute <unnamed>: {_SLOW}"
        yield Line(at, "LOG", line, shapes.postgres(state.ref, "LOG", "00000", "authenticator", "postgrest"))
    for at in now.moments(0.8):
        code, line, user, _ = random.choices(_REFUSED, [share for *_, share in _REFUSED])[0]
        yield Line(at, "ERROR", line, shapes.postgres(state.ref, "ERROR", code, user, "postgrest"))
