"""What a deploy sends, read out of real commits."""

import asyncio

import pytest

from bot.bundle import compare
from bot.clients.supabase import Function
from bot.deploys.parts import decided
from bot.sources import NotInSource, SourceAway, SourceRefused, Sources
from playground.source import ANA, BEN, CY, WalletRepository
from playground.supabase import code

HEALTH = "supabase/functions/health"
WEBHOOK = "supabase/functions/payments-circle-webhook"


async def test_a_function_is_its_folder_and_what_it_imports(sources, repository):
    commit = await sources.resolve("main")
    source = await sources.read("payments-circle-webhook", commit.sha)
    assert [file.path for file in source.files] == [
        "supabase/functions/_shared/client.ts",
        "supabase/functions/_shared/cors.ts",
        "supabase/functions/_shared/signature.ts",
        f"{WEBHOOK}/age.ts",
        f"{WEBHOOK}/deno.json",
        f"{WEBHOOK}/index.ts",
        f"{WEBHOOK}/store.ts",
    ]
    assert (source.entrypoint, source.import_map) == (f"{WEBHOOK}/index.ts", f"{WEBHOOK}/deno.json")
    assert source.verify_jwt is False
    assert source.tree == repository.git("rev-parse", f"HEAD:{WEBHOOK}")
    assert all(file.content == (repository.path / file.path).read_bytes() for file in source.files)
    assert all(file.needed for file in source.files)


async def test_what_is_live_on_the_first_day_is_the_first_commit(sources, repository, supabase):
    await sources.fetch()
    for slug in await sources.functions(repository.live):
        live = await supabase.body(slug)
        ours = (await sources.read(slug, repository.live)).bundle(live.verify_jwt)
        assert compare(ours, live).same
        assert ours.digest == live.digest


async def test_a_commit_is_shown_with_who_when_and_what(sources, repository):
    commit = await sources.resolve()
    assert (commit.sha, commit.author, commit.email) == (repository.head, "Ana García", "ana@aikeys.test")
    assert commit.subject == "Answers say that they must not be kept"
    assert commit.at.isoformat() == "2026-11-06T09:30:00+00:00"
    assert (commit.ref, commit.reachable) == ("the default branch", True)
    assert commit.tree == repository.git("rev-parse", "HEAD^{tree}")


async def test_branches_tags_and_digits_name_commits(sources, repository):
    first = repository.live
    repository.git("tag", "--annotate", "v1", first, "-m", "one")
    repository.branch("feature/less-is_more")
    newest = repository.commit(BEN, "Work", {f"{HEALTH}/note.ts": "export {};\n"})
    assert (await sources.resolve("v1")).sha == first
    assert (await sources.resolve("v1")).ref == "tag v1"
    assert (await sources.resolve("feature/less-is_more")).sha == newest
    assert (await sources.resolve(first)).sha == (await sources.resolve(first[:7])).sha == first
    assert (await sources.resolve(first)).ref == ""


async def test_a_branch_that_moved_is_seen_at_once(sources, repository):
    before = await sources.resolve("main")
    newest = repository.commit(CY, "Moved", {"README.md": "x"})
    assert (await sources.resolve("main")).sha == newest != before.sha


async def test_no_section_means_that_the_live_value_stays(sources):
    sha = (await sources.resolve()).sha
    assert (await sources.read("withdraw-funds", sha)).verify_jwt is None
    assert (await sources.read("wallet-create", sha)).verify_jwt is True


@pytest.mark.parametrize(
    ("wanted", "live", "after"),
    [(None, True, True), (None, False, False), (None, None, True), (True, False, True), (False, True, False)],
)
def test_verify_jwt_is_the_sections_else_the_live_one_else_the_platforms(wanted, live, after):
    """Without a section the live value stays: else a deploy of new code would open the function, or close it."""
    listed = Function(id="1", slug="withdraw-funds", status="ACTIVE", version=3, verify_jwt=live)
    assert decided(wanted, listed) is after
    assert decided(wanted, None) is (True if wanted is None else wanted)


