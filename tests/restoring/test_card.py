"""The card of a restore, as its second person reads it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clients.errors import Source, TooLate
from bot.questions.backups import Counted, Loss
from bot.views.restoring import Seen, changes, dangers, shown

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
AWAY = TooLate(Source("Supabase", "x"), 10)
SEEN = Seen(
    name="before-the-fix",
    since=NOW - timedelta(hours=2),
    now=NOW,
    undoes=[("20261125130000", "add <risk>"), ("20261125131000", "")],
    loss=Loss(NOW, Counted(3, 0, 1), Counted(2, 4), Counted(5), Counted(6), Counted(2)),
    deployed={"health": NOW},
    rotated=["CIRCLE_API_KEY"],
)
UNKNOWN = Loss(NOW, AWAY, AWAY, AWAY, AWAY, AWAY)
NOTHING = Loss(NOW, Counted(0), Counted(0), Counted(0), Counted(0), Counted(0))


@pytest.mark.parametrize(
    "said",
    [
        "*whole database* goes back to restore point `before-the-fix` of",
        "2 h ago",
        "*undoes 2 migrations*: `20261125130000` add &lt;risk&gt; and `20261125131000`",
        "*3 payments* that Circle has reported since are forgotten; the money has moved",
        "2 new are lost, 4 fall back",
        "`CIRCLE_API_KEY` rotated since",
        "`health` deployed since: that code stays",
        "Passwords come back too",
        "payments reported by Circle *3*, wallets *1*, deposits and withdrawals *2*, security events *5*",
    ],
)
def test_it_says(said):
    assert said in "\n".join(map(str, [*changes(SEEN), *dangers(SEEN), *shown(SEEN)]))


@pytest.mark.parametrize(
    ("loss", "undoes", "said"),
    [
        (UNKNOWN, None, "Which migrations it undoes is *not known*"),
        (UNKNOWN, None, "How many payments and transactions are lost is *not known*"),
        (NOTHING, [], "It undoes no migration"),
    ],
)
def test_what_is_not_known_is_not_nothing(loss, undoes, said):
    seen = Seen("", NOW - timedelta(minutes=3), NOW, undoes, loss, {}, [])
    told = "\n".join([*changes(seen), *dangers(seen)])
    assert said in told
    assert "forgotten" not in told
