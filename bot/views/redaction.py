"""Taking back what somebody wrote, as people see it. Pure. The words themselves are shown nowhere."""

from bot.views.blocks import Message, actions, button, code, context, person, section
from store.events import Event
from store.incidents import OPENED


def wanted(event: Event, by: str) -> Message:
    """One asks, another agrees: the button is for anybody but *by*."""
    said = (
        f"🩹 {person(by)} asks to take back for good what {person(event.actor)} wrote in row `#{event.id}` of "
        f"{code(event.subject)}."
    )
    note = "Another operator or approver agrees. The row stays, with who took its words back; the words are gone."
    return Message(
        text=f"{person(by)} asks to take back the words of row {event.id}.",
        blocks=[section(said), actions(button("Take it back", "redact", f"event/{event.id}")), context(note)],
    )


def done(event: Event, record: Event) -> Message:
    """It is gone; what cannot be reached is named."""
    by, also = person(str(record.data["asked_by"])), person(str(record.data["agreed_by"]))
    said = f"🩹 {by} and {also} have taken back the words of row `#{event.id}` of {code(event.subject)}."
    own = (
        "The message that was pinned is somebody else's: who wrote it has to delete it. "
        if event.kind == "incident.pinned"
        else ""
    )
    if event.kind == OPENED:
        own = (
            "Where it was a P0 they went out at once: mails that were sent, the name of its own channel and the row in "
            "security_events may hold them. "
        )
    left = (
        f"{own}Reports that were exported, and copies of my memory that were made before, still hold it: delete those "
        "files. If it was a secret, rotate it."
    )
    return Message(text=said, blocks=[section(said), context(left)])


def emptied() -> Message:
    """In place of an answer that quoted it."""
    said = "🩹 This answer quoted the timeline, of which two people have taken something back since. Ask again."
    return Message(text=said, blocks=[section(said)])
