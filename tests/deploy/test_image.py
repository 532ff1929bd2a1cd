"""What the image, the compose file and the unit promise, read from the files; nothing is built here."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from bot.app import DRAIN
from bot.settings import Settings, about

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SECRET_LIKE = re.compile(r"TOKEN|SECRET|PASSWORD|_KEY\b|_URL\b", re.IGNORECASE)
# Settings whose values are secret, by the name outside.
SECRETS = {about()[name].env for name, field in Settings.model_fields.items() if "SecretStr" in repr(field.annotation)}
UNIT = (DEPLOY / "aikeys.service").read_text()


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile, an instruction and its words each, comments left out."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in lines if line.strip()]


def last_stage() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, rest in instructions():
        if word == "FROM":
            found = {}
        found.setdefault(word, []).append(rest)
    return found


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_secrets_are_known():
    assert {"SLACK_BOT_TOKEN", "AIKEYS_AUDIT_KEY", "AIKEYS_DUMP_URL", "SUPABASE_TOKEN_DEPLOY"} <= SECRETS


def test_the_image_runs_as_a_plain_user_under_an_init():
    last = last_stage()
    assert last["USER"] == ["10001:10001"]
    assert last["ENTRYPOINT"] == ['["/usr/bin/tini", "--", "aikeys"]']
    assert last["CMD"] == ['["run"]']
    (check,) = last["HEALTHCHECK"]
    assert check.endswith('CMD ["aikeys", "alive"]')
    assert "--chown" not in "".join(last["COPY"]), "the bot must not be able to change what it runs"


def test_the_base_is_named_by_debians_release():
    """By its tag, not by its digest: who gives none builds from whatever bears that tag on the day."""
    (default,) = [rest for word, rest in instructions() if word == "ARG" and rest.startswith("DEBIAN=")]
    assert re.fullmatch(r"DEBIAN=debian:[a-z]+-slim", default)
    assert [rest for word, rest in instructions() if word == "FROM"] == ["${DEBIAN} AS installed", "${DEBIAN}"]
    tag = default.removeprefix("DEBIAN=")
    for page in ("Dockerfile", "docs/production.md"):
        assert set(re.findall(r"debian:[\w.-]+", (ROOT / page).read_text())) == {tag}, page


def test_the_image_holds_no_secret():
    named = [rest for word, rest in instructions() if word in ("ARG", "ENV", "LABEL")]
    assert [one for one in named if SECRET_LIKE.search(one)] == []
    assert [word for word, _ in instructions() if word == "ADD"] == []


def test_no_test_and_no_tool_is_in_the_image():
    copied = [rest.split() for word, rest in instructions() if word == "COPY"]
    sources = {name for words in copied for name in words[:-1] if not name.startswith("--")}
    assert sources == {
        *("requirements.run.lock", "deploy/install.sh", "bot", "commands", "store"),
        *("docs/runbook.md", "manifest.yml", "pyproject.toml", "LICENSE", "/opt/aikeys"),
    }
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert next(line for line in ignored if not line.startswith("#")) == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == sources - {"/opt/aikeys"}
    apt = " ".join(last_stage()["RUN"])
    assert "--no-install-recommends" in apt
    for needed in (
        "ca-certificates",
        "git",
        "openssh-client",
        "python3",
        "tini",
        "tzdata",
        "${POSTGRES:+postgresql-$POSTGRES}",
    ):
        assert f" {needed}" in apt
    assert not re.search(r"\b(gcc|build-essential|curl|wget|sudo)\b", apt)


def test_what_is_installed_is_of_the_lock():
    """The lock of what runs is a part of the whole one: tests and production have the same packages."""
    whole, runs = (_pinned(ROOT / name) for name in ("requirements.lock", "requirements.run.lock"))
    assert {name: one for name, one in runs.items() if whole.get(name) != one} == {}, "make lock"
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert {re.split(r"[\[<>=~! ;]", one)[0].lower() for one in declared} <= set(runs)
    assert not {"pytest", "mypy", "playwright", "hatchling", "asyncpg"} & set(runs)
    assert "://" not in re.sub(r"(?m)^\s*#.*$", "", (ROOT / "requirements.run.lock").read_text())
    install = (DEPLOY / "install.sh").read_text()
    assert "--require-hashes" in install
    assert "--only-binary :all:" in install


def _pinned(path: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Of each package its version with its marker, and its hashes."""
    parts = re.split(r"^(?=[a-z0-9])", path.read_text(), flags=re.MULTILINE)
    found = {}
    for part in parts:
        if match := re.match(r"([a-z0-9._-]+)==([^\s;]+)", part):
            found[match[1]] = (match[2], frozenset(re.findall(r"sha256:[0-9a-f]{64}", part)))
    return found


def test_the_container_is_fenced(compose):
    bot = compose["services"]["aikeys"]
    for one in compose["services"].values():
        assert (one["read_only"], one["cap_drop"], one["restart"]) == (True, ["ALL"], "unless-stopped")
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in one
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))
        assert all("docker.sock" not in volume for volume in one["volumes"])
    assert bot["user"] == "10001:10001"
    assert bot["tmpfs"] == ["/tmp:size=64m,mode=1777,noexec,nosuid,nodev"]
    assert bot["mem_limit"] == bot["memswap_limit"] == "512m"
    assert bot["volumes"] == ["data:/var/lib/aikeys"]
    assert int(bot["stop_grace_period"].rstrip("s")) > DRAIN + 10


