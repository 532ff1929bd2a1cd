"""Which modules are mutated, and whose tests must notice: what decides approvals, operations, incidents and locks.

A wrong line here lets somebody do what they may not, does something twice, or loses an incident. What draws cards, asks
the outside or sends letters is not among them; nor is the chain of the history: it has `tests.chaos.mutations`.
"""

from dataclasses import dataclass

_APPROVALS = ("tests/approvals",)
_REVIEWS = ("tests/approvals", "tests/reviews/test_reviewing.py", "tests/store/test_schema.py")
_OPERATIONS = (
    "tests/operations/test_engine.py",
    "tests/operations/test_rows.py",
    "tests/operations/test_moves.py",
    "tests/operations/test_settling.py",
    "tests/operations/test_together.py",
    "tests/approvals",
)
_INCIDENTS = ("tests/incidents",)
_EVENTS = (
    "tests/store/test_events.py",
    "tests/store/test_incidents.py",
    "tests/store/test_story.py",
    "tests/store/test_schema.py",
    "tests/approvals/test_glass.py",
    "tests/approvals/test_store.py",
    "tests/approvals/test_model.py",
)
_LOCK = ("tests/store/test_lock_file.py", "tests/store/test_lock.py", "tests/store/test_opening.py")


@dataclass(frozen=True, slots=True)
class Subject:
    """A module, and where the quick tests are that belong to it: of these those that need no town.

    *dropped*: what it makes and a later migration drops: history, which decides nothing any more.
    """

    path: str
    tests: tuple[str, ...]
    dropped: tuple[str, ...] = ()


SUBJECTS = (
    # approvals: who may, how many, what speaks against it, what is pinned
    Subject("bot/approvals/policy.py", _APPROVALS),
    Subject("bot/approvals/objection.py", _APPROVALS),
    Subject("bot/approvals/requests.py", _APPROVALS),
    Subject("bot/approvals/glass.py", _APPROVALS),
    Subject("bot/plan.py", _APPROVALS),
    Subject("store/approvals.py", _APPROVALS),
    Subject("store/reviews.py", _REVIEWS),
    Subject(
        "store/tables/approvals.py",
        _APPROVALS,
        ("TABLE open_reviews", "TRIGGER glass_broken", "TRIGGER glass_reviewed"),
    ),
    Subject("store/tables/reviews.py", _REVIEWS),
    # operations and the lock that they are: one a project; the freeze
    Subject("bot/operations/engine.py", _OPERATIONS),
    Subject("bot/operations/steps.py", _OPERATIONS),
    Subject("store/operations.py", _OPERATIONS),
    Subject("store/tables/operations.py", _OPERATIONS),
    # incidents: when one begins and ends, what is news, whose change it was, when it is said again
    Subject("bot/incidents/deciding.py", _INCIDENTS),
    Subject("bot/incidents/states.py", _INCIDENTS),
    Subject("bot/incidents/clocks.py", _INCIDENTS),
    Subject("store/incidents.py", _EVENTS),
    Subject("store/tables/incidents.py", _EVENTS, ("TRIGGER incident_listed",)),
    Subject("store/tables/story.py", _EVENTS, ("VIRTUAL TABLE words",)),
    Subject("store/tables/titles.py", _EVENTS),
    # the events that all of it hangs on, and the lock of the process
    Subject("store/schema.py", _EVENTS, ("TRIGGER incident_opened",)),
    Subject("store/lock.py", _LOCK),
)

# They take seconds and look at something else: a crowd, a chart, a day of clocks, years of reviews.
LEFT_OUT = (
    "test_a_thousand_clicks_at_once", "test_a_chart_is_drawn", "test_loading_the_bot", "test_no_label_of_the_axis",
    "test_each_clock_fires_once", "test_three_years", "test_a_year", "test_every_day_a_restart", "torn_page",
)  # fmt: skip
