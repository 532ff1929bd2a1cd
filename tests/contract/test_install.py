"""A fresh machine makes its environment from requirements.lock, with nothing besides."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_editable_install_needs_no_package_beyond_the_lock(tmp_path):
    """As pip does with --no-build-isolation: what the build imports must be in this environment already."""
    build = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [wheel.name for wheel in tmp_path.iterdir()] == [done.stdout.strip()]
