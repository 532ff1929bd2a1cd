"""/aikeys backup now: a restore point is asked for once, and waited for; what cannot be made is said."""

import pytest

from tests.chat import words

MAKE = "/restore-point$"


async def test_it_is_made_and_told(chat, project):
    await chat.says("ben", "/aikeys backup now before-the-fix")
    done = words(await chat.until("To go back to it: /aikeys restore before-the-fix"))
    assert "Done." in done
    assert list(project.archive.points) == ["before-the-fix"]
    await chat.says("ben", "/aikeys backup now")
    await chat.until("To go back to it: /aikeys restore aikeys-")


async def test_names_are_short_and_zoe_may_only_look(chat, project):
    await chat.says("ana", f"/aikeys backup now {'x' * 21}")
    await chat.until("was not run")
    await chat.says("zoe", "/aikeys backup now mine")
    await chat.until("operator", "zoe")
    assert project.archive.points == {}


async def test_an_answer_that_got_lost_is_asked_about(chat, project):
    """Supabase made it and the answer broke off: it is found by its name, not made twice."""
    async with project.answers("POST", MAKE, after=True, drop=True):
        await chat.says("ana", "/aikeys backup now lost")
        await chat.until("To go back to it: /aikeys restore lost")
    made = [one for one in project.journal.entries if one.method == "POST" and "restore-point" in one.path]
    assert len(made) == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            {"status": 403, "body": {"message": "no", "missing_permissions": ["backups_write"]}},
            "it lacks backups_write",
        ),
        ({"status": 400, "body": {"message": "Not on this plan."}}, "Not on this plan. Nothing was changed"),
    ],
)
async def test_what_supabase_refuses_is_said(chat, project, fault, sentence):
    async with project.answers("POST", MAKE, **fault):
        await chat.says("ana", "/aikeys backup now one")
        await chat.until(sentence)
