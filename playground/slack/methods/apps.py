"""apps.connections.open and blocks.validate."""

from playground.blockkit import Problem, check_blocks, check_message, check_view
from playground.slack.errors import SlackError
from playground.slack.methods.table import Answer, Call, method


@method("apps.connections.open", tier=3, token="app")
def connections_open(call: Call) -> Answer:
    """A one-use WebSocket address; the app-level token's connections:write is what opens it."""
    return {"url": call.backend.sockets.tickets.url(call.backend.base.replace("http", "ws", 1))}


@method("blocks.validate", tier=None, token="none")
def blocks_validate(call: Call) -> Answer:
    """Check blocks, a view or a message without posting it (new in 2026)."""
    given = [name for name in ("blocks", "view", "message") if call.args.has(name)]
    if len(given) != 1:
        said = "must provide exactly one of `blocks`, `view`, or `message`"
        raise SlackError("invalid_arguments", response_metadata={"messages": [said]})
    value = call.args.parsed(given[0])
    problems: list[Problem] = {
        "blocks": lambda: check_blocks(value, "message"),
        "view": lambda: check_view(value),
        "message": lambda: check_message(value),
    }[given[0]]()
    if problems:
        errors = [{"pointer": each.pointer, "code": each.code, "message": each.message} for each in problems]
        raise SlackError(f"invalid_{given[0]}", errors=errors)
    return {}
