"""The commands of “Backup, and the drill” and “Upgrade, and back”, within the fences of both installations."""

import gzip
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.deploy.fences import ROOT, fences
from tests.running import KEY

Says = Callable[..., subprocess.CompletedProcess[str]]
LEFT = ROOT / "tests" / "upgrade" / "0.5.0" / "aikeys.sqlite.gz"
PAGE = 4096  # bytes of a /tmp into which no database goes


@pytest.fixture
def copies(data, tmp_path):
    """The bot has a memory, and its copies go to another disk."""
    (data / "aikeys.sqlite").write_bytes(gzip.decompress(LEFT.read_bytes()))
    folder = tmp_path / "copies"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def secrets(needed):
    named = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN")
    return {name: needed[name] for name in named} | {"AIKEYS_AUDIT_KEY": KEY.decode()}


@pytest.fixture
def settings(needed, copies, secrets):
    return {name: value for name, value in needed.items() if name not in secrets} | {"AIKEYS_COPIES": str(copies)}


@pytest.fixture
def container(data, copies, settings, secrets) -> Says:
    """`docker compose run --rm aikeys …`."""
    environ = settings | secrets | {"AIKEYS_DATA": str(data), "PATH": os.environ["PATH"]}
    within = [*fences(data, ROOT, tmp=PAGE)[:-2], "--bind", str(copies), str(copies), "--chdir", str(ROOT)]

    def says(*words: str) -> subprocess.CompletedProcess[str]:
        told = [*within, sys.executable, "-m", "bot", *words]
        return subprocess.run(told, env=environ, capture_output=True, text=True, check=False)

    return says


@pytest.fixture
def unit(data, copies, settings, secrets, tmp_path) -> Says:
    """`deploy/aikeys-do …`, with the drop-in that lets it write to the other disk."""
    machine, programs = tmp_path / "machine", tmp_path / "programs"
    (machine / "etc/aikeys/secrets").mkdir(parents=True)
    (machine / "var/lib").mkdir(parents=True)
    (machine / "var/lib/aikeys").symlink_to(data)
    (machine / "etc/aikeys/aikeys.env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    for name, value in secrets.items():
        (machine / "etc/aikeys/secrets" / name).write_text(value)
    drop_in = machine / "override.conf"
    drop_in.write_text(f"[Service]\nReadWritePaths={copies}\n")
    programs.mkdir()
    for name, does in {
        "systemctl": f"cat {ROOT / 'deploy' / 'aikeys.service'} {drop_in}",
        "systemd-run": f'cd {ROOT} && AS_IF={machine} exec {sys.executable} -m tests.deploy.systemd_run "$@"',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)

    def says(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        told = [str(ROOT / "deploy" / "aikeys-do"), *words]
        environ = {"PATH": f"{programs}:{os.environ['PATH']}"} | environ
        return subprocess.run(told, env=environ, capture_output=True, text=True, check=False)

    return says


@pytest.mark.parametrize("installation", ["container", "unit"])
def test_a_copy_is_made_tried_and_put_back(installation, request, data, copies):
    """No file name is typed, and /tmp is not needed, which is small in the one and gone at once in the other."""
    says: Says = request.getfixturevalue(installation)
    before = {one.name: one.read_bytes() for one in data.iterdir()}

    made = says("backup", "--to", str(copies / "before-upgrade"))
    assert made.stdout.startswith(f"copied: {copies}/before-upgrade/aikeys-"), made.stderr
    drilled = says("restore", "--drill", "--from", str(copies / "before-upgrade"))
    assert (drilled.returncode, drilled.stdout.startswith("good: aikeys-")) == (0, True), drilled.stderr
    assert "1 approval waits" in drilled.stdout
    assert {one.name: one.read_bytes() for one in data.iterdir()} == before

    (data / "aikeys.sqlite").write_bytes(b"what went wrong")
    back = says("restore", "--replace", "--from", str(copies / "before-upgrade"))
    assert (back.returncode, back.stdout.startswith("restored: aikeys-")) == (0, True), back.stderr
    verified = says("audit", "verify")
    assert (verified.returncode, verified.stdout.startswith("good: 25 rows")) == (0, True), verified.stderr


def test_a_setting_in_front_of_a_command_beside_the_unit_is_refused(unit, data):
    """It would not arrive, and the answer be of the database that the bot lives on."""
    asked = unit("audit", "verify", AIKEYS_DATA="/tmp/drill", TERM="xterm")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "unset AIKEYS_DATA \n" in asked.stderr
    assert unit("audit", "verify", TERM="xterm").stdout.startswith("good: ")
