"""What the bot says of itself: that it was away. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.health.words import ago
from bot.views.blocks import Block, Message, actions, ask_below, context, date_and_time, escape, section

MOST = 15  # lines; more is a list that nobody reads
# What ran out, by the timer's kind; of another kind its name is said.
_TIMERS = {
    "approval.expires": "an approval expired",
    "deploy.watched": "the look three minutes after a deploy",
    "incident.unheard": "a P0 to be repeated",
    "incident.unsolved": "a P1 not resolved in time",
    "review.falls-due": "a review fell due",
    "silence.over": "a silence was over",
}
_UNKNOWN = {
    "functions": "the functions",
    "secrets": "the secrets",
    "migrations": "the migrations",
    "signals": "what the watch sees",
}


def returned(
    last_at: datetime, back_at: datetime, late: Sequence[str], changes: Sequence[str], unknown: Sequence[str]
) -> Message:
    """“I was away for 14 minutes”, and what of it matters."""
    gone = ago((back_at - last_at).total_seconds())
    head = f"🌙 *I was away for {gone}*, from {date_and_time(last_at)} to {date_and_time(back_at)}."
    plain = f"I was away for {gone}."
    timers = _late(late)
    blocks: list[Block] = [section(f"{head} {timers}")]
    if changes:
        lines = [f"• {escape(one[:1].upper() + one[1:])}" for one in changes[:MOST]]
        if len(changes) > MOST:
            lines.append(f"• and {len(changes) - MOST} more")
        blocks.append(section("*This changed meanwhile:*\n" + "\n".join(lines)))
    elif len(unknown) < len(_UNKNOWN):
        blocks.append(section("Nothing else has changed meanwhile, of what I watch."))
    if unknown:
        names = ", ".join(_UNKNOWN.get(one, one) for one in unknown)
        blocks.append(context(f"Not known whether they have changed: {names} could not be read."))
    blocks.append(actions(ask_below("Look now", "health"), ask_below("Last deploys", "deploys")))
    many = "" if len(changes) == 1 else "s"
    changed = f"{len(changes)} change{many} meanwhile." if changes else "No change known."
    return Message(text=f"{plain} {timers} {changed}", blocks=blocks)


def _late(late: Sequence[str]) -> str:
    if not late:
        return "No timer was due meanwhile."
    kinds = Counter(late)
    names = [f"{_TIMERS.get(one, one)}{f' × {count}' if count > 1 else ''}" for one, count in sorted(kinds.items())]
    return f"{len(late)} timer{'s' if len(late) != 1 else ''} fired late: {escape('; '.join(names[:6]))}."


def unwritable(why: str) -> Message:
    """Nothing can be written down: what that means for whoever reads it, and what to do."""
    head = "I can write nothing down, so I take nothing: no command, no click, no alert, and I change nothing."
    way = "Slack says to whoever asks me now that it failed, and that is true. I look on, and say when it is over."
    return Message(
        text=f"{head} {escape(why, 900)} {way}",
        blocks=[section(f"⛔ *{head}*\n{escape(why, 900)}"), context(f"→ {way}")],
    )


def edited(title: str, why: str) -> Message:
    """What rests on an edited row does not run: in its own thread."""
    head = f"“{title}” does not run: my memory was edited."
    do = "Nothing is begun on the word of a row that I did not write. The incident that I have opened says what to do."
    return Message(
        text=f"{escape(head)} {escape(why, 600)} {do}",
        blocks=[section(f"⛔ *{escape(head)}*\n{escape(why, 900)}"), context(f"→ {do}")],
    )


def writable(since: datetime) -> Message:
    """It is over."""
    text = "I can write again: ask once more for what was not accepted."
    return Message(text=text, blocks=[section(f"✅ *{text}*"), context(f"It failed from {date_and_time(since)} on.")])
