"""Mutants that no test can notice, each with the reason why it is the same program. They are not counted.

By name, as `python -m tests.mutants --write` has it. A name that is no mutant any more is an error there.
"""

_POLICY, _CLOCKS = "bot/approvals/policy.py", "bot/incidents/clocks.py"
_DECIDING = "bot/incidents/deciding.py"
_ONE_ROW = {
    "store/approvals.py": ("Approvals.get", "Approvals.pending_for"),
    "store/operations.py": ("Operations.get", "Operations.holder"),
    "store/reviews.py": ("Reviews.get", "Reviews.glass_of", "Reviews.last", "Reviews.last_signed"),
    "store/incidents.py": ("Incidents.of", "Incidents.latest"),
}  # where a key, a unique index or LIMIT 1 lets no second one through

EQUIVALENT: dict[str, str] = {
    f"{_POLICY}: broken: '' in mine[-1].text or '' → 'x'": "those without a text were left out a line above",
    f"{_POLICY}: breakable: '' in severity: str, story: Iterable[Event], user: str='' → 'x'": "nobody is called x",
    f"{_CLOCKS}: moment: step <= LAST → step < LAST": "the last step plus no times two hours is the last step",
    f"{_DECIDING}: _confirmed: 0.0 in 0.0 if sight.sure else detector.span → -1.0": "no time is less than 0",
    (
        "store/tables/incidents.py: TRIGGER incident_reopened: WHERE subject = NEW.subject AND state = 'resolved'); "
        "INSERT INTO open_ → WHERE subject = NEW.subject ); INSERT INTO open_"
    ): "what is open stands in open_incidents, whose key refuses it with the same words",
    (
        "bot/approvals/objection.py: _plan: differs(approval.plan['pinned'], world.fresh) → "
        "differs(world.fresh, approval.plan['pinned'])"
    ): "it is symmetrical",
    "bot/plan.py: differs: _walk('', dict(old), dict(new)) → _walk('', dict(new), dict(old))": "it is symmetrical",
    (
        "bot/plan.py: _walk: _walk(below, old.get(key, ABSENT), new.get(key, ABSENT)) → "
        "_walk(below, new.get(key, ABSENT), old.get(key, ABSENT))"
    ): "it is symmetrical",
    (
        "bot/approvals/requests.py: Requests.overtaken: Click(BOT, Act.WITHDRAW, frozenset(), why) → "
        "Click(BOT, frozenset(), Act.WITHDRAW, why)"
    ): "what is no denial is a withdrawal there, and nobody asks for the bot's roles",
    "store/operations.py: Operation: '' → 'x'": "the store gives each its reason, and who cancels it",
    "store/operations.py: Operation: '' → 'x' (2)": "the store gives each its reason, and who cancels it",
    "bot/operations/engine.py: Engine._answer: '' → 'x'": "each turn of the loop sets why, or returns",
    (
        "store/tables/reviews.py: TRIGGER review_ended: WHERE subject = NEW.subject AND state = 'open'); "
        "SELECT RAISE(ABOR → WHERE subject = NEW.subject ); SELECT RAISE(ABOR"
    ): "a second end is refused by one_review_end, as too late as well",
} | {
    f"{path}: {where}: 0 in found[0] → -1": "the first of one is its last"
    for path, names in _ONE_ROW.items()
    for where in names
}
