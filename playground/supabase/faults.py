"""The switches of the control panel that break the project, each for real, and mend it again."""

import asyncio
import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from playground.supabase.attack import ADDRESSES, Attack
from playground.supabase.management.logs import ID as LOGS
from playground.supabase.management.logs import METERED
from playground.switches import Switch

if TYPE_CHECKING:
    from playground.supabase.project import Project

_SLOW = 1.2  # seconds each statement takes
_MISSING = "CIRCLE_API_KEY"
# What a careless migration does: every insert fails, and PostgreSQL says why.
_BREAK = """
create or replace function playground.refuse() returns trigger language plpgsql as $$begin
  raise exception 'column "risk_checked" of relation "payment_events" does not exist' using errcode = '42703';
end$$;
create or replace trigger playground_refuses before insert on public.payment_events
  for each row execute function playground.refuse();
"""
_MEND = "drop trigger if exists playground_refuses on public.payment_events"
_RISKY = """
insert into public.security_events (id, event_type, event_description, ip_address, risk_score, created_at)
values (gen_random_uuid(), 'ADMIN_ROLE_GRANTED', 'Administrator rights granted from an unknown address',
        '198.51.100.99', 95, $1)"""
_NO_LONGER = "delete from public.security_events where event_type = 'ADMIN_ROLE_GRANTED' and risk_score = 95"
_FORGET_ATTACK = """
delete from public.security_events
where event_type = 'WEBHOOK_SIGNATURE_INVALID' and host(ip_address) = any($1::text[])"""
# Silence shows only after half an hour: nobody waits that long in a demo, so all that came is made older at once.
_AGE = """
update public.payment_events set created_at = created_at - interval '45 minutes';
update public.idempotency_keys set created_at = created_at - interval '45 minutes'"""
_NEWEST = """
select greatest((select max(created_at) from public.payment_events),
                (select max(created_at) from public.idempotency_keys))"""
# What came after the switch went on is younger than all that was aged, and stays as it is.
_MAKE_YOUNG = [
    "update public.payment_events set created_at = created_at + interval '45 minutes' where created_at <= $1",
    "update public.idempotency_keys set created_at = created_at + interval '45 minutes' where created_at <= $1",
]
_AT_ONCE = 6  # failing webhooks when the switch goes on: more than five in an hour is what the owners call wrong


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the switches ask of the database's rows."""

    failing: bool = False
    risky: bool = False
    silent: bool = False
    attacked: bool = False
    full: bool = False


class Faults:
    """What each switch does. What must happen inside the database waits while it takes no connections."""

    def __init__(self, project: "Project", attack: Attack) -> None:
        self._project = project
        self._attack = attack
        self._down = False
        self._wanted = self._are = _Rows()
        self._newest_aged: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def database_outage(self, on: bool) -> None:
        """Connections are cut and refused."""
        self._down = on
        self._project.state.logs.database_away(on)
        await self._project.postgres.accept(not on)
        await self._settle()

    async def slow_database(self, on: bool) -> None:
        """Each statement is preceded by a real pg_sleep."""
        self._project.postgres.delay = _SLOW if on else 0.0

    async def webhook_failing(self, on: bool) -> None:
        """Storing an event fails: the function answers 500."""
        await self._want(failing=on)
        if on:
            await self._project.traffic.send(_AT_ONCE)

    async def disk_full(self, on: bool) -> None:
        """The platform makes the database read-only: storing an event fails."""
        self._project.state.disk_full = on
        await self._want(full=on)
        if on:
            await self._project.traffic.send(_AT_ONCE)

    async def webhooks_silent(self, on: bool) -> None:
        """Circle sends nothing, and has not for 45 minutes."""
        await self._project.traffic.be_silent(on)
        await self._want(silent=on)

    async def secret_missing(self, on: bool) -> None:
        """The name is gone from the secrets, or back with its value."""
        if on:
            self._project.state.take_away(_MISSING)
        else:
            self._project.state.give_back(_MISSING)

    async def function_throttled(self, on: bool) -> None:
        """The list says THROTTLED and calls get 546."""
        self._project.state.functions["payments-circle-webhook"].status = "THROTTLED" if on else "ACTIVE"

    async def function_not_invokable(self, on: bool) -> None:
        """The list says ACTIVE and calls get 404 (supabase/supabase#47739)."""
        self._project.state.functions["health"].blob = not on

    async def signature_attack(self, on: bool) -> None:
        """Wrongly signed posts from eight addresses; their rows are taken out again."""
        await (self._attack.start() if on else self._attack.stop())
        await self._want(attacked=on)

    async def high_risk_event(self, on: bool) -> None:
        """A row with risk 95; taken out again."""
        await self._want(risky=on)

    async def stale_secrets(self, on: bool) -> None:
        """A warm isolate keeps the old value of a secret until the function is deployed again."""
        self._project.state.stale_for = math.inf if on else 0.0

    async def secrets_kept(self, on: bool) -> None:
        """A POST of secrets gets its 201, and nothing changes."""
        names = frozenset(self._project.secrets) if on else frozenset()
        self._project.state.keeps_secrets = names

    async def circle_down(self, on: bool) -> None:
        """Circle's API: every call 503."""
        self._project.circle.down = on

    async def management_down(self, on: bool) -> None:
        """Every call 503."""
        self._project.gate.down = on

    async def management_429(self, on: bool) -> None:
        """Every call 429."""
        self._project.gate.throttled = on

    async def project_paused(self, on: bool) -> None:
        """INACTIVE, functions 540."""
        self._project.state.status = "INACTIVE" if on else "ACTIVE_HEALTHY"

    async def logs_unpaid(self, on: bool) -> None:
        """The log query allowance is used up: 402."""
        self._project.state.logs_trouble = "unpaid" if on else ""

    async def logs_gone(self, on: bool) -> None:
        """The endpoint was taken away: 410."""
        self._project.state.logs_trouble = "gone" if on else ""

    async def logs_failing(self, on: bool) -> None:
        """Every query fails, with 200."""
        self._project.state.logs_trouble = "failing" if on else ""

    async def logs_429(self, on: bool) -> None:
        """Every query 429."""
        self._limit_logs(0 if on else None)

    async def logs_metered(self, on: bool) -> None:
        """The allowance is enforced: fewer queries a minute."""
        self._limit_logs(METERED if on else None)

    def _limit_logs(self, most: int | None) -> None:
        ceilings = self._project.limits.ceilings
        ceilings.pop(LOGS, None)
        if most is not None:
            ceilings[LOGS] = most

    async def pitr(self, on: bool) -> None:
        """Point-in-time recovery, from now on: a copy a minute."""
        await self._project.archive.keep_moments(on)

    async def restore_fails(self, on: bool) -> None:
        """The next restore ends in RESTORE_FAILED."""
        self._project.archive.fails = on

    async def supabase_incident(self, on: bool) -> None:
        """Their status page says so; nothing of ours is broken by it."""
        self._project.state.incident = "major" if on else "none"

    async def _want(self, **rows: bool) -> None:
        self._wanted = replace(self._wanted, **rows)
        await self._settle()

    async def _settle(self) -> None:
        """Make the database as the switches say, as soon as it can be reached; then Circle tries again what failed."""
        async with self._one_at_a_time:
            if self._down:
                return
            if self._wanted != self._are:
                async with self._project.postgres.superuser() as connection:
                    await self._change(connection, self._are, self._wanted)
                self._are = self._wanted
        if not (self._are.failing or self._are.full):
            await self._project.traffic.send_again()

    async def _change(self, connection: Any, old: _Rows, new: _Rows) -> None:
        if new.failing != old.failing:
            await connection.execute(_BREAK if new.failing else _MEND)
        if new.full != old.full:
            await self._project.postgres.read_only(new.full)
        if new.risky and not old.risky:
            await connection.execute(_RISKY, self._project.clock.now())
        elif old.risky and not new.risky:
            await connection.execute(_NO_LONGER)
        if new.silent and not old.silent:
            await connection.execute(_AGE)
            self._newest_aged = await connection.fetchval(_NEWEST)
        elif old.silent and not new.silent:
            for table in _MAKE_YOUNG:
                await connection.execute(table, self._newest_aged)
        if old.attacked and not new.attacked:
            await connection.execute(_FORGET_ATTACK, ADDRESSES)


