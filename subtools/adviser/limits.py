"""What asking may cost, and what it has."""

from __future__ import annotations

from dataclasses import dataclass

_TOKENS_A_BYTE = 0.5  # at most: of Chinese in UTF-8 (three bytes a character) and of JSON


@dataclass(frozen=True, slots=True)
class Limits:
    """What asking may cost.

    Attributes:
        tokens: In all requests together, questions and answers.
        requests: How many, those that fail included.
        seconds: How long one may take.
        tries: How often one is made before it counts as failed.
        batch: Questions in a request.
        failures: Batches of which nothing came, one after the other, until none is asked.
    """

    tokens: int = 200_000
    requests: int = 400
    seconds: float = 60.0
    tries: int = 3
    batch: int = 8
    failures: int = 3

    def __post_init__(self) -> None:
        if min(self.tries, self.batch, self.failures) < 1 or not self.seconds > 0:
            raise ValueError("a request needs a try, a question and some time")
        if min(self.tokens, self.requests) < 0:
            raise ValueError("a limit is not negative")


@dataclass(slots=True)
class Spending:
    """What was spent of ``limits``: the one value here that changes.

    Attributes:
        limits: What may be.
        tokens: As the server counts them, or else as we estimate them.
        requests: Those that failed included.
        failed: Questions in a row that nothing came of.
        largest: What one request cost at most.
    """

    limits: Limits
    tokens: int = 0
    requests: int = 0
    failed: int = 0
    largest: int = 0

    def allows(self, tokens: int) -> bool:
        """Tell whether a request of some ``tokens`` may be made."""
        is_within = self.tokens + max(tokens, self.largest) <= self.limits.tokens
        return is_within and self.requests < self.limits.requests

    def is_hopeless(self) -> bool:
        """Tell whether so many requests failed that no other is worth trying."""
        return self.failed >= self.limits.failures

    def count(self, tokens: int) -> None:
        """Take note of a request that cost ``tokens``."""
        self.requests += 1
        self.tokens += tokens
        self.largest = max(self.largest, tokens)

    def note(self, *, failed: bool) -> None:
        """Take note of how a question ended, after all tries."""
        self.failed = self.failed + 1 if failed else 0


def estimate_tokens(sent: bytes, answer: int = 0) -> int:
    """Return how many tokens ``sent`` has at most, with ``answer`` more for the answer.

    >>> estimate_tokens("模型".encode(), 10)
    13
    """
    return int(len(sent) * _TOKENS_A_BYTE) + answer
