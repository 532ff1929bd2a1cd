"""Each way in which something outside can fail, as Ana reads it in the channel: its own sentence and what to do."""

import socket

import pytest

from playground.supabase.answers import megabytes
from tests.chat import words

MANAGEMENT = "/v1/projects/[a-z]+/secrets$"
WALLET = "^/health$"


async def answered(chat, sentence: str) -> None:
    """Ana asks; the card that holds *sentence* is no “Healthy”, says what to do, and reads alone without its blocks."""
    await chat.says("ana", "/aikeys health")
    card = await chat.until(lambda one: sentence in words(one) and "asked, all done" in words(one))
    headline = card["blocks"][0]["text"]["text"]
    assert "Healthy" not in headline
    assert not headline.startswith("✅")
    told = [one["text"]["text"] for one in card["blocks"] if one["type"] == "section"]
    assert any(sentence in text and "\n→ " in text for text in told)
    assert sentence in card["text"]


@pytest.mark.parametrize(
    ("path", "fault", "sentence"),
    [
        (MANAGEMENT, {"status": 401}, "does not accept the bot's token"),
        (MANAGEMENT, {"status": 402}, "unpaid bill"),
        (MANAGEMENT, {"status": 403}, "403"),
        (MANAGEMENT, {"status": 404}, "404"),
        (MANAGEMENT, {"status": 429, "headers": {"Retry-After": "9"}}, "too many requests (429)"),
        (MANAGEMENT, {"status": 500}, "failed (500)"),
        (MANAGEMENT, {"status": 503}, "503"),
        (MANAGEMENT, {"status": 540}, "The project is paused (540)"),
        (MANAGEMENT, {"body": "<html>"}, "something that is not JSON"),
        (MANAGEMENT, {"body": [{"name": 3}]}, "in a shape the bot does not know"),
        (MANAGEMENT, {"body": megabytes(3)}, "sent more than 2 MB"),
        (MANAGEMENT, {"drop": True}, "broke the connection off"),
        (WALLET, {"status": 401}, "401"),
        (WALLET, {"status": 402}, "402"),
        (WALLET, {"status": 403}, "403"),
        (WALLET, {"status": 404}, "404"),
        (WALLET, {"status": 429}, "too many requests (429)"),
        (WALLET, {"status": 500}, "failed (500)"),
        (WALLET, {"status": 503}, "503"),
        (WALLET, {"status": 540}, "The project is paused (540)"),
        (WALLET, {"body": "oops"}, "something that is not JSON"),
        (WALLET, {"body": {"status": "healthy", "database": 1}}, "in a shape the bot does not know"),
        (WALLET, {"body": megabytes(3)}, "sent more than 2 MB"),
        (WALLET, {"drop": True}, "broke the connection off"),
    ],
)
async def test_an_answer_that_is_none(chat, project, path, fault, sentence):
    async with project.answers("GET", path, **fault):
        await answered(chat, sentence)


class TestNoWayThere:
    """What is wrong lies on the way: the address is in the settings."""

    @pytest.fixture(params=["AIKEYS_FUNCTIONS_URL", "SUPABASE_API_URL"])
    def setting(self, request) -> str:
        return str(request.param)

    class TestDns:
        @pytest.fixture
        def environment(self, environment, setting):
            return environment | {setting: "https://nothing.invalid"}

        async def test_a_host_that_dns_does_not_know(self, chat):
            await answered(chat, "DNS knows no host nothing.invalid")

    class TestTls:
        @pytest.fixture
        def environment(self, environment, setting, town):
            """A server that speaks no TLS where TLS is expected."""
            return environment | {setting: town.slack.url.replace("http://", "https://")}

        async def test_a_server_that_cannot_prove_who_it_is(self, chat):
            await answered(chat, "could not prove who it is (TLS")

    class TestRefused:
        @pytest.fixture
        def environment(self, environment, setting):
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                free = taken.getsockname()[1]
            return environment | {setting: f"http://127.0.0.1:{free}"}

        async def test_nobody_listens(self, chat):
            await answered(chat, "nobody listens at 127.0.0.1")
