"""What a setting is made of: its name outside, its help, and the types that several share."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr

from bot.settings import shapes


@dataclass(frozen=True, slots=True)
class About:
    """What people read about a setting.

    *env* is its name outside (`env` + `_FILE` names a file that holds it); *unlocks* what one gains by setting it,
    empty where the default serves everybody; *later* where nothing reads it yet and a coming version will.
    """

    env: str
    help: str
    example: str
    unlocks: str = ""
    later: bool = False


Members = Annotated[tuple[str, ...], BeforeValidator(shapes.listed), AfterValidator(shapes.members)]
Address = Annotated[str, AfterValidator(shapes.address)]
Token = Annotated[SecretStr, AfterValidator(shapes.access_token)]


class Group(BaseModel):
    """Settings that belong together: one file of them, with their topic."""

    # A pydantic error repeats its input by default: here that may be a token.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)
