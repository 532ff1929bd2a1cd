"""The likely cause of an incident, asked for once when it begins: the runbook's troubleshooting (bot.diagnosis)."""

from collections.abc import Mapping

from bot.context import Context
from bot.diagnosis.evidence import Kind, gather
from bot.diagnosis.judging_triage import judge
from bot.incidents.about import TRIAGE
from bot.incidents.errands import Cannot, Did, Outcome
from bot.redaction import redact
from store.errands import Errand
from store.incidents import Incident

_MOST = 3  # pieces of evidence


class Guessing:
    """Asks."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def cause(self, _errand: Errand, incident: Incident) -> Outcome:
        """The likeliest, with what speaks for it."""
        kind, _blank, name = TRIAGE.get(incident.dedup_key, "").partition(" ")
        if not kind:
            return Cannot("no triage fits")
        asked: Mapping[str, Kind] = {"database": "database", "webhook": "webhook", "function": "function"}
        report = None
        async for seen in gather(self._ctx, asked[kind], name):
            report = judge(seen)
        if report is None or not report.groups:
            return Cannot("no cause was found")
        because = redact([line.says for line in report.groups[0].lines][:_MOST])
        what = redact([report.verdict])[0]
        return Did(what, data={"what": what, "because": because})
