"""What people type and what upstream is called: refs, functions, addresses that could harm are not taken."""

import pytest

from bot.sources import SourceAway, SourceRefused, Sources
from tests.sources.refused import INDEX, refused


async def test_a_function_that_the_commit_lacks_is_named_with_those_it_has(sources, repository):
    error = await refused(sources, repository.head, "wallet-delete")
    assert error.file == "supabase/functions/wallet-delete"
    assert "payments-circle-webhook" in error.do


@pytest.mark.parametrize("slug", ["../health", "--output=x", "a/b", "", "x" * 101, "_shared", "hea\nlth"])
async def test_a_function_s_name_cannot_be_a_path_or_an_option(sources, repository, slug):
    await refused(sources, repository.head, slug)


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