async def test_the_section_is_that_of_the_commit(sources, repository):
    config = repository.text("supabase/config.toml")
    before = repository.head
    flipped = config.replace("[functions.health]\nverify_jwt = false", "[functions.health]\nverify_jwt = true")
    after = repository.commit(ANA, "Flip", {"supabase/config.toml": flipped})
    await sources.fetch()
    assert [(await sources.read("health", sha)).verify_jwt for sha in (before, after)] == [False, True]


async def test_a_remote_of_this_project_goes_before_the_common_section(sources, repository):
    ours = '\n[remotes.live]\nproject_id = "emolyyvmvvfjyxbguhyn"\n[remotes.live.functions.health]\nverify_jwt = true\n'
    theirs = ours.replace("emolyyvmvvfjyxbguhyn", "x" * 20).replace("live", "other")
    config = repository.text("supabase/config.toml")
    other = repository.commit(ANA, "Other", {"supabase/config.toml": config + theirs})
    both = repository.commit(ANA, "Both", {"supabase/config.toml": config + theirs + ours})
    await sources.fetch()
    assert (await sources.read("health", other)).verify_jwt is False
    assert (await sources.read("health", both)).verify_jwt is True


async def test_functions_are_those_with_an_entrypoint_that_are_not_off(sources, repository):
    config = repository.text("supabase/config.toml")
    off = config.replace("[functions.send-app-link]\n", "[functions.send-app-link]\nenabled = false\n")
    sha = repository.commit(ANA, "Off", {"supabase/config.toml": off, "supabase/functions/empty/notes.md": "x"})
    await sources.fetch()
    assert await sources.functions(sha) == (
        "health",
        "log-security-event",
        "payments-circle-webhook",
        "wallet-create",
        "withdraw-funds",
    )
    with pytest.raises(SourceRefused, match="enabled = false"):
        await sources.read("send-app-link", sha)


async def test_another_entrypoint_and_an_import_map_from_config(sources, repository):
    files = {
        "supabase/config.toml": '[functions.health]\nentrypoint = "./functions/health/main.tsx"\n'
        'import_map = "./maps/all.json"\n',
        "supabase/maps/all.json": '{"imports": {"@/": "../functions/_shared/", "x": "jsr:@x/x"}}',
        f"{HEALTH}/main.tsx": 'import { json } from "@/cors.ts";\nimport x from "x";\nexport { json, x };\n',
        f"{HEALTH}/index.ts": None,
    }
    sha = repository.commit(ANA, "Elsewhere", files)
    await sources.fetch()
    source = await sources.read("health", sha)
    assert source.entrypoint == f"{HEALTH}/main.tsx"
    assert source.import_map == "supabase/maps/all.json"
    assert [file.path for file in source.files if file.needed] == [
        "supabase/functions/_shared/cors.ts",
        f"{HEALTH}/main.tsx",
        "supabase/maps/all.json",
    ]


async def test_deno_json_with_comments_that_names_an_import_map(sources, repository):
    files = {
        f"{HEALTH}/deno.json": '{\n  // see there\n  "importMap": "../../maps/all.json",\n}\n',
        "supabase/maps/all.json": '{"scopes": {"../functions/health/": {"cors": "../functions/_shared/cors.ts"}}}',
        f"{HEALTH}/index.ts": 'export * from "cors";\n',
    }
    sha = repository.commit(ANA, "Named", files)
    await sources.fetch()
    paths = [file.path for file in (await sources.read("health", sha)).files]
    assert paths == [
        "supabase/functions/_shared/cors.ts",
        f"{HEALTH}/deno.json",
        f"{HEALTH}/index.ts",
        "supabase/maps/all.json",
    ]


async def test_a_file_that_nothing_imports_is_sent_and_marked(sources, repository):
    sha = repository.commit(
        ANA, "Notes", {f"{HEALTH}/notes.md": "x", f"{HEALTH}/.env": "SECRET=1", f"{HEALTH}/.x/y.ts": ""}
    )
    await sources.fetch()
    source = await sources.read("health", sha)
    assert [file.path for file in source.files if not file.needed] == [f"{HEALTH}/notes.md"]
    assert source.left_out == (f"{HEALTH}/.env", f"{HEALTH}/.x/y.ts")
    assert not any(b"SECRET=1" in file.content for file in source.files)


