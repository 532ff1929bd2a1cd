"""Repositories made to harm: each is refused with the file named, and nothing of it is run."""

import pytest

from bot.bundle import LARGEST
from bot.sources import SourceAway, SourceRefused, Sources
from playground.source import ANA

HEALTH = "supabase/functions/health"
INDEX = f"{HEALTH}/index.ts"
CONFIG = "supabase/config.toml"


async def refused(sources, sha, slug="health") -> SourceRefused:
    await sources.fetch()
    with pytest.raises(SourceRefused) as caught:
        await sources.read(slug, sha)
    return caught.value


@pytest.mark.parametrize("name", ["secret.ts", "index.ts"])
async def test_a_symbolic_link_is_not_followed(sources, repository, name):
    link = repository.path / HEALTH / name
    link.unlink(missing_ok=True)
    link.symlink_to("/etc/passwd")
    error = await refused(sources, repository.commit(ANA, "Link", {}))
    assert error.file == f"{HEALTH}/{name}"
    assert "symbolic link" in error.why


@pytest.mark.parametrize("folder", [HEALTH, "supabase/functions", "supabase"])
async def test_a_folder_that_is_a_link_is_not_followed(sources, repository, tmp_path, folder):
    path = repository.path / folder
    path.rename(tmp_path / "real")
    path.symlink_to(tmp_path / "real")
    error = await refused(sources, repository.commit(ANA, "Link", {}))
    assert error.file == folder
    assert "symbolic link" in error.why


async def test_a_link_among_what_is_imported_is_not_followed(sources, repository):
    (repository.path / "supabase/functions/_shared/cors.ts").unlink()
    (repository.path / "supabase/functions/_shared/cors.ts").symlink_to("client.ts")
    error = await refused(sources, repository.commit(ANA, "Link", {}))
    assert error.file == "supabase/functions/_shared/cors.ts"


async def test_config_toml_as_a_link_is_not_followed(sources, repository):
    (repository.path / CONFIG).unlink()
    (repository.path / CONFIG).symlink_to("../other.toml")
    assert (await refused(sources, repository.commit(ANA, "Link", {}))).file == CONFIG


@pytest.mark.parametrize("name", ["vendored", "index.ts"])
async def test_a_submodule_is_refused(sources, plant, repository, name):
    error = await refused(sources, plant(HEALTH, "160000", name.encode(), oid=repository.live))
    assert error.file == f"{HEALTH}/{name}"
    assert "submodule" in error.why


@pytest.mark.parametrize(
    "name",
    [
        b"..",
        b".",
        b"a\nb.ts",
        b"\x1b[31mred.ts",
        "\u202esj.ts".encode(),
        "zero\u200bwidth.ts".encode(),
        b"back\\slash.ts",
        b'quo"te.ts',
        b"\xff\xfe.ts",
        b"x\r\nContent-Type: y.ts",
        "line\u2028end.ts".encode(),
    ],
)
async def test_a_name_that_deceives_is_refused(sources, plant, name):
    error = await refused(sources, plant(HEALTH, "100644", name))
    # A name with a dot in front is left out already; the two that are nothing but dots are not names at all.
    assert error.file.startswith(f"{HEALTH}/")


@pytest.mark.parametrize("name", [b"../../../etc/x.ts", b"/etc/x.ts", b"a//b.ts", b"sub/../../x.ts"])
async def test_an_entry_that_is_a_path_is_refused(sources, plant, name):
    error = await refused(sources, plant(HEALTH, "100644", name))
    assert "outside" in error.why


async def test_a_git_folder_inside_is_left_out(sources, plant, repository):
    oid = repository.git("rev-parse", f"HEAD:{HEALTH}")
    await sources.fetch()
    sha = plant(HEALTH, "40000", b".git", oid=oid)
    await sources.fetch()
    source = await sources.read("health", sha)
    assert source.left_out == (f"{HEALTH}/.git/index.ts",)
    sha = plant(HEALTH, "40000", b"GIT~1", oid=oid)
    await sources.fetch()
    assert (await sources.read("health", sha)).files


async def test_two_files_of_one_name_are_refused(sources, plant, repository):
    oid = repository.git("hash-object", "-w", "--stdin", given=b"other")
    raw = repository.git("rev-parse", f"HEAD:{HEALTH}")
    index = bytes.fromhex(repository.git("rev-parse", f"HEAD:{INDEX}"))
    body = b"100644 index.ts\0" + index + b"100644 index.ts\0" + bytes.fromhex(oid)
    twice = repository.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=body)
    assert raw != twice
    error = await refused(sources, plant("supabase/functions", "40000", b"health", oid=twice))
    assert error.file == INDEX
    assert "two files" in error.why


