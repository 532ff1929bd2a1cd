"""Stands in for systemd-run: what it was told, done by bubblewrap. Nothing of the caller's environment comes in.

`AS_IF` holds what would lie under /etc and /var/lib of the machine.
"""

import os
import sys
from pathlib import Path

from tests.deploy.fences import ROOT, UID


def main() -> None:
    """Become the command."""
    machine, start = Path(os.environ["AS_IF"]), sys.argv.index("/opt/aikeys/.venv/bin/aikeys")
    options, command = sys.argv[1:start], sys.argv[start + 1 :]
    unit = next(one.removeprefix("--unit=") for one in options if one.startswith("--unit="))
    words = ["bwrap", "--unshare-user", "--unshare-pid", "--uid", UID, "--gid", UID, "--cap-drop", "ALL", "--clearenv"]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/run", "--tmpfs", "/var/lib"]
    later: list[str] = []
    for option in options:
        name, _, value = option.removeprefix("--property=").partition("=")
        match name:
            case "PrivateTmp":
                words += ["--tmpfs", "/tmp"]
            case "StateDirectory":
                words += ["--bind", str(machine / "var/lib" / value), f"/var/lib/{value}"]
            case "ReadWritePaths":
                later += ["--bind", value, value]
            case "Environment":
                for one in value.split():
                    words += ["--setenv", *one.split("=", 1)]
            case "EnvironmentFile":
                for line in (machine / value.removeprefix("/")).read_text().splitlines():
                    later += ["--setenv", *line.split("=", 1)]  # systemd.exec(5): they stand over Environment
            case "LoadCredential":
                credential, _, path = value.partition(":")
                loaded = f"/run/credentials/{unit}.service/{credential}"
                words += ["--ro-bind", str(machine / path.removeprefix("/")), loaded]
    words += ["--ro-bind", str(ROOT), str(ROOT), *later, "--chdir", str(ROOT)]
    os.execvp(words[0], [*words, sys.executable, "-m", "bot", *command])


if __name__ == "__main__":
    main()
