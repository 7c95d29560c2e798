"""Old subtitles whose text is right and whose times are off: the text stays, times are new."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from subtools.aligners import Aligner
from subtools.core import (
    Alignment,
    Cue,
    Native,
    Paragraph,
    Progress,
    Seconds,
    Subtitles,
    Transcript,
    Word,
    no_progress,
)
from subtools.cues import NO_TIME_KNOWN, judge_words
from subtools.editing import add_remarks, drop_markup_times, keep_cues, move_events, quote_cue
from subtools.pipeline import DEFAULT, Settings, align_transcript
from subtools.transcript import cues_to_transcript

LONGEST_GAP: Seconds = 0.1  # kept between cues where the old file has one: two frames and a bit
FOREVER = float("inf")
_TAG = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_TIMED_TAG = re.compile(r"<\d|\\[kK]")  # in a native text: times of words


@dataclass(frozen=True, slots=True)
class Resynced:
    """Subtitles with new times.

    Attributes:
        subtitles: The cues in their old order; remarks name those without a known time.
        alignment: The words with their times, and the findings.
        untimed: How many cues were not heard.
    """

    subtitles: Subtitles
    alignment: Alignment
    untimed: int


def resync(
    subtitles: Subtitles,
    audio: Path | str,
    settings: Settings = DEFAULT,
    *,
    drop_untimed: bool = False,
    aligner: Aligner | None = None,
    progress: Progress = no_progress,
) -> Resynced:
    """Return ``subtitles`` at the times at which their words are spoken in ``audio``.

    Args:
        subtitles: Their text is kept cue by cue, with lines, tags, speakers and places.
        audio: Any file ffmpeg reads.
        settings: How words are aligned; speakers are those of the cues.
        drop_untimed: Whether cues that were not heard are left out; else they are shown where
            their old times and their neighbours' new ones let expect them, with the
            confidence 0 and the reason ``NO_TIME_KNOWN``.
        aligner: Another aligner than that of the settings.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used, or text and sound do not belong together.
    """
    transcript, places = read_transcript(subtitles.cues)
    alignment = align_transcript(
        Path(audio),
        transcript,
        replace(settings, speakers=None),
        aligner=aligner,
        progress=progress,
    )
    words: list[tuple[Word, ...]] = [()] * len(subtitles.cues)
    for place, paragraph in zip(places, alignment.transcript.paragraphs, strict=True):
        words[place] = paragraph.words
    retimed = retime_cues(subtitles, words, drop_untimed=drop_untimed)
    untimed = sum(not _is_heard(spoken) for spoken in words)
    return Resynced(retimed, alignment, untimed)


def read_transcript(cues: Sequence[Cue]) -> tuple[Transcript, tuple[int, ...]]:
    """Return what is spoken in ``cues``, a paragraph a cue, and which cue each is.

    Names before a text are not spoken, nor are cues without a letter or digit.

    >>> transcript, places = read_transcript([Cue(0, 1, ("♪",)), Cue(1, 2, ("大家", "好"))])
    >>> transcript.body, places
    ('♪大家好', (0, 1))

    Raises:
        DocumentError: If nothing is spoken.
    """
    transcript = cues_to_transcript(cues)
    texts = [_squash(cue.text) for cue in cues]
    places: list[int] = []
    for paragraph in transcript.paragraphs:
        spoken, first = _squash(paragraph.text), places[-1] + 1 if places else 0
        found = (i for i in range(first, len(texts)) if texts[i].endswith(spoken))
        places.append(next(found, len(texts)))
        if places[-1] == len(texts):  # the names in it cannot be told from the text
            return _spell_out(cues)
    return transcript, tuple(places)


def _squash(text: str) -> str:
    """Return ``text`` without tags and without what cannot be seen."""
    return "".join(filter(str.isprintable, "".join(_TAG.sub("", text).split())))


def _spell_out(cues: Sequence[Cue]) -> tuple[Transcript, tuple[int, ...]]:
    """Return each cue as a paragraph as it is, names included."""
    read = [(place, cues_to_transcript([cue])) for place, cue in enumerate(cues) if _speaks(cue)]
    paragraphs = tuple(Paragraph(part.words) for _, part in read)
    return Transcript(paragraphs), tuple(place for place, _ in read)


def _speaks(cue: Cue) -> bool:
    return any(map(str.isalnum, _squash(cue.text)))


def retime_cues(
    subtitles: Subtitles, words: Sequence[Sequence[Word]], *, drop_untimed: bool = False
) -> Subtitles:
    """Return ``subtitles`` at the times of their words.

    A cue begins with its first word. It ends with its last, or stays on as long as it did in
    the old file, but not into the next one, to which it leaves the gap of the old file, up to
    ``LONGEST_GAP``. Where two cues overlapped in the old file, they may.

    Args:
        subtitles: The old ones.
        words: The words of each cue; none for one that says nothing.
        drop_untimed: Whether cues none of whose words was heard are left out.
    """
    old = subtitles.cues
    heard = {place: _retime(old[place], w) for place, w in enumerate(words) if _is_heard(w)}
    estimate = _estimate_by(sorted((old[place].start, cue.start) for place, cue in heard.items()))
    placed = {place: heard.get(place) or _guess(cue, estimate) for place, cue in enumerate(old)}
    shown = heard if drop_untimed else placed
    blocks, _ = move_events(subtitles.blocks, lambda time: Fraction(estimate(float(time))))
    kept = keep_cues(replace(subtitles, blocks=blocks), _hold(shown, old))
    what = "not heard, left out" if drop_untimed else "not heard, its time is a guess"
    missing = (cue for place, cue in enumerate(old) if place not in heard)
    return add_remarks(kept, *(f"{what}: {quote_cue(cue)}" for cue in missing))


def _is_heard(words: Sequence[Word]) -> bool:
    return any(word.span is not None and word.confidence is not None for word in words)


def _retime(cue: Cue, words: Sequence[Word]) -> Cue:
    """Return ``cue`` from its first to its last word."""
    spans = [word.span for word in words if word.span is not None]
    confidence, reason = judge_words(words)
    is_whole = _squash(cue.text) == _squash("".join(word.text for word in words))
    return replace(
        cue,
        start=spans[0].start,
        end=max(span.end for span in spans),
        confidence=confidence,
        reason=reason,
        words=tuple(words) if is_whole else (),
        markup=drop_markup_times(cue.markup),
        native=_untimed_native(cue.native),
    )


def _untimed_native(native: Native | None) -> Native | None:
    if native is None or not _TIMED_TAG.search(native.text):
        return native
    return replace(native, text="") if native.fields else None


Estimate = Callable[[Seconds], Seconds]


def _estimate_by(points: Sequence[tuple[Seconds, Seconds]]) -> Estimate:
    """Return a function from old times to new ones: the offset between those of ``points``."""
    times = [old for old, _ in points]

    def estimate(time: Seconds) -> Seconds:
        index = bisect_left(times, time)
        near = points[max(0, index - 1) : index + 1]
        if not near:
            return time
        (old, new), (later, late) = near[0], near[-1]
        share = (time - old) / (later - old) if later > old else 0.0
        offset = (new - old) + min(1.0, max(0.0, share)) * ((late - later) - (new - old))
        return max(0.0, time + offset)

    return estimate


def _guess(cue: Cue, estimate: Estimate) -> Cue:
    """Return ``cue``, which was not heard, where it is to be expected."""
    start = estimate(cue.start)
    return replace(
        cue,
        start=start,
        end=start,
        confidence=0.0,
        reason=NO_TIME_KNOWN,
        words=(),
        markup=drop_markup_times(cue.markup),
        native=_untimed_native(cue.native),
    )


def _hold(placed: Mapping[int, Cue], old: Sequence[Cue]) -> dict[int, Cue]:
    """Return cues that stay on as long as they did, as far as the others let them.

    Those whose time is a guess make room for those that were heard.
    """
    held: dict[int, Cue] = {}
    order = sorted(placed)
    for place, following in zip(order, [*order[1:], None], strict=False):
        cue, limit = placed[place], FOREVER
        if cue.reason == NO_TIME_KNOWN and held and old[place - 1].end <= old[place].start:
            start = max(cue.start, held[max(held)].end)
            cue = replace(cue, start=start, end=start)
        if following is not None and old[place].end <= old[following].start:
            after = placed[following]
            gap = min(LONGEST_GAP, old[following].start - old[place].end)
            if after.start > cue.start or cue.reason == NO_TIME_KNOWN:
                limit = after.start - gap
            if after.reason != NO_TIME_KNOWN and after.start > cue.start:
                cue = replace(cue, end=min(cue.end, after.start))
        wanted = cue.start + (old[place].end - old[place].start)
        held[place] = replace(cue, end=max(cue.end, min(wanted, limit)))
    return held