async def test_too_much_is_refused_before_it_is_read(sources, repository):
    half = b"// " + b"x" * (LARGEST // 2)
    sha = repository.commit(ANA, "Large", {f"{HEALTH}/a.ts": half, f"{HEALTH}/b.ts": half + b"y"})
    error = await refused(sources, sha)
    assert error.file.startswith(HEALTH)
    assert "20 MB" in error.why


async def test_too_many_files_are_refused(sources, repository):
    sha = repository.commit(ANA, "Many", {f"{HEALTH}/n{n}.txt": f"{n}" for n in range(1000)})
    assert "1000 files" in (await refused(sources, sha)).why


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("latin.ts", "// Málaga".encode("latin-1"), "UTF-8"),
        ("wide.ts", "export {};".encode("utf-16"), "binary"),
        ("model.wasm", b"MZ\x90\0", "WebAssembly"),
        ("big.ts", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "LFS"),
    ],
)
async def test_a_binary_surprise_is_refused(sources, repository, name, content, words):
    error = await refused(sources, repository.commit(ANA, "Surprise", {f"{HEALTH}/{name}": content}))
    assert error.file == f"{HEALTH}/{name}"
    assert words in error.why


async def test_web_assembly_is_taken(sources, repository):
    sha = repository.commit(ANA, "Wasm", {f"{HEALTH}/a.wasm": b"\0asm\x01\0\0\0"})
    await sources.fetch()
    assert f"{HEALTH}/a.wasm" in (await sources.read("health", sha)).bundle(verify_jwt=False).hashes()


async def test_a_missing_entrypoint_is_named(sources, repository):
    sha = repository.commit(ANA, "Gone", {INDEX: None, f"{HEALTH}/main.ts": "x"})
    error = await refused(sources, sha)
    assert error.file == INDEX
    assert "entrypoint" in error.why


async def test_a_function_that_the_commit_lacks_is_named_with_those_it_has(sources, repository):
    error = await refused(sources, repository.head, "wallet-delete")
    assert error.file == "supabase/functions/wallet-delete"
    assert "payments-circle-webhook" in error.do


@pytest.mark.parametrize("slug", ["../health", "--output=x", "a/b", "", "x" * 101, "_shared", "hea\nlth"])
async def test_a_function_s_name_cannot_be_a_path_or_an_option(sources, repository, slug):
    await refused(sources, repository.head, slug)


