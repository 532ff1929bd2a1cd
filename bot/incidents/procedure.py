"""Who does which errand (bot.incidents.errands)."""

from bot.clients.slack import Slack
from bot.context import Context
from bot.incidents.about import CAUSE, LEAD, RECORD, ROOM, SUPPORT
from bot.incidents.documenting import Documenting
from bot.incidents.errands import Does
from bot.incidents.guessing import Guessing
from bot.incidents.helping import Help
from bot.incidents.rooms import INVITE, PIN, TOPIC, Rooms
from bot.post.outbox import Outbox


def doing(ctx: Context, slack: Slack, outbox: Outbox, help_: Help, bot_user: str) -> dict[str, Does]:
    """By the errand's name, or its beginning."""
    rooms = Rooms(ctx.store, slack, outbox, help_.team, bot_user)
    return {
        SUPPORT: help_.support,
        LEAD: help_.lead,
        RECORD: Documenting(ctx.supabase).record,
        CAUSE: Guessing(ctx).cause,
        ROOM: rooms.make,
        TOPIC: rooms.set_topic,
        PIN: rooms.pin,
        INVITE: rooms.invite,
    }
