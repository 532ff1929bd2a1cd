"""The fences of the container and of the unit, by bubblewrap."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
UID = "10001"  # the image's
TMP = 64 * 2**20  # bytes


def fences(data: Path, *seen: Path, tmp: int = TMP) -> list[str]:
    """What `compose.yaml` says: *data* can be written, *seen* can be read, /tmp holds *tmp* bytes."""
    words = ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
    words += ["--uid", UID, "--gid", UID, "--cap-drop", "ALL", "--new-session"]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--size", str(tmp), "--tmpfs", "/tmp"]
    for path in seen:
        words += ["--ro-bind", str(path), str(path)]
    return [*words, "--bind", str(data), str(data), "--chdir", str(ROOT)]
