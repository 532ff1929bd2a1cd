"""What `make chaos` runs, one line a programme, in this order. A new one: a module with `main`, and its line here.

Each prints its seed, its figures on the last line, also where it is ended early, and ends with exit code 1 then and on
any violation. What they share stands in opening.py and closing.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Programme:
    """`python -m *module*`. *minutes*: what the whole of it takes at most; docs/reliability.md has what it took.

    *whole*: its options at full size; of fewer minutes each gets its share, *least* at least. *fixed*: the others.
    """

    name: str
    module: str
    minutes: float
    whole: Mapping[str, int | float]
    fixed: Sequence[str] = ()
    least: Mapping[str, float] = field(default_factory=dict)

    def arguments(self, share: float, seed: int | None = None) -> list[str]:
        """The command's options for that *share* of the whole (1: all of it)."""
        found = list(self.fixed)
        for option, amount in self.whole.items():
            scaled = max(amount * share, self.least.get(option, 1))
            found += [option, str(round(scaled)) if isinstance(amount, int) else f"{scaled:.2f}"]
        return found if seed is None else [*found, "--seed", str(seed)]


PROGRAMMES = (
    Programme("clocks of incidents", "tests.chaos.clockwork", 8, {"--schedules": 10_000}, least={"--schedules": 100}),
    Programme(
        "the worst of Slack", "tests.chaos.weather", 12, {"--letters": 400, "--minutes": 8.0, "--away": 300.0},
        least={"--minutes": 0.5, "--away": 5, "--letters": 40},
    ),
    Programme(
        "after Slack was away", "tests.chaos.drain", 8, {"--letters": 240, "--away": 300.0},
        least={"--letters": 24, "--away": 5},
    ),
    Programme("the worst of Supabase", "tests.chaos.supabase", 20, {"--rounds": 200}, least={"--rounds": 8}),
    Programme("said again", "tests.chaos.again", 20, {"--rounds": 200}, least={"--rounds": 2}),
    Programme("edits of the history", "tests.chaos.mutations", 9, {"--edits": 10_000, "--intact": 10_000}),
    Programme("a disk full, a memory damaged", "tests.chaos.damage", 5, {}),
    Programme("the n-th of everything fails", "tests.chaos.nth", 90, {"--minutes": 89.0}, least={"--minutes": 2}),
    Programme("three days", "tests.chaos.soak", 18, {"--hours": 72.0}, least={"--hours": 6}),
    Programme("an hour at 20 commands/s", "tests.chaos.soak", 63, {"--real": 60.0}, least={"--real": 3}),
    Programme("a storm", "tests.chaos.storm", 4, {"--seconds": 60, "--kills": 5}, least={"--seconds": 5}),
    Programme(
        "any order, any death", "tests.chaos.model", 40, {"--steps": 100_000, "--minutes": 39.0},
        least={"--steps": 1_000, "--minutes": 1},
    ),
    Programme(
        "changes of the code that decides", "tests.mutants", 60, {"--mutants": 3_000, "--minutes": 59.0},
        least={"--mutants": 40, "--minutes": 4},
    ),
    Programme(
        "kill -9 by name", "tests.chaos", 45, {"--kills": 1_000, "--minutes": 44.0},
        least={"--kills": 20, "--minutes": 2},
    ),
    Programme("kill -9 at random", "tests.chaos", 62, {"--minutes": 60.0}, ("--random",), least={"--minutes": 1}),
    Programme(
        "a thousand clicks", "tests.chaos.clicks", 60, {"--rounds": 200, "--minutes": 59.0}, least={"--minutes": 2}
    ),
)  # fmt: skip
