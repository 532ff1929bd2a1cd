"""One look at everything, all at the same time: first who is asked, then what they said, then what came late."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clients.deadline import settled
from bot.clients.errors import TooLate
from bot.context import Caller, Context, Target
from bot.health.answers import ASKED_FOR, Answers, Part, Question
from bot.health.judge import judge
from bot.health.judgement import Judgement
from bot.health.memory import Memory, keep, recall
from bot.health.probes import ask
from bot.telemetry import metrics

PATIENCE = 4.0  # seconds until the card names who is missing
GIVE_UP = 10.0  # seconds until it stops waiting: a function's cold start may take that long (Supabase docs)
GRACE = 0.25  # seconds: each call gives up by itself at GIVE_UP, and what its question knows otherwise is worth having


@dataclass(frozen=True, slots=True)
class Checkup:
    """The facts of the card. *at* is when they were known; *seconds* since the questions were asked."""

    target: Target
    caller: Caller
    part: Part | None
    answers: Answers
    judgement: Judgement
    memory: Memory
    at: datetime
    seconds: float

    @property
    def level(self) -> str:
        """The verdict as one small word: ok, waiting, unknown, degraded, down."""
        return self.judgement.level.name.lower()

    @property
    def asked(self) -> int:
        """How many services were asked."""
        return len(ASKED_FOR[self.part])


async def look(ctx: Context, part: Part | None = None, give_up: float = GIVE_UP) -> AsyncIterator[Checkup]:
    """Ask everything that *part* needs (None: all six) and yield what is known, two or three times.

    At once: nobody has answered. Then: all have, or at 4 s those who have. If any was missing: once more when all
    have answered or at *give_up* seconds. The questions are under way before the first is yielded, so that posting it
    costs no time.
    """
    questions = ASKED_FOR[part]
    inquiry = Inquiry(ctx, questions, part)
    tasks = {question: asyncio.create_task(inquiry.put(question), name=f"health.{question}") for question in questions}
    try:
        yield inquiry.checkup(Memory())
        await settled(tasks.values(), ctx.clock, inquiry.began + PATIENCE)
        if inquiry.missing:
            yield inquiry.checkup()
            await settled(tasks.values(), ctx.clock, inquiry.began + give_up + GRACE)
            inquiry.give_up(give_up)
        memory = recall(ctx.store, inquiry.answers, ctx.clock.now())
        inquiry.keep()  # after recall: now is not "usual"
        yield inquiry.checkup(memory)
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


class Inquiry:
    """The answers of one look as they come in."""

    def __init__(self, ctx: Context, questions: tuple[Question, ...], part: Part | None = None) -> None:
        self._ctx = ctx
        self._part = part
        self.questions = questions
        self.answers = Answers(limits=ctx.limits)
        self.took: dict[Question, float] = {}
        self.began = ctx.clock.monotonic()

    async def put(self, question: Question) -> None:
        """Ask and note the answer and how long it took."""
        answer = await ask(question, self._ctx.supabase, self._ctx.wallet)
        self._note(question, answer)

    @property
    def missing(self) -> list[Question]:
        """Who has not answered yet."""
        return [each for each in self.questions if getattr(self.answers, each.value) is None]

    def give_up(self, after: float) -> None:
        """Whoever is silent still is too late. At 10 s its own deadline has said so already."""
        for question in self.missing:
            asked = self._ctx.wallet if question is Question.WALLET else self._ctx.supabase
            self._note(question, TooLate(asked.source, after))

    def keep(self) -> None:
        """Keep what was found as samples."""
        keep(self._ctx.store, self.answers, self.took, self._ctx.clock.now())

    def checkup(self, memory: Memory | None = None) -> Checkup:
        """What is known by now."""
        now = self._ctx.clock.now()
        return Checkup(
            target=self._ctx.target,
            caller=self._ctx.caller,
            part=self._part,
            answers=self.answers,
            judgement=judge(self.answers, self._part),
            memory=memory or recall(self._ctx.store, self.answers, now),
            at=now,
            seconds=self._ctx.clock.monotonic() - self.began,
        )

    def _note(self, question: Question, answer: Any) -> None:
        self.answers = self.answers.having(question, answer)
        self.took[question] = took = self._ctx.clock.monotonic() - self.began
        failures = self.answers.failures().get(question, ())
        system = "wallet" if question is Question.WALLET else "supabase"
        metrics.called(system, question.value, type(failures[0]).__name__ if failures else "ok")
        metrics.looked(question.value, took)
