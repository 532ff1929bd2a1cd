"""Addresses that others chose: those in alerts are never fetched, those in settings get no token they should not."""

import aiohttp
import pytest
from aiohttp import web

from bot.clients.circle import Circle
from bot.clients.errors import Failure
from bot.clients.heartbeat import Heartbeat
from bot.clients.slack import Slack, new_session, web_client
from bot.clients.status_page import StatusPage
from bot.clients.supabase import Supabase
from bot.clients.wallet import Wallet
from bot.clock import SystemClock
from bot.errors import Unanswered
from bot.settings import Wrong, about, read
from tests.chat import Chat
from tests.incoming.conftest import TOKEN, Sender, alert
from tests.running import running
from tests.wait import eventually

REF = "abcdefghijklmnopqrst"


class Trap:
    """Somebody else's server on loopback: *heard* holds the head of all that was asked of it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status, self.to = 200, ""

    async def open(self) -> str:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return "http://{}:{}".format(*self._runner.addresses[0])

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path_qs} {dict(request.headers)} {await request.text()}")
        headers = {"Location": self.to} if self.to else {}
        return web.Response(status=self.status, text="{}", headers=headers)


@pytest.fixture
async def trap():
    trap = Trap()
    trap.url = await trap.open()  # type: ignore[attr-defined]  # where it stands
    yield trap
    await trap.close()


class TestInAlerts:
    @pytest.fixture
    def environment(self, environment):
        return environment | {
            "AIKEYS_HTTP": "127.0.0.1:0",
            "AIKEYS_ALERTS_TOKEN": TOKEN,
            "AIKEYS_ALERTS_HOSTS": "127.0.0.1",
        }

    async def test_an_address_in_an_alert_is_shown_and_never_fetched(self, bot, chat, trap):
        """Neither where it came from, nor a runbook, nor a picture; not even of a host that the team has named."""
        notes = {
            "runbook_url": f"{trap.url}/runbook",
            "image": f"{trap.url}/i.png",
            "summary": f"see {trap.url}/summary",
        }
        one = alert(severity="critical", url=f"{trap.url}/graph?token=x")
        one["annotations"] = notes | {"description": f"![x]({trap.url}/d.png) http://169.254.169.254/latest/meta-data/"}
        async with aiohttp.ClientSession() as session:
            await Sender(session, bot.port.address).sends(one)
        await chat.until("Alert:", channel="#incidents")
        assert trap.heard == []


@pytest.mark.parametrize(
    ("made", "ask"),
    [
        (lambda url: Supabase(url, "sbp_" + "c0ffee" * 6 + "0000", REF, SystemClock()), lambda one: one.secrets()),
        (lambda url: Circle(f"{url}/v1/configuration", SystemClock()), lambda one: one.knows("LIVE_API_KEY:a:b")),
        (lambda url: Heartbeat(f"{url}/secret-path", SystemClock()), lambda one: one.beat()),
        (lambda url: Wallet(url, SystemClock(), REF, b"k" * 32), lambda one: one.health()),
        (lambda url: StatusPage(f"{url}/status.json", SystemClock()), lambda one: one.said()),
    ],
    ids=["supabase", "circle", "heartbeat", "wallet", "status"],
)
async def test_a_redirect_takes_no_token_elsewhere(trap, made, ask):
    """To another port of this machine is elsewhere: what stands there may be anybody's."""
    other = Trap()
    trap.status, trap.to = 307, f"{await other.open()}/taken"
    client = made(trap.url)
    with pytest.raises((Failure, Unanswered)):
        await ask(client)
    await client.close()
    await other.close()
    assert len(trap.heard) >= 1
    assert other.heard == []


async def test_nor_does_one_of_slacks(trap):
    """A token of Slack's lets its holder speak as the bot."""
    other = Trap()
    trap.status, trap.to = 307, f"{await other.open()}/taken"
    async with new_session() as session:
        slack = Slack(web_client("xoxb-1-secret-token", f"{trap.url}/", session, SystemClock()), session)
        with pytest.raises(Unanswered):
            await slack.call("chat.postMessage", channel="C0OPS", text="what was said in private")
    await other.close()
    assert other.heard == []


