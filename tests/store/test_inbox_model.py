"""Any order of admitting, marking, crashing and reopening: nothing committed is lost, each key is one row."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from store.inbox import Arrival
from tests.running import remembering
from tests.store.harness import KEY, NOON, crash

keys = st.sampled_from([f"k{n}" for n in range(8)])
acks = st.sampled_from([None, '{"a":1}', '{"a":2}'])
outcomes = st.sampled_from(["answered", "failed"])


@dataclass
class Row:
    """What the model knows of a delivery: as committed."""

    id: int
    payload: str
    acked: bool = False
    ack: str | None = None
    outcome: str | None = None
    reply: str | None = None

    def acknowledge(self, ack: str | None) -> None:
        if not self.acked:
            self.acked, self.ack = True, ack

    def settle(self, outcome: str) -> None:
        if self.outcome is None:
            self.outcome, self.payload = outcome, ""


class Deliveries(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.rows: dict[str, Row] = {}
        self.waiting: list[tuple[str, str, str | None]] = []  # key, what, with what
        self.now = NOON
        self.count = 0
        self.open()

    def open(self) -> None:
        self.store = remembering(self.folder / "aikeys.db", KEY)
        self.inbox = self.store.inbox

    def written(self) -> None:
        for key, what, value in self.waiting:
            if what == "ack":
                self.rows[key].acknowledge(value)
            else:
                self.rows[key].settle(value or "")
        self.waiting.clear()

    @rule(batch=st.lists(keys, max_size=6))
    def admit(self, batch):
        self.now += timedelta(seconds=1)
        arrivals = []
        for key in batch:
            self.count += 1
            arrivals.append(Arrival(key, "command", f"e{self.count}", f'{{"n":{self.count}}}'))
        admitted = self.inbox.admit(arrivals, self.now)
        self.written()
        assert [one.key for one in admitted] == batch
        for arrival, one in zip(arrivals, admitted, strict=True):
            known = self.rows.get(one.key)
            assert one.fresh == (known is None)
            if known is None:
                assert one.id not in [row.id for row in self.rows.values()]
                self.rows[one.key] = Row(one.id, arrival.payload_json)
            else:
                assert (one.id, one.ack, one.settled) == (known.id, known.ack, known.outcome is not None)

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), ack=acks)
    def later_acked(self, data, ack):
        key = data.draw(st.sampled_from(sorted(self.rows)))
        self.inbox.later_acked(self.rows[key].id, self.now, ack)
        self.waiting.append((key, "ack", ack))

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), outcome=outcomes)
    def later_settled(self, data, outcome):
        key = data.draw(st.sampled_from(sorted(self.rows)))
        self.inbox.later_settled(self.rows[key].id, outcome, self.now)
        self.waiting.append((key, "settled", outcome))

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def keep_reply(self, data):
        key = data.draw(st.sampled_from(sorted(self.rows)))
        self.rows[key].reply = f"ts{self.count}"
        self.inbox.keep_reply(self.rows[key].id, "C1", f"ts{self.count}")

    @rule()
    def flush(self):
        self.inbox.flush()
        self.written()

    @rule()
    def purge(self):
        self.inbox.purge(self.now + timedelta(days=1))
        self.written()
        for key in [key for key, row in self.rows.items() if row.outcome is not None]:
            del self.rows[key]

    @rule()
    def stop_and_start(self):
        self.store.close()
        self.written()
        self.open()

    @rule()
    def crash_and_start(self):
        crash(self.store)
        self.waiting.clear()
        self.open()

    @invariant()
    def what_is_owed_is_what_was_committed(self):
        owed = [
            (row.key, row.id, row.payload, row.acked_at is not None, row.reply_ts) for row in self.inbox.unfinished()
        ]
        expected = [
            (key, row.id, row.payload, row.acked, row.reply)
            for key, row in sorted(self.rows.items(), key=lambda item: item[1].id)
            if row.outcome is None
        ]
        assert owed == expected
        assert self.store.db.table("deliveries").count == len(self.rows)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