async def test_imports_in_a_circle_and_while_running(sources, repository):
    files = {
        f"{HEALTH}/index.ts": 'import "./a.ts";\nawait import("../_shared/late.ts");\nawait import("./gone.ts");\n',
        f"{HEALTH}/a.ts": 'import type { B } from "../_shared/b.ts";\n// import "./not-there.ts";\n',
        "supabase/functions/_shared/b.ts": 'export type B = 1;\nimport {\n  a,\n} from "../health/a.ts";\n',
        "supabase/functions/_shared/late.ts": "export {};\n",
    }
    sha = repository.commit(ANA, "Circle", files)
    await sources.fetch()
    assert [file.path for file in (await sources.read("health", sha)).files] == [
        "supabase/functions/_shared/b.ts",
        "supabase/functions/_shared/late.ts",
        f"{HEALTH}/a.ts",
        f"{HEALTH}/index.ts",
    ]


async def test_distance_and_log(sources, repository):
    await sources.fetch()
    there = await sources.distance(repository.live, repository.head)
    assert (there.ahead, there.behind) == (3, 0)
    back = await sources.distance(repository.head, repository.live)
    assert (back.ahead, back.behind) == (0, 3)
    assert await sources.distance("0" * 40, repository.head) is None
    subjects = [commit.subject for commit in await sources.log("health", repository.live, repository.head)]
    assert subjects == ["Answers say that they must not be kept", "Health: say which release runs"]
    assert len(await sources.log("health", repository.live, repository.head, most=1)) == 1


async def test_after_the_history_was_rewritten_a_kept_commit_stays_readable(sources, repository, tmp_path, clock):
    old = (await sources.resolve("main")).sha
    await sources.keep(old)
    repository.git("reset", "--quiet", "--hard", repository.live)
    new = repository.commit(CY, "Rewritten", {f"{HEALTH}/index.ts": "export {};\n"})
    assert (await sources.resolve("main")).sha == new
    known = await sources.commit(old)
    assert (known.sha, known.reachable) == (old, False)
    assert (await sources.read("health", old)).files
    fresh = Sources(str(repository.path), tmp_path / "elsewhere", clock)
    await fresh.fetch()
    with pytest.raises(NotInSource, match="no commit"):
        await fresh.commit(old)


async def test_migrations_of_a_commit(sources, repository):
    names = ["20261102093000_a.sql", "20261001000000_b.sql", "notes.sql", "2026_c.sql"]
    old = repository.head
    sha = repository.commit(ANA, "M", {f"supabase/migrations/{name}": "select 1;" for name in names})
    await sources.fetch()
    before = set(await sources.migrations(old))
    new = [one for one in await sources.migrations(sha) if one not in before]
    assert [(one.version, one.name) for one in new] == [("20261001000000", "b"), ("20261102093000", "a")]
    who = await sources.last_change(sha, new[0].path)
    assert (who.author, who.subject) == (ANA.name, "M")


async def test_many_ask_at_once(sources, repository):
    found = await asyncio.gather(*(sources.resolve("main") for _ in range(6)))
    assert {commit.sha for commit in found} == {repository.head}
    read = await asyncio.gather(*(sources.read(slug, repository.head) for slug in ("health", "wallet-create") * 3))
    assert len(read) == 6


async def test_an_empty_repository_is_said(tmp_path, clock):
    empty = WalletRepository(tmp_path / "empty")
    empty.path.mkdir()
    empty.git("init", "--quiet")
    with pytest.raises(SourceAway, match="no branch"):
        await Sources(str(empty.path), tmp_path / "data", clock).resolve("main")


async def test_the_first_day_is_whole():
    assert set(code.files("health")) >= {f"{HEALTH}/index.ts", "supabase/functions/_shared/cors.ts"}
