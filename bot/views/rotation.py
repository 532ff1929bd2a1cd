"""A rotation as people read it: what changes, what can be lost, what is to be done by hand, how it was proved. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.health.expected import WEBHOOK, WEBHOOK_SECRET
from bot.health.words import ago
from bot.rotations.checklist import Item
from bot.rotations.judging import Live, last_seen, untouched
from bot.rotations.names import CIRCLE, DEPLOY, LIST, PROVE, SET, Proof, proofs
from bot.rotations.proof import MOST_REFUSED
from bot.rotations.record import begins
from bot.views import entry
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    code,
    context,
    escape,
    person,
    section,
    time_of_day,
    when,
)
from store.approvals import Approval
from store.events import Event
from store.operations import Operation

if TYPE_CHECKING:
    from bot.clients.supabase import Secret

CODE = "aikeys:code"  # the callback_id
WINDOW = 2  # minutes from the new secret in the dashboard to the moment that it is set here: to copy, paste and press
_HOWS = {
    Proof.EVENTS: (
        "events of my own signed with the new secret get 200, one signed otherwise 401 (type `aikeys.synthetic`: no "
        f"money moves, each accepted one leaves a row, {MOST_REFUSED} refused ones at most; approving allows them for "
        "this rotation, also where AIKEYS_SYNTHETIC is off)"
    ),
    Proof.CIRCLE: "Circle answers a harmless question that is asked with the new key",
    Proof.CODE: "a code that I mail there comes back here",
}


def change(name: str, secret: "Secret | None", now: datetime, *, undo: bool) -> str:
    """One secret, from what to what."""
    if secret is None:
        return f"*{code(name)}*  not there yet → a value that is entered after the approval"
    shown = begins(name, secret.digest.get_secret_value()) if secret.begins else ""
    was = f"digest {code(shown + '…')}" if shown else "its digest is not shown, it could be guessed"
    age = f", set {ago(max(0.0, (now - secret.at).total_seconds()))} ago" if secret.at else ""
    to = "the value from before" if undo else "a value that is entered after the approval"
    return f"*{code(name)}*  {was}{age} → {to}"


def dangers(names: Sequence[str], per_hour: int | None, *, hours: int, undo: bool, new: bool) -> list[str]:
    """What can be lost, and whether there is a way back."""
    found = []
    if WEBHOOK_SECRET in names:
        found.append(lost(per_hour))
    if hours:
        found.append(f"The value from before came sealed and is kept for {hours} hours: `/aikeys rotate … --undo`.")
    elif not undo and not new:
        found.append("*There is no way back*: the value that is live now is gone afterwards.")
    if len(set(names) & set(CIRCLE)) == 1 and not undo:
        found.append("The runbook rotates both of Circle's together: `/aikeys rotate circle`.")
    return found


def lost(per_hour: int | None) -> str:
    """How many webhooks are refused meanwhile, at the pace of the last hour."""
    begin = "Between Circle's dashboard and here events are *refused* (401)"
    if per_hour is None:
        return f"{begin}: how many come in a minute is not known now. They are listed afterwards."
    minute = per_hour / 60
    many = "none" if not per_hour else f"about {minute:.1f}" if minute < 10 else f"about {minute:.0f}"
    total = max(1, round(minute * WINDOW)) if per_hour else 0
    return (
        f"{begin}: {many} come in a minute, so in {WINDOW} minutes *{total or 'none'}* may be lost. What was refused "
        "is listed afterwards."
    )


def shown(names: Sequence[str], fingerprint: str, *, mail: bool, undo: bool, copy: bool) -> list[str]:
    """How it is proved, and the key that values are sealed for. *copy*: a file holds one of the signing secret."""
    of = proofs(names)
    hows = ["Supabase's digest is that of the value", *(_HOWS[one] for one in Proof if one in of)]
    found = [f"*Proof*: {'; '.join(hows)}. Without all of it: *NOT PROVEN*, never success."]
    if Proof.EVENTS in of:
        found.append(
            f"Where a warm function keeps the old secret, I offer to deploy {code(WEBHOOK)} again as it is: covered by "
            "this approval."
        )
    if Proof.CODE in of and not mail:
        found.append("⚠️ No mail server is set (AIKEYS_SMTP_URL): the code cannot be mailed, so it stays not proven.")
    if copy and WEBHOOK_SECRET in names:
        found.append("Afterwards put the new secret into the file of AIKEYS_WEBHOOK_SECRET_PATH: my copy is old then.")
    if not undo:
        found.append(f"Values are entered in a modal by who asked, better sealed. My key: {code(fingerprint)}")
    return found


def todo(approval: Approval, found: Sequence[Item], done: Mapping[int, Event], ended: str = "") -> Message:
    """The steps by hand, in the thread: numbered, each with its button until somebody has pressed it.

    *ended*: what is said in place of them, where nothing was set and nothing will be, mrkdwn.
    """
    if ended:
        did = [
            section(f"☑️ {number}. {item.text}\n_was done: {person(by.actor)}, {time_of_day(by.at)}_")
            for number, item in enumerate(found, 1)
            if (by := done.get(number)) is not None
        ]
        return Message(text=f"{escape(approval.title)}: {ended}", blocks=[section(f"✋ {ended}"), *did])
    blocks: list[Block] = [section("*By hand, in this order*")]
    for number, item in enumerate(found, 1):
        text = f"{number}. {item.text}"
        if (by := done.get(number)) is not None:
            blocks.append(section(f"✅ {text}\n_done: {person(by.actor)}, {time_of_day(by.at)}_"))
        elif item.by_hand and approval.state in ("pending", "granted"):
            blocks.append(section(f"▫️ {text}", accessory=button("Done", f"check:{number}", approval.subject)))
        else:
            blocks.append(section(f"▫️ {text}"))
    open_ = sum(1 for number, item in enumerate(found, 1) if item.by_hand and number not in done)
    left = "1 step by hand is" if open_ == 1 else f"{open_} steps by hand are"
    return Message(text=f"{escape(approval.title)}: {left} open.", blocks=blocks)


def more(operation: Operation, waiting: Event | None, owed: Sequence[str] = ()) -> list[Block]:
    """What a rotation waits for, with the button for it; once it is over what is *owed* by hand, and the way back."""
    if operation.command != "rotate":
        return []
    if operation.over:
        return [*([section(owes(owed).strip())] if owed else []), *_back(operation)]
    return _waits(operation, waiting) if waiting is not None and operation.state == "running" else []


def _waits(operation: Operation, waiting: Event) -> list[Block]:
    until = time_of_day(datetime.fromisoformat(str(waiting.data["until"])))
    who = person(operation.started_by)
    match waiting.data.get("for"):
        case "values" if waiting.data.get("again"):
            why = "I was restarted and have forgotten the values"
            why = "Those were not the values that were entered before" if waiting.data.get("wrong") else why
            said = f"🔑 {why}. {who}, enter *the same* once more, until {until}."
        case "values":
            said = f"🔑 {who}, enter the new values, until {until}."
        case "redeploy":
            why = escape(waiting.data.get("why", ""), 300)
            return [
                section(f"♻️ {why} Deploy {code(WEBHOOK)} again, as it is? Until {until}."),
                actions(
                    button("Deploy it again", "redeploy:yes", operation.subject, style="primary"),
                    button("Go on without", "redeploy:no", operation.subject),
                ),
            ]
        case _:
            return [
                section(f"✉️ A code was mailed to the new address. Enter it here, until {until}."),
                actions(button("Enter the code", "code", operation.subject, style="primary")),
            ]
    return [section(said), actions(entry.button(operation.approval)), entry.beside(str(waiting.data["key"]))]


# What was seen last, where it was given up, and where somebody's word stands for the proof.
_SEEN = {
    Live.NEW: "The new values are set",
    Live.OLD: "When I looked last, *the old value was still live*",
    Live.UNKNOWN: "Which values are live is *not known* to me",
}


def committed(operation: Operation) -> bool:
    """A rotation that has set the values: nothing is stopped between setting and proving."""
    return operation.command == "rotate" and SET in operation.results


def _left(live: Live) -> str:
    return f"{_SEEN[live]}{'; that they are in use is *not proven*' if live is Live.NEW else ''}."


def outcome(operation: Operation) -> str:
    """What has become of the secrets, as far as the steps have shown it."""
    results = operation.results
    if SET not in results:
        if not operation.over:
            return ""
        return "Nothing was set." if untouched(operation) else "Whether the new values were set is *not known* to me."
    if PROVE not in results:
        return _left(last_seen(operation)) if operation.over else ""
    by = next((one.said_by for one in reversed(operation.attempts) if one.name == PROVE and one.outcome == "done"), "")
    if by not in ("", "bot"):
        return f"{_SEEN[last_seen(operation)]}; that the new values are in use was said by {person(by)}, not shown."
    again = (results.get(DEPLOY) or {}).get("deployed")
    deployed = f" {code(WEBHOOK)} was deployed again." if again else ""
    listed = results.get(LIST) or {}
    meanwhile = f"\nMeanwhile {_refused(listed)}" if listed.get("refused") else ""
    return f"*Proved*: {escape((results[PROVE] or {}).get('said', ''), 400)}.{deployed}{meanwhile}"


def owes(owed: Sequence[str]) -> str:
    """What people still have to do by hand, mrkdwn, below the state; nothing where they owe nothing."""
    return f"\n✋ *Still to do by hand*: {'; '.join(owed)}." if owed else ""


def _refused(listed: Mapping[str, Any]) -> str:
    """What was refused meanwhile, its moments in the reader's zone, where they are known."""
    said = escape(listed["said"], 400)
    for line, at in dict(zip(listed.get("lines", ()), listed.get("at", ()), strict=False)).items():
        said = said.replace(line, when(float(at), line, "{time_secs}"))
    return said


