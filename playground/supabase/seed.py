"""A plausible day of the wallet before now: people, payments, the events and keys that their webhooks left."""

import hashlib
import json
import math
import re
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from random import Random
from typing import Any

from playground.supabase import code

PER_HOUR = 40  # webhooks on average; more by day than by night
PEOPLE = 24

# Every column that says when, so that a seed made earlier can be moved to today.
MOMENTS = {
    "profiles": ["created_at"],
    "security_events": ["created_at"],
    "idempotency_keys": ["created_at"],
    "payment_events": ["created_at", "processed_at"],
    "circle_transactions": ["created_at", "updated_at", "webhook_received_at", "completed_at"],
    "audit_events": ["created_at", "timestamp"],
}


async def seed(connection: Any, now: datetime, random: Random) -> None:
    """Fill the tables of schema.sql through *connection* (asyncpg), ending a minute before *now*."""
    people = [(_uuid(random), f"user{n:02}@example.com", "user", now - timedelta(days=30 + n)) for n in range(PEOPLE)]
    people[0] = (people[0][0], "tito.guevara@aikeys.ai", "super_admin", people[0][3])
    people[1] = (people[1][0], "ops@aikeys.ai", "admin", people[1][3])
    await _copy(connection, "profiles", ["id", "email", "role", "created_at"], people)

    events, keys, transactions = [], [], []
    for at in _moments(now, random):
        body = event(random, at)
        raw = json.dumps(body, separators=(",", ":"))
        status = body["payment"]["status"]
        done = at + timedelta(milliseconds=random.randint(40, 400))
        amount = Decimal(body["amount"]["amount"])
        events.append(
            (
                _uuid(random),
                body["eventId"],
                body["eventType"],
                body["paymentId"],
                body.get("walletId"),
                amount,
                "USDC",
                status,
                raw,
                done,
                at,
            )
        )
        keys.append(("circle", body["eventId"], at, hashlib.sha256(raw.encode()).hexdigest(), 200))
        if body["eventType"].startswith("payments."):
            kind = random.choice(["deposit", "deposit", "withdraw"])
            transactions.append(
                (
                    random.choice(people)[0],
                    body["paymentId"],
                    kind,
                    amount,
                    "USDC",
                    status,
                    at,
                    done,
                    at - timedelta(seconds=random.randint(2, 90)),
                    done,
                )
            )
    await _copy(
        connection,
        "payment_events",
        [
            "id",
            "event_id",
            "event_type",
            "payment_id",
            "wallet_id",
            "amount",
            "currency",
            "status",
            "raw_event",
            "processed_at",
            "created_at",
        ],
        events,
    )
    await _copy(
        connection, "idempotency_keys", ["provider", "key", "created_at", "payload_hash", "response_status"], keys
    )
    await _copy(
        connection,
        "circle_transactions",
        [
            "user_id",
            "circle_transaction_id",
            "transaction_type",
            "amount",
            "currency",
            "status",
            "webhook_received_at",
            "completed_at",
            "created_at",
            "updated_at",
        ],
        transactions,
    )
    await _quiet_security(connection, now, random)
    await _history(connection)


def event(random: Random, at: datetime) -> dict[str, Any]:
    """One notification as Circle sends it: nine in ten confirmed, some failed, some new wallets."""
    kind = random.choices(["payments.confirmed", "payments.failed", "wallets.created"], [90, 3, 7])[0]
    status = {"payments.confirmed": "confirmed", "payments.failed": "failed", "wallets.created": "created"}[kind]
    amount = "0.00" if kind == "wallets.created" else f"{random.randint(100, 50_000) / 100:.2f}"
    body: dict[str, Any] = {
        "eventType": kind,
        "eventId": str(_uuid(random)),
        "paymentId": str(_uuid(random)),
        "status": status,
        "amount": {"amount": amount, "currency": "USDC"},
        "payment": {"status": status},
        "createDate": at.isoformat(timespec="milliseconds"),
    }
    if kind == "wallets.created":
        body["walletId"] = str(_uuid(random))
    return body


async def _quiet_security(connection: Any, now: datetime, random: Random) -> None:
    """Five ordinary security events of the last day, none of high risk."""
    rows = [
        (kind, text, f"203.0.113.{random.randint(2, 250)}", risk, now - timedelta(minutes=random.randint(90, 1400)))
        for kind, text, risk in [
            ("LOGIN_NEW_DEVICE", "Sign-in from a device not seen before", 30),
            ("LOGIN_NEW_DEVICE", "Sign-in from a device not seen before", 30),
            ("LOGIN_FAILED", "Wrong password", 20),
            ("PASSWORD_CHANGED", "Password changed by its owner", 15),
            ("RATE_LIMITED", "More than 20 requests in a minute", 40),
        ]
    ]
    await _copy(
        connection,
        "security_events",
        ["event_type", "event_description", "ip_address", "risk_score", "created_at"],
        rows,
    )
    await _copy(
        connection,
        "audit_events",
        ["actor_email", "event_type", "created_at", "timestamp"],
        [("ops@aikeys.ai", "ADMIN_SIGNED_IN", at, at) for at in [now - timedelta(hours=random.randint(1, 20))]],
    )


async def _history(connection: Any) -> None:
    """What the CLI leaves of each file of the wallet that was pushed: its version, its name, its statements."""
    rows = []
    for path, content in code.tree().items():
        if path.startswith(code.MIGRATIONS):
            version, _, name = PurePosixPath(path).stem.partition("_")
            rows.append((version, statements(content.decode()), name))
    await connection.copy_records_to_table(
        "schema_migrations", schema_name="supabase_migrations", columns=["version", "statements", "name"], records=rows
    )


def statements(sql: str) -> list[str]:
    """*sql* in pieces as the CLI keeps them, without their last semicolon (none of ours hides one in a string)."""
    return [piece.strip().removesuffix(";") for piece in re.split(r"(?<=;)\n", sql) if piece.strip()]


def _moments(now: datetime, random: Random) -> list[datetime]:
    """When webhooks came in the last 24 hours: a Poisson stream that breathes with the time of day."""
    at = now - timedelta(hours=24)
    found: list[datetime] = []
    while True:
        rate = PER_HOUR * (1 + 0.5 * math.sin((at.hour - 9) / 24 * 2 * math.pi))
        at += timedelta(hours=random.expovariate(rate))
        if at > now - timedelta(minutes=1):
            return found
        found.append(at)


async def _copy(connection: Any, table: str, columns: list[str], records: list[Any]) -> None:
    await connection.copy_records_to_table(table, schema_name="public", columns=columns, records=records)


def _uuid(random: Random) -> uuid.UUID:
    return uuid.UUID(int=random.getrandbits(128), version=4)
