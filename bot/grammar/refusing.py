"""Pure: the sentences of the grammar's refusals. Values in them are capped here, and escaped where they are shown."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bot.errors import Refused
from bot.hide import hide

SHOWN = 60  # characters of a word that are repeated to who wrote it


def quote(word: object) -> str:
    """Return a word as a sentence repeats it: short, and without what looks like a secret."""
    text = hide(str(word))
    return f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”"


def codepoint(char: str) -> str:
    """Return a character's number and name: U+0000, U+202E RIGHT-TO-LEFT OVERRIDE."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that *word* was probably meant to be."""
    by_fold = {choice.casefold(): choice for choice in choices}
    word = word.casefold()[:100]
    begun = [choice for fold, choice in by_fold.items() if len(word) >= 2 and fold.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    close = get_close_matches(word, by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return “; did you mean X?”, or a full stop."""
    near = nearest(word, choices)
    return f": did you mean {near}?" if near else "."


def unknown_command(word: str, names: Sequence[str]) -> Refused:
    """The first word is no command."""
    # “ack” is the end of “incident ack”; as a whole it resembles something else.
    ends = {name.rpartition(" ")[2]: name for name in names if " " in name}
    near = ends.get(word.casefold()) or nearest(word, names)
    return Refused(
        f"There is no command {quote(word)}.",
        f"Did you mean {near}?" if near else f"There are: {', '.join(names)}.",
        f"Type /aikeys {near}, or /aikeys help." if near and near != "help" else "Type /aikeys help.",
    )


def sentence(name: str, error: Mapping[str, Any], choices: Sequence[str]) -> str:
    """Return one of pydantic's errors about the argument *name* as a sentence (pydantic: errors/validation_errors)."""
    kind, written, context = str(error["type"]), error.get("input"), error.get("ctx") or {}
    if kind == "missing":
        return f"“{name}” is missing" + (f", one of {', '.join(choices)}." if choices else ".")
    if choices:
        return f"{name} must be one of {', '.join(choices)}; you wrote {quote(written)}" + did_you_mean(
            str(written), choices
        )
    needed = _NEEDED.get(kind)
    if needed is not None:
        return f"{name} must be {needed.format_map(_Shown(context))}; you wrote {quote(written)}."
    if kind == "value_error":
        own = str(context.get("error", "cannot be read"))  # our own validator's sentence
        return f"{name}: {own.rstrip('.')}."
    return f"{name} cannot be read; you wrote {quote(written)}."


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"({key})"


_NEEDED = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of ordinary size",
    "float_parsing": "a number",
    "finite_number": "an ordinary number",
    "bool_parsing": "yes or no",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "string_too_short": "at least {min_length} characters long",
    "string_too_long": "at most {max_length} characters long",
    "string_pattern_mismatch": "of another form",
    "too_short": "at least {min_length} words",
    "too_long": "at most {max_length} words",
    "datetime_from_date_parsing": "a time such as 2026-11-22T09:30Z",
    "datetime_parsing": "a time such as 2026-11-22T09:30Z",
    "date_from_datetime_parsing": "a date such as 2026-11-22",
    "date_parsing": "a date such as 2026-11-22",
}