def test_secrets_come_as_files(compose):
    bot = compose["services"]["aikeys"]
    assert SECRETS & set(bot["environment"]) == set()
    files = {name[:-5]: value for name, value in bot["environment"].items() if name.endswith("_FILE")}
    assert files == {name: f"/run/secrets/{name}" for name in bot["secrets"]}
    for one in compose["services"].values():
        assert set(one.get("secrets", [])) <= set(compose["secrets"])
    text = (ROOT / "compose.yaml").read_text()
    assert [name for name in SECRETS if f"{name}_FILE: /run/secrets/{name}" not in text] == []
    assert [name for name in SECRETS if f"{name}: {{file: secrets/{name}}}" not in text] == []


def test_copies_have_one_name_wherever_the_bot_runs():
    """So that each command of the page is typed as it stands there, in both installations."""
    page = (ROOT / "docs" / "production.md").read_text()
    (folder,) = re.findall(r"^AIKEYS_COPIES=(\S+)$", page, re.MULTILINE)
    assert f"      # - {folder}:{folder}\n" in (ROOT / "compose.yaml").read_text()
    assert f"\nReadWritePaths={folder}\n" in page
    for owner in ("-o 10001 -g 10001", "-o aikeys -g aikeys"):
        assert f"install -d {owner} -m 700 {folder}" in page
    typed = re.findall(r"^aikeys .*--(?:to|from) (\S+)", page, re.MULTILINE)
    assert typed
    assert [path for path in typed if not path.startswith(f"{folder}/")] == []


def test_the_unit_is_fenced():
    found = unit()
    assert found["User"] == ["aikeys"]
    for name, value in {
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "StateDirectory": "aikeys",
        "StateDirectoryMode": "0700",
        "MemoryMax": "512M",
        "MemorySwapMax": "0",
        "Restart": "always",
    }.items():
        assert found[name] == [value], name
    assert int(found["TimeoutStopSec"][0]) > DRAIN + 10
    assert "WatchdogSec" not in found, "the bot tells systemd nothing"
    loaded = dict(line.split(":", 1) for line in found["LoadCredential"])
    named = {
        line.partition("_FILE=%d/")[0]: line.partition("=%d/")[2] for line in found["Environment"] if "_FILE=" in line
    }
    assert set(named) == set(loaded)
    assert all(name == file for name, file in named.items())
    assert all(path == f"/etc/aikeys/secrets/{name}" for name, path in loaded.items())


@pytest.fixture
def here(tmp_path):
    """The unit, as if what it starts were installed on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here: the unit is read, not verified")
    path = tmp_path / "aikeys.service"
    path.write_text(UNIT.replace("/opt/aikeys/.venv/bin/aikeys run", "/bin/true"))
    return path


def test_systemd_finds_nothing_wrong_with_it(here):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(here)], capture_output=True, text=True, check=False
    )
    mine = [line for line in done.stderr.splitlines() if "aikeys" in line]
    assert (done.returncode, mine) == (0, [])


def test_little_is_exposed(here):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(here)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("systemd is older than 250: it cannot judge a file")
    exposure = re.search(r"exposure level for aikeys\.service: ([\d.]+)", done.stdout)
    assert exposure, done.stdout + done.stderr
    assert float(exposure[1]) <= 1.6


def test_a_command_beside_the_unit_has_all_of_its_fences(tmp_path):
    """With a systemd that only says what it was told: every line but those of a bot that goes on running."""
    for name, says in (("systemctl", f"cat {DEPLOY / 'aikeys.service'}"), ("systemd-run", 'printf "%s\\n" "$@"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{says}\n")
        (tmp_path / name).chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "ALSO": "ReadWritePaths=/mnt/backup"}
    words = [str(DEPLOY / "aikeys-do"), "audit", "verify"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environ)
    told = done.stdout.splitlines()
    (name,) = [one.removeprefix("--unit=") for one in told if one.startswith("--unit=")]
    given = [one.removeprefix("--property=") for one in told if one.startswith("--property=")]
    assert told[-3:] == ["/opt/aikeys/.venv/bin/aikeys", "audit", "verify"]
    assert "ReadWritePaths=/mnt/backup" in given
    assert f"Environment=SLACK_BOT_TOKEN_FILE=/run/credentials/{name}.service/SLACK_BOT_TOKEN" in given
    assert not [one for one in given if "%" in one]
    only_a_bots = {"Type", "ExecStart", "Restart", "RestartSec", "TimeoutStopSec", "KillMode", "OOMPolicy"}
    body = UNIT.partition("[Service]")[2].partition("[Install]")[0].splitlines()
    whole = [line.partition("=")[0] for line in body if re.match("[A-Z][A-Za-z]*=", line)]
    wanted = [one for one in whole if one not in only_a_bots]
    assert [one.partition("=")[0] for one in given if "ReadWritePaths" not in one] == wanted, "in the unit's own order"
