"""A folder that may be written from within the fences."""

import shutil
import subprocess

import pytest

from tests.deploy.fences import fences


@pytest.fixture
def data(tmp_path):
    if shutil.which("bwrap") is None:
        pytest.skip("no bubblewrap here (Debian's package of that name): the fences are read, not tried")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    tried = subprocess.run([*fences(folder), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"this machine allows no user namespaces ({tried.stderr.strip()[:120]})")
    return folder
