"""An edge function as the platform has it, and the note of each deploy that took effect."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from playground.supabase import code
from playground.supabase.bundling import Upload
from playground.supabase.functions import marks
from playground.supabase.functions.marks import Marks

SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# slug → verify_jwt, as the wallet's config.toml has it; two of its other functions stand for the rest.
SLUGS = {
    "health": False,
    "payments-circle-webhook": False,
    "log-security-event": False,
    "send-app-link": False,
    "wallet-create": True,
    "withdraw-funds": True,
}
# Nobody can tell the sha of a bundle beforehand: the platform bundles with tools of its own.
_SALT = uuid.UUID(int=0x5A17).bytes


@dataclass
class Function:
    """One edge function as the platform lists it; `blob` tells whether its code is really there."""

    slug: str
    id: str
    version: int
    created_at: datetime
    updated_at: datetime
    verify_jwt: bool
    ezbr_sha256: str
    status: str = "ACTIVE"
    blob: bool = True
    failure: str = ""  # a platform error code that every call gets, such as BOOT_ERROR
    warm_until: datetime | None = None
    name: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    entrypoint: str = "index.ts"
    import_map: str = ""
    marks: Marks = field(default_factory=Marks)
    deno1: bool = False  # deployed long ago: its body has absolute paths

    @classmethod
    def made(cls, slug: str, upload: Upload, before: "Function | None", now: datetime, random: Random) -> "Function":
        """What *upload* makes of *before*: one version more, everything else as the upload says."""
        found = marks.read(upload.files[upload.entrypoint].decode(errors="replace"))
        return cls(
            slug=slug,
            id=before.id if before else str(uuid.UUID(int=random.getrandbits(128), version=4)),
            version=before.version + 1 if before else 1,
            created_at=before.created_at if before else now,
            updated_at=now,
            verify_jwt=upload.verify_jwt,
            ezbr_sha256=_sha(upload),
            failure=found.failure,
            name=upload.name or slug,
            files=dict(upload.files),
            entrypoint=upload.entrypoint,
            import_map=upload.import_map,
            marks=found,
        )

    def as_json(self, ref: str) -> dict[str, Any]:
        """As `GET /functions` shows it; times in milliseconds."""
        folder = f"file:///tmp/user_fn_{ref}_{self.id}_{self.version}/source"
        return {
            "id": self.id,
            "slug": self.slug,
            "name": self.name or self.slug,
            "status": self.status,
            "version": self.version,
            "created_at": int(self.created_at.timestamp() * 1000),
            "updated_at": int(self.updated_at.timestamp() * 1000),
            "verify_jwt": self.verify_jwt,
            "import_map": bool(self.import_map),
            "entrypoint_path": f"{folder}/{self.entrypoint}",
            "ezbr_sha256": self.ezbr_sha256,
        } | ({"import_map_path": f"{folder}/{self.import_map}"} if self.import_map else {})


@dataclass(frozen=True)
class Deploy:
    """One deploy that took effect; `digest` is over its files, `files` is path → SHA-256 in hex."""

    at: datetime
    slug: str
    version: int
    digest: str
    verify_jwt: bool
    entrypoint: str
    files: dict[str, str]

    @classmethod
    def of(cls, function: Function) -> "Deploy":
        """The note of *function* as it is now."""
        files = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(function.files.items())}
        digest = hashlib.sha256(json.dumps(files).encode()).hexdigest()
        at, version = function.updated_at, function.version
        return cls(at, function.slug, version, digest, function.verify_jwt, function.entrypoint, files)


def first(slug: str, verify_jwt: bool, now: datetime, random: Random) -> Function:
    """A function as it is on the project's first day: deployed days ago from the wallet's repository."""
    folder = f"{code.FUNCTIONS}/{slug}"
    files = code.files(slug)
    import_map = f"{folder}/deno.json" if f"{folder}/deno.json" in files else ""
    upload = Upload(files, f"{folder}/index.ts", import_map, verify_jwt, slug)
    updated = now - timedelta(days=random.randint(3, 40), minutes=random.randint(0, 1400))
    function = Function.made(slug, upload, None, updated, random)
    function.version = random.randint(3, 31)
    function.created_at = updated - timedelta(days=random.randint(50, 300))
    return function


def _sha(upload: Upload) -> str:
    hashed = hashlib.sha256(_SALT + upload.entrypoint.encode())
    for path, content in sorted(upload.files.items()):
        hashed.update(f"{path}\0{len(content)}\0".encode() + content)
    return hashed.hexdigest()
