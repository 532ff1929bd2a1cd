"""What there is to go back to, of the bot's own making. Pure."""

from bot.health.words import ago, count
from bot.restoring.made import Seen
from bot.views.blocks import Message, actions, ask_button, code, context, date_and_time, header, person, section


def show(seen: Seen) -> Message:
    """The card of `/aikeys backup`."""
    points = [f"• {code(one.name)} {date_and_time(one.at)}, by {person(one.by)}" for one in seen.points]
    dumps = [
        f"• {code(one.name)} {date_and_time(one.at)}, {one.bytes / 1e6:,.1f} MB, "
        f"{one.rows:,} rows in {count(one.tables, 'table')} restored and counted"
        for one in seen.dumps
    ]
    no_dumps = (
        "none" if seen.can_dump else "none: AIKEYS_DUMP_URL, AIKEYS_DUMP_KEY, AIKEYS_DUMPS and AIKEYS_PG_BIN unlock it"
    )
    age = f"{ago(max(0.0, (seen.at - seen.copied).total_seconds()))} old" if seen.copied else "none yet"
    copied = age if seen.copies else "none: AIKEYS_COPIES unlocks it"
    verdict = f"{count(len(points), 'restore point')}, {count(len(dumps), 'dump')} made through me"
    return Message(
        text=f"{verdict}. Copy of my own memory: {copied}.",
        blocks=[
            header(verdict[0].upper() + verdict[1:]),
            section("*Restore points* (Supabase may have removed older ones)\n" + ("\n".join(points) or "none")),
            section("*Dumps*, encrypted\n" + ("\n".join(dumps) or no_dumps)),
            section(f"*Copy of my own memory*\n{copied}"),
            actions(ask_button("Supabase's backups", "backups")),
            context(
                f"Project {code(seen.target.ref)} · a new one: `/aikeys backup now` · a dump: `/aikeys backup dump` · "
                "back to a restore point: `/aikeys restore` and its name"
            ),
        ],
    )
