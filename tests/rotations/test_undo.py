"""The value from before: kept in its box where it came sealed and the team wants that, brought back, thrown away."""

import pytest

from bot.rotations import custody
from bot.vault import Value
from tests.attack.test_canary import every_byte
from tests.chat import words
from tests.deploys import opened
from tests.rotations.rotating import KEY, SECRET
from tests.wait import eventually


@pytest.fixture
def environment(environment):
    return environment | {"AIKEYS_CUSTODY_HOURS": "24"}


def sealed(rotating, **values):
    box = rotating.bot._answering._vault.box
    return {name: box.seal(Value(value.encode())) for name, value in values.items()}


async def over(rotating, number):
    """The operation of that number has come to its good end."""
    rows, subject = rotating.bot.store.operations, f"operation/{number}"
    await eventually(lambda: (one := rows.get(subject)) is not None and one.state == "done", within=15)


@pytest.mark.slow
async def test_the_value_before_comes_back(rotating, project):
    """Also the proof is better: what is signed with the old one is refused."""
    first = rotating.made()
    assert "There is no way back" in words(await rotating.asks())
    await rotating.chat.clicks("ana", "Withdraw")
    await rotating.town.slack.until(lambda: not rotating.chat.offers("ana", "Withdraw"))
    await rotating.whole(**sealed(rotating, **first))
    await over(rotating, 1)
    second = rotating.made()
    card = words(await rotating.asks())
    assert "is kept for 24 hours" in card
    assert "There is no way back" not in card
    await rotating.chat.clicks("ben", "Approve")
    await rotating.said("enter the new values")
    await rotating.chat.clicks("ana", "Enter new values")
    assert "until 24 hours after it is replaced" in str(await opened(rotating.town, "ana"))
    await rotating.enters(**sealed(rotating, **second))
    await rotating.said("refuses what is signed with the old one (401)")
    await over(rotating, 2)
    assert rotating.live(**second)
    await rotating.said("/aikeys rotate circle --undo")

    project.state.set_secrets({KEY: "somebody else's"})
    await rotating.chat.says("ana", "/aikeys rotate circle --undo")
    await rotating.chat.until("nobody but me has set another since")
    project.state.set_secrets({KEY: second[KEY]})

    await rotating.asks("rotate circle --undo")
    project.circle.secret = first[SECRET]
    await rotating.chat.clicks("ben", "Approve")
    await over(rotating, 3)
    assert rotating.live(**first)
    assert "rotation.undone" in rotating.kinds(f"secret/{KEY}")
    held = every_byte(rotating.bot.settings.data)
    assert not [value for value in (*first.values(), *second.values()) if value.encode() in held]

    await rotating.bot.clock.passes(hours=25)
    await rotating.bot._answering._rotating.round()
    assert rotating.bot.store.custody.before(KEY, rotating.bot.clock.now()) is None
    await rotating.chat.says("ana", "/aikeys rotate circle --undo")
    await rotating.chat.until("before is not kept")


async def test_only_what_was_live_just_before_can_come_back(rotating):
    """Also where the new value was forgotten by a restart; and what is no way back any more does not stay."""
    kit, rows = rotating.bot._answering._rotating.kit, rotating.bot.store.custody
    custody.keep(kit, {KEY: None}, {KEY: "a"}, {KEY: Value(b"first", sealed=True)})
    for _ in range(2):
        custody.keep(kit, {KEY: "a"}, {KEY: "b"}, {KEY: Value(b"second", sealed=True)})
        assert rows.before(KEY, kit.ctx.clock.now()).mark == "a"
    custody.keep(kit, {KEY: "b"}, {KEY: "a"}, {})
    assert rows.before(KEY, kit.ctx.clock.now()).mark == "b"
    custody.keep(kit, {KEY: "a"}, {KEY: "c"}, {})
    assert rows.before(KEY, kit.ctx.clock.now()).mark == "a"
    custody.keep(kit, {KEY: "c"}, {KEY: "d"}, {})
    assert rows.before(KEY, kit.ctx.clock.now()) is None
    rows.purge(kit.ctx.clock.now())
    assert not list(rotating.bot.store.db.query("SELECT * FROM custody"))


class TestSwitchedOff:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_CUSTODY_HOURS": "0"}

    async def test_nothing_of_before_stays(self, rotating):
        rotating.bot.store.custody.keep(KEY, "a", "aikeys-sealed:v1:…", rotating.bot.clock.now())
        await rotating.bot._answering._rotating.round()
        assert not list(rotating.bot.store.db.query("SELECT * FROM custody"))


async def test_what_came_in_the_open_is_not_kept(rotating):
    await rotating.whole()
    await over(rotating, 1)
    assert "There is no way back" in words(await rotating.asks())
    assert not list(rotating.bot.store.db.query("SELECT * FROM custody"))
