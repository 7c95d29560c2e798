"""What is wrong with a request, as the client is told: status, code, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - what a client has, not what the program has
    """A request that is refused.

    Attributes:
        status: HTTP status.
        code: What it is, for programs.
        message: What is wrong, in words.
        hint: What to do about it; may be empty.
        headers: What the answer says besides.
    """

    status: int
    code: str
    message: str
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        """Return the body of the answer."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


def unknown_job() -> Problem:
    """Return that there is no such job; what the id was is not repeated."""
    return Problem(404, "unknown_job", "there is no such job", "it may have been deleted")


def too_large(what: str, limit: int) -> Problem:
    """Return that ``what`` is larger than ``limit`` bytes."""
    hint = f"at most {say_size(limit)} are taken here"
    return Problem(413, "too_large", f"{what} is too large", hint)


def too_slow() -> Problem:
    """Return that an upload did not come on."""
    return Problem(408, "too_slow", "the upload came too slowly", "try again")


def bad_form(message: str, hint: str = "") -> Problem:
    """Return that a form cannot be read."""
    return Problem(400, "bad_form", message, hint)


def bad_value(message: str, hint: str = "") -> Problem:
    """Return that what was asked for makes no sense."""
    return Problem(422, "bad_value", message, hint)


def say_size(size: int) -> str:
    """Return a number of bytes for people.

    >>> say_size(4 << 30), say_size(1536)
    ('4 GB', '1.5 KB')
    """
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
