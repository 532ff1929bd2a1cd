"""What a module imports, found without running it and in time that grows with its length alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bundle import objection
from bot.sources.imports import ImportMap, imported, target


@pytest.mark.parametrize(
    ("code", "surely", "perhaps"),
    [
        ('import "./a.ts";', ["./a.ts"], []),
        ("import a from './a.ts'", ["./a.ts"], []),
        ('import{a}from"./a.ts";import b from"./b.ts"', ["./a.ts", "./b.ts"], []),
        ('import a, {\n  b as c, // "not-this"\n} from "./a.ts";', ["./a.ts"], []),
        ('import type { A } from "./a.ts";', ["./a.ts"], []),
        ('import * as a from "./a.ts" with { type: "json" };', ["./a.ts"], []),
        ('export * from "./a.ts";\nexport { b } from "./b.ts";', ["./a.ts", "./b.ts"], []),
        ('await import("./a.ts"); import ( "./b.ts" )', [], ["./a.ts", "./b.ts"]),
        ("await import(`./a.ts`); await import(name)", [], []),
        ('// import "./a.ts";\n/* import "./b.ts"; */', [], []),
        ('const url = "https://x.example/"; // import "./a.ts"', [], []),
        ('const s = "import \\"./a.ts\\"";', [], []),
        ('const t = `\nimport "./a.ts"\n`;', [], []),
        ('const glob = "src/**/*.ts";\nimport "./a.ts";', ["./a.ts"], []),
        ('export const x = "./a.ts"; export default "./b.ts";', [], []),
        ('console.log(import.meta.url, "./a.ts")', [], []),
        ("const r = /'/; \nimport './a.ts'", ["./a.ts"], []),
        ('import "./a.ts', ["./a.t"], []),
        ("", [], []),
    ],
)
def test_the_forms_of_an_import(code, surely, perhaps):
    assert imported(code) == (surely, perhaps)


@pytest.mark.parametrize(
    "unit",
    [
        "import ",
        "\nimport {",
        "`\\`",
        '"\\"',
        "'",
        "/*",
        "//",
        "\\",
        "/* *",
        "import '",
        "\nexport * from\n",
        "`${",
        "(((",
    ],
)
def test_hostile_code_takes_no_longer_than_its_length(unit):
    """Two million characters in seconds, not hours: a slower machine may take its time, a square may not."""
    began = time.monotonic()
    imported(unit * (2_000_000 // len(unit)))
    assert time.monotonic() - began < 20


NAMES = ImportMap(
    "supabase/functions/f/deno.json",
    {"a": "./a.ts", "lib/": "../_shared/", "lib/x/": "./x/", "npm": "npm:x@1", "out": "../../../out.ts"},
    {"./sub/": {"a": "./sub/other.ts"}, "https://x/": {"a": "./never.ts"}},
)


@pytest.mark.parametrize(
    ("path", "name", "found"),
    [
        ("supabase/functions/f/index.ts", "./b.ts", "supabase/functions/f/b.ts"),
        ("supabase/functions/f/sub/s.ts", "../b.ts?v=1#x", "supabase/functions/f/b.ts"),
        ("supabase/functions/_shared/s.ts", "a", "supabase/functions/f/a.ts"),
        ("supabase/functions/f/index.ts", "lib/c.ts", "supabase/functions/_shared/c.ts"),
        ("supabase/functions/f/index.ts", "lib/x/c.ts", "supabase/functions/f/x/c.ts"),
        ("supabase/functions/f/sub/s.ts", "a", "supabase/functions/f/sub/other.ts"),
        ("supabase/functions/f/index.ts", "npm", ""),
        ("supabase/functions/f/index.ts", "jsr:@std/x", ""),
        ("supabase/functions/f/index.ts", "https://deno.land/x/y.ts", ""),
        ("supabase/functions/f/index.ts", "out", "out.ts"),
        ("supabase/functions/f/index.ts", "../../../../x.ts", "../x.ts"),
        ("supabase/functions/f/index.ts", "/etc/passwd", "../etc/passwd"),
        ("supabase/functions/f/index.ts", "file:///etc/passwd", "../etc/passwd"),
    ],
)
def test_where_a_name_leads(path, name, found):
    assert target(path, name, NAMES) == found


@given(st.text(max_size=300))
def test_no_code_breaks_it(code):
    surely, perhaps = imported(code)
    for name in (*surely, *perhaps):
        target("supabase/functions/f/index.ts", name, NAMES)


@given(st.text(max_size=40))
def test_a_path_that_is_taken_stays_inside(path):
    if not objection(path):
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert path.isprintable() or " " in path or any(not char.isprintable() for char in path)
        assert "\n" not in path
