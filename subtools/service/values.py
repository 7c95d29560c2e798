"""What the service knows about a job, and what it allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from subtools.core import Seconds


class Stand(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETING = "deleting"  # its files are being removed; nobody is shown it

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be done for it."""
        return self in {Stand.DONE, Stand.FAILED, Stand.CANCELLED}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job as it is kept.

    Attributes:
        id: Its name in addresses: random, so that none leads to another.
        number: The how-manieth it is; jobs are done in this order.
        name: Name of its folder in the library.
        title: What it is called, for people: the name of the file, or the address.
        cells: What was asked for, as a line of a manifest says it; files by their place in
            the job's folder.
        stand: Where it stands.
        created: When it was asked for, in seconds of Unix time.
        ended: When it was over; None: not yet.
        error: Why it failed, and what to do.
        files: Size of each result in bytes, by its name.
        seconds: Length of its sound, if known.
    """

    id: str
    number: int
    name: str
    title: str
    cells: Mapping[str, str]
    stand: Stand = Stand.WAITING
    created: float = 0.0
    ended: float | None = None
    error: str = ""
    files: Mapping[str, int] = field(default_factory=dict)
    seconds: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How far a job is that runs.

    Attributes:
        steps: Names of the steps it is made of, in order.
        finished: Those that are done.
        stage: What it is at.
        done: How much of that is done, of ``total``.
        total: In any unit; 0: nobody knows.
        note: Something a person should know: that a step is tried again.
    """

    steps: tuple[str, ...] = ()
    finished: frozenset[str] = frozenset()
    stage: str = ""
    done: float = 0.0
    total: float = 0.0
    note: str = ""

    @property
    def share(self) -> float:
        """How much of the job is done, 0..1, every step counting alike."""
        if not self.steps:
            return 0.0
        inside = min(1.0, self.done / self.total) if self.total > 0 else 0.0
        return min(1.0, (len(self.finished) + inside) / len(self.steps))


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service takes at most.

    Attributes:
        media: Bytes of a sound or video.
        document: Bytes of a transcript, and of a table of names.
        form: Bytes of all other fields of a form together.
        waiting: Jobs that wait or are being uploaded.
        kept: Jobs that are kept in all.
        upload: Seconds that an upload may take.
        silence: Seconds without a byte after which an upload is given up.
        slowest: Bytes a second that an upload must bring on average, after ``silence``.
        request: Seconds that the head of a request may take.
        streams: Progress streams that are open at a time.
        connections: Connections at a time.
        spare: Bytes that stay free on the disk.
    """

    media: int = 4 << 30  # a talk of three hours in 1080p
    document: int = 4 << 20  # a million characters of Chinese
    form: int = 16 << 10
    waiting: int = 100
    kept: int = 10_000
    upload: Seconds = 3600.0
    silence: Seconds = 20.0
    slowest: float = 1024.0
    request: Seconds = 10.0
    streams: int = 100
    connections: int = 600  # of the 1,024 descriptors that a process usually has
    spare: int = 1 << 30
