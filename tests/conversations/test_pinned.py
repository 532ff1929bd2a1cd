"""Whatever a plan rests on is looked at again at the click: every field of it, on the real plans of every command."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.approvals.objection import Act, Click, Objection, Why, World, objection
from bot.bundle import pack
from bot.deploys import planning, rolling
from playground.source import CY
from store.approvals import Approval
from tests.wait import eventually

HEALTH, WEBHOOK = "health", "payments-circle-webhook"
INDEX = f"supabase/functions/{HEALTH}/index.ts"
BEN = Click("U0BEN", Act.APPROVE, frozenset({"approver"}))
OTHERWISE = ["something else", "", 17, 1.5, True, False, None, [], {}, {"a": 1}]


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
async def asked(bot, deploying):
    """Asks for *line* as the command does; returns the approval."""

    async def ask(line: str) -> Approval:
        ctx = bot._answering._ctx
        command, function, *rest = line.split()
        made = (
            await planning.deploy(ctx, function, rest[0] if rest else "HEAD")
            if command == "deploy"
            else await rolling.rollback(ctx, function, rest[0] if rest else "")
        )
        for body in made.bodies:
            bot.store.bodies.keep(body, bot.clock.now())
        where = {"channel": "C0OPS", "approvers": []}
        approval: Approval = bot.changes.requests.ask(made.plan, "U0ANA", where=where)
        return approval

    return ask


@pytest.fixture
def refused(bot):
    """Ben clicks; returns the fields that have changed."""

    async def click(approval: Approval) -> set[str]:
        found = await bot.changes.requests.click(approval.subject, BEN)
        assert isinstance(found, Objection), found
        assert found.why is Why.CHANGED
        assert set(found.because.rpartition(": ")[2].rstrip(".").split(", ")) & set(found.fields)
        return set(found.fields)

    return click


def leaves(facts: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in facts.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def names(approval: Approval) -> set[str]:
    return {".".join(path) for path in leaves(approval.plan["pinned"])}


def changed(facts: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    head, *rest = path
    return dict(facts) | {head: changed(facts[head], tuple(rest), value) if rest else value}


@pytest.mark.parametrize("line", ["deploy health main", "deploy all", "rollback health", "rollback health main"])
async def test_each_field_alone_refuses_and_is_named(asked, bot, project, repository, line):
    """Generated over all there are, each in every kind of otherwise; and what has not changed refuses nothing."""
    if line == "rollback health":
        saved(bot, project)
        project.state.functions[HEALTH].files[INDEX] = b"// later"
    approval = await asked(line)
    now, pinned = bot.clock.now(), approval.plan["pinned"]
    fresh = await bot.changes.procedures[approval.command].remake(approval)

    assert objection(approval, BEN, now, World(fresh=fresh.pinned)) is None
    assert fresh.digest == approval.digest
    assert len(names(approval)) >= 12
    for path in leaves(pinned):
        for value in OTHERWISE:
            other = changed(pinned, path, value)
            found = objection(approval, BEN, now, World(fresh=other))
            if other == pinned and type(value) is type(_at(pinned, path)):
                assert found is None
                continue
            assert found is not None, (path, value)
            assert found.why is Why.CHANGED
            assert {one.removesuffix(".a") for one in found.fields} == {".".join(path)}
            assert found.fields[0] in found.because
    found = objection(approval, BEN, now, World(fresh=pinned | {"new": 1}))
    assert found is not None
    assert found.fields == ("new",)


async def test_each_field_of_a_deploy_is_made_again_from_outside(asked, refused, project, repository):
    """None is copied from the request but what was typed: the world is changed, and Ben's click names the field."""
    function, seen = project.state.functions[HEALTH], set()
    for name, value in (("version", 99), ("ezbr_sha256", "f" * 64), ("verify_jwt", True)):
        approval = await asked("deploy health main")
        before = getattr(function, name)
        setattr(function, name, value)
        seen |= (fields := await refused(approval))
        assert fields == {f"live.{name}"}
        setattr(function, name, before)

    approval = await asked("deploy health main")
    repository.commit(CY, "Nothing", {})
    seen |= (fields := await refused(approval))
    assert fields == {"commit"}

    approval = await asked("deploy health main")
    config = repository.text("supabase/config.toml")
    at = config.index(f"[functions.{HEALTH}]")
    flipped = config[:at] + config[at:].replace("verify_jwt = false", "verify_jwt = true", 1)
    repository.commit(CY, "Callers need a token", {"supabase/config.toml": flipped})
    seen |= (fields := await refused(approval))
    assert fields >= {"commit", "verify_jwt", "sent"}

    approval = await asked("deploy health main")
    files = {path.removeprefix("files.") for path in names(approval) if path.startswith("files.")}
    repository.commit(CY, "All of it", {path: f"{repository.text(path)}\n" for path in sorted(files)})
    seen |= await refused(approval)

    assert names(approval) - seen == {"project", "ref", "function"}


