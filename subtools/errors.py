"""The exceptions subtools raises for bad input and failing tools.

    SubtoolsError
    ├── DocumentError      a transcript or subtitle file that cannot be read
    ├── MediaError         a sound file that cannot be read or has no sound
    ├── FetchError         an address whose sound cannot be fetched, or would be the wrong sound
    ├── ModelError         a speech model that cannot be found, fetched or loaded
    ├── AlignmentError     a text that cannot be put in time
    │   └── MismatchError  text and sound that do not belong together
    ├── LibraryError       known voices that cannot be read or kept, or a name none of them has
    ├── AdviserError       a language model that cannot be asked
    ├── CatalogueError     a library of talks that cannot be read or kept, or has no such talk
    └── OutputError        a result that cannot be written

A programmer's mistake is a ``ValueError`` as everywhere in Python.
"""

from __future__ import annotations

from pathlib import Path


class SubtoolsError(Exception):
    """Something the user can act on: what went wrong, and what to do.

    Attributes:
        message: What went wrong, one sentence without a full stop.
        hint: What to do about it, one sentence; may be empty.
        path: The file it is about, if there is one.
        line: The line in that file, counted from 1, if known.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        path: Path | str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = None if path is None else Path(path)
        self.line = line

    def __str__(self) -> str:
        """Return place, message and hint on one line."""
        place = "" if self.path is None else f"{self.path}: "
        if self.path is not None and self.line is not None:
            place = f"{self.path}:{self.line}: "
        text = f"{place}{self.message}"
        return f"{text} ({self.hint})" if self.hint else text


class DocumentError(SubtoolsError):
    """A transcript or subtitle file cannot be read."""


class MediaError(SubtoolsError):
    """A media file cannot be read, is damaged, or has no sound."""


class FetchError(SubtoolsError):
    """What an address names cannot be fetched, or is not what it should be.

    Attributes:
        url: The address it is about, without passwords; may be empty.
        may_pass: Whether the same may go well at another time: the network, a busy site.
    """

    def __init__(
        self, message: str, *, url: str = "", hint: str = "", may_pass: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.url = url
        self.may_pass = may_pass

    def __str__(self) -> str:
        """Return address, message and hint on one line."""
        return f"{self.url}: {super().__str__()}" if self.url else super().__str__()


class ModelError(SubtoolsError):
    """A speech model cannot be found, fetched or loaded."""


class AlignmentError(SubtoolsError):
    """A text cannot be put in time."""


class MismatchError(AlignmentError):
    """The text is not what is said in the sound."""


class LibraryError(SubtoolsError):
    """The voices that are known cannot be read or kept, or none of them has the name given."""


class CatalogueError(SubtoolsError):
    """The library of talks cannot be read or kept, or none of them is the one meant."""


class AdviserError(SubtoolsError):
    """A language model cannot be asked: the address, the key or the server is wrong."""


class OutputError(SubtoolsError):
    """A result cannot be written."""