TOKENS = {
    "SUPABASE_ACCESS_TOKEN": "sbp_" + "c0ffee" * 6 + "0000",
    "SUPABASE_TOKEN_DEPLOY": "sbp_" + "decade" * 6 + "0000",
    "AIKEYS_ALERTS_TOKEN": "a-canary-of-alerts-5f1b0c7e9d2a4386",
    "AIKEYS_AUDIT_KEY": "a-canary-of-the-chain-5f1b0c7e9d2a4386",
}
ITS_OWN = {
    "SUPABASE_API_URL": {"SUPABASE_ACCESS_TOKEN"},
    "AIKEYS_FUNCTIONS_URL": set(),
    "SUPABASE_STATUS_URL": set(),
    "AIKEYS_CIRCLE_CHECK_URL": set(),
    "AIKEYS_HEARTBEAT_URL": set(),
}


class TestOnePlaceEach:
    """Whatever stands at an address in the settings, inside or outside, is told no secret but that meant for it."""

    @pytest.fixture
    async def traps(self):
        traps = {name: Trap() for name in ITS_OWN}
        yield traps
        for trap in traps.values():
            await trap.close()

    @pytest.fixture
    async def told(self, environment, traps):
        changed = environment | TOKENS | {name: await trap.open() for name, trap in traps.items()}
        return changed | {"AIKEYS_HTTP": "127.0.0.1:0"}

    async def test_each_is_told_its_own_token_and_no_other(self, told, traps, clock, town):
        async with running(read(told), clock):
            await Chat(town.slack).says("ana", "/aikeys triage database")
            asked = ITS_OWN.keys() - {"AIKEYS_CIRCLE_CHECK_URL"}  # that is asked in a rotation alone
            await eventually(lambda: all(traps[name].heard for name in asked))
        secrets = {name: told[name] for name in (*TOKENS, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")}
        for name, trap in traps.items():
            heard = "\n".join(trap.heard)
            assert {one for one, secret in secrets.items() if secret in heard} == (ITS_OWN[name] if heard else set())


def test_no_address_is_left_out():
    """A setting that comes new is thought about: what is sent there?"""
    assert {*ITS_OWN, "SLACK_API_URL"} == set(ADDRESSES)


PRIVATE = (
    "http://10.0.0.8/", "http://169.254.169.254/latest/meta-data/", "http://192.168.1.1", "http://[fd00::1]/",
    "http://localhost.evil.example", "http://127.0.0.1.nip.example/", "http://0x7f.1/", "http://2130706433/",
    "gopher://127.0.0.1/", "file:///etc/passwd", "https://user:pw@api.example", "https://api.example@evil.example/",
    "http://127.0.0.1@evil.example/",
)  # fmt: skip
ADDRESSES = sorted(
    one.env
    for one in about().values()
    if one.env.endswith("_URL") and one.env not in ("AIKEYS_DUMP_URL", "AIKEYS_SMTP_URL")
)


@pytest.mark.parametrize("name", ADDRESSES)
def test_in_the_clear_nothing_of_ours_leaves_this_machine(needed, name):
    """Every setting that is an address, also one that comes new: https, or this machine itself."""
    _refused(needed, name, PRIVATE)


def _refused(needed, name, addresses):
    """Each of them, in words that do not repeat it."""
    for address in addresses:
        with pytest.raises(Wrong) as caught:
            read(needed | {name: address})
        assert [problem.name for problem in caught.value.problems] == [name], address
        assert address not in str(caught.value)


NOWHERE = (
    "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://0xa9fea9fe/", "https://169.254.43518",
    "https://[::ffff:169.254.169.254]/", "https://[fe80::1]/", "https://0.0.0.0", "https://[::]", "https://224.0.0.1/",
)  # fmt: skip
INSIDE = (
    "https://10.0.0.8", "https://192.168.1.1/beat", "https://[fd00::1]", "https://localhost", "https://[::1]:8443",
    "http://127.0.0.1:9", "https://checks.internal.example",
)  # fmt: skip


@pytest.mark.parametrize("name", ADDRESSES)
def test_where_nothing_of_these_can_stand_is_no_address(needed, name):
    _refused(needed, name, NOWHERE)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_host_inside_may_be_named_by_who_owns_the_settings(needed, name):
    """A beat of one's own, a relay, a wallet of one's own: what is sent there is what the tests above say."""
    for address in INSIDE:
        read(needed | {name: address})


def test_there_are_addresses_to_try():
    assert len(ADDRESSES) >= 5
