"""What each of many tries has of the time."""

from tests.chaos.shares import Time


def test_the_time_is_short_only_in_its_second_half():
    """Then each has an equal share of what is left; what one does not need the others have."""
    early, over = Time(1_000, 50), Time(0, 3)
    for given in (early, over):
        given.next()
    assert (early.short(), early.over(), early.gone()) == (False, False, False)
    assert (over.short(), over.over(), over.gone()) == (True, True, True)
