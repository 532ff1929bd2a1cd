"""An address in what a person types, among the characters that Slack escapes."""

import pytest

from playground.slack import Workspace
from playground.slack.composer import message_text


@pytest.fixture
async def workspace():
    workspace = Workspace()
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("see https://a.example/x?y=1&z=2.", "see <https://a.example/x?y=1&amp;z=2>."),
        ("<https://a.example|x>", "&lt;<https://a.example|x>&gt;"),
        ("(https://a.example)", "(<https://a.example>)"),
        ("https://a.example>", "<https://a.example>&gt;"),
    ],
)
async def test_an_address_ends_where_it_ends(workspace, typed, stored):
    assert message_text(workspace.state, typed) == stored


async def test_a_permalink_opens_the_page_in_its_channel(workspace, aiohttp_get):
    status, where = await aiohttp_get(f"{workspace.url}/archives/C0OPS/p1795366133816451")
    assert (status, where) == (302, "/#/ana/ops")


@pytest.fixture
def aiohttp_get():
    """GET without following: status and Location."""
    import aiohttp

    async def get(url):
        async with aiohttp.ClientSession() as session, session.get(url, allow_redirects=False) as response:
            return response.status, response.headers.get("Location")

    return get
