"""Whatever comes down the socket: nothing escapes, nobody is pinged, and the next question is answered."""

import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.chat import verdict
from tests.longer import LONGER
from tests.wait import eventually

EXAMPLES, EACH = 101 * LONGER, 100  # more than 10,000 different payloads through the whole way in

HOSTILE = st.sampled_from([
    "health", "health <!channel>", "<!here> <!everyone>", "<!subteam^S0>", "<@U0ANA>", "'; drop table events; --",
    "\x1b[31mred", "\u202eevil", "--part", "--part=", "—part database", "“health”", "`" * 50, "*" * 200, "health\x00",
    "<https://evil.example|click>", "&lt;!channel&gt;", "help <!channel>", "\ud7ff\ue000",
])  # fmt: skip
# As a constant it would stand in the repr of every strategy made of it, and Hypothesis warns of that.
LONG = st.just("a").map(lambda one: one * 10_000)
TEXT = HOSTILE | st.text(max_size=80) | LONG
SCALAR = st.none() | st.booleans() | st.integers(-9, 2**40) | TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)
USER = st.sampled_from(["U0ANA", "U0ZOE", "U0GUS", "U0SAM", "U0NOBODY", ""]) | TEXT
CHANNEL = st.sampled_from(["C0OPS", "C0WAR", "C0EXT", "D0", ""]) | TEXT


def loose(**fields):
    """A payload of these fields, any of which may be missing or of another shape."""
    return st.fixed_dictionaries({}, optional={name: value | JSON for name, value in fields.items()})


COMMAND = loose(
    command=st.just("/aikeys"), text=TEXT, user_id=USER, channel_id=CHANNEL, team_id=TEXT, response_url=TEXT
)
# One that reaches its command whatever else is drawn: all there that Slack sends.
ASKED = st.fixed_dictionaries(
    {
        "command": st.just("/aikeys"),
        "text": TEXT,
        "user_id": st.sampled_from(["U0ANA", "U0ZOE"]),
        "channel_id": st.just("C0OPS"),
        "team_id": st.just("T0AIKEYS"),
        "trigger_id": TEXT,
        "response_url": TEXT,
    }
)
CLICK = loose(
    type=st.just("block_actions"),
    user=loose(id=USER, team_id=TEXT),
    channel=loose(id=CHANNEL),
    container=loose(type=TEXT, message_ts=TEXT),
    message=loose(ts=TEXT, thread_ts=TEXT),
    actions=st.lists(loose(action_id=st.sampled_from(["aikeys:ask:x", "aikeys:logs", "aikeys:"]) | TEXT, value=TEXT)),
)
SUBMISSION = loose(type=st.just("view_submission"), view=loose(callback_id=st.just("aikeys:x"), state=JSON), user=JSON)
EVENT = loose(
    type=st.just("event_callback"),
    event_id=TEXT,
    event=loose(
        type=st.sampled_from(["app_mention", "message", "app_home_opened"]) | TEXT,
        channel_type=st.just("im"),
        text=TEXT,
        user=USER,
        channel=CHANNEL,
        ts=TEXT,
        thread_ts=TEXT,
    ),
)
PAYLOADS = st.tuples(
    st.sampled_from(["slash_commands", "interactive", "events_api"]),
    COMMAND | ASKED | CLICK | SUBMISSION | EVENT | JSON,
)


class Batch(list[Any]):
    """A hundred payloads; its repr stays short, because Hypothesis prints it when the test is red."""

    def __repr__(self):
        return f"{len(self)} payloads, {hash(json.dumps(self, default=str)):x}"


NUMBERS = itertools.count()
BROKEN = ("work.failed", "bolt.broke", "delivery.broke", "Traceback")


@pytest.fixture
def shown(town) -> list[dict[str, Any]]:
    """Each message that anybody sees anywhere, as it came and after each change."""
    seen: list[dict[str, Any]] = []
    town.slack.backend.feed.listeners.add(
        lambda event, _: seen.extend([event["message"]] if "message" in event else [])
    )
    return seen


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],  # a batch of a hundred shrinks for minutes; the log names the one that broke
    derandomize=LONGER == 1,  # in the gate the same payloads each time: a red run can be run again
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(batch=st.lists(PAYLOADS, min_size=EACH, max_size=EACH, unique_by=json.dumps).map(Batch))
async def test_no_payload_breaks_the_bot_or_pings_a_channel(batch, town, bot, shown, capsys):
    """More than 10,000 different payloads of every kind and no kind, a hundred at a time."""
    town.slack.limits.off = True

    async def send(kind, payload):
        line = bot.sockets.lines[0].current
        bot.inbox.arrive(line, {"envelope_id": f"e{next(NUMBERS)}", "type": kind, "payload": payload})

    for kind, payload in batch:
        await send(kind, payload)
    await bot.inbox.idle()
    await eventually(lambda: not bot.work.depth, 30)

    logged = capsys.readouterr().err
    broken = [line[:2000] for line in logged.splitlines() if any(name in line for name in BROKEN)]
    assert not broken
    said = " ".join(json.dumps(one, ensure_ascii=False) for one in shown if one.get("bot_id"))
    shown.clear()
    assert not re.search(r"<!(channel|here|everyone|subteam)", said)


async def test_after_all_that_a_question_is_answered(chat, shown):
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)
    assert [one for one in shown if one.get("bot_id") and verdict(one)], "what was shown is looked at"
