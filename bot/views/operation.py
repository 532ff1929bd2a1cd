"""An operation: its progress as it happens, its result, and what a human is asked where its fate is unknown. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.deploys.undone import Undone
from bot.restoring.record import BACK
from bot.rotations.names import PROVE
from bot.views import rotation as rotations
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    cap,
    code,
    confirm,
    context,
    date_and_time,
    escape,
    header,
    named,
    person,
    section,
    visible,
    whole_words,
)
from store.operations import GIVEN_UP, OVER, Attempt, Freeze, Operation

_SIGN = {"running": "🔧", "needs-human": "❓", "done": "✅", "failed": "⛔", "cancelled": "✋"}
_STATUS = {"done": "complete", "not-done": "error", "failed": "error", "unknown": "error", None: "in_progress"}
# A deploy of one function has one change: cancelled while it is being sent, it ends as done, which must not surprise.
_STOPS = "stops it before its next change; what is under way is finished first."
_MARK = {"complete": "✓", "error": "✗", "in_progress": "…", "pending": "·"}


def state(operation: Operation, undone: Sequence[Undone] = ()) -> tuple[str, str]:
    """The sign and the sentence for the headline. *undone*: what of it was rolled back since."""
    live = outcome(operation, undone)
    done = sum(1 for at in range(len(operation.steps)) if _status(operation, at) == "complete")
    match operation.state:
        case "running":
            now = operation.steps[min(done, len(operation.steps) - 1)]
            heeded = operation.cancel_by and not rotations.committed(operation)
            stop = f" {person(operation.cancel_by)} {_STOPS}" if heeded else ""
            words = f"Step {min(done + 1, len(operation.steps))} of {len(operation.steps)}: {escape(now)}.{stop}"
        case "needs-human":
            words = f"*Needs a human*: {escape(operation.why, 400)}"
        case "done":
            words = f"Done. {live}"
        case "failed":
            words = f"*Failed*: {_ended(operation)} {live}"
        case _:
            words = f"Cancelled by {person(operation.cancel_by)}. {escape(operation.why, 300)} {live}"
    back = len({one.function for one in undone}) == len(operation.data.get("parts", [])) > 0
    return "↩️" if back else _SIGN[operation.state], words.strip()


def _ended(operation: Operation) -> str:
    """Why it failed; who gave up, by name."""
    if operation.by in ("", "bot"):
        word = "A person said that it was not done, " if operation.why.startswith(OVER) else ""
        return f"{word}{escape(operation.why, 400)}"
    more = "" if operation.why == GIVEN_UP else f" {escape(operation.why, 400)}"
    return f"Given up by {person(operation.by)}.{more}"


def outcome(operation: Operation, undone: Sequence[Undone] = ()) -> str:
    """What is live now, function by function, as far as the steps have proved it, or was until it was *undone*.

    Of an operation without functions, what its steps say for themselves: each result's `outcome`, plain.
    """
    if operation.command == "rotate":
        return rotations.outcome(operation)
    said = []
    taken = {one.function: one for one in undone}
    parts = operation.data.get("parts", [])
    for at, part in enumerate(parts):
        sent = operation.last(4 * at + 1)
        version = (sent.result or {}).get("version") if sent is not None and sent.outcome == "done" else None
        was = part["live"]["version"]
        before = f"version {was} → " if was is not None else ""
        if (back := taken.get(part["function"])) is not None:
            was_live = f"was live as version {version}" if version is not None else "was live"
            until = date_and_time(back.at)
            approved = f", approved by {person(back.approved_by)}" if back.approved_by else ""
            said.append(
                f"{code(part['function'])} {was_live} until {until}: *rolled back* by {person(back.by)}{approved}; "
                f"version {back.version} is live since."
            )
        elif version is not None:
            called = operation.last(4 * at + 3)
            words = (
                escape((called.result or {}).get("said", "")) if called and called.outcome == "done" else "not proved"
            )
            said.append(f"{code(part['function'])} is live: {before}version {version}; {words}.")
        elif sent is None and operation.over:
            said.append(f"{code(part['function'])} was not touched.")
    told = [one.result for one in operation.attempts if one.outcome == "done" and isinstance(one.result, dict)]
    outcomes = [escape(one["outcome"]) for one in told if one.get("outcome")]
    outcomes.sort(key=lambda one: one.startswith(BACK))  # what was done first, then the way back
    return " ".join([*said, " · ".join(outcomes)]).strip()


def progress(
    operation: Operation, undone: Sequence[Undone] = (), more: Sequence[Block] = (), *, stoppable: bool = True
) -> Message:
    """The message in the thread: the steps as they happen, then the result without buttons. *undone* as in `state`.

    *more*: what it waits for, with its buttons. *stoppable*: a Cancel would be heeded; else none is offered.
    """
    sign, words = state(operation, undone)
    tasks = [_task(operation, at, name) for at, name in enumerate(operation.steps)]
    marks = "; ".join(f"{_MARK[task['status']]} {task['title']}" for task in tasks)
    blocks: list[Block] = [
        {"type": "plan", "title": whole_words(visible(f"{sign} {operation.title}"), 150), "tasks": tasks},
        section(f"{sign} {words}"),
        *more,
        context(f"{code(operation.subject)} · asked by {person(operation.started_by)}"),
        *([] if undone else _buttons(operation, stoppable=stoppable)),
    ]
    return Message(text=f"{sign} {escape(operation.title)}: {words} ({escape(marks, 800)})", blocks=blocks)


def begun(operation: Operation) -> Message:
    """What the one who asked is told, alone: the progress stands in the channel."""
    return Message(text=f"Begun: {escape(operation.title)}. Its steps stand in this channel.")


def watched(
    operation: Operation,
    words: str,
    *,
    worse: bool | None,
    back: str = "",
    ready: bool = False,
    undone: Sequence[Undone] = (),
    again: bool = False,
) -> Message:
    """Three minutes after a deploy: the verdict in words; a regression offers the way back.

    *worse*: None where something else explains it, so that the deploy is not judged.
    *back*: what has become of the way back, plain; *ready*: it is asked for, so that no second one is offered;
    *undone*: what of the deploy was rolled back meanwhile, so that none is; *again*: it is the second verdict, after
    an outage under which there was none.
    """
    if undone:
        last = undone[-1]
        back = f"Rolled back: {last.function} is at version {last.version} since."
    sign, verdict = {
        True: ("⚠️", "It is *worse than before*."),
        False: ("🟢", "No worse than before."),
        None: ("❔", "*Not judged*: something else is wrong."),
    }[worse]
    title, said = escape(operation.title), escape(words, 900)
    when = "compared again after the outage" if again else "three minutes on"
    way = f"\n↩️ {escape(back, 600)}" if back else ""
    blocks: list[Block] = [section(f"{sign} *{title}*, {when}: {verdict}\n{said}{way}")]
    if worse and not ready and not undone and len(operation.data.get("parts", [])) == 1:
        blocks.append(actions(button("Roll back", "way-back", operation.subject, style="danger")))
    return Message(text=f"{sign} {title}, {when}: {verdict} {said} {escape(back, 600)}".strip(), blocks=blocks)


def lines(found: Sequence[Operation], freeze: Freeze | None) -> Message:
    """`/aikeys operations`: who holds the project, the freeze, and what was done lately."""
    blocks: list[Block] = [header("Operations")]
    if freeze is not None:
        until = date_and_time(freeze.until)
        blocks.append(
            section(f"🧊 Changes are frozen until {until} by {person(freeze.by)}: {escape(freeze.reason, 300)}")
        )
    holder = next((one for one in found if one.holds), None)
    held = "No operation holds the project."
    if holder is not None:
        who = person(holder.started_by)
        held = f"🔒 *{escape(holder.title)}* of {who} holds the project: it {holder.words}."
    blocks.append(section(held))
    for one in found[:10]:
        sign, words = state(one)
        at = date_and_time(one.started_at)
        asked = f"{at}, asked by {person(one.started_by)}"
        blocks.append(section(f"{sign} {code(one.subject)} *{escape(one.title)}* {asked}. {words}"))
    said = f"{holder.title} {holder.words}" if holder else "none runs"
    return Message(text=f"Operations: {escape(said)}.", blocks=blocks)


def frozen(freeze: Freeze | None, now: datetime) -> Message:
    """What became of `/aikeys freeze`."""
    if freeze is None or freeze.until <= now:
        return Message(text="Changes are not frozen.", blocks=[section("🟢 Changes are *not frozen*.")])
    until = date_and_time(freeze.until)
    said = f"🧊 Changes are *frozen* until {until} by {person(freeze.by)}: {escape(freeze.reason, 300)}"
    more = context("Roll back and restore pass with a reason. Lift it: `/aikeys freeze --lift`")
    return Message(text=f"Changes are frozen: {escape(freeze.reason, 300)}", blocks=[section(said), more])


def _status(operation: Operation, at: int) -> str:
    last = operation.last(at)
    return "pending" if last is None else _STATUS[last.outcome]


def _task(operation: Operation, at: int, name: str) -> Block:
    last, status = operation.last(at), _status(operation, at)
    if operation.over and status == "in_progress":
        status = "error"
    skipped = last is not None and isinstance(last.result, dict) and last.result.get("skipped")
    title = f"{name}: not needed" if skipped else name  # what was not done must not look as if it was
    if status == "complete" and last is not None and last.said_by not in ("", "bot"):
        title = f"{name}: on a person's word"
    task: Block = {"task_id": f"{operation.number}-{at}", "title": title, "status": status}
    if said := _said(last):
        task["output"] = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": said}]}
    return task


def _said(last: Attempt | None) -> list[Block]:
    """What a step gave, as elements of a rich text; of a person's word who gave it, and over what."""
    if last is None:
        return []
    result = last.result if isinstance(last.result, dict) else {}
    words = last.detail or result.get("said") or (f"version {result['version']}" if result.get("version") else "")
    if last.said_by in ("", "bot"):
        return [_plain(words)] if words else []
    was = "it is done" if last.outcome == "done" else "it was not done"
    over = f", {words}" if words.startswith(OVER) else f". {words}" if words else ""
    return [named(last.said_by), _plain(f" said that {was}{over}")]


