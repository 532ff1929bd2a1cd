"""From `POST /alerts` to the channel: what is one incident, when it is told, and how it ends."""

from bot.incoming.words import FEW
from tests.chat import words
from tests.incidents.test_report import text
from tests.incoming.conftest import alert, webhook
from tests.wait import eventually


def told(chat, channel="#incidents"):
    return [one for one in chat.sees("ana", channel) if one.get("bot_id")]


async def test_a_p0_is_told_at_once(sender, chat, bot):
    await sender.sends(alert("DatabaseGone", severity="critical", description="No primary answers."))
    card = await chat.until("Alert: DatabaseGone", channel="#incidents")
    assert "No primary answers." in words(card)
    assert "1 alert, firing" in words(card)
    assert bot.store.incidents.recent()[0].severity == "P0"


async def test_a_p1_waits_ten_seconds_for_what_belongs_to_it(sender, chat, bot, clock):
    await sender.sends(alert(node="a"))
    await clock.passes(seconds=5)
    await sender.sends(alert(node="b"), alert(node="c"), alert(node="a"))
    await clock.passes(seconds=4)
    assert bot.store.incidents.recent() == []
    await clock.passes(seconds=2)
    card = await chat.until("4 alerts of 3 kinds, all firing")
    assert "Alert: DiskFull" in words(card)
    assert [one.kind for one in bot.store.incidents.story("incident/1")] == ["incident.opened"]


async def test_a_card_has_the_text_of_each_of_the_first_few(sender, chat, bot, clock):
    await sender.sends(alert(node="a", description="Disk a is full."))
    await clock.passes(seconds=11)
    await chat.until("Disk a is full.")
    await sender.sends(*(alert(node=one, description=f"Disk {one} is full.") for one in "bcde"))
    await clock.passes(seconds=6)
    card = words(await chat.until("5 alerts of 5 kinds, all firing"))
    assert "DiskFull on db-1. Disk e is full." in card, "also what came after it was told"
    assert "and 2 more" in card
    await sender.sends(*(alert(node=one, status="resolved", description=f"Disk {one} is full.") for one in "abcde"))
    await clock.passes(seconds=2)
    over = words(await chat.until("P1 Alert: DiskFull · resolved"))
    assert over.count("is full.") >= FEW, "what it was about is read the next day too"
    assert "and 2 more" in over
    said = text(bot.store, now=clock.now())
    assert "Reported with it: DiskFull on db-1. Disk" in said


async def test_over_within_ten_seconds_is_told_to_nobody(sender, bot, clock):
    await sender.sends(alert())
    await clock.passes(seconds=5)
    await sender.sends(alert(status="resolved"))
    await clock.passes(seconds=30)
    assert bot.store.incidents.recent() == []
    assert bot.store.alerts.live() == []


async def test_resolved_by_its_sender_and_back(sender, chat, bot, clock):
    await sender.sends(alert(node="a"), alert(node="b"))
    await clock.passes(seconds=11)
    await sender.sends(alert(node="a", status="resolved"))
    await clock.passes(seconds=6)
    await chat.until("2 alerts of 2 kinds, 1 still firing")
    await sender.sends(alert(node="b", status="resolved"))
    await clock.passes(seconds=2)
    await chat.until("2 alerts of 2 kinds, all resolved")
    assert bot.store.incidents.of("incident/1").state == "resolved"
    await clock.passes(minutes=5)
    await sender.sends(alert(node="a"))
    await clock.passes(seconds=11)
    assert bot.store.incidents.of("incident/1").state == "open"
    await sender.sends(alert(node="a", status="resolved"))
    await clock.passes(seconds=50)
    assert bot.store.incidents.of("incident/1").open, "what has come back once must be calm for a minute"
    await clock.passes(seconds=15)
    assert not bot.store.incidents.of("incident/1").open
    assert [one.subject for one in bot.store.incidents.recent()] == ["incident/1"]


