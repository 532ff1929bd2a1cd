"""The wallet's `payments-circle-webhook` function (its public documents of 2025-10).

The signature is HMAC-SHA256 over the raw bytes: `circle-signature: v1=<lowercase hex>`. Circle's own v2 notifications
are signed otherwise (ECDSA); the wallet's scheme is this one.
"""

import hashlib
import hmac
import ipaddress
import json
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg
from aiohttp import web

from playground.supabase.functions.database import Session, WalletDatabase
from playground.supabase.keys import STATE, WALLET
from playground.supabase.state import State

_RISK = 50  # of a wrong signature: below the 70 at which /health counts an event as high risk


async def circle_webhook(request: web.Request) -> web.Response:
    """200 success or already_processed, 401 wrong signature, 405 not POST, 500 failure."""
    if request.method != "POST":
        return web.json_response({"error": "Method not allowed"}, status=405)
    state, wallet = request.app[STATE], request.app[WALLET]
    raw = await request.read()
    given = request.headers.get("circle-signature", "")
    event_id: str | None = None
    try:
        secret = state.secret("payments-circle-webhook", "CIRCLE_WEBHOOK_SECRET")
        deployed = state.functions["payments-circle-webhook"].marks
        signed = hmac.compare_digest(given.encode(), signature(secret, raw).encode())
        if not signed and not deployed.accepts_unsigned:
            await _note_wrong_signature(request, wallet, state)
            return web.json_response({"error": "Unauthorized"}, status=401)
        event = json.loads(raw)
        event_id = str(event["eventId"])
        return await _accept(event_id, event, raw, wallet, state)
    except (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        ArithmeticError,
    ) as error:
        state.say("payments-circle-webhook", "error", f"Webhook processing error: {error}")
        body = {"error": "Internal server error", "eventId": event_id, "requestId": str(uuid.uuid4())}
        return web.json_response(body, status=500)


def signature(secret: str, raw: bytes) -> str:
    """The header's value for exactly these bytes."""
    return "v1=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


async def _accept(
    event_id: str, event: dict[str, Any], raw: bytes, wallet: WalletDatabase, state: State
) -> web.Response:
    async with wallet.session() as session:
        # Two deliveries of one event at once: the primary key lets one of them in.
        mine = await session.row(
            """insert into public.idempotency_keys (provider, key, payload_hash) values ('circle', $1, $2)
               on conflict (provider, key) do update set payload_hash = excluded.payload_hash, response_status = null
               where idempotency_keys.response_status >= 500 returning key""",
            event_id,
            hashlib.sha256(raw).hexdigest(),
        )
        if mine is None:
            return web.json_response({"status": "already_processed"})
        try:
            async with session.transaction():
                await _process(event, raw, session, state.clock.now())
        except Exception:
            await _settle(session, event_id, 500)
            raise
        await _settle(session, event_id, 200)
    processed = state.clock.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    kind = event.get("eventType")
    return web.json_response({"status": "success", "eventId": event_id, "eventType": kind, "processedAt": processed})


async def _process(event: dict[str, Any], raw: bytes, session: Session, now: datetime) -> None:
    """Store the event; a payment's transaction follows it. A type not known is stored and changes nothing else."""
    amount = event.get("amount") or {}
    status = (event.get("payment") or {}).get("status") or event.get("status")
    await session.run(
        """insert into public.payment_events
             (event_id, event_type, payment_id, wallet_id, amount, currency, status, raw_event, processed_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (event_id) do nothing""",
        str(event["eventId"]),
        str(event["eventType"]),
        event.get("paymentId"),
        event.get("walletId"),
        Decimal(amount["amount"]) if "amount" in amount else None,
        amount.get("currency"),
        status,
        raw.decode(),
        now,
    )
    settled = {"payments.confirmed": "confirmed", "payments.failed": "failed"}.get(event["eventType"])
    if settled:
        await session.run(
            """update public.circle_transactions set status = $2, webhook_received_at = $3, updated_at = $3,
                 completed_at = case when $2 = 'confirmed' then $3::timestamptz end,
                 error_details = case when $2 = 'failed' then $4::jsonb end
               where circle_transaction_id = $1""",
            event.get("paymentId"),
            settled,
            now,
            json.dumps({"reason": "payment failed at Circle"}),
        )


async def _settle(session: Session, event_id: str, status: int) -> None:
    await session.run(
        "update public.idempotency_keys set response_status = $2 where provider = 'circle' and key = $1",
        event_id,
        status,
    )


async def _note_wrong_signature(request: web.Request, wallet: WalletDatabase, state: State) -> None:
    state.say("payments-circle-webhook", "error", "Invalid webhook signature")
    async with wallet.session() as session:
        await session.run(
            """insert into public.security_events
                 (event_type, event_description, ip_address, user_agent, risk_score, blocked, metadata)
               values ('WEBHOOK_SIGNATURE_INVALID', 'Invalid webhook signature', $1::text::inet, $2, $3, true, $4)""",
            _address(request),
            request.headers.get("User-Agent", "")[:500],
            _RISK,
            json.dumps({"function": "payments-circle-webhook"}),
        )


def _address(request: web.Request) -> str:
    """The caller's, as the gateway hands it on; its own where that is no address."""
    given = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return request.remote or "127.0.0.1"
