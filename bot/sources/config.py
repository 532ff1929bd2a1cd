"""Pure: what `supabase/config.toml` says of a function (supabase.com/docs/guides/cli/config)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import normpath
from typing import Any

from bot.sources.errors import refuse
from bot.sources.listing import CONFIG, ROOT

LARGEST = 1_000_000  # bytes
_MEND = "Mend it in git and ask again: without it the bot cannot know whether callers need a token."


@dataclass(frozen=True, slots=True)
class Section:
    """What is configured for one function. *verify_jwt* None: nothing, so the live value stays. Paths from the root."""

    verify_jwt: bool | None = None
    entrypoint: str = ""
    import_map: str = ""
    enabled: bool = True


def section(raw: bytes, slug: str, project: str = "") -> Section:
    """Read *slug*'s section; that of a `[remotes.…]` whose project_id is *project* goes before the common one.

    Raises SourceRefused for a file that is broken, or a value that is not what the documents say.
    """
    whole = _parsed(raw)
    merged = dict(_table(whole, "functions", slug))
    for remote in _table(whole, "remotes").values():
        if isinstance(remote, Mapping) and project and remote.get("project_id") == project:
            merged |= _table(remote, "functions", slug)
    where = f"[functions.{slug}]"
    for name, kind in (("verify_jwt", bool), ("enabled", bool), ("entrypoint", str), ("import_map", str)):
        if name in merged and not isinstance(merged[name], kind):
            word = "true or false" if kind is bool else "a text"
            raise refuse(CONFIG, f"{name} in {where} is not {word}.", _MEND)
    if merged.get("static_files"):
        raise refuse(
            CONFIG,
            f"{where} has static_files, which cannot be deployed this way.",
            "Deploy this function with the Supabase CLI, or put the files into the code.",
        )
    return Section(
        merged.get("verify_jwt"),
        _path(merged.get("entrypoint", ""), f"entrypoint in {where}"),
        _path(merged.get("import_map", ""), f"import_map in {where}"),
        merged.get("enabled", True),
    )


def _parsed(raw: bytes) -> Mapping[str, Any]:
    if len(raw) > LARGEST:
        raise refuse(CONFIG, f"It is larger than {LARGEST // 1_000_000} MB.", _MEND)
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError:
        raise refuse(CONFIG, "It is not text.", _MEND) from None
    except tomllib.TOMLDecodeError as error:
        raise refuse(CONFIG, f"It cannot be read: {str(error)[:160]}.", _MEND) from None
    except RecursionError:
        raise refuse(CONFIG, "It cannot be read: too many brackets in brackets.", _MEND) from None


def _table(whole: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    found: Any = whole
    for n, name in enumerate(names):
        found = found.get(name, {})
        if not isinstance(found, Mapping):
            raise refuse(CONFIG, f"[{'.'.join(names[: n + 1])}] is not a section.", _MEND)
    return found  # type: ignore[no-any-return]  # a Mapping, as just seen


def _path(value: str, where: str) -> str:
    """A path as seen from the folder of config.toml, from the root. The CLI takes no absolute one either."""
    if not value:
        return ""
    path = normpath(f"{ROOT}/{value}")
    if value.startswith("/") or not path.startswith(f"{ROOT}/") or re.search(r"[\x00-\x1f\\]", value):
        raise refuse(CONFIG, f"{where} leads outside of {ROOT}/.")
    return path
