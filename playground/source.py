"""A real git repository of the wallet: its first commit is what runs, the later ones wait to be deployed."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playground.supabase import code

_FIRST = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
_HEALTH = f"{code.FUNCTIONS}/health/index.ts"
_WEBHOOK = f"{code.FUNCTIONS}/payments-circle-webhook"
_CORS = f"{code.FUNCTIONS}/_shared/cors.ts"
_AGE = """const DAY = 86_400_000;

/** True for an event that lies more than a day back. */
export function tooOld(date: string): boolean {
  return Date.now() - Date.parse(date) > DAY;
}
"""
SENT_AT = "20261103171500_3f0a6c1e-4b1d-4a57-9d0c-2a8e5f7b9c10.sql"
_SENT_AT = """alter table public.payment_events add column sent_at timestamptz;
comment on column public.payment_events.sent_at is 'when Circle says it was sent';
"""
File = str | bytes | None  # None: taken away


@dataclass(frozen=True)
class Author:
    """Who commits."""

    name: str
    email: str


ANA = Author("Ana García", "ana@aikeys.test")
BEN = Author("Ben Okafor", "ben@aikeys.test")
CY = Author("Cy Lindqvist", "cy@aikeys.test")


class WalletRepository:
    """`build()`, then `path` is what AIKEYS_SOURCE names. Each commit is a day after the one before."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.live = ""  # the commit that the project runs on its first day
        self._commits = 0

    def build(self) -> None:
        """The wallet as deployed, then three commits on top of it. Raises CalledProcessError where git fails."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.live = self.commit(CY, "Import the wallet's functions as deployed", code.tree())
        self.commit(
            ANA,
            "Health: say which release runs",
            {_HEALTH: self.text(_HEALTH).replace('VERSION = "1.0.0"', 'VERSION = "1.1.0"')},
        )
        self.commit(
            BEN,
            "Webhook: refuse events that lie more than a day back",
            {
                f"{_WEBHOOK}/index.ts": self.text(f"{_WEBHOOK}/index.ts")
                .replace('VERSION = "1.3.0"', 'VERSION = "1.4.0"')
                .replace(
                    "  const already",
                    '  if (tooOld(event.createDate)) return json({ error: "Too old" }, 400);\n  const already',
                )
                .replace(
                    'import { store } from "./store.ts";',
                    'import { tooOld } from "./age.ts";\nimport { store } from "./store.ts";',
                ),
                f"{_WEBHOOK}/age.ts": _AGE,
                f"{code.MIGRATIONS}{SENT_AT}": _SENT_AT,
            },
        )
        self.commit(
            ANA,
            "Answers say that they must not be kept",
            {_CORS: self.text(_CORS).replace('"Content-Type"', '"Cache-Control": "no-store", "Content-Type"')},
        )

    def copy(self, folder: Path) -> "WalletRepository":
        """The same again in *folder*, which is new: building it takes a dozen processes, copying it none."""
        shutil.copytree(self.path, folder, symlinks=True)
        made = WalletRepository(folder)
        made.live, made._commits = self.live, self._commits
        return made

    @property
    def head(self) -> str:
        """The newest commit of the branch that is checked out."""
        return self.git("rev-parse", "HEAD")

    def text(self, path: str) -> str:
        """A file as it is checked out."""
        return (self.path / path).read_text()

    def commit(self, author: Author, subject: str, files: Mapping[str, File]) -> str:
        """Write *files* and commit them; returns the commit."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all", "--force")
        self._commits += 1
        at = (_FIRST + timedelta(days=self._commits)).isoformat()
        self.git("commit", "--quiet", "--allow-empty", "--message", subject, author=author, at=at)
        return self.head

    def branch(self, name: str) -> None:
        """Make a branch here and check it out."""
        self.git("checkout", "--quiet", "-b", name)

    def tag(self, name: str) -> None:
        """Name the newest commit."""
        self.git("tag", name)

    def git(self, *arguments: str, author: Author = CY, at: str = "2026-11-02T09:30:00Z", given: bytes = b"") -> str:
        """Run git here, untouched by the machine's own settings, and return what it says."""
        people = {"NAME": author.name, "EMAIL": author.email, "DATE": at}
        environ = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in people.items()}
        ended = subprocess.run(  # noqa: S603 — the arguments are the playground's and its tests' own
            ["git", "-C", str(self.path), *arguments],  # noqa: S607
            input=given,
            capture_output=True,
            check=True,
            timeout=30,
            env=environ | {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
        )
        return ended.stdout.decode().strip()
