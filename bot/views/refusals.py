"""What is said when something is not done: what was refused, why, what to do. To the asker alone."""

import re
from collections.abc import Iterable

from bot.clients.errors import Failure
from bot.door.recovery import Verdict
from bot.errors import AikeysError, Refused
from bot.views.blocks import SECONDS, Message, code, context, escape, linked, one_line, person, section, timed

_CODE = re.compile(r"`([^`]{1,150})`")


def refused(error: Refused) -> Message:
    """Show a refusal."""
    what, times = escape(error.what), error.at
    why = timed(linked(escape(error.why, 600)), times, SECONDS)
    why = why.replace("{by}", person(error.by)) if error.by else why
    do = timed(_with_code(error.do), times[error.why.count("{at}") :], SECONDS)
    blocks = [section(f"🚫 *{what}*\n{why}" if why else f"🚫 *{what}*")]
    if do:
        blocks.append(context(f"→ {do}"))
    return Message(text=" ".join(part for part in (f"Refused: {what}", why, do) if part), blocks=blocks)


def _with_code(do: str) -> str:
    """Escape it but for what stands between two `: that is to be copied as it is."""
    pieces = _CODE.split(one_line(do, 600))
    return "".join(code(piece) if at % 2 else linked(escape(piece, 600)) for at, piece in enumerate(pieces))


def failed(error: AikeysError) -> Message:
    """Show that an outside system left a question without an answer."""
    sentence = linked(escape(error, 600))
    return Message(
        text=f"Not answered: {sentence}",
        blocks=[section(f"❓ *I could not answer that*\n{sentence}"), context("→ Nothing was changed. Ask again.")],
    )


# What a button does, and what it is called, as its refusal says it; another one is just a button.
_PRESSED = {
    "approve": ("Not approved", "Approve"),
    "glass": ("Not approved", "Break glass"),
    "settle": ("Not settled", "the same button"),
    "cancel": ("Not cancelled", "Cancel"),
    "deny": ("Not denied", "Deny"),
    "withdraw": ("Not withdrawn", "Withdraw"),
}


def not_done(error: AikeysError, button: str, *, down: bool = False) -> Message:
    """Show that an outside system kept a click on *button* from being done. *down*: the database is, as I have told."""
    what, label = _PRESSED.get(button, ("Not done", "the same button"))
    sentence, when = linked(escape(error, 600)), "it answers"
    if down and isinstance(error, Failure):  # of Slack's refusals an outage is no cause; what else to do is on its card
        sentence, when = linked(escape(error.what, 600)), "the database is back"
    do = f"Nothing was changed. Press {label} again when {when}."
    return Message(text=f"{what}: {sentence} {do}", blocks=[section(f"⛔ *{what}*\n{sentence}"), context(f"→ {do}")])


def elsewhere(why: str) -> Message:
    """Say that the answer stands in a direct message. *why* is a sentence of ours."""
    said = f"{why} The answer is in our direct message."
    return Message(text=said, blocks=[section(f"✉️ {said}")])


def broke(reference: int) -> Message:
    """Show that the bot itself broke."""
    return Message(
        text=f"Something in me broke while I worked on that (reference {reference}).",
        blocks=[
            section("❓ *Something in me broke while I worked on that*"),
            context(f"→ Ask again. If it stays, the log has it under delivery {code(reference)}."),
        ],
    )


def not_allowed(line: str, needed: str, roles: Iterable[str]) -> Refused:
    """The refusal for somebody whose roles do not cover a command."""
    held = sorted(roles)
    return Refused(
        f"{line} is not for you.",
        f"It needs the role {needed}; you are {' and '.join(held)}." if held else f"It needs the role {needed}.",
        "Roles are in the bot’s settings; ask whoever runs it.",
    )


def unknown_button() -> Refused:
    """The refusal of a button whose route is no more."""
    return Refused(
        "That button is from another version of me.",
        "I no longer know what it does, so nothing was done.",
        "Type the command instead: /aikeys help",
    )


def not_by_button(line: str) -> Refused:
    """The refusal of a button that claims to be more than a question."""
    return Refused(f"{line} was not run.", "A button of mine may ask, and not change anything.", f"Type it: {line}")


def no_roles(why: str) -> Refused:
    """The refusal for guests, outsiders and those who could not be checked."""
    return Refused("I answer members of this workspace only.", why, "Ask somebody of the on-call team.")


def typed_secret(*, read_by_others: bool) -> Refused:
    """The refusal of a line that held what looks like the value of a secret. It was cut out before it was written."""
    seen = "It stands in your message, where others read it" if read_by_others else "It went through Slack in the open"
    return Refused(
        "That line was not read: it holds what looks like the value of a secret.",
        f"I cut it out and keep it nowhere. {seen}, so treat that value as leaked.",
        ("Delete the message, make" if read_by_others else "Make")
        + " a new value, and type only the name: `/aikeys rotate circle`. Values are entered after the approval.",
    )


def not_a_place_for_secrets() -> str:
    """What stands under a field of a modal in which something looks like a secret. It was cut out already."""
    return "This holds what looks like the value of a secret. I cut it out; write it without, and treat it as leaked."


def unknown_card() -> Refused:
    """The refusal of a click on what my record does not hold."""
    return Refused("I know nothing of that card.", "My record does not hold it.", "See: /aikeys approvals")


def unheeded(*, forged: bool) -> Message:
    """A click, a modal or a command that lay in the inbox and is not signed as Slack handed it over."""
    if forged:
        found = (
            "Something lay in my inbox in your name that is not what Slack handed over: somebody wrote into my memory."
        )
        do = "If you clicked or asked just now, do it again. If you did not, say so in the incident that I have opened."
    else:
        found = "Something that you clicked or asked was left over when I stopped, and I cannot tell that it was you."
        do = "Click or ask again if you still want it."
    return Message(
        text=f"{found} Nothing was changed. {do}",
        blocks=[section(f"{found} *Nothing was changed.*"), context(f"→ {do}")],
    )


def after_restart(line: str, verdict: Verdict, ago: str) -> Message:
    """What becomes of a question that a restart left unanswered."""
    asked = f"You asked {code(line)} {ago} ago, and I was away."
    if verdict is Verdict.TOO_OLD:
        return Message(
            text=f"{asked} I have not answered it. Ask again.",
            blocks=[section(f"{asked} *It was not answered.*"), context("→ Ask again if you still want to know.")],
        )
    if verdict is Verdict.BEGUN:
        stopped = f"You asked {code(line)} {ago} ago, and I was stopped in the middle of it."
        words = line.split()
        where = f": {code(f'/aikeys timeline {words[1]}')}" if len(words) > 1 else "."
        return Message(
            text=f"{stopped} It may be done. Look before you ask again.",
            blocks=[
                section(f"{stopped} *It may be done*; I did not do it a second time."),
                context(f"→ Look before you ask again{where}"),
            ],
        )
    return Message(
        text=f"{asked} Nothing was changed. Click or ask again.",
        blocks=[
            section(f"{asked} *Nothing was changed.*"),
            context("→ Slack may have told you that it failed. Do it again if you still want it."),
        ],
    )
