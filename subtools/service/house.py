"""What the routes work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from subtools.service.desk import Desk
from subtools.service.guarding import Policy
from subtools.service.values import Limits, Ticket


@dataclass(frozen=True, slots=True)
class House:
    """What the routes work with.

    Attributes:
        desk: The queue.
        forget: Removes what was made on the way to a job's results.
        policy: Who is let in.
        allow_private: Whether addresses of the local network are fetched.
    """

    desk: Desk
    forget: Callable[[Ticket], None]
    policy: Policy
    allow_private: bool = False

    @property
    def limits(self) -> Limits:
        """What is taken at most."""
        return self.desk.limits
