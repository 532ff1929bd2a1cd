"""Who may know whom: imports point one way, and each outside thing has its few files."""

import ast
import re

import pytest

OURS = {"bot", "commands", "store", "playground", "bench", "tests"}
MAY_IMPORT = {"commands": {"bot", "store", "commands"}, "bot": {"bot", "store"}, "store": {"store"}}


def heads(module) -> set[str]:
    return {name.partition(".")[0] for name in module.imports()}


def test_imports_point_one_way(modules):
    """commands → bot → store, and nothing the other way, nor to the playground."""
    wrong = {m.path: bad for m in modules if (bad := heads(m) & OURS - MAY_IMPORT[m.package])}
    assert wrong == {}


@pytest.mark.parametrize(
    ("library", "where", "most"),
    [
        ("slack_bolt", r"bot/slack\.py", 1),
        ("httpx", r"bot/clients/.*", None),
        ("anyio", r"bot/clients/.*", None),
        ("sqlite3", r"store/.*", None),
        ("sqlite_utils", r"store/.*", None),
        ("typer", r"bot/cli/.*", None),
        ("rich", r"bot/cli/.*", None),
        ("prometheus_client", r"bot/telemetry/(metrics|figures)\.py", 2),
        ("random", r"bot/(door/sockets|clients/slack)\.py", 2),
        ("subprocess", r"-", 0),
        ("requests", r"-", 0),
        ("unittest", r"-", 0),
    ],
)
def test_each_library_has_its_place(modules, library, where, most):
    """Whoever wants to know how the bot speaks to something opens one folder."""
    users = [m.path for m in modules if library in heads(m)]
    assert [path for path in users if not re.fullmatch(where, path)] == []
    assert most is None or len(users) <= most


@pytest.mark.parametrize(
    ("spoken_of", "where"),
    [
        (("datetime.now", "datetime.utcnow", "time.time", "date.today", "datetime.today"), "bot/clock.py"),
        (("os.environ", "os.getenv"), "bot/settings/reading.py"),
        (("sys.argv",), "bot/__main__.py"),
    ],
)
def test_the_ambient_world_has_one_door(modules, spoken_of, where):
    """The time and the environment come in at one place each: everything else is told."""
    assert [m.path for m in modules if m.uses(*spoken_of) and m.path != where] == []
    assert [m.path for m in modules if m.uses(*spoken_of)] == [where]


_ASKING = (
    "bot/clients/",
    "bot/health/",
    "bot/questions/",
    "bot/diagnosis/",
    "bot/reviews/",
    "bot/webhooks/questions.py",
    "bot/deploys/callers.py",
    "bot/logbook/",
    "bot/dumps/session.py",
    "bot/incidents/documenting.py",
    "bot/migrations/",
)  # of Supabase, as its read-only user; what a migration sends changes the wallet's own, and stands there too
_SQL = re.compile(
    r"^\s*(select|insert into|update \w+ set|delete from|create (table|index|trigger)|pragma)\b", re.IGNORECASE
)


def test_whoever_sits_at_a_desk_is_known_to_the_frame_alone(modules):
    """What comes in, who may and what leaves know no desk; what stands in bot/ itself is the frame, and stays small."""
    below = re.compile(r"bot/(door|rights|post|clockwork|telemetry|memory|start|drawing|clients)/")
    lower = [m for m in modules if below.match(m.path)]
    assert [m.path for m in lower if any(name.startswith("bot.desks") for name in m.imports())] == []
    assert len([m.path for m in modules if re.fullmatch(r"bot/\w+\.py", m.path)]) <= 25


def test_who_may_do_what_is_judged_without_slack(modules):
    """What the tables of docs/authorisation.md are worked out by knows nobody who asks Slack."""
    by_name = {m.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): m for m in modules}
    seen, todo = set(), ["bot.rights.pressing", "bot.rights.ruling", "bot.rights.standing", "bot.rights.authorisation"]
    while todo:
        name = todo.pop()
        name = name if name in by_name else name.rpartition(".")[0]
        if name in by_name and name not in seen:
            seen.add(name)
            todo += by_name[name].imports()
    assert not seen & {"bot.rights.roles", "bot.slack", "bot.clients.slack"}


def test_our_tables_are_spoken_of_in_the_store_alone(modules):
    """SQL about our own database stays in one folder; what is asked of the wallet's is a client's or a probe's."""
    wrong = [m.path for m in modules if m.package != "store" for text in m.strings() if _SQL.search(text)]
    assert [path for path in wrong if not path.startswith(_ASKING)] == []


def test_no_shell(modules):
    """Nothing is ever run through a shell, nor is text run as code."""
    calls = ("os.system", "os.popen", "subprocess.run", "subprocess.Popen", "asyncio.create_subprocess_shell")
    assert [m.path for m in modules if m.uses(*calls)] == []


def test_no_child_inherits_the_environment(modules):
    """The bot's own holds its tokens: whatever it starts gets one made for it."""
    starts = [
        (m.path, call)
        for m in modules
        for call in ast.walk(m.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("create_subprocess_exec", "posix_spawn"))
    ]
    ours = [(path, call) for path, call in starts if path.startswith(("bot/", "commands/", "store/"))]
    assert [path for path, call in ours if "env" not in {keyword.arg for keyword in call.keywords}] == []
    assert ours


def test_rooms_are_small(modules):
    """A file that does not fit on a few screens does more than one thing."""
    sizes = {m.path: m.tree.body[-1].end_lineno or 0 for m in modules if m.tree.body}
    assert {path: lines for path, lines in sizes.items() if lines > 300} == {}
    assert not [path for path in sizes if path.endswith(("utils.py", "helpers.py", "manager.py", "misc.py"))]
