"""What the answers to signed events prove, and how few are sent for it."""

import itertools

import pytest

from bot.rotations.proof import MOST_REFUSED, Probe, Proved, Send, Sign, Stale, Unproven, next_

NEW, OLD, WRONG = Sign.NEW, Sign.OLD, Sign.WRONG


def _story(*answers, redeployed=False):
    return [Probe(sign, status, redeployed=redeployed) for sign, status in answers]


@pytest.mark.parametrize(
    ("probes", "comes"),
    [
        pytest.param([], Send(NEW), id="at first the new one"),
        pytest.param([(NEW, 200)], Send(NEW, 1.0), id="once is no proof: another isolate may answer"),
        pytest.param([(NEW, 200), (NEW, 200)], Send(OLD), id="then that the old one is refused"),
        pytest.param([(NEW, 200), (NEW, 200), (OLD, 401)], Proved(), id="all of it"),
        pytest.param([(NEW, 401)], Send(NEW, 10.0), id="refused: a moment's patience"),
        pytest.param([(NEW, 401), (NEW, 200), (NEW, 200)], Send(NEW, 1.0), id="after a refusal three in a row"),
        pytest.param([(NEW, 401), (NEW, 200), (NEW, 200), (NEW, 200), (OLD, 401)], Proved(), id="it came round"),
        pytest.param([(NEW, None)], Send(NEW, 1.0), id="no answer: once more"),
    ],
)
def test_what_is_sent_next(probes, comes):
    assert next_(_story(*probes), old_known=True) == comes


@pytest.mark.parametrize(
    ("probes", "kind", "words"),
    [
        pytest.param([(NEW, 401), (NEW, 401)], Stale, "warm function", id="it stays refused"),
        pytest.param([(NEW, 200), (NEW, 401), (NEW, 200), (NEW, 401)], Stale, "warm function", id="it flaps"),
        pytest.param([(NEW, 200), (NEW, 200), (OLD, 200)], Stale, "old secret is still", id="the old one is taken too"),
        pytest.param([(NEW, 200), (NEW, 200), (WRONG, 200)], Unproven, "nobody signed", id="it takes anything"),
        pytest.param([(NEW, 500), (NEW, 500)], Unproven, "500", id="the function fails"),
        pytest.param([(NEW, None), (NEW, None)], Unproven, "no answer", id="nothing comes"),
    ],
)
def test_what_is_not_proved(probes, kind, words):
    found = next_(_story(*probes), old_known=True)
    assert isinstance(found, kind)
    assert words in found.why


def test_after_a_deploy_a_refusal_is_no_warm_function_any_more():
    story = [*_story((NEW, 401), (NEW, 401)), *_story((NEW, 401), redeployed=True)]
    found = next_(story, old_known=False, redeployed=True)
    assert isinstance(found, Unproven)
    assert "deployed again" in found.why


def test_after_a_deploy_the_proof_still_fits_into_what_may_be_refused():
    story = [*_story((NEW, 401), (NEW, 401)), *_story((NEW, 200), (NEW, 200), redeployed=True)]
    assert next_(story, old_known=False, redeployed=True) == Send(WRONG)
    story += _story((WRONG, 401), redeployed=True)
    assert next_(story, old_known=False, redeployed=True) == Proved()


def test_it_always_ends_and_never_makes_more_than_three_forgeries():
    """Whatever the function answers, also with a deploy in the middle."""
    for answers, old_known in itertools.product(itertools.product([200, 401, 500, None], repeat=4), [True, False]):
        story, redeployed, found = _played(answers, old_known)
        assert sum(1 for one in story if one.status == 401) <= MOST_REFUSED, answers
        if isinstance(found, Proved):
            now = [one for one in story if one.redeployed == redeployed]
            assert [one.status for one in now if one.sign is NEW][-2:] == [200, 200]
            others = [one.status for one in now if one.sign is not NEW]
            assert 401 in others
            assert 200 not in others


def _played(answers, old_known):
    story: list[Probe] = []
    redeployed, turn = False, itertools.cycle(answers)
    for _ in range(40):
        found = next_(story, old_known=old_known, redeployed=redeployed)
        if isinstance(found, Send):
            story.append(Probe(found.sign, next(turn), redeployed=redeployed))
        elif isinstance(found, Stale) and not redeployed:
            redeployed = True
        else:
            return story, redeployed, found
    raise AssertionError(f"it goes on for ever: {answers}")
