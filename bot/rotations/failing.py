"""NOT PROVEN: written down, and where webhooks fail an incident with the runbook's page in its thread."""

from collections.abc import Sequence

import structlog

from bot.detectors import Firing
from bot.errors import Refused
from bot.health.expected import WEBHOOK_SECRET
from bot.incidents.deciding import Opened
from bot.operations.steps import Run
from bot.rotations import record
from bot.rotations.kit import Kit
from bot.rotations.proof import REFUSED, Probe, Sign
from bot.rotations.refused import between
from bot.runbook.reading import Page, pages
from store.errors import TooLate
from store.operations import Operation

log = structlog.get_logger(__name__)

ID = "rotation_not_proven"  # the dedup key of its incident: one is open at a time
_PAGE = "Webhook Failures"
_DO = (
    "Is the secret in Circle's dashboard the one that was entered? If a warm function keeps the old one, deploy "
    "payments-circle-webhook again (/aikeys deploy payments-circle-webhook --again). Then press Ask again in the "
    "rotation's thread."
)


async def tell(kit: Kit, run: Run, why: str, probes: Sequence[Probe]) -> None:
    """Record it; open an incident where events are refused. Raises nothing: the operation must come to its stop."""
    ctx, now = kit.ctx, run.clock.now()
    record.note(ctx.store, run.operation, record.NOT_PROVEN, now)
    if WEBHOOK_SECRET not in run.operation.data["names"] or ctx.alerts is None:
        return
    ours = any(one.sign is Sign.NEW and one.status == REFUSED for one in probes)
    others = 0 if ours else (await between(ctx, run, probes)).number
    if not (ours or others):
        return
    what = f"{run.operation.title} is not proven, and events are refused. {why}"
    firing = Firing(what, _DO, title="rotation", about={"operation": run.operation.subject})
    try:
        incident = ctx.alerts.heed(Opened(ID, "P1", "Webhooks are refused after a rotation", firing, now), {})
        ctx.alerts.note(incident.subject, "bot", troubleshooting())
    except TooLate:
        log.info("rotation.incident.open_already")


def proved(kit: Kit, operation: Operation) -> None:
    """The rotation was proved after all, or somebody said so: its incident is over. Joins the transaction."""
    incident = kit.ctx.store.incidents.latest(ID)
    if incident is not None and incident.open and kit.ctx.alerts is not None:
        last = operation.attempts[-1].said_by
        by = last if last not in ("", "bot") else operation.started_by
        kit.ctx.alerts.resolve(incident.subject, by, f"{operation.title} was proved after all ({operation.subject}).")


def troubleshooting() -> str:
    """The runbook's page on failing webhooks, as text."""
    try:
        page = next(one for one in pages() if one.title == _PAGE)
    except (Refused, StopIteration):
        return "The runbook's page on webhook failures: /aikeys runbook webhook failures"
    return f"From the runbook, {page.section}, {page.title}:\n{_text(page)}"[:2500]


def _text(page: Page) -> str:
    return "\n".join(line.rstrip() for piece in page.pieces for line in piece.lines if line.strip()).replace("**", "")
