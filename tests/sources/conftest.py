import subprocess

import pytest

from bot.sources import Sources


@pytest.fixture
def sources(repository, tmp_path, clock):
    """What the bot keeps of it."""
    return Sources(str(repository.path), tmp_path / "data", clock, "emolyyvmvvfjyxbguhyn")


@pytest.fixture
def plant(repository):
    """Commits a tree with an entry that no honest git would write: (mode, name, oid) in a folder."""

    def plant(folder: str, mode: str, name: bytes, oid: str = "", content: bytes = b"x"):
        git = repository.git
        oid = oid or git("hash-object", "-w", "--stdin", given=content)
        parts = folder.split("/")
        made = _tree(repository, git("rev-parse", f"HEAD:{folder}"), {name: (mode, oid)})
        while parts:
            child = parts.pop().encode()
            parent = "/".join(parts)
            at = git("rev-parse", f"HEAD:{parent}") if parent else git("rev-parse", "HEAD^{tree}")
            made = _tree(repository, at, {child: ("40000", made)})
        commit = git("commit-tree", made, "-p", "HEAD", "-m", "Planted")
        git("update-ref", "refs/heads/main", commit)
        return commit

    return plant


def _tree(repository, oid: str, entries: dict[bytes, tuple[str, str]]):
    """The raw bytes of a tree, so that its names may be anything."""
    raw = subprocess.run(
        ["git", "-C", str(repository.path), "cat-file", "tree", oid], capture_output=True, check=True
    ).stdout
    rows = []
    while raw:
        head, _, rest = raw.partition(b"\0")
        mode, _, name = head.partition(b" ")
        if name not in entries:
            rows.append((name, mode, rest[:20]))
        raw = rest[20:]
    rows += [(name, mode.encode(), bytes.fromhex(new)) for name, (mode, new) in entries.items()]
    rows.sort(key=lambda row: row[0] + (b"/" if row[1] == b"40000" else b""))
    body = b"".join(mode + b" " + name + b"\0" + sha for name, mode, sha in rows)
    return repository.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=body)
