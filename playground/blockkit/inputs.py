"""Elements that people fill in: pickers and fields.

Limits: docs.slack.dev/reference/block-kit/block-elements/*-input-element and *-picker-element.
"""

from typing import Any

from playground.blockkit.problem import Found, Problem
from playground.blockkit.rich_text import RICH_TEXT
from playground.blockkit.rules import Rule, chars, day, each, flag, shaped, url, whole
from playground.blockkit.shapes import Shape, in_order
from playground.blockkit.texts import CONFIRM, DISPATCH, ID, TIMEZONE, plain

TYPED_MOST = 3000  # what a person may type into a plain-text field


def _picker(kind: str, may: dict[str, Rule]) -> Shape:
    return Shape(kind, may={"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, **may})


DATE_PICKER = _picker("datepicker", {"initial_date": day, "placeholder": plain(150)})
TIME_PICKER = _picker(
    "timepicker",
    {
        "initial_time": shaped("([01][0-9]|2[0-3]):[0-5][0-9]", "22:25"),
        "placeholder": plain(150),
        "timezone": TIMEZONE,
    },
)
# "in the format of 10 digits" (docs: datetime-picker-element); slack_sdk would let fewer pass.
DATETIME_PICKER = _picker("datetimepicker", {"initial_date_time": whole(1_000_000_000, 9_999_999_999)})


def _field(kind: str, may: dict[str, Rule], need: dict[str, Rule] | None = None, agree: Any = ()) -> Shape:
    common: dict[str, Rule] = {
        "action_id": ID,
        "placeholder": plain(150),
        "focus_on_load": flag,
        "dispatch_action_config": DISPATCH,
    }
    return Shape(kind, need=need, may={**common, **may}, agree=agree)


def _typed_fits(field: dict[str, Any], at: str, found: Found) -> None:
    """What stands in the field from the start obeys the field's own limits."""
    typed = field.get("initial_value")
    if typed is None:
        return
    if len(typed) < field.get("min_length", 0):
        found.append(Problem(f"{at}/initial_value", "too_short", "shorter than the field's min_length"))
    if len(typed) > field.get("max_length", TYPED_MOST):
        found.append(Problem(f"{at}/initial_value", "too_long", "longer than the field's max_length"))


PLAIN_TEXT_INPUT = _field(
    "plain_text_input",
    {
        "initial_value": chars(TYPED_MOST, 0),
        "multiline": flag,
        "min_length": whole(0, 3000),
        "max_length": whole(1, 3000),
    },
    agree=(in_order("min_length", "max_length"), _typed_fits),
)
EMAIL_INPUT = _field("email_text_input", {"initial_value": shaped(r"[^@\s]+@[^@\s]+", "ana@example.com")})
URL_INPUT = _field("url_text_input", {"initial_value": url(3000)})

_NUMBER = shaped(r"-?[0-9]+(\.[0-9]+)?", "-12.5, as a text", 64)


def _number_fits(field: dict[str, Any], at: str, found: Found) -> None:
    """No decimals where none are allowed, and the first value between the smallest and the largest."""
    if not field["is_decimal_allowed"]:
        found.extend(
            Problem(f"{at}/{name}", "bad_format", "decimals are not allowed in this field")
            for name in ("initial_value", "min_value", "max_value")
            if "." in field.get(name, "")
        )
    in_order("min_value", "initial_value")(field, at, found)
    in_order("initial_value", "max_value")(field, at, found)


NUMBER_INPUT = _field(
    "number_input",
    {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    need={"is_decimal_allowed": flag},
    agree=(in_order("min_value", "max_value"), _number_fits),
)

RICH_TEXT_INPUT = _field(
    "rich_text_input",
    {"initial_value": RICH_TEXT, "min_lines": whole(1, 100), "max_lines": whole(1, 100)},
    agree=(in_order("min_lines", "max_lines"),),
)

FILE_INPUT = Shape(
    "file_input",
    may={
        "action_id": ID,
        "filetypes": each(shaped("[A-Za-z0-9]+", "pdf", 20), None),
        "max_files": whole(1, 10),
    },
)

PICKERS = (DATE_PICKER, TIME_PICKER, DATETIME_PICKER)
FIELDS = (PLAIN_TEXT_INPUT, EMAIL_INPUT, URL_INPUT, NUMBER_INPUT, RICH_TEXT_INPUT, FILE_INPUT)
