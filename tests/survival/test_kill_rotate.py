"""kill -9 in the middle of a rotation: set once at most, and proved once the very same values are entered again."""

import re
import signal

import pytest

from bot.vault import sealing
from tests.chat import words
from tests.rotations.rotating import KEY, SECRET, Rotating


@pytest.fixture
def rotating(chat, town, project, mortal) -> Rotating:
    mortal.hurried = True
    return Rotating(chat, town, project, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    "point",
    [
        pytest.param(("step.effect", "3"), id="set, nothing written"),
        pytest.param(("step.intent", "5"), id="set and compared, not proved"),
    ],
)
async def test_killed_between_the_call_and_the_proof(mortal, rotating, project, point):
    await mortal.starts(*point)
    values = rotating.made()
    await rotating.whole(**values)
    assert await mortal.died() == -signal.SIGKILL
    assert project.state.secret_posts == [(KEY, SECRET)]

    await mortal.starts()

    await rotating.said("have forgotten the values")
    told = "".join(words(one) for where in ("#ops", "@aikeys") for one in rotating.chat.sees("ana", where))
    assert "*Proved*" not in told
    assert "Nothing was set" not in told
    async with project.answers("GET", "/secrets$", status=500):  # so that the modal cannot compare
        assert (await rotating.enters(**(values | {KEY: project.circle.new_key()}))) == {"ok": True}
        await rotating.said("Those were not the values that were entered before")
    assert (await rotating.enters(**values)) == {"ok": True}
    await rotating.said("Proved")
    assert project.state.secret_posts == [(KEY, SECRET)], "it was set twice"


async def test_killed_before_the_call(mortal, rotating, project):
    """Nothing is set by itself, the values are gone. A secret that the bot made is entered, as it was handed out."""
    private, public = sealing.keypair()
    await mortal.starts("step.intent", "3")
    key = project.circle.new_key()
    await rotating.approved("rotate circle --generate")
    given = {"handout": {"key": sealing.key_text(public)}}
    assert (await rotating.enters(given, **{KEY: key})) == {"ok": True}
    assert await mortal.died() == -signal.SIGKILL
    assert project.state.secret_posts == []

    await mortal.starts()

    await rotating.said("have forgotten the values")
    box = re.search(r"aikeys-sealed:v1:[\w:-]+", "".join(map(words, rotating.chat.sees("ana", "@aikeys"))))
    assert box is not None
    made = bytes(sealing.unseal(box[0], private)).decode()
    assert (await rotating.enters(**{KEY: project.circle.new_key(), SECRET: made})) == {"ok": True}
    await rotating.said("Those were not the values that were entered before")
    assert project.state.secret_posts == []
    assert (await rotating.enters(**{KEY: key, SECRET: made})) == {"ok": True}
    await rotating.said("Proved")
    assert rotating.live(**{KEY: key, SECRET: made})
    assert project.state.secret_posts == [(KEY, SECRET)]
