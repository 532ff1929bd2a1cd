"""Pieces of `make chaos` in the gate: edits of timelines, a disk that fails, a memory that is taken away."""

import random

from tests.chaos import mutations


def test_two_hundred_edits_are_noticed_and_fifty_intact_ones_are_not_called_bad():
    seed = random.randrange(10**6)
    figures = mutations.run(200, 50, seed)
    assert not figures.wrong, f"seed {seed}: {figures.wrong}"
    assert figures.edits.total() == 200
    assert len(figures.edits) >= 8
