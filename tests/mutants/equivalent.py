"""Mutants that no test can notice, each with the reason why it is the same program. They are not counted.

By name, as `python -m tests.mutants --write` has it. A name that is no mutant any more is an error there.
"""

EQUIVALENT: dict[str, str] = {}
