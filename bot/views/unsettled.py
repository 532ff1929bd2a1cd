"""Of an incident's report: what was begun and has no good end, and what was counted on the way. Pure."""

import re

from bot.deploys.record import FINISHED, WATCHED
from bot.incidents.postmortem import Report

_COUNTED = re.compile(r"[A-Za-z][\w-]*: [\d,]+ of [\d,]+ calls? failed since[^.]*\.")  # bot.deploys.verdict.called


def calls(report: Report) -> list[str]:
    """What was counted of each function's calls after a deploy meanwhile: a crash that left no row is among them."""
    said = [str(one.event.data.get("said", "")) for one in report.moments if one.event.kind == WATCHED]
    return list(dict.fromkeys(found for one in said for found in _COUNTED.findall(one)))


def unsettled(report: Report) -> list[str]:
    """What was begun and has no good end: the glass, a proof, Supabase's support, what still fires."""
    said = [f"The glass was broken for {one}, and nobody else has reviewed what was done." for one in report.unreviewed]
    ends = [one.event for one in report.moments]
    live = [one for one in ends if one.kind == FINISHED and not one.data.get("ok")]
    said += [f"{one.data.get('function')} was not proved: which code is live?" for one in live]
    known = {one.data.get("operation") for one in ends if one.kind == FINISHED}
    said += [
        f"{one.subject} did not end well: what is true now?"
        for one in ends
        if one.kind == "operation.finished" and one.data.get("outcome") == "failed" and one.subject not in known
    ]
    if report.unhelped:
        said.append("Supabase's support was not contacted, as far as the record knows.")
    return said + [f"It still fires: {one}" for one in report.firing]
