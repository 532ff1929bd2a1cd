"""The parts of `make bench`, in their order: the quick ones first, those that fill the project's database last."""

from bench import (
    acks,
    approve,
    dump,
    logs,
    memory,
    outage,
    recovery,
    reply,
    sampling,
    start,
    storing,
    storm,
    timeline,
)
from bench.figures import Part

PARTS = (
    Part("start", "Start", 2, start.part),
    Part("acks", "Acknowledging, side by side", 7, acks.part),
    Part("memory", "Memory of the bot as it is shipped", 2, memory.part),
    Part("health", "`/aikeys health` in the channel", 0.5, reply.part, f"{reply.ROUNDS} questions"),
    Part("logs", "`/aikeys logs`, and redaction", 0.5, logs.part, f"{logs.ROUNDS} questions"),
    Part("approve", "From Approve to the wire", 1, approve.part, f"{approve.ROUNDS} deploys"),
    Part("storm", "Storms of alerts, a minute each", 6, storm.part),
    Part("outage", "An outage at a random moment", 8, outage.part),
    Part("timeline", "A timeline that grows", 3, timeline.part),
    Part("store", "Appending to the timeline", 0.5, storing.part),
    Part("samples", "A day of looks on disk", 0.5, sampling.part, "once, since the same seed leaves the same bytes"),
    Part("recovery", "The bot's machine is lost", 2, recovery.part),
    Part("dump", "A dump of a hundred megabytes", 1, dump.part),
)
