"""What a cause is made of, before it is drawn. Pure. All strings are plain text, not yet escaped."""

from dataclasses import dataclass

from bot.health.judgement import Level


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. *ask*: the label of a button and the reading command behind it.

    *type*: a command that changes something, to be typed: a button asks, it never does.
    """

    text: str
    ask: tuple[str, str] | None = None
    type: str = ""

    @property
    def words(self) -> str:
        """The step with the command to type."""
        return f"{self.text} Type /aikeys {self.type}" if self.type else self.text


LIKELY = 60  # the weight from which on a cause is called likely


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something may be wrong. *weight* is how much it explains: 100 all of it, by itself; below 50 little.

    *what* is a sentence, *evidence* what speaks for it. *way_back*: the id of the operation whose roll back would
    undo it. *bare*: it names what is seen and no reason, so it is said only where no likely cause is found.
    """

    weight: int
    level: Level
    what: str
    evidence: tuple[str, ...]
    steps: tuple[Step, ...]
    way_back: str = ""
    bare: bool = False