async def test_a_p1_that_becomes_a_p0(sender, chat, bot, clock):
    await sender.sends(alert(node="a"))
    await clock.passes(seconds=11)
    await sender.sends(alert(node="b", severity="critical"))
    await clock.passes(seconds=1)
    await chat.until("P0 Alert: DiskFull", channel="#incidents")
    await chat.until("A critical alert joined it", channel="#incidents")
    assert [one.severity for one in bot.store.incidents.recent()] == ["P0"]
    kinds = [one.kind for one in bot.store.incidents.story("incident/1")]
    assert kinds[0] == "incident.opened"
    assert kinds.count("incident.severity") == 1

    await chat.says("ana", '/aikeys incident severity P1 1 "only a node"')
    await chat.until("It is a P1 now")
    await sender.sends(alert(node="b", severity="critical"))
    await clock.passes(seconds=3)
    assert bot.store.incidents.of("incident/1").severity == "P1", "nothing new has joined"
    await sender.sends(alert(node="c", severity="critical"))
    await clock.passes(seconds=1)
    assert bot.store.incidents.of("incident/1").severity == "P0"
    story = bot.store.incidents.story("incident/1")
    assert "joined it" in [one for one in story if one.kind == "incident.severity"][-1].text


async def test_what_a_person_calls_over_stays_over_but_not_what_is_new(sender, chat, bot, clock):
    await sender.sends(alert(node="a"))
    await clock.passes(seconds=11)
    await chat.until("Alert: DiskFull")
    await chat.clicks("ana", "Resolve")
    await eventually(lambda: not bot.store.incidents.of("incident/1").open)
    await sender.sends(alert(node="a"))
    await clock.passes(seconds=11)
    assert not bot.store.incidents.of("incident/1").open, "the same, which still fires, is theirs"
    await sender.sends(alert(node="b"))
    await clock.passes(seconds=11)
    assert bot.store.incidents.of("incident/1").open
    assert [one.subject for one in bot.store.incidents.recent()] == ["incident/1"]


async def test_an_old_notice_moves_nothing(sender, bot, clock):
    """Two Alertmanagers, or a repeat on the wire: what belongs to an episode that has ended does not begin it anew."""
    await sender.sends(alert(starts="2026-11-25T10:00:00Z"), alert(starts="2026-11-25T10:00:00Z", status="resolved"))
    await sender.sends(alert(starts="2026-11-25T10:00:00Z"))
    await clock.passes(seconds=11)
    assert bot.store.incidents.recent() == []
    await sender.sends(alert(starts="2026-11-25T11:00:00Z"))
    await sender.sends(alert(starts="2026-11-25T10:00:00Z", status="resolved"))
    await clock.passes(seconds=11)
    assert bot.store.incidents.recent()[0].open


async def test_hostile_texts_can_do_nothing(sender, chat, clock):
    evil = "<!channel> *now* `x` <https://evil.example|click> \u202e" + "a" * 400
    key = "sbp_" + "0123456789" * 4
    await sender.sends(alert("<!here>", severity="critical", description=f"{evil} {key}", url="https://evil.example/x"))
    card = words(await chat.until("Alert:", channel="#incidents"))
    assert "<!channel>" not in card
    assert "<!here>" not in card
    assert "<https://evil.example" not in card
    assert key not in card
    assert "`https://evil.example/x`" in card


async def test_an_address_of_a_named_host_is_a_link(sender, chat):
    await sender.sends(alert(severity="critical", url="https://grafana.example.com/d/1?a=1&b=2"))
    card = words(await chat.until("Alert: DiskFull", channel="#incidents"))
    assert "<https://grafana.example.com/d/1?a=1&amp;b=2|grafana.example.com>" in card


async def test_roots_without_end_are_one_message(sender, chat, bot, clock):
    """A label that differs each time must not be a thousand incidents."""
    await sender.sends(*(alert(f"Pod{number}") for number in range(300)))
    await clock.passes(seconds=20)
    await chat.until("290 causes")
    assert len(bot.store.incidents.recent(50)) == 11
    await sender.sends(*(alert(f"Pod{number}", status="resolved") for number in range(300)))
    await clock.passes(seconds=5)
    assert bot.store.events.open_incidents() == []


async def test_what_is_for_information_pages_nobody(sender, bot, clock):
    """Prometheus' own Watchdog fires for ever."""
    await sender.sends(alert("Watchdog", severity="none"), alert("Deployed", severity="info"))
    await clock.passes(seconds=15)
    assert bot.store.incidents.recent() == []


async def test_what_its_sender_left_out_is_counted_and_said(sender, chat, bot, clock):
    body = webhook(alert(node="a"), alert(node="b")) | {"truncatedAlerts": 57}
    assert await sender.posts(body) == (202, {"taken": 2, "left_out": 57})
    await clock.passes(seconds=11)
    await chat.until("59 alerts of 2 kinds, all firing; 57 of them left out by their sender (max_alerts)")
    (group,) = bot.store.alerts.live()
    assert (group.count, group.left_out) == (59, 57)
