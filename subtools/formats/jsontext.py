"""JSON of other programs: read with care, as anything may be in it."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from subtools.errors import DocumentError

_DEEPEST = "its brackets are nested too deeply"


def load_json(text: str, title: str) -> Any:
    """Return what ``text`` holds.

    Args:
        text: JSON.
        title: What it should be, for the error.

    Raises:
        DocumentError: If it is no JSON, with the line where it ceases to be.
    """
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"not {title}: {error.msg} in column {error.colno}",
            hint="the file is damaged or cut off",
            line=error.lineno,
        ) from error
    except RecursionError as error:
        raise DocumentError(f"not {title}: {_DEEPEST}", line=1) from error
    except ValueError as error:  # NaN; a number of thousands of digits
        raise DocumentError(f"not {title}: {error}", line=1) from error


def peek_json(text: str) -> Any:
    """Return what ``text`` holds; None if it is no JSON."""
    if text.lstrip("\ufeff \t\r\n")[:1] not in {"{", "["}:
        return None
    try:
        return load_json(text, "JSON")
    except DocumentError:
        return None


def dump(value: object, *, compact: bool = False) -> str:
    """Return ``value`` as JSON on one line, in the letters it is written in."""
    separators = (",", ":") if compact else None
    return json.dumps(value, ensure_ascii=False, separators=separators)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