async def test_a_deploy_of_all_names_the_function_that_moved(asked, refused, project, repository):
    project.limits.off = True  # how often may be asked is not the subject
    approval = await asked("deploy all")
    slugs = sorted(approval.plan["pinned"]["functions"])
    live = [f"functions.{slug}.live.{field}" for slug in (slugs[0], slugs[-1]) for field in ("version", "verify_jwt")]
    assert names(approval) >= set(live)
    for name in live:
        _, slug, _, field = name.split(".")
        function = project.state.functions[slug]
        before = getattr(function, field)
        setattr(function, field, not before if field == "verify_jwt" else 99)
        assert name in await refused(approval)
        setattr(function, field, before)
    repository.commit(CY, "Nothing", {})
    assert "commit" in await refused(approval)


async def test_what_is_live_is_made_again_for_a_roll_back(asked, refused, bot, project):
    """What is sent lies in the bot's own store by its hash and cannot change; what is live can."""
    saved(bot, project)
    function = project.state.functions[HEALTH]
    function.files[INDEX] = b"// later"
    approval = await asked("rollback health")
    for name, value in (("version", 99), ("ezbr_sha256", "f" * 64), ("verify_jwt", True)):
        before = getattr(function, name)
        setattr(function, name, value)
        assert await refused(approval) == {f"live.{name}"}
        setattr(function, name, before)


async def test_what_is_only_shown_never_refuses(asked, bot, project, deploying):
    """An incident is opened, another deploy becomes known, everything on the card but the pinned half is different."""
    approval = await asked("deploy health main")
    facts = {"severity": "P1", "title": "slow", "dedup_key": "k"}
    bot.store.events.append("incident/1", "incident.opened", "bot", facts, bot.clock.now())
    saved(bot, project)
    procedure = bot.changes.procedures["deploy"]

    async def remake(approval: Approval):
        fresh = await procedure.remake(approval)
        return replace(fresh, changes=["other"], dangers=["other"], shown=["other"], title="Other", line="other")

    bot.changes.procedures["deploy"] = replace(procedure, remake=remake)
    found = await bot.changes.requests.click(approval.subject, BEN)
    assert not isinstance(found, Objection), found
    await eventually(lambda: not bot.store.operations.running())
    assert [slug for slug, _ in deploying.effects] == [HEALTH]


def saved(bot, project) -> None:
    """An earlier deploy of health is on record, with what was live before it."""
    live = project.state.functions[HEALTH]
    body = bot.store.bodies.keep(_packed(live), bot.clock.now())
    data = {
        "function": HEALTH,
        "version": live.version,
        "ok": 1,
        "verify_jwt": False,
        "before": {"version": live.version - 1, "body": body},
        "operation": "operation/0",
    }
    bot.store.events.append(f"function/{HEALTH}", "deploy.finished", "U0ANA", data, bot.clock.now())


def _packed(live) -> bytes:
    from bot.bundle import Bundle, File

    files = tuple(File.of(path, content) for path, content in sorted(live.files.items()))
    return pack(Bundle(HEALTH, files, live.entrypoint, live.import_map, live.verify_jwt, HEALTH))


def _at(facts: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        facts = facts[key]
    return facts
