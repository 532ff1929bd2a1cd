"""Logs: JSON lines, the interaction's id, no secret and no words of people."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.hide import hide
from bot.telemetry import logs
from bot.telemetry.logs import Hider

SECRET = "a-password-of-no-known-shape"


@pytest.fixture
def logged():
    """Configures anew for one test; returns a logger and what it wrote so far."""
    before, handlers, level = structlog.get_config(), logging.getLogger().handlers[:], logging.getLogger().level
    out = io.StringIO()

    def logged(severity: str = "info", *extra):
        logs.configure(severity, extra, secrets=[SECRET], stream=out)
        return structlog.get_logger(), lambda: [json.loads(line) for line in out.getvalue().splitlines()]

    yield logged
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def test_a_line_is_json_with_the_interactions_id(logged):
    """What is bound for the work on a delivery is on each of its lines."""
    log, lines = logged()
    with structlog.contextvars.bound_contextvars(delivery=7):
        log.info("command.asked", command="health")
    (line,) = lines()
    assert (line["event"], line["delivery"], line["command"], line["level"]) == ("command.asked", 7, "health", "info")
    assert line["timestamp"].endswith("Z")


def test_nothing_secret_whatever_its_shape_or_place(logged):
    """Known values and known shapes, in texts, lists, keys, exceptions and other libraries' lines."""
    log, lines = logged()
    log.info("x", a=f"is {SECRET}!", b=["xoxb-1234-abcdef", {"k": "Bearer abcdefghijkl", SECRET: 1}], c=OSError(SECRET))
    log.error("broke", exc_info=OSError(f"cannot reach https://ana:{SECRET}@example.com"))
    logging.getLogger("slack_sdk").warning("token %s", "xapp-1-A1-abcdef")
    text = json.dumps(lines())
    assert len(lines()) == 3
    for part in (SECRET, "xoxb-1234", "abcdefghijkl", "xapp-1-A1"):
        assert part not in text


def test_no_words_of_people(logged):
    """Texts are counted, not kept; an error that quotes what was typed is logged by its place alone."""
    log, lines = logged()
    log.info("said", text="ana writes this", blocks=[{"text": "ana writes this"}], deep={"message": "ana writes this"})
    for error in (
        Refused("“ana writes this”", "is no", "command"),
        KeyError("ana writes this"),
        ValueError("ana writes this"),
    ):
        try:
            raise error
        except type(error):
            log.exception("broke")
    text = json.dumps(lines())
    assert "ana writes" not in text
    assert "test_logs.py" in text
    assert "KeyError: [not logged]" in text


def test_causes_and_groups_are_followed(logged):
    """The whole chain, each with its place."""
    log, lines = logged()
    try:
        try:
            raise ConnectionResetError("by peer")
        except OSError as error:
            raise ExceptionGroup("two", [RuntimeError("left"), TypeError("right")]) from error
    except ExceptionGroup:
        log.exception("broke")
    said = lines()[0]["exception"]
    assert said.index("ConnectionResetError: by peer") < said.index("which led to:") < said.index("RuntimeError: left")
    assert "TypeError: right" in said


def test_switched_off_is_not_even_seen(logged):
    """A debug line below the level reaches no processor: the named points cost nothing in production."""
    seen = []

    def spy(_logger, _method, event):
        seen.append(event["event"])
        return event

    log, lines = logged("info", spy)
    log.debug("inbox.committed", count=1)
    log.info("bot.stopped")
    assert seen == ["bot.stopped"]
    assert len(lines()) == 1


def test_extra_processors_see_named_points_first(logged):
    """A harness can act at a point before anything is written."""

    def die(_logger, _method, event):
        if event["event"] == "inbox.committed":
            raise SystemExit(9)
        return event

    log, lines = logged("debug", die)
    with pytest.raises(SystemExit):
        log.debug("inbox.committed")
    assert lines() == []


def test_an_unknown_level_is_refused():
    """Rather than logging nothing."""
    with pytest.raises(ValueError, match="loud is not a log level"):
        logs.configure("loud")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("xoxb-123456789012-abcDEF", "[hidden]"),
        ("xoxe.xoxp-1-abcdef", "[hidden]"),
        ("xapp-1-A012-abc", "[hidden]"),
        ("sbp_fc0123456789abcdef", "[hidden]"),
        ("sb_secret_abcdef123", "[hidden]"),
        ("Authorization: Bearer abc.def-ghi_jkl", "Authorization: Bearer [hidden]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[hidden]"),
        ("TEST_API_KEY:0123456789:abcdef", "[hidden]"),
        ("postgres://u:p4ss@db.example/x", "postgres://[hidden]@db.example/x"),
        ("wss://wss.slack.com/link/?ticket=abc&app_id=A1", "wss://wss.slack.com/link/?ticket=[hidden]&app_id=A1"),
        ("https://hooks.slack.com/commands/T1/2/abc", "https://hooks.slack.com/[hidden]"),
        ("nothing to hide: health, U012AB3CD, v1=5", "nothing to hide: health, U012AB3CD, v1=5"),
    ],
)
def test_shapes(text, shown):
    """What is hidden, and what of it stays to know what it was."""
    assert hide(text) == shown


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_anything_can_be_logged(value):
    """No event breaks the log, and a secret comes out of no nesting."""
    shown = Hider([SECRET])(None, "info", {"event": "x", "value": [value, {"k": SECRET}]})
    assert SECRET not in json.dumps(shown, default=str)