def _back(operation: Operation) -> list[Block]:
    hours = (operation.results.get(SET) or {}).get("kept")
    if not hours:
        return []
    what = "circle" if set(operation.data["names"]) == set(CIRCLE) else operation.data["names"][0]
    return [context(f"The value from before is kept for {hours} hours: {code(f'/aikeys rotate {what} --undo')}")]


def code_modal(operation: Operation) -> Block:
    """The modal for the code that was mailed."""
    return {
        "type": "modal",
        "callback_id": CODE,
        "private_metadata": operation.subject,
        "title": {"type": "plain_text", "text": "Enter the code"},
        "submit": {"type": "plain_text", "text": "Confirm"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(f"*{escape(operation.title, 150)}*\nThe mail “AIKeys: the code for ALERT_EMAIL” has six digits."),
            {
                "type": "input",
                "block_id": "code",
                "label": {"type": "plain_text", "text": "Code"},
                "element": {"type": "plain_text_input", "action_id": "code", "min_length": 6, "max_length": 10},
            },
        ],
    }


def jwt(logs: Message) -> Message:
    """Why there is nothing to rotate; and what to look at instead."""
    why = (
        "*JWT secrets are managed by Supabase, automatically.* Nothing is rotated by hand, and I will not try: every "
        "session would end at once. The runbook says: monitor the auth logs for anomalies. Here they are:"
    )
    return replace(logs, text=f"JWT secrets are managed by Supabase. {logs.text}", blocks=[section(why), *logs.blocks])
