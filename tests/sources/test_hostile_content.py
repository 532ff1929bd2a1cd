"""Files that are not what they seem, and what they name: refused with the file named, or taken whole."""

import pytest

from playground.source import ANA
from tests.sources.refused import CONFIG, HEALTH, INDEX, refused


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