def _plain(words: str) -> Block:
    return {"type": "text", "text": cap(visible(words), 300)}


def _vouched(operation: Operation) -> str:
    """What a person takes on with “It is done”: of a proof more than of a step."""
    step = next((one.name for one in operation.attempts if one.outcome == "unknown"), "the step")
    if operation.command == "rotate" and step == PROVE:
        return (
            "You say that you have seen the new value in use: an event accepted, or the key answered. I have not. The "
            "rotation then counts as done on your word, with your name, and nothing more is tried. Setting it alone "
            "proves nothing."
        )
    return (
        f"You say that you have looked, and that “{whole_words(step, 60)}” was done. I could not find out. I go on as "
        "if I had seen it; the record keeps that it was your word."
    )


def _buttons(operation: Operation, *, stoppable: bool) -> list[Block]:
    subject = operation.subject
    if operation.state == "running" and not operation.cancel_by and stoppable:
        return [actions(button("Cancel", "cancel", subject))]
    if operation.state == "needs-human":
        done = button("It is done", "settle:done", subject)
        done["confirm"] = confirm("You say that it is done?", _vouched(operation), "I have seen it", "Not sure")
        return [
            context("An operator or an approver looks at the project and says what became of the step."),
            actions(
                button("Ask again", "settle:ask-again", subject, style="primary"),
                done,
                button("It was not done", "settle:not-done", subject),
                button("Give up", "settle:give-up", subject, style="danger"),
            ),
        ]
    reached = any(one.outcome == "done" and one.step % 4 == 1 for one in operation.attempts)
    if operation.over and reached and operation.command == "deploy" and len(operation.data.get("parts", [])) == 1:
        style = "danger" if operation.state == "failed" else None
        return [actions(button("Roll back", "way-back", subject, style=style))]
    return []
