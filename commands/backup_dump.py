"""`/aikeys backup dump`: a dump of one's own: roles, schema and data, encrypted, restored elsewhere and counted."""

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.dumps import procedure
from bot.views.blocks import Message
from bot.views.operation import begun
from store.operations import Operation


class What(Args):
    """Nothing."""


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.CHANGE,
    runbook=["1. Database Backup"],
    examples=["backup dump"],
    under="backup",
    private=True,
)
async def dump(ctx: Context, args: What) -> Operation:
    """Dump the database: encrypted, restored elsewhere, counted, kept.

    Roles, schema and data as they are at one moment, through a user that may only read. It goes to the folder in the
    settings, never into Slack, and counts as a backup once it was restored and every table has as many rows.
    """
    del args
    return procedure.begin(ctx)


@dump.view
def view(operation: Operation) -> Message:
    """Say that it has begun."""
    return begun(operation)
