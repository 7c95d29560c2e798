"""The panels of the drawing: axis, sound, words, findings, posteriors."""

from __future__ import annotations

import base64
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from subtools.core import FRAME, Finding, Posteriors, Seconds, Span, Word
from subtools.lexicon import columns
from subtools.phonetics import PHONES
from subtools.plots.stretches import Stretch
from subtools.timecode import compose_clock, compose_timecode

SHOWN_CLASS = 0.3  # probability; a class that never has as much is left out
SHOWN_RUN = 0.1  # probability; frames with as much show their numbers
_AXIS, _WAVE, _LANE, _ROW = 22, 90, 22, 12  # points
_LETTER = 7.5  # points; a column of text of 13 points
_INK = (37, 99, 235)  # the colour of probability, on light and dark ground

Chances = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the drawings that stand one below the other.

    Attributes:
        height: In points.
        names: SVG for the column of names.
        drawing: SVG, from the start of the stretch on.
    """

    height: float
    names: str
    drawing: str


@dataclass(frozen=True, slots=True)
class _Box:
    """Something that lasts from one time to another.

    Attributes:
        span: When.
        text: What is written into it.
        title: What is shown when a pointer is on it.
        style: Name of its looks.
    """

    span: Span
    text: str
    title: str
    style: str


def draw_panels(stretch: Stretch, scale: float, names: float) -> Iterator[Panel]:
    """Yield the panels from top to bottom.

    Args:
        stretch: What is shown.
        scale: Points a second.
        names: Width of the column of names, in points.
    """
    yield _draw_axis(stretch.span, scale)
    yield _draw_wave(stretch.samples, stretch.span.duration * scale)
    yield _draw_boxes("words", list(_box_words(stretch.words)), stretch.span, scale)
    if stretch.findings:
        yield _draw_boxes("findings", list(_box_findings(stretch.findings)), stretch.span, scale)
    if stretch.posteriors is not None and len(stretch.posteriors.log_probs):
        yield _draw_posteriors(stretch, stretch.posteriors, scale, names)


def _draw_axis(span: Span, scale: float) -> Panel:
    marks = []
    for tenth in range(int(np.ceil(span.start * 10)), int(span.end * 10) + 1):
        x = (tenth / 10 - span.start) * scale
        length = 8 if tenth % 10 == 0 else 4
        marks.append(f'<path class="tick" d="M{x:.1f} {_AXIS}v-{length}"/>')
        if tenth % 10 == 0:
            marks.append(_text(x + 3, 12, compose_clock(tenth / 10 + 0.001), "time"))
    return Panel(_AXIS, _text(4, 12, "time", "name"), "".join(marks))


def _draw_wave(samples: npt.NDArray[np.float32], width: float) -> Panel:
    """Draw highest and lowest sample of each point."""
    middle = _WAVE / 2
    if not len(samples):
        return Panel(_WAVE, _text(4, middle, "sound", "name"), "")
    points = min(len(samples), max(1, round(width)))
    starts = np.linspace(0, len(samples), points, endpoint=False).astype(np.int64)
    loudest = max(float(np.abs(samples).max()), 0.01)  # -40 dB: silence is not blown up
    tops = middle - np.maximum.reduceat(samples, starts) / loudest * middle
    bottoms = middle - np.minimum.reduceat(samples, starts) / loudest * middle
    xs = starts / len(samples) * width
    lines = "".join(
        f"M{x:.1f} {top:.1f}V{max(bottom, top + 0.5):.1f}"
        for x, top, bottom in zip(xs, tops, bottoms, strict=True)
    )
    return Panel(_WAVE, _text(4, middle + 4, "sound", "name"), f'<path class="wave" d="{lines}"/>')


def _box_words(words: Sequence[Word]) -> Iterator[_Box]:
    for word in words:
        if word.span is not None:
            style = f"word {_grade(word.confidence)}"
            yield _Box(word.span, word.text.strip(), _describe_word(word, word.span), style)


def _box_findings(findings: Sequence[Finding]) -> Iterator[_Box]:
    for finding in findings:
        if finding.span is not None:
            text = f"{finding.kind.value} {finding.text[:20].strip()}"
            title = [finding.kind.value, f"“{finding.text}”", format_span(finding.span)]
            yield _Box(finding.span, text, "\n".join([*title, finding.reason]), "finding")


def _draw_boxes(name: str, boxes: Sequence[_Box], shown: Span, scale: float) -> Panel:
    """Draw boxes with their texts, in as many lanes as they need."""
    places = [_place(box.span, shown, scale) for box in boxes]
    pairs = zip(boxes, places, strict=True)
    lanes = _choose_lanes([(x, x + max(w, columns(b.text) * _LETTER + 4)) for b, (x, w) in pairs])
    drawing = "".join(
        f'<g class="{box.style}"><title>{escape_text(box.title)}</title>'
        f'<rect x="{x:.1f}" y="{lane * _LANE}" width="{max(w, 1):.1f}" height="{_LANE - 3}"/>'
        f"{_text(x + 2, lane * _LANE + 14, box.text, 'said')}</g>"
        for box, (x, w), lane in zip(boxes, places, lanes, strict=True)
    )
    return Panel(_LANE * (max(lanes, default=0) + 1), _text(4, 14, name, "name"), drawing)


def _draw_posteriors(stretch: Stretch, posteriors: Posteriors, scale: float, names: float) -> Panel:
    """Draw a row for each class that is likely somewhere, and one for two voices."""
    rows = _choose_rows(posteriors)
    picture = np.stack([chances for _, chances in rows])
    x, width = stretch.lead * scale, picture.shape[1] * FRAME * scale
    height = len(rows) * _ROW
    start = stretch.span.start + stretch.lead
    drawing = [
        f'<image x="{x:.1f}" y="0" width="{width:.1f}" height="{height}" '
        f'preserveAspectRatio="none" href="{_picture(picture)}"/>'
    ]
    for number, (name, chances) in enumerate(rows):
        drawing.append(f'<path class="row" d="M0 {(number + 1) * _ROW}h{x + width:.1f}"/>')
        for run, title in _find_runs(name, chances, start):
            left, wide = _place(run, stretch.span, scale)
            drawing.append(
                f'<rect class="run" x="{left:.1f}" y="{number * _ROW}" width="{wide:.1f}" '
                f'height="{_ROW}"><title>{escape_text(title)}</title></rect>'
            )
    labels = (_text(names - 6, k * _ROW + 10, name, "phone") for k, (name, _) in enumerate(rows))
    return Panel(height, "".join(labels), "".join(drawing))


def _choose_rows(posteriors: Posteriors) -> list[tuple[str, Chances]]:
    """Return names and probabilities: of two voices, and of the classes likely somewhere."""
    logs = np.nan_to_num(posteriors.log_probs.astype(np.float32), nan=-100.0, neginf=-100.0)
    chances = np.exp(logs.clip(-100, 0))
    active = np.flatnonzero(chances.max(axis=0) >= SHOWN_CLASS)
    voices = np.nan_to_num(posteriors.two_voices.astype(np.float32)).clip(0, 1)
    return [("two voices", voices), *((PHONES[k], chances[:, k]) for k in active.tolist())]


def _find_runs(name: str, chances: Chances, start: Seconds) -> Iterator[tuple[Span, str]]:
    """Yield each run of frames that stands out, and its numbers in words."""
    edges = np.flatnonzero(np.diff(np.r_[False, chances >= SHOWN_RUN, False]))
    for first, last in edges.reshape(-1, 2).tolist():
        span = Span(start + first * FRAME, start + last * FRAME)
        mean, most = chances[first:last].mean(), chances[first:last].max()
        yield span, f"{name}\n{format_span(span)}\nprobability {mean:.2f}, at most {most:.2f}"


def draw_borders(stretch: Stretch, scale: float, height: float) -> str:
    """Draw a line through all panels where a word begins or ends."""
    spans = [word.span for word in stretch.words if word.span is not None]
    times = {time for span in spans for time in (span.start, span.end)}
    inside = (time for time in sorted(times) if stretch.span.start <= time <= stretch.span.end)
    lines = "".join(f"M{(t - stretch.span.start) * scale:.1f} {_AXIS}V{height}" for t in inside)
    return f'<path class="border" d="{lines}"/>'


def _place(span: Span, shown: Span, scale: float) -> tuple[float, float]:
    """Return left edge and width of the part of ``span`` that is shown, in points."""
    start, end = max(span.start, shown.start), min(span.end, shown.end)
    return (start - shown.start) * scale, max(0.0, end - start) * scale


def _choose_lanes(extents: Sequence[tuple[float, float]]) -> list[int]:
    """Return the first lane in which each of ``extents`` (in order) hides no other."""
    ends: list[float] = []
    lanes = []
    for left, right in extents:
        lane = next((k for k, end in enumerate(ends) if end <= left + 0.5), len(ends))
        ends[lane : lane + 1] = [right]
        lanes.append(lane)
    return lanes


def _grade(confidence: float | None) -> str:
    """Return the name of a colour."""
    return "between" if confidence is None else f"sure{min(4, int(max(0.0, confidence) * 5))}"


def _describe_word(word: Word, span: Span) -> str:
    sure = "time between its neighbours" if word.confidence is None else f"{word.confidence:.2f}"
    parts = [f"“{word.text.strip()}”", format_span(span), f"{span.duration * 1000:.0f} ms"]
    speaker = [] if word.speaker is None else [f"speaker: {word.speaker}"]
    return "\n".join([*parts, f"confidence: {sure}", *speaker])


def format_span(span: Span) -> str:
    """Return where a stretch of time begins and ends."""
    return f"{compose_timecode(span.start)} – {compose_timecode(span.end)}"


def _picture(rows: Chances) -> str:
    """Return ``rows`` as a PNG: one colour, the more of it the likelier.

    Source: https://www.w3.org/TR/png-3/ (colour type 3, transparency in tRNS).
    """
    height, width = rows.shape
    levels = (rows.clip(0, 1) * 255).round().astype(np.uint8)
    lines = np.zeros((height, width + 1), np.uint8)  # each begins with its filter: none
    lines[:, 1:] = levels
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(_INK) * 256),
        (b"tRNS", bytes(range(256))),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def _text(x: float, y: float, text: str, name: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{name}">{escape_text(text)}</text>'


def escape_text(text: str) -> str:
    """Return ``text`` for HTML, without what no page may hold: controls, half characters."""
    return escape("".join("\ufffd" if _is_forbidden(c) else c for c in text))


def _is_forbidden(character: str) -> bool:
    is_control = unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t"
    return is_control or character in "\ufffe\uffff"
