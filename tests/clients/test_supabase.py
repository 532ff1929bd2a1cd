"""The Management API through its client: the playground's own, and each answer that it may give instead."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from bot.clients import supabase as clients
from bot.clients.errors import (
    DatabaseAway,
    Failure,
    Gone,
    MustPay,
    NotAllowed,
    NotJson,
    NotThere,
    NotUnderstood,
    Odd,
    OutOfResources,
    Paused,
    Rejected,
    ServerFailed,
    SqlFailed,
    TokenRefused,
    TooLarge,
    TooMany,
    WrongShape,
)
from bot.clients.supabase import SERVICES, Duty, Supabase
from playground.clock import ManualClock
from playground.supabase.answers import megabytes


async def test_the_project_is_named_with_its_region_and_status(supabase, project):
    found = await supabase.project()
    assert (found.region, found.status) == (project.region, "ACTIVE_HEALTHY")


async def test_each_service_is_asked_for_by_name(supabase, project):
    assert [service.name for service in await supabase.health()] == list(SERVICES)
    assert [service.name for service in await supabase.health(["db"])] == ["db"]
    async with project.answers("GET", r"/health\?services=auth&services=db$") as rule:
        await supabase.health(["auth", "db"])
    assert rule.hits == 1


async def test_functions_and_one_of_them(supabase):
    listed = await supabase.functions()
    assert {"health", "payments-circle-webhook"} <= {function.slug for function in listed}
    assert await supabase.function("health") == next(each for each in listed if each.slug == "health")


@pytest.mark.parametrize("slug", ["../secrets", "a/b", "", "x?y", "-a"])
async def test_a_slug_that_would_change_the_path_is_refused(supabase, slug):
    with pytest.raises(ValueError, match="name"):
        await supabase.function(slug)


async def test_secrets_are_names_and_hidden_digests(supabase):
    secrets = await supabase.secrets()
    assert "CIRCLE_WEBHOOK_SECRET" in {secret.name for secret in secrets}
    assert len(secrets[0].digest.get_secret_value()) == 64
    assert secrets[0].digest.get_secret_value() not in repr(secrets)


async def test_a_query_with_parameters(supabase):
    assert await supabase.query("select $1::int + 1 as n, $2::text as t", [1, "'; drop"]) == [{"n": 2, "t": "'; drop"}]


async def test_nothing_can_be_written(supabase):
    with pytest.raises(SqlFailed):
        await supabase.query("delete from public.security_events")


@pytest.mark.parametrize(
    ("sql", "state", "words"),
    [
        ("select * from public.nowhere", "42P01", "lacks a table"),
        ("select nothing from public.payment_events", "42703", "lacks a column"),
        ("select public.nothing()", "42883", "lacks a function"),
        ("select 1/0", "22012", "refused"),
    ],
)
async def test_what_postgres_refuses_is_said_in_words(supabase, sql, state, words):
    with pytest.raises(SqlFailed) as caught:
        await supabase.query(sql)
    assert caught.value.state == state
    assert words in caught.value.what
    assert "LINE" not in caught.value.what


async def test_a_wrong_token_and_another_project(project, clock):
    nobody = Supabase(project.api_url, "sbp_" + "0" * 40, project.ref, clock)
    with pytest.raises(TokenRefused) as caught:
        await nobody.project()
    assert "sbp_" not in str(caught.value)
    assert "SUPABASE_ACCESS_TOKEN" in caught.value.do
    await nobody.close()
    stranger = Supabase(project.api_url, project.access_token, "a" * 20, clock)
    with pytest.raises(NotThere) as missing:
        await stranger.project()
    assert "a" * 20 in missing.value.do
    await stranger.close()


async def test_a_scoped_token_hears_what_it_lacks(project, clock):
    scoped = Supabase(project.api_url, project.state.issue_token(["edge_functions_read"]), project.ref, clock)
    await scoped.functions()
    with pytest.raises(NotAllowed) as caught:
        await scoped.secrets()
    assert caught.value.missing == ("edge_functions_secrets_read",)
    assert "edge_functions_secrets_read" in caught.value.do
    await scoped.close()


async def test_the_rate_limit_left_is_remembered_for_its_minute(project):
    clock = ManualClock()
    client = Supabase(project.api_url, project.access_token, project.ref, clock)
    left = [client.tightest]
    for _ in range(2):
        await client.project()
        left.append(client.tightest)
    await clock.passes(seconds=61)
    left.append(client.tightest)
    assert [found and found[1] for found in left] == [None, 119, 118, None]
    await client.close()


@pytest.mark.parametrize(
    ("status", "leaf", "words"),
    [
        (400, Odd, "answered 400"),
        (402, MustPay, "unpaid bill"),
        (403, NotAllowed, "may not ask"),
        (404, NotThere, "404"),
        (406, Odd, "answered 406"),
        (410, Gone, "removed"),
        (422, Odd, "answered 422"),
        (429, TooMany, "too many requests"),
        (500, ServerFailed, "failed (500)"),
        (502, ServerFailed, "failed (502)"),
        (503, ServerFailed, "failed (503)"),
        (504, ServerFailed, "failed (504)"),
        (520, ServerFailed, "failed (520)"),
        (540, Paused, "paused"),
        (544, DatabaseAway, "database"),
        (546, OutOfResources, "memory"),
        (600, ServerFailed, "failed (600)"),
    ],
)
@pytest.mark.parametrize("body", ['{"message":"why <!channel>"}', "<html>", "", "[]", '{"message":3}'])
async def test_every_status_has_its_sentence_and_its_next_step(supabase, project, status, leaf, words, body):
    async with project.answers("GET", "/functions", status=status, body=body):
        with pytest.raises(leaf) as caught:
            await supabase.functions()
    assert type(caught.value) is leaf
    assert words in caught.value.what
    assert caught.value.do.endswith(".")
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7", "x-ratelimit-reset": "30"}, 7),
        ({"x-ratelimit-reset": "30"}, 30),
        ({"Retry-After": "99999"}, 3600),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "²"}, None),
        ({}, None),
    ],
)
async def test_a_429_says_how_long_to_wait(supabase, project, headers, wait):
    async with project.answers("GET", "/secrets", status=429, body="{}", headers=headers) as rule:
        with pytest.raises(TooMany) as caught:
            await supabase.secrets()
    assert caught.value.wait == wait
    assert caught.value.do == (f"Ask again in {wait} s." if wait else "Ask again in a minute.")
    assert rule.hits == 1  # never asked again by itself


@pytest.mark.parametrize(
    ("body", "leaf", "words"),
    [
        ("<html>oops", NotJson, "not JSON"),
        ('[{"name": 1, "value": "x"}]', WrongShape, "0.name"),
        ('{"message": "fine"}', WrongShape, "the whole answer"),
        (megabytes(20), TooLarge, "2 MB"),
    ],
)
async def test_a_success_that_makes_no_sense(supabase, project, body, leaf, words):
    async with project.answers("GET", "/secrets", body=body):
        with pytest.raises(NotUnderstood) as caught:
            await supabase.secrets()
    assert type(caught.value) is leaf
    assert words in caught.value.what


async def test_keys_nobody_knows_yet_are_ignored(supabase, project):
    async with project.answers("GET", "/secrets", body='[{"name": "A", "value": "b", "new": {"deep": []}}]'):
        assert [secret.name for secret in await supabase.secrets()] == ["A"]


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ключ", "a\x00b"])
def test_a_token_that_http_would_choke_on_is_refused_without_being_shown(token):
    with pytest.raises(ValueError, match="access token") as caught:
        Supabase("https://api.supabase.com", token, "a" * 20, ManualClock())
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("ref", ["", "short", "A" * 20, "a" * 19 + "/", "a" * 20 + "\n"])
def test_a_ref_that_is_none_is_refused(ref):
    with pytest.raises(ValueError, match="ref"):
        Supabase("https://api.supabase.com", "sbp_x", ref, ManualClock())


async def test_the_token_is_in_no_error_and_no_repr(project, clock):
    client = Supabase(project.api_url, project.access_token, project.ref, clock)
    shown = [repr(client), str(client), repr(client.source)]
    for fault in ({"status": 401, "body": "{}"}, {"drop": True}, {"raw": b"x"}, {"body": "x"}):
        async with project.answers("GET", ".", **fault):
            try:
                await client.project()
            except Failure as failure:
                shown += [repr(failure), str(failure), failure.what, failure.do, repr(failure.__cause__)]
    assert len(shown) == 3 + 4 * 5
    assert all(project.access_token not in each for each in shown)
    await client.close()


async def test_each_duty_goes_by_its_own_token(project, clock):
    """A token that may only look lists them; setting goes by the one that may set, and where that lacks it, says so."""
    look = project.issue_token("edge_functions_secrets_read")
    own = {Duty.SECRETS: project.issue_token("edge_functions_secrets_write")}
    client = Supabase(project.api_url, look, project.ref, clock, own)
    await client.set_secrets({"ALERT_EMAIL": "new@aikeys.test"})
    assert project.secrets["ALERT_EMAIL"] == "new@aikeys.test"
    assert len(await client.secrets()) == 7
    await client.close()
    lacking = Supabase(project.api_url, look, project.ref, clock, {Duty.SECRETS: look})
    with pytest.raises(NotAllowed) as caught:
        await lacking.set_secrets({"ALERT_EMAIL": "another@aikeys.test"})
    assert "SUPABASE_TOKEN_SECRETS" in caught.value.do
    await lacking.close()


LEAST = {
    "deploy": (Duty.DEPLOY, "edge_functions_write"),
    "set_secrets": (Duty.SECRETS, "edge_functions_secrets_write"),
    "run": (Duty.MIGRATE, "database_write"),
    "write": (Duty.MIGRATE, "database_write"),
    "make_restore_point": (Duty.RESTORE, "backups_write"),
    "undo": (Duty.RESTORE, "backups_write"),
    "restore_pitr": (Duty.RESTORE, "backups_write"),
}


@pytest.mark.parametrize("call", LEAST)
async def test_what_has_an_effect_goes_by_the_token_for_it_and_by_no_other(supabase, project, clock, call):
    """Each other token, and the one for looking, would be refused; the right one is not, whatever becomes of it."""
    live = await supabase.body("health")
    given = {
        "deploy": ("health", live),
        "set_secrets": ({"ALERT_EMAIL": "new@aikeys.test"},),
        "run": ("select 1",),
        "write": ("select 1",),
        "make_restore_point": ("before",),
        "undo": ("before",),
        "restore_pitr": (int(clock.now().timestamp()),),
    }[call]
    duty, permission = LEAST[call]
    looks, changes = project.issue_token("edge_functions_read", "database_read"), project.issue_token(permission)
    right = Supabase(project.api_url, looks, project.ref, clock, dict.fromkeys(Duty, looks) | {duty: changes})
    with suppress(Rejected):  # there is no restore point; a NotAllowed is none
        await getattr(right, call)(*given)
    wrong = Supabase(project.api_url, changes, project.ref, clock, dict.fromkeys(Duty, changes) | {duty: looks})
    with pytest.raises(NotAllowed) as caught:
        await getattr(wrong, call)(*given)
    assert duty in caught.value.do
    await right.close()
    await wrong.close()


def test_every_call_that_has_an_effect_is_in_that_table():
    """A new one that forgets its token is found by its absence."""
    has_effect = re.compile(r"async def (\w+)\((?:(?!async def).)*?(?:_change\(|_http\.ask\(\s*\"POST\")", re.DOTALL)
    texts = [path.read_text() for path in Path(clients.__file__).parent.glob("*.py") if path.name != "door.py"]
    found = {name for text in texts for name in has_effect.findall(text)}
    assert found - {"_go_back"} | {"undo", "restore_pitr"} == set(LEAST)
