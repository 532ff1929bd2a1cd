"""`/aikeys webhooks test`: three lines of proof, and what they do not prove. Pure."""

from bot.clients.errors import Failure
from bot.clients.wallet import Receipt
from bot.context import Target
from bot.health.judgement import Level
from bot.health.words import milliseconds
from bot.questions.saying import level
from bot.report import Group, Line, Report, Wrong
from bot.webhooks.synthetic import Proof, Sent


def judge(proof: Proof, target: Target) -> Report:
    """The answer."""
    wrong = _wrong(proof)
    return Report(
        verdict=_verdict(proof),
        level=level(wrong),
        target=target,
        again="",
        wrong=tuple(wrong),
        groups=(Group("Sent to the webhook", tuple(_line(one) for one in proof.sent)),),
        small=(
            f"It left one row of type aikeys.synthetic, {proof.event}: no money moved, and no count of mine has it"
            if proof.event
            else "No event was accepted, so no row was left but that of the refused signature",
        ),
        also=(("What came in", "webhooks"), ("Set-up", "webhooks setup")),
    )


def _verdict(proof: Proof) -> str:
    held = [one.held for one in proof.sent]
    if all(held):
        return "The webhook accepts what is rightly signed, once, and refuses the rest"
    if any(one is False for one in held):
        return "The webhook does not answer as it should"
    if held[-1]:
        return "The webhook is alive and refuses a wrong signature; acceptance is not proven"
    return "Nothing was proven"


def _wrong(proof: Proof) -> list[Wrong]:
    found: dict[str, Wrong] = {}
    for one in proof.sent:
        if one.held:
            continue
        if isinstance(one.said, Receipt):
            said = f"{one.said.status} {one.said.word}".strip()
            found[one.what] = Wrong(Level.DOWN, f"{one.what}: {said}, not {one.wanted}.".capitalize(), _do(one))
        elif isinstance(one.said, Failure):
            found[one.said.what] = Wrong(Level.UNKNOWN, one.said.what, one.said.do)
        else:
            found[one.said] = Wrong(Level.UNKNOWN, f"No signed event was sent. {one.said}", _unlock(one.said))
    return list(found.values())


def _do(one: Sent) -> str:
    status = one.said.status if isinstance(one.said, Receipt) else 0
    if one.wanted == "401":
        return "It takes events that nobody signed: roll back its last deploy, and look at what came in meanwhile."
    if status == 401:
        return (
            "My copy is the live secret, so the code checks otherwise, or a warm function holds the old one: "
            "test again in a minute, then deploy the function."
        )
    return "Ask for the logs of payments-circle-webhook."


def _unlock(why: str) -> str:
    if "switched off" in why:
        return "Set AIKEYS_SYNTHETIC=true to let me post an event of my own; it leaves a row."
    if "old" in why:
        return "Put the new secret into that file; I read it at each use."
    return "Mend that, or go by what is proven."


def _line(one: Sent) -> Line:
    if isinstance(one.said, Receipt):
        said = f"{one.said.status} {one.said.word}".strip()
        took = milliseconds(one.said.seconds * 1000)
        return Line(f"{one.what}:", f"{said} in {took}, expected {one.wanted}", Level.OK if one.held else Level.DOWN)
    if isinstance(one.said, Failure):
        return Line(f"{one.what}:", f"no answer, expected {one.wanted}", Level.UNKNOWN)
    return Line(f"{one.what}:", "not sent", Level.UNKNOWN)
