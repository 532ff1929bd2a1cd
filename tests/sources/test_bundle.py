"""The same code is the same, whatever its folders are called; and what was saved is what comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bundle import Bundle, Difference, File, compare, from_platform, objection, pack, unpack

PATH = st.text(min_size=1, max_size=20).filter(lambda path: not objection(path))


def bundle(files, entrypoint="f/index.ts", needed=(), **more):
    made = tuple(File.of(path, content, needed=path not in needed) for path, content in files.items())
    return Bundle("f", made, entrypoint, **more)


@given(st.dictionaries(PATH, st.binary(max_size=50), min_size=1, max_size=6), st.booleans() | st.none())
def test_what_is_packed_is_unpacked(files, verify_jwt):
    whole = bundle(files, next(iter(files)), verify_jwt=verify_jwt, import_map="x", name="ñ")
    assert unpack(pack(whole)) == whole
    assert pack(unpack(pack(whole))) == pack(whole)


@given(st.data())
def test_a_changed_byte_is_noticed(data):
    raw = bytearray(pack(bundle({"f/index.ts": b"hello", "f/b.ts": b"\n\n"}, verify_jwt=False)))
    at = data.draw(st.integers(raw.index(b"\n") + 1, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="damaged"):
        unpack(bytes(raw))


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]\n", b"null\n", b"[" * 100_000, b'{"files": [[1]]}\n', b"\xff"])
def test_nonsense_is_no_saved_function(raw):
    with pytest.raises(ValueError, match=r"."):
        unpack(raw)


def test_more_bytes_than_said_are_noticed():
    with pytest.raises(ValueError, match="longer"):
        unpack(pack(bundle({"f/index.ts": b"x"})) + b"y")


def test_the_prefix_does_not_count():
    ours = bundle(
        {"supabase/functions/f/index.ts": b"a", "supabase/functions/_shared/s.ts": b"b"},
        "supabase/functions/f/index.ts",
    )
    theirs = bundle({"f/index.ts": b"a", "_shared/s.ts": b"b"})
    assert compare(ours, theirs) == Difference()
    assert ours.digest == theirs.digest
    assert ours.digest != bundle({"f/index.ts": b"a", "f/s.ts": b"b"}).digest


def test_what_nothing_imports_may_be_missing_but_not_differ():
    ours = bundle({"f/index.ts": b"a", "f/notes.md": b"n", "f/b.ts": b"b"}, needed={"f/notes.md"})
    assert compare(ours, bundle({"f/index.ts": b"a", "f/b.ts": b"b"})).same
    assert compare(ours, bundle({"f/index.ts": b"a"})).missing == ("b.ts",)
    assert compare(ours, bundle({"f/index.ts": b"a", "f/b.ts": b"b", "f/notes.md": b"other"})).changed == ("notes.md",)
    assert compare(ours, bundle({"f/index.ts": b"a", "f/b.ts": b"b", "f/x.ts": b""})).extra == ("x.ts",)


@pytest.mark.parametrize(
    "path",
    ["", "/a", "../a", "a/../b", "a//b", "./a", "a\nb", "a\x00", "\u202ea", "a\\b", ".git/x", "a/.GIT/y", "x" * 501],
)
def test_a_path_that_could_harm_is_none(path):
    with pytest.raises(ValueError, match=r"."):
        File.of(path, b"")


def test_a_bundle_has_its_entrypoint_once():
    with pytest.raises(ValueError, match="entrypoint"):
        bundle({"f/a.ts": b""})
    file = File.of("f/index.ts", b"")
    with pytest.raises(ValueError, match="twice"):
        Bundle("f", (file, file), "f/index.ts")


def test_what_the_platform_puts_before_a_path_goes():
    server = "/tmp/user_fn_abcdefghijklmnopqrst_6c1d3a52-0000-4000-8000-000000000000_12"
    paths = [f"file://{server}/source/f/index.ts", f"{server}/source/_shared/a.ts", "source/b.ts"]
    assert list(from_platform(paths).values()) == ["f/index.ts", "_shared/a.ts", "b.ts"]
    assert list(from_platform(["source/index.ts", "_shared/a.ts"]).values()) == ["source/index.ts", "_shared/a.ts"]
    with pytest.raises(ValueError, match="outside"):
        from_platform(["source/../../etc/passwd"])
