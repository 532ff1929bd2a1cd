"""The one place that reads the environment: values, files named by it, and every problem at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from bot.errors import AikeysError
from bot.settings.declared import Settings, about
from bot.settings.shapes import door
from bot.settings.tuning import Tuning, tuned

THRESHOLDS = "AIKEYS_THRESHOLDS"
DOOR = "AIKEYS_HTTP"
LARGEST = 64 * 1024  # bytes of a settings file: a token has a few hundred


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that is missing or wrong. It never holds the value."""

    name: str
    wrong: str
    example: str
    help: str = ""

    def __str__(self) -> str:
        what = f"{self.name}: {self.wrong}."
        return f"{what} It is {self.help}. Example: {self.name}={self.example}" if self.help else what


class Wrong(AikeysError):
    """Settings with which the bot cannot start; *problems* holds all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in *environ* (the process's own when not given).

    A setting X may come from the file that X_FILE names. Raises Wrong with all problems at once.
    """
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    values: dict[str, str] = {}
    declared = about()
    for name, setting in declared.items():
        try:
            value = _value(environ, setting.env)
        except ValueError as error:
            problems.append(Problem(setting.env, str(error), setting.example, setting.help))
            values[name] = ""  # told already: what pydantic says about it is left out below
            continue
        if value:
            values[name] = value
    told = {problem.name for problem in problems}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            setting = declared[str(detail["loc"][0])]
            # A default made from another setting cannot be made while that one is wrong, and that is told already.
            if setting.env not in told and detail["type"] != "default_factory_not_called":
                told.add(setting.env)
                problems.append(Problem(setting.env, _sentence(detail), setting.example, setting.help))
        raise Wrong(problems) from None
    if problems:
        raise Wrong(problems)
    return settings


def read_tuning(environ: Mapping[str, str] | None = None, path: str = "") -> tuple[Tuning, bool]:
    """The thresholds of *path*, else of the settings, and whether deploys by others are expected; no token is needed.

    Raises Wrong.
    """
    environ = os.environ if environ is None else environ
    named = path or environ.get(THRESHOLDS, "").strip()
    try:
        tuning = tuned(named) if named else Tuning()
    except ValueError as error:
        raise Wrong([Problem(THRESHOLDS, str(error), "/etc/aikeys/thresholds.toml")]) from None
    return tuning, environ.get("AIKEYS_EXTERNAL_DEPLOYS", "").strip() == "expected"


def read_cadence(environ: Mapping[str, str] | None = None) -> float:
    """Seconds from one look at everything to the next, as the settings say; no token is needed.

    One that the bot would refuse at its start is the default here: `aikeys settings` says so.
    """
    environ = os.environ if environ is None else environ
    field = Settings.model_fields["look_every"]
    given = environ.get("AIKEYS_LOOK_EVERY", "").strip()
    return float(given) if given.replace(".", "", 1).isdecimal() and float(given) > 0 else float(field.default)


def read_door(environ: Mapping[str, str] | None = None) -> tuple[str, int] | None:
    """Where the bot's own port is, None where it is off; no token is needed. Raises Wrong."""
    environ = os.environ if environ is None else environ
    try:
        value = _value(environ, DOOR)
        found = door(value) if value else Settings.model_fields["http"].default
    except ValueError as error:
        raise Wrong([Problem(DOOR, str(error), "127.0.0.1:8080")]) from None
    return found if isinstance(found, tuple) else None


def _value(environ: Mapping[str, str], name: str) -> str:
    """Return the value of *name*, empty where it is not set. Raises ValueError with a sentence."""
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if not file:
        return value
    if value:
        raise ValueError(f"it is set twice: take away {name} or {name}_FILE")
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise ValueError(f"the file that {name}_FILE names cannot be read ({error.strerror})") from None
    if len(content) > LARGEST:
        raise ValueError(f"the file that {name}_FILE names is larger than {LARGEST // 1024} kB")
    try:
        text = content.decode().strip()
    except UnicodeDecodeError:
        raise ValueError(f"the file that {name}_FILE names is not text") from None
    if not text:
        raise ValueError(f"the file that {name}_FILE names is empty")
    return text


def _sentence(detail: Mapping[str, object]) -> str:
    context = detail.get("ctx")
    if detail["type"] == "missing":
        return "it is missing"
    if isinstance(context, Mapping) and isinstance(context.get("error"), ValueError):
        return str(context["error"])  # ours, from bot.settings.shapes
    if detail["type"] == "literal_error" and isinstance(context, Mapping):
        return f"it must be {context.get('expected')}"
    if isinstance(context, Mapping) and {"ge", "le"} & context.keys():
        return _bounds(str(detail["loc"][0]))  # type: ignore[index]  # pydantic's loc is a tuple
    return "it must be a number" if detail["type"] in ("float_parsing", "int_parsing") else "it cannot be read"


def _bounds(name: str) -> str:
    """Both, where pydantic names the one that was missed."""
    limits = Settings.model_fields[name].metadata
    least, most = (next(getattr(one, side) for one in limits if hasattr(one, side)) for side in ("ge", "le"))
    return f"it must lie between {least} and {most}"


def named_files(environ: Mapping[str, str] | None = None) -> dict[str, Path]:
    """The files that settings come from, by the variable that names each."""
    environ = os.environ if environ is None else environ
    named = {f"{one.env}_FILE": environ.get(f"{one.env}_FILE", "").strip() for one in about().values()}
    return {name: Path(path) for name, path in named.items() if path}


def near_misses(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return a sentence for each AIKEYS_ variable that no setting reads: a typo must not pass in silence."""
    environ = os.environ if environ is None else environ
    known = {setting.env for setting in about().values()}
    known |= {f"{name}_FILE" for name in known}
    sentences = []
    for name in sorted(set(environ) - known):
        close = get_close_matches(name, known, n=1, cutoff=0.85)
        if name.startswith("AIKEYS_") or (close and name.startswith(("SLACK_", "SUPABASE_"))):
            hint = f"did you mean {close[0]}?" if close else "no setting has that name; it is ignored."
            sentences.append(f"{name}: {hint}")
    return sentences
