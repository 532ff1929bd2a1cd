"""Repositories made to harm: each is refused with the file named, and nothing of it is run."""

import pytest

from bot.bundle import LARGEST
from playground.source import ANA
from tests.sources.refused import CONFIG, HEALTH, INDEX, refused


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


async def test_a_name_longer_than_a_file_system_takes_is_refused(sources, plant):
    error = await refused(sources, plant(HEALTH, "100644", b"x" * 300 + b".ts"))
    assert "too long" in error.why