def make_switches(project: "Project", attack: Attack) -> list[Switch]:
    """All switches of one project, off."""
    does = Faults(project, attack)
    wallet: list[tuple[str, str, str]] = [
        ("database_outage", "Database outage", "PostgreSQL cuts every connection and refuses new ones"),
        ("slow_database", "Slow database", f"every statement takes {_SLOW:g} s longer"),
        (
            "webhook_failing",
            "Webhook failing",
            "storing an event fails: 500 to Circle, which tries again once it is mended",
        ),
        ("disk_full", "Disk full", "the database is read-only: storing an event fails"),
        ("webhooks_silent", "Webhooks silent", "Circle sends nothing, and has not for 45 minutes"),
        ("secret_missing", "Secret missing", f"{_MISSING} is gone"),
        ("function_throttled", "Function throttled", "payments-circle-webhook: THROTTLED in the list, 546 when called"),
        ("function_not_invokable", "Function not invokable", "health: ACTIVE in the list, 404 when called"),
        ("signature_attack", "Signature attack", "wrongly signed posts from eight addresses"),
        ("high_risk_event", "High-risk security event", "a security event with risk 95"),
    ]
    wallet += [("circle_down", "Circle down", "Circle's API: every call 503; its events go on")]
    supabase = [
        ("stale_secrets", "Stale secrets", "warm functions keep the old value of a secret until they are deployed"),
        ("secrets_kept", "Secrets stay as they were", "setting a secret gets its 201, and nothing changes"),
        ("management_down", "Management API down", "every call 503"),
        ("management_429", "Management API 429", "every call: too many requests"),
        ("project_paused", "Project paused", "INACTIVE; functions answer 540"),
        ("pitr", "Point-in-time recovery", "on from now: a restore can choose a time"),
        ("restore_fails", "Restores fail", "the next restore ends in RESTORE_FAILED"),
        ("supabase_incident", "Incident at Supabase", "their status page says so; nothing here is broken by it"),
    ]
    logs = [
        ("logs_unpaid", "Log allowance used up", "the logs endpoint: 402"),
        ("logs_429", "Logs 429", "the logs endpoint: too many requests"),
        ("logs_metered", "Log allowance enforced", f"{METERED} log queries a minute in place of 30"),
        ("logs_failing", "Log queries fail", "every query: 200, and an error in it"),
        ("logs_gone", "Logs endpoint removed", "the logs endpoint: 410"),
    ]
    return [
        *(Switch(name, "wallet", label, hint, apply=getattr(does, name)) for name, label, hint in wallet),
        *(Switch(name, "supabase", label, hint, apply=getattr(does, name)) for name, label, hint in supabase),
        *(Switch(name, "logs", label, hint, apply=getattr(does, name)) for name, label, hint in logs),
    ]