@pytest.mark.parametrize(
    ("code", "file", "words"),
    [
        ('import "../../../../../etc/passwd.ts";', INDEX, "outside"),
        ('import x from "/etc/passwd";', INDEX, "outside"),
        ('export * from "file:///etc/passwd";', INDEX, "outside"),
        ('import "../../../package.ts";', INDEX, "outside"),
        ('import { a } from "./missing.ts";', INDEX, "no supabase/functions/health/missing.ts"),
    ],
)
async def test_an_import_that_leads_out_or_nowhere_is_refused(sources, repository, code, file, words):
    error = await refused(sources, repository.commit(ANA, "Out", {INDEX: code + "\n", "package.ts": ""}))
    assert error.file == file
    assert words in error.why


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[functions.health\nverify_jwt = false", "cannot be read"),
        (b"\xff\xfe", "not text"),
        (b'[functions.health]\nverify_jwt = "false"', "true or false"),
        (b"[functions.health]\nverify_jwt = 0", "true or false"),
        (b"[functions.health]\nverify_jwt = false\nverify_jwt = true", "cannot be read"),
        (b"functions = 3", "not a section"),
        (b"[functions]\nhealth = []", "not a section"),
        (b"remotes = 'x'", "not a section"),
        (b'[functions.health]\nentrypoint = "../../x.ts"', "outside"),
        (b'[functions.health]\nentrypoint = "/etc/passwd"', "outside"),
        (b'[functions.health]\nimport_map = "./functions/../../x.json"', "outside"),
        (b'[functions.health]\nstatic_files = ["./a.html"]', "static_files"),
        (b"x = " + b"[" * 100_000, "cannot be read"),
        (b"#" * 1_000_001, "larger than"),
    ],
)
async def test_a_broken_config_is_refused_by_name(sources, repository, content, words):
    error = await refused(sources, repository.commit(ANA, "Broken", {CONFIG: content}))
    assert error.file == CONFIG
    assert words in error.why


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not an object"),
        ('{"imports": []}', ""),
        ('{"imports": {"x": 3}}', "documented form"),
        ('{"scopes": 3}', "documented form"),
        ('{"importMap": "./none.json"}', "does not have it"),
        ('{"importMap": "./deno.json"}', "does not have it"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
async def test_a_broken_import_map_is_refused_by_name(sources, repository, content, words):
    sha = repository.commit(ANA, "Broken", {f"{HEALTH}/deno.json": content})
    if not words:
        await sources.fetch()
        assert (await sources.read("health", sha)).import_map
        return
    error = await refused(sources, sha)
    assert error.file.startswith(f"{HEALTH}/")
    assert words in error.why


@pytest.mark.parametrize(
    "ref",
    [
        "--upload-pack=touch /tmp/x",
        "-x",
        "a..b",
        "main^{tree}",
        "main~1",
        "@{-1}",
        "main@{1}",
        "HEAD:supabase",
        "refs/aikeys/head",
        "a\nb",
        "a b",
        "",
        "x" * 201,
        ":/fix",
        "main\0",
        "\u202emain",
        "a.lock",
        "/main",
        "main/",
        "*",
    ],
)
async def test_a_ref_that_is_no_name_is_refused(sources, ref):
    with pytest.raises(SourceRefused) as caught:
        await sources.resolve(ref)
    assert caught.value.why


async def test_a_branch_upstream_that_is_named_like_an_option_harms_nothing(sources, repository, tmp_path):
    marker = tmp_path / "marker"
    repository.git("update-ref", f"refs/heads/--upload-pack=touch${{IFS}}{marker}", repository.live)
    repository.git("update-ref", "refs/heads/-d", repository.live)
    assert (await sources.resolve("main")).sha == repository.head
    with pytest.raises(SourceRefused):
        await sources.resolve("-d")
    assert not marker.exists()


async def test_a_name_that_means_two_things_is_refused(sources, repository):
    repository.git("tag", "twice", repository.live)
    repository.git("branch", "twice", repository.head)
    with pytest.raises(SourceRefused, match="two things"):
        await sources.resolve("twice")
    repository.git("branch", repository.live[:8], repository.head)
    with pytest.raises(SourceRefused, match="two things"):
        await sources.resolve(repository.live[:8])
    assert (await sources.resolve(repository.live)).sha == repository.live


@pytest.mark.parametrize("ref", ["nowhere", "0" * 40, "abcdef0"])
async def test_what_is_not_there_is_said(sources, ref):
    with pytest.raises(SourceRefused) as caught:
        await sources.resolve(ref)
    assert ref in caught.value.why


async def test_a_tag_of_a_file_is_no_commit(sources, repository):
    repository.git("tag", "blob", repository.git("rev-parse", f"HEAD:{INDEX}"))
    with pytest.raises(SourceRefused):
        await sources.resolve("blob")


async def test_no_hook_and_no_filter_of_the_repository_is_run(sources, repository, tmp_path):
    marker = tmp_path / "ran"
    for hook in ("post-upload-pack", "pre-receive", "reference-transaction", "post-checkout", "post-update"):
        path = repository.path / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {marker}\n")
        path.chmod(0o755)
    command = f"touch {marker}"
    for name in ("uploadpack.packObjectsHook", "core.fsmonitor", "diff.external", "filter.x.smudge", "core.sshCommand"):
        repository.git("config", name, command)
    marker.unlink(missing_ok=True)
    sha = repository.git("rev-parse", "HEAD")
    await sources.resolve()
    source = await sources.read("health", sha)
    await sources.compare(None, source.bundle(verify_jwt=False))
    await sources.diff(repository.live, sha)
    assert not marker.exists()


async def test_replaced_objects_do_not_stand_in_for_others(sources, repository):
    evil = repository.git("hash-object", "-w", "--stdin", given=b"export const evil = true;\n")
    repository.git("update-ref", f"refs/replace/{repository.git('rev-parse', f'HEAD:{INDEX}')}", evil)
    sha = repository.git("rev-parse", "HEAD")
    await sources.fetch()
    assert not any(b"evil" in file.content for file in (await sources.read("health", sha)).files)


async def test_commits_that_lie_about_themselves_are_shown_capped(sources, repository):
    body = (
        f"tree {repository.git('rev-parse', 'HEAD^{tree}')}\nparent {repository.head}\n"
        f"author {'A' * 5000} <x@y> 99999999999999999999 +9999\ncommitter B <x@y> 99999999999999999999 +9999\n\n"
    )
    body += "\x1b[31m" + "s" * 3_000_000
    oid = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=body.encode())
    repository.git("update-ref", "refs/heads/liar", oid)
    commit = await sources.resolve("liar")
    assert (len(commit.author), len(commit.subject)) == (100, 300)
    assert commit.at.year in range(1970, 10_000)


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% /tmp/x",
        "--upload-pack=x",
        "git://example.com/x",
        "http://example.com/x",
        "https://user:password@example.com/x",
        "https://token@example.com/x",
        "ssh://-oProxyCommand=x/y",
        "-oProxyCommand=x@host:y",
        "host\n:x",
        "",
        "https://",
        "ftp://example.com/x",
    ],
)
def test_an_address_that_could_harm_is_not_taken(tmp_path, clock, address):
    with pytest.raises(SourceAway) as caught:
        Sources(address, tmp_path, clock)
    assert "AIKEYS_SOURCE" in caught.value.what
    assert "password@" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a/b.git",
        "git@github.com:a/b.git",
        "ssh://git@github.com/a/b",
        "/srv/x",
        "http://127.0.0.1:9/x",
    ],
)
def test_an_ordinary_address_is_taken(tmp_path, clock, address):
    assert isinstance(Sources(address, tmp_path, clock), Sources)


async def test_a_name_longer_than_a_file_system_takes_is_refused(sources, plant):
    error = await refused(sources, plant(HEALTH, "100644", b"x" * 300 + b".ts"))
    assert "too long" in error.why
