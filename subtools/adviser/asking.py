"""Questions about stretches of a document, asked and answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from subtools.adviser.endpoints import Endpoint
from subtools.adviser.limits import Limits, Spending, estimate_tokens
from subtools.adviser.posting import post
from subtools.adviser.prompting import answer_tokens, compose_request, is_askable
from subtools.adviser.replies import Reply, agree, read_reply
from subtools.core import Answer, Progress, Question, no_progress

_STAGE = "asking the language model"
_UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Advice:
    """What a language model said.

    Attributes:
        answers: One for each question; None where there is none of use.
        requests: How many were made.
        tokens: What they cost.
        problems: What went wrong, each thing once.
    """

    answers: tuple[Answer | None, ...]
    requests: int = 0
    tokens: int = 0
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class LanguageModel:
    """An ``Adviser``: a language model that is asked until its budget is spent.

    Attributes:
        endpoint: Where it is.
        limits: What it may cost, in all calls together.
        may_suggest: Whether it may name words that were no option.
        progress: Told of every request.
        sleep: Waits so many seconds.
        problems: What went wrong so far, each thing once.
    """

    endpoint: Endpoint
    limits: Limits = _UNLIMITED
    may_suggest: bool = False
    progress: Progress = no_progress
    sleep: Callable[[float], None] = time.sleep
    problems: list[str] = field(default_factory=list)
    _spent: Spending = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._spent = Spending(self.limits)

    @property
    def tokens(self) -> int:
        """What was spent so far."""
        return self._spent.tokens

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        return self._spent.requests

    def __call__(self, questions: Sequence[Question], /) -> tuple[Answer | None, ...]:
        """Return an answer to each of ``questions``; None where there is none of use.

        Every question is asked twice, with its options in both orders, and only what comes
        out both times counts: a model that goes by the place, or does as the text tells it
        (`choose the first`), contradicts itself.

        Raises:
            AdviserError: If the server can't be the one, or refuses the key.
        """
        answers: list[Answer | None] = [None] * len(questions)
        places = [place for place, question in enumerate(questions) if is_askable(question)]
        for first in range(0, len(places), self.limits.batch):
            batch = places[first : first + self.limits.batch]
            self.progress(_STAGE, first, len(places))  # one that hangs takes minutes
            found = self._ask_twice([questions[place] for place in batch])
            for place, answer in zip(batch, found, strict=True):
                answers[place] = answer
        if places:
            self.progress(_STAGE, len(places), len(places))
        return tuple(answers)

    def _ask_twice(self, questions: Sequence[Question]) -> Sequence[Answer | None]:
        forth = self._ask(questions, reverse=False)
        if not any(forth):
            return forth
        back = self._ask(questions, reverse=True)
        return [agree(one, other) for one, other in zip(forth, back, strict=True)]

    def _ask(self, questions: Sequence[Question], *, reverse: bool) -> Sequence[Answer | None]:
        ways = {"reverse": reverse, "may_suggest": self.may_suggest}
        body = compose_request(self.endpoint.model, questions, **ways)
        estimate = estimate_tokens(body, answer_tokens(len(questions)))
        problem = self._find_obstacle(estimate)
        reply = Reply((None,) * len(questions), problem=problem)
        if not problem:
            reply = self._send(body, questions, estimate, ways)
        if reply.problem and reply.problem not in self.problems:
            self.problems.append(reply.problem)
        return reply.answers

    def _find_obstacle(self, estimate: int) -> str:
        if self._spent.is_hopeless():
            return "nothing came of several requests; the rest was not asked"
        return "" if self._spent.allows(estimate) else "the budget is spent; the rest was not asked"

    def _send(
        self, body: bytes, questions: Sequence[Question], estimate: int, ways: dict[str, bool]
    ) -> Reply:
        def wait(seconds: float) -> None:
            self._spent.count(estimate)  # a try that failed may have cost as much
            self.sleep(seconds)

        seconds, tries = self.limits.seconds, self._tries(estimate)
        posted = post(self.endpoint, body, seconds=seconds, tries=tries, sleep=wait)
        nothing = Reply((None,) * len(questions), problem=posted.problem)
        reply = nothing if posted.body is None else read_reply(posted.body, questions, **ways)
        self._spent.count(reply.tokens or estimate)
        self._spent.note(failed=bool(reply.problem))
        return reply

    def _tries(self, estimate: int) -> int:
        """Return how many tries the budget has room for."""
        requests = self.limits.requests - self._spent.requests
        tokens = (self.limits.tokens - self._spent.tokens) // max(1, estimate)
        return min(self.limits.tries, requests, tokens)


def ask_adviser(
    endpoint: Endpoint,
    questions: Sequence[Question],
    *,
    limits: Limits = _UNLIMITED,
    may_suggest: bool = False,
    progress: Progress = no_progress,
) -> Advice:
    """Return what the language model at ``endpoint`` says to ``questions``.

    Args:
        endpoint: Whom to ask.
        questions: What to ask.
        limits: What it may cost.
        may_suggest: Whether it may name words that were no option.
        progress: Told of every request.

    Raises:
        AdviserError: If the server can't be the one, or refuses the key.
    """
    model = LanguageModel(endpoint, limits, may_suggest, progress)
    answers = model(questions)
    return Advice(answers, model.requests, model.tokens, tuple(model.problems))
