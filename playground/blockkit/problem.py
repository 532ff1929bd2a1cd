"""What the checker says when Slack would refuse: where, which rule, and in words."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why Slack would refuse, as `blocks.validate` lists them (pointer, code, message).

    *pointer* is a JSON pointer (RFC 6901) into what was checked, such as `/blocks/0/text/text`.
    *code* is one of CODES; *message* is a sentence for people.
    """

    pointer: str
    code: str
    message: str


Found: TypeAlias = list[Problem]

CODES = frozenset(
    {
        "missing",  # a required field is not there
        "unknown_key",  # a field that Slack does not know in this place
        "wrong_type",  # a number where a text belongs, null anywhere
        "unknown_kind",  # a `type` that does not exist, or may not stand in this place
        "wrong_surface",  # a block that this surface does not take
        "bad_value",  # not one of the values that are allowed
        "bad_format",  # not a date, a time, a number, an id
        "bad_url",
        "empty",
        "too_short",
        "too_long",
        "too_few",
        "too_many",
        "out_of_range",
        "too_large",  # the whole view in bytes
        "duplicate",
        "not_an_option",  # preselected, but not on offer
        "conflict",  # two fields that exclude each other, or one that needs another
    }
)


def step(at: str, key: object) -> str:
    """Return the pointer of *key* below *at*, with `~` and `/` escaped as RFC 6901 asks."""
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"
