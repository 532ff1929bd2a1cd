"""The rules and the dashboard ask for figures that the running bot has, with those labels."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.chat import Chat, verdict
from tests.clocks import Hurried
from tests.running import running

DEPLOY = Path(__file__).parents[2] / "deploy"
OURS = re.compile(r"\b((?:aikeys|process|python)_[a-z_]+)(?:\{([^}]*)\})?")
THEIRS = {"job", "instance", "le"}  # labels that Prometheus adds, or a histogram has
RULES = yaml.safe_load((DEPLOY / "alert-rules.yml").read_text())["groups"]
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text())


def expressions() -> list[str]:
    rules = [rule["expr"] for group in RULES for rule in group["rules"]]
    return rules + [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]


@pytest.fixture
def environment(environment, unused_tcp_port):
    return environment | {
        "AIKEYS_HTTP": f"127.0.0.1:{unused_tcp_port}",
        "AIKEYS_ALERTS_TOKEN": "a-token-of-the-tests-0123456789",
        "AIKEYS_HEARTBEAT_URL": "http://127.0.0.1:1/nobody",
    }


async def test_each_figure_that_is_asked_for_is_there(town, settings):
    async with running(settings, Hurried()) as bot, aiohttp.ClientSession(bot.port.address) as web:
        chat = Chat(town.slack)
        await chat.says("ana", "/aikeys health")
        await chat.until(verdict)
        async with web.post("/alerts", data=b"{}") as refused:
            assert refused.status == 401
        samples: dict[str, list[dict[str, str]]] = {}

        async def read() -> bool:
            async with web.get("/metrics") as answer:
                text = await answer.text()
            samples.clear()
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    samples.setdefault(sample.name, []).append(sample.labels)
            beats = samples.get("aikeys_api_calls_total", [])
            return any(labels["system"] == "heartbeat" for labels in beats)

        for _ in range(400):
            if await read():
                break
            await bot.clock.sleep(0.1)
        asked = [found for expression in expressions() for found in OURS.findall(expression)]
        assert len(asked) > 15
        for name, matchers in asked:
            assert name in samples, name
            for label, how, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', matchers):
                if label in THEIRS:
                    continue
                values = {labels.get(label) for labels in samples[name]}
                assert None not in values, f"{name} has no label {label}"
                assert how != "=" or value in values, f"{name} never has {label}={value}, only {values}"


def test_every_rule_says_what_to_do():
    rules = {rule["alert"]: rule for group in RULES for rule in group["rules"]}
    assert rules["DeadMansSwitch"]["expr"] == "vector(1)"
    for name, rule in rules.items():
        assert rule["annotations"]["summary"], name
        if name != "DeadMansSwitch":
            assert rule["annotations"]["do"], name
            assert rule["labels"]["about"] == "aikeys", f"{name} would be told to the bot that is what is wrong"


def test_what_is_wrong_with_the_bot_does_not_go_through_the_bot():
    routes = yaml.safe_load((DEPLOY / "alertmanager.yml").read_text())
    receivers = {one["name"]: one for one in routes["receivers"]}
    by = {one["matchers"][0]: receivers[one["receiver"]] for one in routes["route"]["routes"]}
    assert "email_configs" in by['about="aikeys"']
    assert by['alertname="DeadMansSwitch"']["webhook_configs"][0]["url"].startswith("https://")
    (to_the_bot,) = receivers[routes["route"]["receiver"]]["webhook_configs"]
    assert to_the_bot["url"].endswith(":8080/alerts")
    assert to_the_bot["send_resolved"] is True, "without it an incident stays open for good"
    scraped = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"]
    assert [one["job_name"] for one in scraped] == ["aikeys"], "the rules go by that name"


def test_prometheus_reads_the_rules():
    if shutil.which("promtool") is None:
        pytest.skip("no promtool here (Debian's package prometheus): the rules are held against the bot alone")
    for what in (["rules", "alert-rules.yml"], ["config", "prometheus.yml"]):
        done = subprocess.run(["promtool", "check", *what], cwd=DEPLOY, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
