"""What conversations about the errands of an incident have in common."""

import asyncio

from tests.wait import eventually

INCIDENTS, OPS = "#incidents", "#ops"
ENVIRONMENT = {
    "AIKEYS_LEAD": "U0CY",
    "AIKEYS_LEAD_PHONE": "+34 600 123 456",
    "AIKEYS_ON_CALL": "S0APPR",
    "AIKEYS_CALL_HERE": "true",
}


def room(chat):
    """The own channel of the newest incident."""
    return next((one for one in chat.slack.state.channels.values() if one.name.startswith("inc-")), None)


async def passing(watching, condition, seconds=60):
    """Let the clock pass until *condition* is true; servers answer at the machine's own pace."""
    for _ in range(seconds * 2):
        if condition():
            return
        await watching.clock.passes(seconds=1)
        await asyncio.sleep(0.002)
    try:
        await eventually(condition)
    except AssertionError:
        raise AssertionError(f"not within {seconds} s: {watching.bot.store.errands.of('incident/1')}") from None


def state(watching, name, incident="incident/1"):
    errand = watching.bot.store.errands.get(incident, name)
    return errand.state if errand is not None else None


def done(watching, name):
    return state(watching, name) == "done"
