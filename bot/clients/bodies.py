"""Pure: between a function as the bot keeps it and the forms of Supabase's deploy and body endpoints."""

import json
from collections.abc import Sequence
from typing import Any

from bot.bundle import MOST_FILES, Bundle, File, from_platform
from bot.clients.errors import (
    Conflict,
    Failure,
    MustPay,
    NameUnknown,
    NobodyThere,
    NotProven,
    NotReached,
    NotUnderstood,
    Redirected,
    Rejected,
    ServerFailed,
    TurnedAway,
    WrongShape,
)
from bot.clients.http import Answer, Form
from bot.clients.multipart import Part, parts
from bot.clients.replies import told, turned_away

_TYPES = {"ts": "application/typescript", "js": "text/javascript", "json": "application/json"}
_SAID = 300  # characters of an outside message that is kept


def form(bundle: Bundle) -> Form:
    """What `POST /functions/deploy` takes. Raises ValueError where *verify_jwt* is not known.

    It is always sent: the platform's default is true, and would shut out callers that have no token.
    """
    if bundle.verify_jwt is None:
        raise ValueError("verify_jwt must be known before a function is sent")
    metadata = {
        "entrypoint_path": bundle.entrypoint,
        "import_map_path": bundle.import_map,
        "static_patterns": [],
        "verify_jwt": bundle.verify_jwt,
        "name": bundle.name or bundle.slug,
    }
    files = [(file.path, file.content, _type(file.path)) for file in bundle.files]
    return Form({"metadata": json.dumps(metadata, separators=(",", ":"))}, files)


def bundle(answer: Answer, slug: str, *, verify_jwt: bool | None, name: str, import_map: str) -> Bundle:
    """Read the answer of `GET /functions/{slug}/body`. Raises WrongShape.

    *import_map* is the function's import_map_path as listed: the body's metadata may lack it.
    """
    try:
        found = parts(answer.headers.get("content-type", ""), answer.body)
        metadata = _metadata(found)
        files = {part.headers.get("supabase-path") or part.filename: part.content for part in _files(found)}
        entrypoint = str(metadata.get("deno2_entrypoint_path") or metadata.get("entrypoint_path") or "")
        names = _names([*files], entrypoint, import_map)
        return Bundle(
            slug=slug,
            files=tuple(File.of(names[path], content) for path, content in files.items()),
            entrypoint=names[entrypoint],
            import_map=names.get(import_map, "") if names.get(import_map) in {names[path] for path in files} else "",
            verify_jwt=verify_jwt,
            name=name,
        )
    except ValueError as wrong:
        raise WrongShape(answer.source, "the function's body", str(wrong)[:200]) from None


def refused(answer: Answer, slug: str, setting: str = "SUPABASE_ACCESS_TOKEN") -> TurnedAway:
    """The leaf for a deploy that was turned away (statuses: Supabase's OpenAPI document; messages: observed)."""
    said = told(answer).message[:_SAID]
    source, status = answer.source, answer.status
    match status:
        case 400 | 413 | 422:
            why = said or ("it is too large" if status == 413 else "no reason was given")
            return Rejected(
                source,
                status,
                f"Supabase did not take {slug} ({status}): {why}. Nothing was changed.",
                "Mend the code and ask again.",
                said,
            )
        case 409:
            return Conflict(
                source,
                status,
                f"Supabase did not take {slug} (409: {said or 'conflict'}): another deploy is under way, "
                "or one was begun with the CLI and never finished.",
                "Wait a minute and ask again. If it stays so, run `supabase functions deploy` once with the CLI.",
                said,
            )
        case 402:
            return MustPay(
                source,
                status,
                f"Supabase took no new function (402): {said or 'the plan allows no more'}.",
                f"Delete one that is not needed, or an owner changes the plan at {source.dashboard}.",
            )
        case _:
            return turned_away(answer, setting)


def may_have_happened(failure: Failure) -> bool:
    """True where a change that ended in *failure* may have been made all the same: ask before anything else."""
    if isinstance(failure, NobodyThere | NameUnknown | NotProven):
        return False  # no connection came about, so nothing was sent
    return isinstance(failure, NotReached | ServerFailed | NotUnderstood | Redirected) or (
        isinstance(failure, TurnedAway) and failure.status in {408, 544, 546}
    )


def _type(path: str) -> str:
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def _metadata(found: Sequence[Part]) -> dict[str, Any]:
    for part in found:
        if part.name == "metadata":
            try:
                value = json.loads(part.content)
            except (ValueError, RecursionError):
                raise ValueError("the metadata are not JSON") from None
            if isinstance(value, dict):
                return value
    raise ValueError("it has no metadata")


def _files(found: Sequence[Part]) -> list[Part]:
    files = [part for part in found if part.name != "metadata"]
    if not files or len(files) > MOST_FILES:
        raise ValueError("it has no files" if not files else "it has too many files")
    return files


def _names(files: list[str], entrypoint: str, import_map: str) -> dict[str, str]:
    names = from_platform([*files, entrypoint])
    if names[entrypoint] not in {names[path] for path in files}:
        # The metadata may lack the `source/` that the files have, or have one that they lack.
        names = from_platform(files) | {entrypoint: next(iter(from_platform([entrypoint]).values()))}
    if import_map:
        alone = from_platform([import_map])[import_map]
        names[import_map] = next((name for name in names.values() if name == alone), alone)
    return names
