"""Makes what a release left behind, by that release itself: `python -m tests.upgrade.make eaeb6bf 0.3.0`.

The commit is checked out aside; its bot, its store and its playground play `scene.py` of this checkout, with the
packages of this one's `.venv`. The result lies in `tests/upgrade/<release>/`, where test_upgrade.py finds it. Do it
once, when a release is made, before the next migration: what was written then is what people have. As soon as
CHANGELOG.md has a `## Next` above a release, the tests ask for its folder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main() -> None:
    """Check out, play, say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade.make", description=__doc__)
    parser.add_argument("commit", help="what was released")
    parser.add_argument("release", help="its number, such as 0.3.0")
    given = parser.parse_args()
    out = HERE / given.release
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aikeys-release-") as folder:
        old = Path(folder) / "old"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(old), given.commit], check=True)
        try:
            # A script's own folder stands first in the path: from a copy in the old checkout all imports are the old.
            there = old / "scene_of_an_upgrade.py"
            there.write_text((HERE / "scene.py").read_text())
            environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            subprocess.run([sys.executable, str(there), str(out)], cwd=old, check=True, env=environ)
        finally:
            subprocess.run([*git, "remove", "--force", str(old)], check=True)
    for file in sorted(out.iterdir()):
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
