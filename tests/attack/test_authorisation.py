"""Every cell of docs/authorisation.md through the functions that decide; every command and role at the real door."""

import itertools

import pytest

from bot.command import Risk
from bot.desks.deciding import Decisions
from bot.registry import load
from bot.rights import authorisation as table
from bot.rights.pressing import BUTTONS, MODALS, May, may_press
from bot.rights.ruling import Ruling, ruling
from bot.rights.standing import decide
from bot.slack import OURS
from tests.attack.test_doors import click, handed, worked_off
from tests.chat import words

COMMANDS = load()
CROWD = table.CROWD
ROLES = list(CROWD.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_for_whom_it_says_in_every_moment(name):
    """No moment gives what the role does not, nobody gets anything, what can hurt is never just done."""
    command = COMMANDS[name]
    for (who, roles), (when, moment) in itertools.product(CROWD.items(), table.MOMENTS.items()):
        cell = table.asking(command, roles, moment)
        assert (cell == table.NO) == (ruling(command, roles) is Ruling.ROLE), (who, when)
        assert who != "nobody" or cell == table.NO
        assert command.risk is Risk.READ or who != "viewer" or cell == table.NO, "who only looks changes nothing"
        if command.risk is Risk.DESTRUCTIVE:
            assert cell.split(",")[0] in (table.NO, "asks", "frozen", "with a reason", "typed only", "ask again")
        if moment.button:
            assert command.risk is Risk.READ or cell in (table.NO, "typed only"), "a button asks, it never does"
        if moment.unacked:
            assert command.risk is Risk.READ or cell in (table.NO, "ask again")
        if command.confined and moment.place in ("other", "shared"):
            assert cell in (table.NO, "answers, in private", "does it, in private")


def test_more_roles_never_allow_less():
    for command, (less, more) in itertools.product(COMMANDS.values(), itertools.product(ROLES, ROLES)):
        if less <= more and table.asking(command, less, table.Moment()) != table.NO:
            assert table.asking(command, more, table.Moment()) != table.NO


@pytest.mark.parametrize("words_", table.CASES)
def test_a_click_on_a_request_needs_another_person_and_the_role(words_):
    case = table.CASES[words_]
    for (who, roles), own, button in itertools.product(CROWD.items(), (False, True), table.ACTS):
        cell = table.deciding(button, case, roles, own=own)
        yes = cell == "yes"
        if button == "Approve":
            assert not yes or "approver" in roles
            assert not yes or not own or case.alone
        if button == "Break glass":
            assert not yes or ("operator" in roles and case.world.incident)
        if button == "Deny":
            assert not yes or ("approver" in roles and not own)
        if button == "Withdraw":
            assert yes == (own and case.state == "pending" and not case.late)
        assert not yes or who != "nobody" or (button == "Withdraw" and own), (
            "who asked and lost all roles may take it back"
        )
        if button in ("Approve", "Break glass") and (
            case.world.lock or case.world.draining or case.world.fresh or case.late
        ):
            assert not yes


@pytest.mark.parametrize(
    ("button", "case", "who", "own", "expected"),
    [
        ("Approve", "nothing special", "approver", False, "yes"),
        ("Approve", "the plan is no longer true", "approver", False, "changed"),
        ("Approve", "a team of one", "both", True, "yes"),
        ("Approve", "frozen, a way back, with a reason", "approver", False, "yes"),
        ("Approve", "who approved before is no approver now", "approver", False, "rules"),
        ("Break glass", "a P0 is open", "operator", True, "yes"),
        ("Break glass", "nothing special", "operator", True, "no-glass"),
        ("Deny", "nothing special", "approver", False, "yes"),
    ],
)
def test_what_is_meant_to_work_does(button, case, who, own, expected):
    assert table.deciding(button, table.CASES[case], CROWD[who], own=own) == expected


def test_who_comes_from_outside_is_nobody_whatever_the_settings_say():
    for words_, person in table.PEOPLE.items():
        for settings in table.ROLES_SET.values():
            roles = decide(person, table.TEAM, settings, table._MEMBERS).roles
            assert roles in ROLES
            if person.guest or person.stranger or person.bot or person.deleted or table.TEAM not in person.teams:
                assert roles == frozenset(), words_


def test_with_no_roles_set_nobody_changes_anything():
    none = table.ROLES_SET["no roles set"]
    for person in table.PEOPLE.values():
        roles = decide(person, table.TEAM, none, table._MEMBERS).roles
        assert roles <= {"viewer"}
        for command in COMMANDS.values():
            assert command.risk is Risk.READ or table.asking(command, roles, table.Moment()) == table.NO


def test_what_is_not_declared_takes_an_operator():
    for roles in ROLES:
        assert may_press("new-and-forgotten", roles) == bool(roles & {"operator", "approver"})


@pytest.mark.parametrize("name", BUTTONS)
def test_nobody_presses_anything_and_who_looks_only_what_is_said(name):
    assert not may_press(name, frozenset())
    assert may_press(name, CROWD["viewer"]) == (BUTTONS[name].may is May.LOOK)
    assert may_press(name, CROWD["operator"])


async def test_each_button_and_modal_is_declared_and_none_that_is_not_there(bot):
    """A new one comes into the table with its reason, or the gate is red."""
    router_owns = {"ask", "below", "refresh", "where", "how", "way-back"}
    found: list[Decisions] = [one for one in _all(bot._answering) if isinstance(one, Decisions)]
    (decisions,) = found
    assert decisions.routes.keys() | router_owns == BUTTONS.keys()
    assert {name.removeprefix("aikeys:") for name in decisions.modals} == MODALS.keys()
    assert OURS.match("aikeys:approve")


def _all(answering):
    """The desk of decisions, as the router holds it."""
    for cell in answering._dispatch.__closure__ or ():
        app = cell.cell_contents
        for listener in getattr(app, "_async_listeners", []):
            for inner in listener.ack_function.__closure__ or ():
                if hasattr(inner.cell_contents, "decisions"):
                    yield inner.cell_contents.decisions
                    return


CAST = {
    "U0GUS": "nobody",
    "U0SAM": "nobody",
    "U0ZOE": "viewer",
    "U0ANA": "operator",
    "U0BEN": "approver",
    "U0CY": "both",
}
HERE = {"U0SAM": "C0EXT"}


@pytest.fixture
def environment(environment, repository):
    more = {"AIKEYS_OPERATORS": "U0ANA U0CY U0GUS U0SAM", "AIKEYS_APPROVERS": "U0BEN U0CY U0SAM"}
    return environment | more | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.mark.slow
async def test_at_the_real_door_each_gets_what_the_table_says(bot, chat, town, capsys):
    """Six people ask for each; whether the desk took it up is told by its log, before any plan is made or refused."""
    town.slack.limits.off = True
    asked = [(name, user) for name in COMMANDS for user in CAST]
    for number, (name, user) in enumerate(asked):
        line = min(COMMANDS[name].examples, key=len)
        team = town.slack.state.users[user].team
        said = {"command": "/aikeys", "text": line, "user_id": user, "team_id": team, "trigger_id": f"m{number}"}
        handed(bot, "slash_commands", said | {"channel_id": HERE.get(user, "C0OPS")})
    await worked_off(bot)
    log = capsys.readouterr().err
    for name, user in asked:
        taken = f'"command": "{name}"' in log and _taken(log, name, user)
        assert taken == (table.asking(COMMANDS[name], CROWD[CAST[user]], table.Moment()) != table.NO), (name, user)


def _taken(log: str, name: str, user: str) -> bool:
    lines = [one for one in log.splitlines() if '"command.asked"' in one]
    return any(f'"command": "{name}"' in one and f'"user": "{user}"' in one for one in lines)


async def test_a_frozen_project_takes_no_request_and_buttons_take_none_at_all(bot, chat, town):
    """As the table says of these two moments: by the words that people read."""
    await chat.says("ana", '/aikeys freeze "a release" --until 1h')
    await chat.until("frozen")
    await chat.says("ana", "/aikeys deploy health")
    told = words(await chat.until("Only the ways back pass it"))
    assert "frozen" in told.lower()
    for command in COMMANDS.values():
        if command.risk is not Risk.READ:
            handed(bot, "interactive", click("aikeys:ask:x", min(command.examples, key=len), user="U0CY"))
    await worked_off(bot)
    assert not bot.store.approvals.recent()
    assert not bot.store.operations.running()
