"""The switches of the control panel that break the project, each for real, and mend it again."""

import uuid
from typing import TYPE_CHECKING

from playground.supabase.attack import Attack
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
values ($1, 'ADMIN_ROLE_GRANTED', 'Administrator rights granted from an unknown address', '198.51.100.99', 95, $2)"""
_NO_LONGER = "delete from public.security_events where event_type = 'ADMIN_ROLE_GRANTED' and risk_score = 95"


class Faults:
    """What each switch does. What must happen inside the database waits while it takes no connections."""

    def __init__(self, project: "Project", attack: Attack) -> None:
        self._project = project
        self._attack = attack
        self._down = self._failing = False
        self._risky: uuid.UUID | None = None
        self._is_broken, self._is_risky = False, False

    async def database_outage(self, on: bool) -> None:
        """Connections are cut and refused."""
        self._down = on
        await self._project.postgres.accept(not on)
        await self._settle()

    async def slow_database(self, on: bool) -> None:
        """Each statement is preceded by a real pg_sleep."""
        self._project.postgres.delay = _SLOW if on else 0.0

    async def webhook_failing(self, on: bool) -> None:
        """Storing an event fails: the function answers 500."""
        self._failing = on
        await self._settle()

    async def webhooks_silent(self, on: bool) -> None:
        """Circle sends nothing."""
        self._project.traffic.silent = on

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
        """Wrongly signed posts from eight addresses."""
        await (self._attack.start() if on else self._attack.stop())

    async def high_risk_event(self, on: bool) -> None:
        """A row with risk 95; taken out again."""
        self._risky = uuid.uuid4() if on else None
        await self._settle()

    async def management_down(self, on: bool) -> None:
        """Every call 503."""
        self._project.gate.down = on

    async def management_429(self, on: bool) -> None:
        """Every call 429."""
        self._project.gate.throttled = on

    async def project_paused(self, on: bool) -> None:
        """INACTIVE, functions 540."""
        self._project.state.status = "INACTIVE" if on else "ACTIVE_HEALTHY"

    async def _settle(self) -> None:
        """Make the database as the switches say, as soon as it can be reached."""
        if self._down or (self._failing, self._risky is not None) == (self._is_broken, self._is_risky):
            return
        async with self._project.postgres.superuser() as connection:
            await connection.execute(_BREAK if self._failing else _MEND)
            if self._risky is None:
                await connection.execute(_NO_LONGER)
            elif not self._is_risky:
                await connection.execute(_RISKY, self._risky, self._project.clock.now())
        self._is_broken, self._is_risky = self._failing, self._risky is not None


def make_switches(project: "Project", attack: Attack) -> list[Switch]:
    """All switches of one project, off."""
    does = Faults(project, attack)
    wallet: list[tuple[str, str, str]] = [
        ("database_outage", "Database outage", "PostgreSQL cuts every connection and refuses new ones"),
        ("slow_database", "Slow database", f"every statement takes {_SLOW:g} s longer"),
        ("webhook_failing", "Webhook failing", "storing an event fails: 500 to Circle"),
        ("webhooks_silent", "Webhooks silent", "Circle sends nothing"),
        ("secret_missing", "Secret missing", f"{_MISSING} is gone"),
        ("function_throttled", "Function throttled", "payments-circle-webhook: THROTTLED in the list, 546 when called"),
        ("function_not_invokable", "Function not invokable", "health: ACTIVE in the list, 404 when called"),
        ("signature_attack", "Signature attack", "wrongly signed posts from eight addresses"),
        ("high_risk_event", "High-risk security event", "a security event with risk 95"),
    ]
    supabase = [
        ("management_down", "Management API down", "every call 503"),
        ("management_429", "Management API 429", "every call: too many requests"),
        ("project_paused", "Project paused", "INACTIVE; functions answer 540"),
    ]
    return [
        *(Switch(name, "wallet", label, hint, apply=getattr(does, name)) for name, label, hint in wallet),
        *(Switch(name, "supabase", label, hint, apply=getattr(does, name)) for name, label, hint in supabase),
    ]
