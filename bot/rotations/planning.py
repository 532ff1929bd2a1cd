"""The plan of a rotation: which secrets, as they are now, what can be lost, and whether there is a way back."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bot.approvals.policy import RiskClass
from bot.clients.supabase import Secret
from bot.deploys import parts
from bot.errors import Refused
from bot.health.answers import Deliveries, Question, WebhooksCounted
from bot.health.expected import WEBHOOK, WEBHOOK_SECRET
from bot.health.probes import ask
from bot.plan import Made, Plan
from bot.rotations import custody
from bot.rotations.kit import Kit
from bot.rotations.marks import marked
from bot.rotations.names import TOGETHER, titled
from bot.vault.shape import problem_of_name
from bot.views import rotation as view


async def rotation(kit: Kit, what: str, *, new: bool, generate: bool, undo: bool) -> Made:
    """The whole plan, with what is shown. Raises Refused, AikeysError."""
    names = named(what)
    pinned = await pin(kit, names, new=new, generate=generate, undo=undo)
    listed = {one.name: one for one in await kit.ctx.supabase.secrets()}
    now = kit.ctx.clock.now()
    safe = not undo and all(custody.held(kit, name, pinned["marks"][name]) for name in names)
    flags = [flag for flag, on in (("--new", new), ("--generate", generate), ("--undo", undo)) if on]
    webhooks = await _per_hour(kit) if WEBHOOK_SECRET in names else None
    plan = Plan(
        command="rotate",
        line=" ".join(["rotate", what, *flags]),
        title=f"Bring back {titled(names)}" if undo else f"Rotate {titled(names)}",
        subject=f"secret/{what}",
        risk_class=RiskClass.CREDENTIAL,
        pinned=pinned,
        changes=[view.change(name, listed.get(name), now, undo=undo) for name in names],
        dangers=view.dangers(names, webhooks, hours=kit.ctx.settings.custody if safe else 0, undo=undo, new=new),
        shown=view.shown(
            names,
            kit.vault.box.fingerprint,
            mail=kit.ctx.settings.smtp_url is not None,
            undo=undo,
            copy=pinned["copy"],
        ),
    )
    return Made(plan)


def named(what: str) -> tuple[str, ...]:
    """The secrets that *what* stands for. Raises Refused."""
    if what in TOGETHER:
        return TOGETHER[what]
    if problem := problem_of_name(what):
        raise Refused("That secret cannot be rotated.", problem, "See: /aikeys secrets")
    return (what,)


async def pin(kit: Kit, names: Sequence[str], *, new: bool, generate: bool, undo: bool) -> dict[str, Any]:
    """What a rotation of *names* rests on now. Raises Refused, Failure."""
    listed = {one.name: one for one in await kit.ctx.supabase.secrets()}
    _there(names, listed, new=new)
    if generate and WEBHOOK_SECRET not in names:
        why = "Another's key or password is made where it is checked."
        raise Refused(f"I make {WEBHOOK_SECRET} by myself, and nothing else.", why, "Ask without --generate.")
    digests = {name: listed[name].digest.get_secret_value() if name in listed else None for name in names}
    marks = {name: marked(kit.ctx, digest) if digest else None for name, digest in digests.items()}
    live = await parts.listed(kit.ctx.supabase, WEBHOOK) if WEBHOOK_SECRET in names else None
    return {
        "project": kit.ctx.target.ref,
        "names": list(names),
        "new": new,
        "generate": [WEBHOOK_SECRET] if generate else [],
        "marks": marks,
        "updated_at": {name: listed[name].updated_at if name in listed else None for name in names},
        "undo": _ways_back(kit, marks) if undo else {},
        "copy": kit.ctx.settings.webhook_secret_path is not None,
        "webhook": {"version": live.version, "verify_jwt": live.verify_jwt} if live else {},
    }


def _there(names: Sequence[str], listed: Mapping[str, Secret], *, new: bool) -> None:
    missing = [name for name in names if name not in listed]
    if missing and not new:
        near = get_close_matches(missing[0], [name for name in listed if not name.startswith("SUPABASE_")], n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise Refused(
            f"There is no secret {missing[0]}.",
            "A name that is mistyped would make a new one, which nothing reads.",
            f"{hint}To make it all the same: `/aikeys rotate {missing[0]} --new`",
        )
    if new and not missing:
        raise Refused(f"{titled(names)} is there already.", "--new is for a name that is not.", "Ask without --new.")


def _ways_back(kit: Kit, marks: Mapping[str, str | None]) -> dict[str, int]:
    found = {name: custody.way_back(kit, name, mark, kit.ctx.clock.now()) for name, mark in marks.items()}
    if gone := [name for name, kept in found.items() if kept is None]:
        hours = kit.ctx.settings.custody
        why = (
            f"A value is kept for {hours} hours, where it came sealed and nobody but me has set another since."
            if hours
            else "No value is kept: AIKEYS_CUSTODY_HOURS is not set."
        )
        raise Refused(f"The value of {titled(gone)} before is not kept.", why, "Rotate to a new one.")
    return {name: kept.id for name, kept in found.items() if kept is not None}


async def _per_hour(kit: Kit) -> int | None:
    """How many webhooks came in the last hour; None where that is not known."""
    counted = await ask(Question.WEBHOOKS, kit.ctx.supabase, kit.ctx.wallet)
    if isinstance(counted, WebhooksCounted) and isinstance(counted.deliveries, Deliveries):
        return counted.deliveries.hour
    return None
