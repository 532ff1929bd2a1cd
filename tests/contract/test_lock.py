"""The locked list of packages, and the declaration it is made from."""

import re
import tomllib

import pytest


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements.run.lock", "tests/attack/audit.lock"])
def test_every_package_is_pinned_with_its_hash_and_no_registry_is_named(root, lock):
    """Who installs it chooses the registry; what comes from there is checked."""
    text = (root / lock).read_text()
    assert "index-url" not in text
    assert "://" not in "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)
    pinned = [one for one in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if re.match("[a-z0-9]", one)]
    assert len(pinned) > 20
    assert [one.split()[0] for one in pinned if not re.match(r"[a-z0-9._-]+(\[.*\])?==\S+", one)] == []
    assert [one.split()[0] for one in pinned if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)] == []


def test_the_lock_holds_what_is_declared(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["playground"]]
    names = {re.split(r"[\[<>=~! ;]", one)[0].lower().replace("_", "-") for one in declared}
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (root / "requirements.lock").read_text(), re.MULTILINE))
    assert names - locked == set()
    assert project["scripts"] == {"aikeys": "bot.__main__:main"}


def test_every_target_is_there(root):
    makefile = (root / "Makefile").read_text()
    for target in ("demo", "run", "test", "lint", "docs", "bench"):
        assert re.search(rf"^{target}: \.venv/lock$", makefile, re.MULTILINE), target
