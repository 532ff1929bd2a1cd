"""Edge functions: the list, the code that is live, a deploy."""

import re
from datetime import UTC, datetime

from bot.bundle import LARGEST, Bundle
from bot.clients import bodies
from bot.clients.supabase.door import Door, Duty, Read

DEPLOY_PATIENCE = 120.0  # seconds: the platform bundles before it answers
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BODY_PATIENCE = 60.0  # seconds
_LARGEST_BODY = LARGEST + 2_000_000  # bytes: a function at the limit, and the headers of its parts


class Function(Read):
    """An edge function as listed. *status* is ACTIVE, REMOVED or THROTTLED; *updated_at* is in ms since 1970.

    ACTIVE is no proof that it can be invoked (github.com/supabase/supabase/issues/47739).
    """

    id: str
    slug: str
    status: str
    version: int
    name: str = ""
    entrypoint_path: str | None = None
    import_map_path: str | None = None
    created_at: int | None = None
    verify_jwt: bool | None = None
    updated_at: int | None = None
    ezbr_sha256: str | None = None

    @property
    def at(self) -> datetime | None:
        """When what is live was put there, UTC; None where that is not known."""
        if self.updated_at is None:
            return None
        try:
            return datetime.fromtimestamp(self.updated_at / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return None


class FunctionCalls(Door):
    """Permissions: edge_functions_read, and edge_functions_write for a deploy."""

    async def functions(self) -> list[Function]:
        """All functions."""
        return await self._get("/functions", list[Function])

    async def function(self, slug: str) -> Function:
        """One function."""
        return await self._get(f"/functions/{_checked(slug)}", Function)

    async def body(self, slug: str) -> Bundle:
        """The code that is live, as it can be sent again. Raises WrongShape too."""
        listed = await self.function(slug)
        answer = await self._ask(
            "GET",
            f"/functions/{_checked(slug)}/body",
            accept="multipart/form-data",  # without it the answer is a binary that nobody documents
            cap=_LARGEST_BODY,
            patience=_BODY_PATIENCE,
        )
        return bodies.bundle(
            answer,
            slug,
            verify_jwt=listed.verify_jwt,
            name=listed.name,
            import_map=listed.import_map_path or "",
        )

    async def deploy(self, slug: str, bundle: Bundle, *, patience: float = DEPLOY_PATIENCE) -> Function:
        """Send *bundle* and make it live. Never repeated here.

        Never with `bundleOnly`, which bumps the version without keeping what goes with it (Supabase docs): one
        function at a time, and one deploy per project at a time, which is the caller's part.
        Raises Rejected, Conflict and the others; `bodies.may_have_happened` tells which leave it open.
        """
        answer = await self._http.ask(
            "POST",
            f"/v1/projects/{self.ref}/functions/deploy",
            query=[("slug", _checked(slug))],
            form=bodies.form(bundle),
            headers=self._as(Duty.DEPLOY),
            patience=patience,
        )
        self._remember("POST /functions/deploy", answer)
        if not 200 <= answer.status < 300:
            raise bodies.refused(answer, slug, self._named(Duty.DEPLOY))
        return answer.read(Function)


def _checked(slug: str) -> str:
    """Return *slug*. Raises ValueError where it would change the path that it is put into."""
    if not _SLUG.fullmatch(slug):
        raise ValueError("a function's name has letters, digits, - and _")
    return slug
