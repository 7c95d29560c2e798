"""Tables (``.csv``, ``.tsv``): a row for each cue, columns named in the first one.

Columns are found by their names, in English and Chinese; times are seconds or timecodes.
Recognisers write whole milliseconds (Whisper's TSV, whisper.cpp's CSV). A field that a
spreadsheet would take for a formula is written with an apostrophe before it, which is
taken off when it is read.

Source: RFC 4180; OWASP, "CSV Injection"
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from subtools.core import Cue, Remark, Seconds, Subtitles
from subtools.errors import DocumentError
from subtools.formats.shown import LONGEST_TIME, mend_times, name_of, shown_cues, split_lines
from subtools.formats.speakers import SpeakerStyle
from subtools.lexicon import clean_name
from subtools.timecode import parse_timecode, to_milliseconds, to_seconds

_NAMES = {
    "start": "start begin from in onset tmin starttime timestart 开始 開始 起 开始时间 開始時間",
    "end": "end stop to out offset tmax endtime timeend 结束 結束 止 终 终了 结束时间 結束時間",
    "duration": "duration length dur 时长 時長",
    "text": "text content subtitle subtitles transcript caption label utterance sentence line"
    " 文本 文字 内容 內容 字幕 台词 台詞",
    "speaker": "speaker name who character voice actor role"
    " 说话人 說話人 讲者 講者 发言人 發言人 角色",
    "confidence": "confidence score probability 置信度",
    "reason": "reason",
    "identifier": "identifier id",
    "settings": "settings",
    "markup": "markup",
}
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names.split()}
_MILLISECONDS = ("ms", "msec", "milliseconds", "millis")
_UNIT = re.compile(r"[\s_\-()（）\[\]]+")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?", re.ASCII)
_WHISPER = "start\tend\ttext"  # what Whisper writes: nothing is quoted
_HINT = "the first line names the columns: start,end,speaker,text"

Row = tuple[int, dict[str, str]]


def recognise_csv(text: str) -> bool:
    """Tell whether ``text`` is a table with commas or semicolons whose columns are known."""
    return _find_separator(text) in {",", ";"}


def recognise_tsv(text: str) -> bool:
    """Tell whether ``text`` is a table with tabs whose columns are known."""
    return _find_separator(text) == "\t"


def compose_csv(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - there is no place for them
) -> str:
    """Return ``subtitles`` as CSV, lines ended by line feeds.

    There are four columns; more where a cue has what belongs there.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out.
        word_times: Has no effect.
    """
    return _compose(subtitles, ",", style)


def compose_tsv(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - there is no place for them
) -> str:
    """Return ``subtitles`` as a table with tabs, otherwise as ``compose_csv`` does."""
    return _compose(subtitles, "\t", style)


def parse(text: str) -> Subtitles:
    """Return the rows of a table as cues, whatever separates its columns.

    Raises:
        DocumentError: If the columns of times and text are not there, or a row has no time.
    """
    separator = _find_separator(text)
    if separator is None:
        raise DocumentError("not a table of subtitles", hint=_HINT, line=1)
    rows, remarks = _read_rows(text.removeprefix("\ufeff"), separator)
    to_time, guessed = _choose_unit(rows)
    cues: list[Cue] = []
    for number, row in rows:
        cue, mended = _row_to_cue(row, to_time, number)
        cues += [cue] if cue.lines else []
        remarks += mended
    return Subtitles(tuple(cues), remarks=(*guessed, *remarks))


def _compose(subtitles: Subtitles, separator: str, style: SpeakerStyle | None) -> str:
    cues = shown_cues(subtitles.cues, parted=False)
    rows = [_cue_to_row(cue, is_named=style is not SpeakerStyle.NONE) for cue in cues]
    always = ("start", "end", "speaker", "text")
    columns = [name for name in _NAMES if name in always or any(row.get(name) for row in rows)]
    columns.sort(key=lambda name: always.index(name) if name in always else len(always))
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return file.getvalue()


def _cue_to_row(cue: Cue, *, is_named: bool) -> dict[str, str]:
    start, end = (f"{to_seconds(to_milliseconds(time)):.3f}" for time in (cue.start, cue.end))
    texts = {
        "speaker": name_of(cue) if is_named else "",
        "text": cue.text,
        "confidence": "" if cue.confidence is None else str(cue.confidence),
        "reason": cue.reason,
        "identifier": cue.identifier,
        "settings": cue.settings,
        "markup": cue.markup,
    }
    return {"start": start, "end": end, **{k: _as_text(value) for k, value in texts.items()}}


def _as_text(field: str) -> str:
    """Return ``field`` so that no spreadsheet computes it.

    >>> _as_text("=1+1"), _as_text("'-5"), _as_text("好"), _as_text("'x'")
    ("'=1+1", "''-5", '好', "'x'")
    """
    return f"'{field}" if _FORMULA.match(field) else field


def _from_text(field: str) -> str:
    return field[1:] if field.startswith("'") and _FORMULA.match(field) else field


def _find_separator(text: str) -> str | None:
    """Return what separates the columns that the first line names; None if it names none."""
    first = next(iter(text.removeprefix("\ufeff").splitlines()), "")
    for separator in ("\t", ",", ";", "|"):
        columns = set(map(_column, first.split(separator)))
        if {"start", "text"} <= columns and columns & {"end", "duration"}:
            return separator
    return None


def _column(name: str) -> str:
    """Return which column has that name; ``start_ms`` is one too."""
    parts = [part for part in _UNIT.split(name.strip().strip("\"'").casefold()) if part]
    kept = [part for part in parts if part not in (*_MILLISECONDS, "s", "sec", "seconds")]
    return _COLUMNS.get("".join(kept), "")


def _read_rows(text: str, separator: str) -> tuple[list[Row], list[Remark]]:
    """Return the rows, each with the number of the line it ends in, and remarks on them.

    Raises:
        DocumentError: If a quotation mark is never closed, or a field is too long.
    """
    is_raw = text.splitlines()[0].strip() == _WHISPER
    file = io.StringIO(text, newline="")
    if is_raw:
        reader = csv.reader(file, delimiter=separator, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(file, delimiter=separator, strict=True)
    rows: list[Row] = []
    remarks: list[Remark] = []
    try:
        header = next(reader)
        names = [_column(name) for name in header]
        is_exact = [_is_in_milliseconds(name) for name in header]
        for fields in reader:
            if any(map(str.strip, fields)):
                rows.append((reader.line_num, _to_row(fields, names, is_exact)))
                if len(fields) > len(names):
                    remarks.append(Remark("more fields than columns: left out", reader.line_num))
    except csv.Error as error:
        hint = "a quotation mark inside a quoted field is doubled"
        raise DocumentError(f"not a table: {error}", hint=hint, line=reader.line_num) from error
    return rows, remarks


def _is_in_milliseconds(name: str) -> bool:
    return any(part in _MILLISECONDS for part in _UNIT.split(name.casefold()))


def _to_row(
    fields: Sequence[str], names: Sequence[str], is_exact: Sequence[bool]
) -> dict[str, str]:
    """Return the fields by column; those in milliseconds end in ``ms``."""
    triples = zip(names, fields, is_exact, strict=False)
    return {
        name: f"{field}ms" if exact and name in {"start", "end", "duration"} else field
        for name, field, exact in triples
        if name
    }


def _choose_unit(rows: Sequence[Row]) -> tuple[Callable[[str], Seconds], list[Remark]]:
    """Return what reads a time: where all are whole numbers, they may be milliseconds."""
    times = [(row.get("start", ""), row.get("end", row.get("duration", ""))) for _, row in rows]
    if times and all(_WHOLE.fullmatch(t.strip()) for pair in times for t in pair):
        if median(int(end) - int(start) for start, end in times) >= 100:
            remark = Remark("whole numbers that far apart are taken for milliseconds")
            return (lambda field: _parse_time(f"{field}ms")), [remark]
        return _parse_time, [Remark("whole numbers that near are taken for seconds")]
    return _parse_time, []


def _row_to_cue(
    row: dict[str, str], to_time: Callable[[str], Seconds], number: int
) -> tuple[Cue, Iterator[Remark]]:
    """Return the cue in ``row``, which ends in line ``number``, and remarks on it.

    Raises:
        DocumentError: If it has no time.
    """
    try:
        start = to_time(row.get("start", ""))
        has_end = "end" in row
        end = to_time(row["end"]) if has_end else start + to_time(row.get("duration", ""))
    except ValueError as error:
        hint = "times are seconds (1.5) or timecodes (0:00:01.500)"
        raise DocumentError(f"a row without its times: {error}", hint=hint, line=number) from error
    start, end, mended = mend_times(start, end, "the row")
    cue = Cue(
        start,
        end,
        split_lines(_from_text(row.get("text", ""))),
        clean_name(_from_text(row.get("speaker", ""))) or None,
        _parse_share(row.get("confidence", "")),
        _from_text(row.get("reason", "")),
        identifier=_from_text(row.get("identifier", "")),
        settings=_from_text(row.get("settings", "")),
        markup=_from_text(row.get("markup", "")),
    )
    return cue, (Remark(remark.text, number) for remark in mended)


def _parse_time(field: str) -> Seconds:
    """Return the seconds that ``field`` stands for.

    >>> [_parse_time(field) for field in ("1.5", "1,5", "0:01.5", "1500ms")]
    [1.5, 1.5, 1.5, 1.5]

    Raises:
        ValueError: If it is no time.
    """
    bare = field.strip()
    if _NUMBER.fullmatch(number := bare.removesuffix("ms")):
        value = float(number.replace(",", "."))
        seconds = value / 1000 if bare.endswith("ms") else value
    else:
        seconds = parse_timecode(bare.removesuffix("ms"))
    if abs(seconds) > LONGEST_TIME:
        raise ValueError(f"not a time: {bare[:40]!r}")
    return seconds


def _parse_share(field: str) -> float | None:
    try:
        value = float(field)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
