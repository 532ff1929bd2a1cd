"""Deploys as people read them: what changes, what could go wrong, the diff, the history. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.deploys.record import Deployed, foreign
from bot.sources import Commit, Diff, Distance
from bot.views.blocks import (
    Block,
    Message,
    code,
    context,
    date_and_time,
    escape,
    header,
    one_line,
    person,
    section,
)
from store.views import OpenIncident

if TYPE_CHECKING:
    from bot.deploys.parts import Part


def change(part: "Part", diff: Diff) -> str:
    """What one function changes from and to."""
    slug, live = part.bundle.slug, part.live
    was = f"version {live.version}" if live else "not there yet"
    to = f"commit {code(part.commit[:10])}" if part.commit else "the saved code"
    kept = "unchanged" if not part.flips else "*CHANGES*"
    jwt = f"{_word(live.verify_jwt) if live else 'none'} → {_word(part.bundle.verify_jwt)} ({kept})"
    if live is None:
        jwt = _word(part.bundle.verify_jwt)
    files = (
        f"{diff.files} {'file' if diff.files == 1 else 'files'} changed, +{diff.added} −{diff.removed} lines"
        if diff.files
        else "no file changes"
    )
    return f"*{code(slug)}*  {was} → {to}\n• {files}\n• verify_jwt: {jwt}"


def dangers(parts: Sequence["Part"], diffs: Sequence[Diff]) -> list[str]:
    """What could go wrong, loudest first."""
    found = []
    for part in parts:
        if part.flips:
            now = "will refuse everybody without a token" if part.bundle.verify_jwt else "will be open to everybody"
            found.append(f"*verify_jwt flips*: {code(part.bundle.slug)} {now}.")
    for diff in diffs:
        if diff.hidden:
            names = ", ".join(code(name) for name in diff.hidden[:3])
            found.append(f"*Invisible characters* that reorder or hide code in {names}: read these lines closely.")
    found.append("Callers see the new code at once. The way back is saved first: Roll back takes a minute.")
    return found


def moved(found: Sequence[tuple["Part", Deployed | None]]) -> list[str]:
    """What was changed without the bot since its last record."""
    said = []
    for part, last in found:
        if last is not None and part.live is not None and (how := foreign(last, part.live)):
            said.append(f"{code(part.bundle.slug)} was *changed without me*: {how}.")
    return said


def commit(one: Commit, distance: Distance | None) -> str:
    """The commit: id, subject, author, when, how far from what is live."""
    at = date_and_time(one.at)
    far = ""
    if distance is not None:
        behind = f", *{distance.behind} behind*" if distance.behind else ""
        commits = "1 commit" if distance.ahead == 1 else f"{distance.ahead} commits"
        far = f" · {commits} ahead of what is live{behind}"
    named = f" ({escape(one.ref, 80)})" if one.ref else ""
    lost = "" if one.reachable else " · *no branch or tag holds it any more*"
    return f"{code(one.sha[:10])}{named} “{escape(one.subject, 150)}” by {escape(one.author, 60)}, {at}{far}{lost}"


def incidents(found: Sequence[OpenIncident]) -> list[str]:
    """Open incidents, or that there is none."""
    if not found:
        return ["No open incident."]
    named = [
        f"{escape(one.subject.rpartition('/')[2], 20)} ({one.severity} {escape(one.title, 80)})" for one in found[:3]
    ]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return [f"Open: incident{'s' if len(found) > 1 else ''} {', '.join(named)}{more}"]


def unknown(function: str, near: str | None) -> Message:
    """`/aikeys deploys` of a function that neither the project nor the record knows. *near*: what may be meant."""
    said = f"There is no function {code(function)} in the project, and I have never deployed one of that name."
    way = f"Did you mean {code(near)}? {code(f'/aikeys deploys {near}')}" if near else "All: `/aikeys functions`"
    return Message(text=f"{said} {way}", blocks=[section(f"❓ {said}"), context(f"→ {way}")])


def history(found: Sequence[Deployed], function: str | None, strange: Sequence[str], most: int) -> Message:
    """Who put what live, when, from which commit, approved by whom; *most*: the last so many are looked for."""
    title = one_line(f"Deploys of {function}" if function else "Deploys", 150)
    if not found:
        said = (
            f"{code(function)} was not deployed through me yet." if function else "Nothing was deployed through me yet."
        )
        return Message(text=f"{escape(title)}: {said}", blocks=[header(title), section(said)])
    lines = [line(one) for one in found]
    blocks: list[Block] = [header(title)]
    blocks += [section("\n".join(lines[at : at + 8])) for at in range(0, len(lines), 8)]
    blocks += [section(f"⚠️ {one}") for one in strange]
    first = found[0]
    sign = "" if first.ok else ", which failed"
    return Message(
        text=f"{escape(title)}: the last was {escape(first.function)} version {first.version}{sign}.",
        blocks=[
            *blocks,
            context(_which(function, most), f"Take one back: {code('/aikeys rollback <function> [version]')}"),
        ],
    )


def _which(function: str | None, most: int) -> str:
    if function:
        return f"The last {most} at most, newest first"
    return f"The last {most} of all functions at most, newest first. Of one: {code('/aikeys deploys <function>')}"


def line(one: Deployed) -> str:
    """One deploy in a line."""
    sign = "✅" if one.ok else "⛔"
    what = "rolled back" if one.command == "rollback" else "deployed"
    source = f" from {code(one.commit[:10])}" if one.commit else ""
    alone = f" *alone, under {escape(one.glass, 60)}*" if one.glass else ""
    approved = f", approved by {person(one.approved_by)}{alone}" if one.approved_by else ""
    version = f"version {one.version}" if one.version is not None else "an unknown version"
    at = date_and_time(one.at)
    verdict = {None: "", True: "; *worse than before*", False: "; no worse than before"}[one.worse]
    return f"{sign} {code(one.function)} {version} {what}{source} {at} by {person(one.by)}{approved}{verdict}"


def _word(value: Any) -> str:
    return "unknown" if value is None else f"`{str(value).lower()}`"
