"""`/aikeys rotate circle`, from the question to the proof."""

from tests.chat import words
from tests.rotations.rotating import KEY, SECRET
from tests.wait import eventually


async def test_both_are_set_in_one_call_and_proved(rotating, project, town):
    card = words(await rotating.asks('rotate circle --reason "the quarter is over"'))
    assert "Reason: “the quarter is over”" in card
    assert "There is no way back" in card
    assert "may be lost" in card
    assert "NOT PROVEN" in card
    await rotating.said("By hand, in this order")
    await rotating.chat.clicks("ana", "Done")
    await rotating.said("_done: <@U0ANA>")
    await rotating.chat.clicks("ben", "Approve")
    await rotating.said("enter the new values")
    values = rotating.made()
    await project.traffic.send(2)  # Circle goes on, with its new secret
    assert (await rotating.enters(**values)) == {"ok": True}
    done = words(await rotating.said("Proved"))
    assert "refuses what is signed wrongly (401)" in done
    assert "Circle knows the key" in done
    assert "if it keeps the old value: not needed" in done
    await rotating.said("2 events were refused (401), at <!date^")
    head = await rotating.chat.until(
        lambda one: one.get("thread_ts", one["ts"]) == one["ts"] and "Still to do" in words(one)
    )
    assert "Still to do by hand*: revoke the *old* API key" in words(head), "who reads only the channel's line sees it"
    assert "Still to do by hand" in words(await rotating.said("Proved"))
    await rotating.chat.clicks("ana", "Done")
    await rotating.said(": 1 step by hand is open")
    await rotating.chat.clicks("ana", "Done")
    await rotating.said(": 0 steps by hand are open")
    await eventually(lambda: not any("Still to do" in words(one) for one in rotating.chat.sees()))
    assert rotating.live(**values)
    assert project.state.secret_posts == [(KEY, SECRET)]
    await eventually(lambda: rotating.bot.store.operations.of("operation/1").state == "done")
    kinds = ["rotation.started", "rotation.set", "rotation.proved", "rotation.finished"]
    assert rotating.kinds(f"secret/{KEY}") == rotating.kinds(f"secret/{SECRET}") == kinds
    finished = rotating.bot.store.events.latest("rotation.finished", f"secret/{SECRET}").data
    assert (finished["ok"], len(finished["begins"])) == (1, 8)
    async with project.postgres.superuser() as connection:
        count = (
            "select count(*) from public.security_events where event_type = 'WEBHOOK_SIGNATURE_INVALID' and user_agent"
        )
        assert await connection.fetchval(f"{count} like 'aikeys-probe/%'") == 1
