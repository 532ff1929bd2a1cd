"""The card of any question: within Slack's limits whatever it holds, and nothing in it is markup that was not ours."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import Target
from bot.health.judgement import Level
from bot.report import Curve, Group, Line, Report, Wrong
from bot.views.report import show
from tests.problems import problems

TARGET = Target("abcdefghijklmnopqrst", "wallet", "eu-central-1")
HOSTILE = "<!channel> *bold* `x` \u202egnp.exe & \x1b[31mred"
words = st.text(max_size=400) | st.just(HOSTILE)
levels = st.sampled_from(list(Level))
lines = st.builds(Line, words, words, levels | st.none(), st.just(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)), words)
groups = st.builds(Group, words, st.lists(lines, max_size=60).map(tuple), words, words)
reports = st.builds(
    Report,
    words,
    levels,
    st.just(TARGET),
    st.just("db"),
    st.lists(st.builds(Wrong, levels, words, words), max_size=12).map(tuple),
    st.lists(groups, max_size=30).map(tuple),
    st.lists(words, max_size=6).map(tuple),
    st.lists(
        st.builds(
            Curve, words, words, st.just("ms"), st.lists(st.tuples(words, st.floats(0, 1e6)), max_size=30).map(tuple)
        ),
        max_size=3,
    ).map(tuple),
    st.lists(words, max_size=5).map(tuple),
)


@settings(max_examples=60)
@given(reports)
def test_slack_takes_it_whatever_it_holds(report):
    message = show(report)
    assert not problems(message)
    assert len(message.blocks) <= 48
    assert "<!channel>" not in message.text
    mrkdwn = [
        block["text"]["text"]
        for block in message.blocks
        if block["type"] == "section" and block["text"]["type"] == "mrkdwn"
    ]
    assert not any("<!channel>" in text or "\x1b" in text or "\u202e" in text for text in mrkdwn)


def test_the_verdict_stands_first_and_alone():
    report = Report("2 slow queries", Level.DEGRADED, TARGET, "db", (Wrong(Level.DEGRADED, "Slow.", "Look at it."),))
    message = show(report)
    assert message.blocks[0]["text"]["text"] == "⚠️ 2 slow queries"
    assert message.text == "⚠️ 2 slow queries. Slow. Look at it. Project abcdefghijklmnopqrst."


def test_read_aloud_a_line_has_its_moment_and_its_person():
    at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    made = (Line("Made:", "15 h ago,", at=at), Line("paid", "860 in a day; last", at=at), Line("x"))
    live = (Line("Live since:", "", at=at), Line("Approved:", by="U0BEN"))
    text = show(Report("x", Level.OK, TARGET, "db", groups=(Group("A", made), Group("B", live), Group("C")))).text
    assert text == (
        "✅ x. A: Made: 15 h ago, 29 Mar 01:30 UTC; paid 860 in a day; last 29 Mar 01:30 UTC. "
        "B: Live since: 29 Mar 01:30 UTC; Approved: by <@U0BEN>. C: none. Project abcdefghijklmnopqrst."
    )


def test_what_does_not_fit_is_counted():
    many = Group("Tables", tuple(Line(f"table_{n}", "x" * 200) for n in range(60)))
    text = show(Report("x", Level.OK, TARGET, "db", groups=(many,))).blocks[2]["text"]["text"]
    shown = text.count("table_")
    assert f"… and {60 - shown} more" in text


def test_who_is_named_like_an_id_is_not_pinged():
    group = Group("Pending", (Line("20260101000000", "wallets", by="Uwe"), Line("20260102000000", "fees", by="U0BEN")))
    said = show(Report("2 pending", Level.OK, TARGET, "migrations", groups=(group,))).blocks[2]["text"]["text"]
    assert "by Uwe" in said
    assert "by <@U0BEN>" in said
