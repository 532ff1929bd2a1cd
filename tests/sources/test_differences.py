"""Differences that a person can read and trust."""

import os

import pytest

from bot.bundle import Bundle, File
from bot.sources import SourceAway
from bot.sources.differences import MOST_SHOWN
from playground.source import ANA

HEALTH = "supabase/functions/health"
INDEX = f"{HEALTH}/index.ts"


def bundle(files, entrypoint=INDEX):
    return Bundle("health", tuple(File.of(path, text.encode()) for path, text in files.items()), entrypoint)


async def test_two_commits(sources, repository):
    await sources.fetch()
    diff = await sources.diff(repository.live, repository.head, [HEALTH])
    assert '-const VERSION = "1.0.0";' in diff.text.splitlines()
    assert '+const VERSION = "1.1.0";' in diff.text.splitlines()
    assert (diff.files, diff.added, diff.removed, diff.cut, diff.hidden) == (1, 1, 1, False, ())
    assert (await sources.diff(repository.live, repository.head)).files == 5
    assert (await sources.diff(repository.head, repository.head)).text == ""


async def test_live_against_new_whatever_the_folders_are_called(sources):
    live = bundle({"index.ts": "a\nb\nc\n", "same.ts": "same\n", "old.ts": "gone\n"}, "index.ts")
    new = bundle({INDEX: "a\nB\nc\n", f"{HEALTH}/same.ts": "same\n", f"{HEALTH}/new.ts": "came\n"})
    diff = await sources.compare(live, new)
    assert (diff.files, diff.added, diff.removed) == (3, 2, 2)
    lines = diff.text.splitlines()
    assert f"--- a/{INDEX}" in lines
    assert f"+++ b/{INDEX}" in lines
    assert {"-b", "+B", "-gone", "+came"} <= set(lines)
    assert not any(line.startswith("index ") for line in lines)
    assert "same.ts" not in diff.text
    assert (await sources.compare(new, new)).text == ""


async def test_the_first_deploy_is_all_new(sources):
    diff = await sources.compare(None, bundle({INDEX: "a\nb\n"}))
    assert (diff.files, diff.added, diff.removed) == (1, 2, 0)


async def test_what_cannot_be_seen_is_written_out_and_named(sources):
    old = bundle({INDEX: "ok\n", f"{HEALTH}/b.ts": "ok\n"})
    trojan = "if (role !== 'user\u202e \u2066// admin\u2069 \u2066') {\n\tpay();\x1b[2K\r\n"
    diff = await sources.compare(old, bundle({INDEX: trojan, f"{HEALTH}/b.ts": "fine\n"}))
    assert diff.hidden == (INDEX,)
    assert "⟨U+202E⟩" in diff.text
    assert "⟨U+001B⟩[2K" in diff.text
    assert "\tpay()" in diff.text, "a tab is a tab"
    assert not set(diff.text) & set("\u202e\u2066\u2069\x1b\r")


async def test_code_that_looks_like_a_diff_does_not_confuse_the_count(sources):
    old = bundle({INDEX: "-- a/x\n++ b/y\n@@ -1 +1 @@\ndiff --git a/x b/x\n"})
    diff = await sources.compare(old, bundle({INDEX: "x\n"}))
    assert (diff.files, diff.added, diff.removed) == (1, 1, 4)


async def test_too_much_is_cut_and_said(sources):
    long = "\n".join(f"line {n}" for n in range(100_000))
    diff = await sources.compare(bundle({INDEX: "a"}), bundle({INDEX: long, f"{HEALTH}/z.ts": "z"}))
    assert diff.cut
    assert diff.added == 100_001
    assert len(diff.text) < MOST_SHOWN + 1000
    assert "the rest is not shown: 2 files, 100001 lines added" in diff.text.splitlines()[-1]


async def test_a_line_too_long_to_read_is_cut(sources):
    diff = await sources.compare(bundle({INDEX: "a"}), bundle({INDEX: "x" * 1_000_000}))
    assert "characters more" in diff.text
    assert len(diff.text) < 2000


async def test_many_megabytes_end_soon(sources):
    """Little work, git's included: what else the machine does meanwhile is not its fault."""
    began = sum(os.times()[:4])
    diff = await sources.compare(bundle({INDEX: "a\nb\n" * 1_200_000}), bundle({INDEX: "b\nc\n" * 1_200_000}))
    assert diff.cut
    assert sum(os.times()[:4]) - began < 15


@pytest.mark.parametrize("attributes", ["*.ts -diff\n", "*.ts binary\n", "*.ts diff=evil\n", "* -text\n"])
async def test_attributes_hide_nothing(sources, repository, attributes):
    before = repository.head
    sha = repository.commit(
        ANA, "Hide", {".gitattributes": attributes, f"{HEALTH}/.gitattributes": attributes, INDEX: "evil();\n"}
    )
    await sources.fetch()
    assert "+evil();" in (await sources.diff(before, sha, [INDEX])).text
    live = bundle({"index.ts": "a\n", ".gitattributes": attributes}, "index.ts")
    assert "+evil();" in (await sources.compare(live, bundle({INDEX: "evil();\n"}))).text


async def test_nothing_of_it_is_left_on_the_disk(sources, tmp_path):
    await sources.compare(None, bundle({INDEX: "a"}))
    assert not list((tmp_path / "data" / "source").glob("diff-*"))


async def test_files_that_came_and_went_are_headed_alike(sources):
    old = bundle({INDEX: "a\n", f"{HEALTH}/ñ b/old.ts": "x\n"})
    diff = await sources.compare(old, bundle({INDEX: "a\n", f"{HEALTH}/ñ b/new.ts": "y\u200b\n"}))
    headed = [line for line in diff.text.splitlines() if line.startswith("diff ")]
    paths = [f"{HEALTH}/ñ b/new.ts", f"{HEALTH}/ñ b/old.ts"]
    assert headed == [f"diff --git a/{path} b/{path}" for path in paths]
    assert diff.hidden == (paths[0],)


async def test_a_file_where_a_folder_is_in_the_same_bundle_is_said(sources):
    with pytest.raises(SourceAway, match="cannot write"):
        await sources.compare(None, bundle({INDEX: "a", f"{INDEX}/b.ts": "b"}))
