"""The tickets on the disk: one small file each, written whole or not at all.

    .subtools/service/jobs/ID.json       tickets
                      incoming/ID/       what is being uploaded
    NAME/source/media/talk.m4a           what was uploaded, in the job's folder
    NAME/talk.srt, ...                   its results

A ticket is written first; then what was uploaded gets its place. Who is killed in between
finds both again, and does the rest.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from subtools.batch import Workplace
from subtools.errors import OutputError
from subtools.service.values import Stand, Ticket
from subtools.store import explain_write, write_outputs

SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Records:
    """Keeps tickets, and what belongs to them.

    Attributes:
        workplace: The library's work folder.
    """

    workplace: Workplace

    @property
    def incoming(self) -> Path:
        """Where uploads are until they are whole."""
        return self._root / "incoming"

    @property
    def _root(self) -> Path:
        return self.workplace.jobs.parent / "service"

    def open(self) -> tuple[Ticket, ...]:
        """Return all tickets, in order, after finishing what a killed run left half done.

        Raises:
            OutputError: If the library cannot be written to.
        """
        try:
            (self._root / "jobs").mkdir(parents=True, exist_ok=True)
            self.incoming.mkdir(exist_ok=True)
            tickets = sorted(self._read(), key=lambda ticket: ticket.number)
            for ticket in tickets:
                if ticket.stand is Stand.DELETING:
                    self.remove(ticket)
                elif (self.incoming / ticket.id).is_dir():
                    self.settle(ticket)
            for folder in self.incoming.iterdir():
                shutil.rmtree(folder, ignore_errors=True)
        except OSError as error:
            raise explain_write(error, self._root) from error
        return tuple(ticket for ticket in tickets if ticket.stand is not Stand.DELETING)

    def save(self, ticket: Ticket) -> None:
        """Keep ``ticket``.

        Raises:
            OutputError: If the disk refuses.
        """
        text = json.dumps(asdict(ticket), ensure_ascii=False, indent=1) + "\n"
        write_outputs({self._place(ticket): text}, force=True)

    def settle(self, ticket: Ticket) -> None:
        """Give what was uploaded its place in the job's folder.

        Raises:
            OutputError: If the disk refuses.
        """
        target = self.folder(ticket) / SOURCE
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.incoming / ticket.id).rename(target)
        except OSError as error:
            raise explain_write(error, target) from error

    def folder(self, ticket: Ticket) -> Path:
        """Return the folder of its results."""
        return self.workplace.library / ticket.name

    def remove(self, ticket: Ticket) -> None:
        """Remove all files of ``ticket``; it must be kept as being deleted by then."""
        shutil.rmtree(self.folder(ticket), ignore_errors=True)
        shutil.rmtree(self.incoming / ticket.id, ignore_errors=True)
        for folder in (self.workplace.published, self.workplace.jobs):
            with suppress(OSError):
                (folder / f"{ticket.name}.json").unlink()
        with suppress(OSError):
            self._place(ticket).unlink()

    def _place(self, ticket: Ticket) -> Path:
        return self._root / "jobs" / f"{ticket.id}.json"

    def _read(self) -> Iterator[Ticket]:
        for path in (self._root / "jobs").glob("*.json"):
            try:
                found = json.loads(path.read_text(encoding="utf-8"))
                yield Ticket(**{**found, "stand": Stand(found["stand"])})
            except (ValueError, TypeError, KeyError) as error:
                hint = "remove this file; its job is lost, its results are not"
                raise OutputError("this record is damaged", path=path, hint=hint) from error
