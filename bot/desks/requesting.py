"""From a plan to a request: what is sent is kept, the approval is asked for, the cards are written."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.approvals.objection import Objection, frozen
from bot.changes import Changes
from bot.command import Role
from bot.context import Context
from bot.deploys.hindering import hindered
from bot.errors import Refused
from bot.plan import Made, Plan
from bot.views import approval as view
from bot.views.blocks import Message, TextFile, code
from bot.views.objections import objected
from store.approvals import Approval


@dataclass(frozen=True, slots=True)
class Planning:
    """The plan is being made."""

    line: str


@dataclass(frozen=True, slots=True)
class Planned:
    """`--plan`: nothing was asked for. *files*: what the plan is too short for. *hinders*: an open incident, plain."""

    plan: Plan
    project: str
    files: Sequence[TextFile] = ()
    hinders: str = ""


Facts = Planning | Planned | Approval | Objection


async def ask(
    ctx: Context, command: str, line: str, plan: Callable[[], Awaitable[Made]], *, only_plan: bool, reason: str = ""
) -> AsyncIterator[Facts]:
    """What every command that waits for approval does: look for a freeze, have *plan* made, ask for it or show it.

    *command* is the name by which the freeze knows it, *line* what to type again to pass it. Raises what *plan*
    raises, and Refused where it cannot be asked here.
    """
    now = ctx.clock.now()
    # Said before a plan is made, and before an approver looks at it in vain.
    no = None if only_plan else frozen(ctx.store.operations.frozen(now), command, line, reason, now)
    if no is not None:
        yield no
        return
    yield Planning(ctx.caller.line or line)
    told = await _request(ctx, await plan(), only_plan=only_plan, reason=reason)
    if _news(told):
        yield told


async def _request(ctx: Context, made: Made, *, only_plan: bool, reason: str) -> Planned | Approval:
    """Ask for *made*, or only show it. Raises Refused where it cannot be asked here."""
    if only_plan:
        against_it = hindered(ctx.store.events.open_incidents(), made.plan.command, made.plan.subject)
        return Planned(made.plan, ctx.target.ref, made.files, against_it)
    if ctx.changes is None:
        raise Refused("Nothing can be changed now.", "I am still starting.", "Ask again in a minute.")
    caller = ctx.caller
    again = _asked_before(ctx.store.approvals.recent(), caller.delivery)
    if again is not None:
        return again
    for body in made.bodies:
        ctx.store.bodies.keep(body, ctx.clock.now())
    channel, thread, moved = await _place(ctx, ctx.changes)
    approvers = await ctx.roles.holding(Role.APPROVER) if ctx.roles is not None else frozenset()
    where = {
        "channel": channel,
        "thread": thread,
        "moved": moved,
        "delivery": caller.delivery,
        "approvers": sorted(approvers - {caller.user}),
        "roles_age": caller.roles_age,
        "target": {"ref": ctx.target.ref, "name": ctx.target.name},
    }
    outbox = ctx.changes.outbox

    def attach(approval: Approval) -> None:
        key, under = f"{approval.subject}/card", None if thread else f"{approval.subject}/headline"
        for file in made.files:
            outbox.attach(key, channel, file, thread=thread, under=under)

    return ctx.changes.requests.ask(made.plan, caller.user, where=where, reason=reason, also=attach)


async def _place(ctx: Context, changes: Changes) -> tuple[str, str | None, str]:
    """Channel and thread of the card, and why it is not where it was asked for (empty where it is). Raises Refused."""
    caller, ops = ctx.caller, ctx.settings.ops_channel
    if not caller.channel.startswith(("C", "G")):
        if not ops:
            raise Refused("Not here.", "Nobody else could see the request.", "Ask in a channel.")
        return ops, None, "nobody else could see it here"
    # In a thread the bot was mentioned, or a card of its own was clicked: there it has a seat.
    if caller.channel == ops:
        return caller.channel, caller.thread, ""
    if caller.thread or await changes.seated(caller.channel):
        return await _among_us(ctx)
    if not ops:
        raise Refused(
            "Nothing was asked for.",
            "I have no seat in this channel, so nobody would see the card.",
            "Invite me (/invite @aikeys) and ask again, or ask in another channel.",
        )
    return ops, None, "I have no seat here; `/invite @aikeys` gives me one"


async def _among_us(ctx: Context) -> tuple[str, str | None, str]:
    """The same, where the bot has a seat: a card holds the wallet's code, which another workspace must not read."""
    caller, ops = ctx.caller, ctx.settings.ops_channel
    strangers = await ctx.places.strangers(caller.channel) if ctx.places is not None else False
    if strangers is False or (strangers is None and not ops):
        return caller.channel, caller.thread, ""
    if not ops:
        raise Refused(
            "Nothing was asked for.",
            "This channel is shared with another workspace (Slack Connect), which would read the code.",
            "Ask in a channel of ours.",
        )
    why = "this one is shared with another workspace" if strangers else "whether others read this one is not known"
    return ops, None, why


def _news(facts: Planned | Approval) -> bool:
    """False where the headline says it all: it stands where they asked, and a second private line would only stay.

    What only the asker sees can neither be edited nor taken back.
    """
    return isinstance(facts, Planned) or bool(facts.where.get("moved"))


def show(facts: Facts) -> Message:
    """The view of every command that asks for approval."""
    if isinstance(facts, Objection):
        return objected(facts)
    if isinstance(facts, Planning):
        # It stays: what only the asker sees can be edited by nobody. So it says nothing that is over in a second.
        return Message(
            text=f"You asked: {code(f'/aikeys {facts.line}', 400)}. What comes of it stands here or in the thread."
        )
    if isinstance(facts, Planned):
        said = view.planned(facts.plan, facts.project, filed=bool(facts.files), hinders=facts.hinders)
        return replace(said, files=facts.files)
    return view.asked(facts)


def _asked_before(recent: Iterable[Approval], delivery: int) -> Approval | None:
    """The request that this very delivery led to before a restart."""
    return next((one for one in recent if delivery and one.where.get("delivery") == delivery), None)
