"""The modals that ask for a few words: why (not, alone, in a freeze), which project, what a review found. Pure."""

from typing import Any

from bot.views.blocks import cap, code, date_and_time, escape, person, section, visible
from store.approvals import Approval
from store.operations import Freeze

DENY, GLASS, PASS = "aikeys:deny", "aikeys:glass", "aikeys:pass"  # callback_ids


def denial(subject: str, title: str) -> dict[str, object]:
    """The modal that asks for the reason of a denial; submitting it denies."""
    said = f"*{escape(title, 150)}* will not be done. Everybody sees the reason."
    return modal(DENY, subject, "Deny", "Deny", said, "Why not?", "Wait for the incident to be over")


def breaking(approval: Approval, incident: str, held: str, name: str = "") -> dict[str, object]:
    """The modal that asks why it cannot wait for a second person; submitting it approves, alone.

    *held*: the reason given minutes ago, which still holds. *name*: of the project, to be typed where data is lost.
    """
    said = (
        f"*{escape(approval.title, 150)}* is done at once, on your word alone, under {code(incident)}.\n"
        "It is told in the incident channel, with your reason, and stays open until another person has reviewed it."
    )
    placeholder = "Payments fail, and nobody else is awake"
    view = modal(GLASS, approval.subject, "Break the glass", "Approve alone", said, "Why now?", placeholder, held)
    return _named(view, name)


def naming(approval: Approval, name: str) -> dict[str, object]:
    """The modal that asks an approver for the *name* of the project whose data is lost; submitting it approves."""
    at_once = (
        "It begins at once." if approval.needed - len(approval.votes) < 2 else "Another approver must do the same."
    )
    said = f"*{escape(approval.title, 150)}*: data is lost by this, as the card says. {at_once}"
    view = modal(PASS, approval.subject, "Data is lost", "Approve", said, "", "")
    return _named(view | {"blocks": [section(said)]}, name)


def passing(approval: Approval, freeze: Freeze, name: str = "") -> dict[str, object]:
    """The modal that asks an approver why *approval* may pass the freeze; submitting it approves. *name* as above."""
    until = date_and_time(freeze.until)
    said = (
        f"Changes are frozen until {until} by {person(freeze.by)}: "
        f"{escape(freeze.reason, 300)}\n"
        f"*{escape(approval.title, 150)}* may pass with a reason, and none was given when it was asked for. "
        "Everybody sees it. It begins at once."
    )
    view = modal(PASS, approval.subject, "Pass the freeze", "Approve", said, "Why can it not wait?", "Payments fail")
    return _named(view, name)


def _named(view: dict[str, Any], name: str) -> dict[str, object]:
    """The same *view*, with a field for the project's *name* where there is one to type."""
    if not name:
        return view
    field = {
        "type": "input",
        "block_id": "project",
        "label": {"type": "plain_text", "text": "Type the project's name"},
        "hint": {"type": "plain_text", "text": cap(visible(f"As it is: {name}"), 150)},
        "element": {"type": "plain_text_input", "action_id": "project", "max_length": 300},
    }
    return view | {"blocks": [*view["blocks"], field]}


def modal(
    callback: str,
    subject: str,
    title: str,
    submit: str,
    said: str,
    label: str,
    placeholder: str,
    value: str = "",
    *,
    long: bool = False,
) -> dict[str, object]:
    """One field of 300 characters at most, under what is *said* in mrkdwn. *long*: of several lines."""
    element: dict[str, object] = {
        "type": "plain_text_input",
        "action_id": "reason",
        "multiline": long,
        "max_length": 300,
        "placeholder": {"type": "plain_text", "text": placeholder},
    }
    if value:
        element["initial_value"] = cap(value, 300)
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": subject,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(said),
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": label},
                "element": element,
            },
        ],
    }
