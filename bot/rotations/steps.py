"""The steps of a rotation, from the operation alone; what is secret is held in memory beside it (bot.rotations.hands).

Only setting and deploying have an effect. After a crash they are asked about: is the digest the old one, the new one,
or somebody else's? A step that needs the values once more after a restart waits until they are entered again.
"""

from bot.operations.steps import Retry, Step
from bot.rotations import names
from bot.rotations.kit import Kit
from bot.rotations.names import CODE, COMPARE, DEPLOY, EVENTS, LIST, PROVE, SET, TRY, WAIT
from bot.rotations.proving import Proving
from bot.rotations.setting import Setting
from bot.vault.receiving import Before
from store.operations import Operation

_ASKED = 100  # attempts at a proof: each three are a human's “Ask again”; what is set stays open until it is proved
_PERSON = 20 * 60.0  # seconds: a person is waited for a quarter of an hour, then the step ends by itself


def again(operation: Operation) -> Before:
    """What became of the values so far: after a restart the same are entered, to be set or to be proved."""
    if SET in operation.results:
        return Before.SET
    return Before.ENTERED if WAIT in operation.results else Before.NONE


def steps(kit: Kit, operation: Operation) -> list[Step]:
    """In order. Nothing is stopped between setting and proving."""
    first, last = Setting(kit, operation.data), Proving(kit, operation.data)
    once, harmless = Retry.IF_NOT_DONE, Retry.HARMLESS
    every = (
        Step(WAIT, first.wait, retry=harmless, timeout=_PERSON),
        Step(TRY, first.try_key, retry=harmless, timeout=_PERSON),
        Step(SET, first.set, first.was_set, retry=once, timeout=_PERSON, settle=2.0),
        Step(COMPARE, first.compare, first.look_again, settle=0.0, retry=once, tries=_ASKED, cancellable=False),
        Step(EVENTS, last.try_events, retry=harmless, timeout=_PERSON, cancellable=False),
        Step(DEPLOY, last.deploy, last.deployed, retry=once, timeout=_PERSON, settle=5.0, cancellable=False),
        Step(
            CODE,
            last.mail_code,
            last.look_again,
            timeout=_PERSON,
            settle=0.0,
            retry=once,
            tries=_ASKED,
            cancellable=False,
        ),
        Step(
            PROVE, last.prove, last.look_again, timeout=_PERSON, settle=0.0, retry=once, tries=_ASKED, cancellable=False
        ),
        Step(LIST, last.list_refused, retry=harmless, timeout=60.0, cancellable=False),
    )
    wanted = names.steps(operation.data["names"], back=bool(operation.data.get("undo")))
    return [step for step in every if step.name in wanted]
