"""The edits file: what a person decided, one decision a line, each anchored by its text.

The form is described in ``docs/review.md``. Whatever stands in it is text for the document
and nothing else: line breaks and invisible characters are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from subtools.core import Edit, EditBasis, EditKind
from subtools.errors import DocumentError
from subtools.formats.jsontext import dump, load_json
from subtools.lexicon import clean_name, visible_text

FORMAT = "subtools-edits"
VERSION = 1
LONGEST = 2_000  # characters of one text; a paragraph of the seeds has fewer than 500
_HINT = "give a file that the review page saved"


def compose_edits(edits: Sequence[Edit], talk: str = "") -> str:
    """Return ``edits`` as a file; ``talk`` says what of, for people."""
    head = f'"format": {dump(FORMAT)},\n"version": {VERSION},\n"talk": {dump(talk)},\n'
    lines = ",\n".join("  " + dump(_describe(edit)) for edit in edits)
    return "{\n" + head + ('"edits": [\n' + lines + "\n]" if edits else '"edits": []') + "\n}\n"


def parse_edits(text: str) -> tuple[Edit, ...]:
    """Return the decisions of a file, in its order.

    Raises:
        DocumentError: If it is no such file, naming the edit that is wrong.

    >>> edit = Edit(EditKind.ACCEPT, "GDP4", "GPT-4", "我們看到", "，很好", 12.5)
    >>> parse_edits(compose_edits([edit])) == (edit,)
    True
    """
    content = _load(text)
    if content.get("version") != VERSION:
        what = f"edits of version {content.get('version')!r}, this subtools reads {VERSION}"
        raise DocumentError(what, hint="update subtools, or save the edits anew")
    listed = content.get("edits")
    if not isinstance(listed, list):
        raise DocumentError("there is no list of edits in it", hint=_HINT)
    return tuple(_read(entry, number) for number, entry in enumerate(listed, start=1))


def parse_basis(text: str) -> EditBasis | None:
    """Return which corrections the edits of a file were made with; None if there were none.

    A note that cannot be understood counts as none: no edit depends on it.

    Raises:
        DocumentError: If it is no file of edits.

    >>> note = '"corrections": {"name": "a.json", "count": 3, "applied": 2}'
    >>> parse_basis('{"format": "subtools-edits", "version": 1, "edits": [], ' + note + "}")
    EditBasis(name='a.json', count=3, applied=2)
    """
    note = _load(text).get("corrections")
    if not isinstance(note, dict):
        return None
    name, count, applied = (note.get(key) for key in ("name", "count", "applied"))
    if not (isinstance(name, str) and type(count) is int and type(applied) is int):
        return None
    return EditBasis(clean_name(name), count, applied) if count > 0 else None


def _load(text: str) -> dict[str, Any]:
    content = load_json(text, "a file of edits")
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DocumentError("this is no file of edits", hint=_HINT)
    return content


def _describe(edit: Edit) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "kind": edit.kind.value,
        "time": None if edit.time is None else round(edit.time, 1),
    }
    if edit.speaker is not None:
        shown["speaker"] = edit.speaker
    texts = ("left", "before", "right", "after")
    shown |= {name: getattr(edit, name) for name in texts}
    if edit.until is not None:
        shown["until"] = _describe_end(edit.until)
    return shown


def _describe_end(end: Edit) -> dict[str, Any]:
    time = None if end.time is None else round(end.time, 1)
    return {"time": time, "left": end.left, "before": end.before, "right": end.right}


def _read(entry: Any, number: int) -> Edit:
    try:
        edit = _read_edit(entry)
        _check(edit)
    except (TypeError, ValueError) as error:
        raise DocumentError(f"edit {number} cannot be read: {error}", hint=_HINT) from error
    return edit


def _read_edit(entry: Any) -> Edit:
    if not isinstance(entry, dict):
        raise TypeError("it is no {...}")
    kind = EditKind(_text(entry, "kind"))
    is_speaker = kind in {EditKind.SPEAKER, EditKind.TURN}
    after = _text(entry, "after")
    return Edit(
        kind,
        before=_text(entry, "before"),
        after=clean_name(after) if is_speaker else after,
        left=_text(entry, "left"),
        right=_text(entry, "right"),
        time=_time(entry.get("time")),
        speaker=clean_name(_text(entry, "speaker")) if is_speaker else None,
        until=_read_end(entry.get("until")) if kind is EditKind.TURN else None,
    )


def _read_end(entry: Any) -> Edit:
    if not isinstance(entry, dict):
        raise TypeError('"until" is no {...}')
    return Edit(
        EditKind.TURN,
        before=_text(entry, "before"),
        left=_text(entry, "left"),
        right=_text(entry, "right"),
        time=_time(entry.get("time")),
        speaker="",
    )


def _check(edit: Edit) -> None:
    """Refuse an edit that could be anywhere, or says nothing.

    Raises:
        ValueError: Saying why.
    """
    if edit.kind is EditKind.SPEAKER:
        if not edit.after:
            raise ValueError("the new name is empty")
        if not (edit.before or edit.speaker):
            raise ValueError("it does not say which speaker")
    elif edit.kind is EditKind.TURN:
        if not edit.after:
            raise ValueError("it does not say who speaks")
        if not (edit.before.strip() and edit.until and edit.until.before.strip()):
            raise ValueError('"before" is empty: give words of its first and of its last clause')
    elif edit.kind is not EditKind.CHECKED and not edit.before.strip():
        raise ValueError('"before" is empty: repeat a word beside the place in both texts')


def _text(entry: dict[str, Any], key: str) -> str:
    """Return a text of an edit on one line, without characters that nobody sees."""
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise TypeError(f'"{key}" is no text')
    if len(value) > LONGEST:
        raise ValueError(f'"{key}" is longer than {LONGEST} characters')
    return visible_text(value)


def _time(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError('"time" is no number of seconds')
    if not 0 <= value < math.inf:
        raise ValueError('"time" is before 0')
    return float(value)
