"""TextGrid (``.TextGrid``), the annotations of Praat: a tier for each speaker.

Intervals of a tier do not overlap and leave no gap: what is between cues is an interval
without text, and a cue that overlaps another one of its speaker is in a second tier of the
same name. A cue without duration is a point. Times of words are in tiers called ``NAME -
words``, as the Montreal Forced Aligner calls them. The tier of cues without a speaker has no
name. Both the long and the short form are read.

Source: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from subtools.core import Cue, Remark, Seconds, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats.shown import (
    LONGEST_TIME,
    fit_words,
    make_cue,
    mend_times,
    name_of,
    shown_cues,
    words_of,
)
from subtools.formats.speakers import SpeakerStyle
from subtools.timecode import to_milliseconds, to_seconds

_INTERVALS, _POINTS = "IntervalTier", "TextTier"
_WORDS = " - words"
# What annotators call a tier that is nobody's.
_NOBODY = {"text", "utterance", "utterances", "sentence", "sentences", "transcript", "words"}
# Praat reads free-standing strings, numbers and flags, and takes everything else for comment.
_TOKEN = re.compile(
    r'"([^"]*(?:""[^"]*)*)"|(?<!\S)([-+]?\d{1,15}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?)(?!\S)'
    r"|(<exists>|<absent>)|![^\n]*|(\")"
)
Entry = tuple[Seconds, Seconds, str]

_HINT = 'it begins with File type = "ooTextFile" and Object class = "TextGrid"'


@dataclass(slots=True, order=True)
class _Tier:
    """A tier that is being filled: its entries as start, end and text."""

    name: str
    kind: str
    index: int = 0  # among those of its name and kind
    entries: list[Entry] = field(default_factory=list, compare=False)


_Group = list[tuple[Seconds, _Tier]]  # a heap: the tier whose last entry ends first is on top


def recognise(text: str) -> bool:
    """Tell whether ``text`` says that it is a TextGrid."""
    return (
        re.match(r'\ufeff?\s*(?:File type = )?"ooTextFile[^"]*"[^"]*"TextGrid"', text) is not None
    )


def compose(
    subtitles: Subtitles, *, style: SpeakerStyle | None = None, word_times: bool = False
) -> str:
    """Return ``subtitles`` as a TextGrid in its long form.

    Args:
        subtitles: What to write.
        style: ``NONE`` puts all cues into one tier without a name.
        word_times: Whether there are tiers with the times of words.
    """
    cues = sorted(shown_cues(subtitles.cues), key=lambda cue: to_milliseconds(cue.start))
    names = [_tier_name(cue) if style is not SpeakerStyle.NONE else "" for cue in cues]
    tiers: dict[tuple[str, str], _Group] = {(name, _INTERVALS): [] for name in names}
    for cue, name in zip(cues, names, strict=True):
        _add(tiers, name, (_round(cue.start), _round(cue.end), cue.text))
        for word in words_of(cue) if word_times else ():
            if word.span and _round(word.span.start) < _round(word.span.end):
                start, end = _round(word.span.start), _round(word.span.end)
                _add(tiers, name + _WORDS, (start, end, word.text.strip()))
    filled = [tier for group in tiers.values() for _, tier in sorted(group, key=_index)]
    last = max((tier.entries[-1][1] for tier in filled), default=0.0)
    return "".join(f"{line}\n" for line in _compose_file(filled or [_Tier("", _INTERVALS)], last))


def parse(text: str) -> Subtitles:
    """Return what stands in the tiers of a TextGrid as cues, by onset.

    The name of a tier is the speaker. A tier ``NAME - words`` holds the words of the cues in
    the tier ``NAME``; one of phones is left out where there is one of words.

    Raises:
        DocumentError: If it is none, or ends too early.
    """
    if not recognise(text):
        raise DocumentError("not a TextGrid", hint=_HINT, line=1)
    tiers = _Reader(text).read_tiers()
    names = {tier.name for tier in tiers}
    cues: list[Cue] = []
    words: dict[str, list[Word]] = {}
    remarks: list[Remark] = []
    for tier in tiers:
        if tier.name.endswith(_WORDS) and tier.name.removesuffix(_WORDS) in names:
            words.setdefault(tier.name.removesuffix(_WORDS), []).extend(_to_words(tier))
        elif _is_phones(tier.name, names):
            remarks.append(Remark(f"the tier {tier.name!r} of phones is left out"))
        else:
            cues += _to_cues(tier, remarks)
    cues.sort(key=lambda cue: cue.start)
    whole = tuple(_add_words(cues, words))
    if unused := sum(map(len, words.values())) - sum(len(cue.words) for cue in whole):
        remarks.append(Remark(f"{unused} words left out, which are not those of a cue"))
    return Subtitles(whole, remarks=tuple(remarks))


def _tier_name(cue: Cue) -> str:
    """Return the name of the speaker; a space keeps it from being that of a tier of words."""
    name = name_of(cue)
    return f"{name} " if name.endswith(_WORDS) else name


def _round(seconds: Seconds) -> Seconds:
    return to_seconds(to_milliseconds(seconds))


def _add(tiers: dict[tuple[str, str], _Group], name: str, entry: Entry) -> None:
    """Add an entry to the tier of that name that has had room for longest, or to a new one."""
    start, end, _ = entry
    kind = _POINTS if start == end else _INTERVALS
    group = tiers.setdefault((name, kind), [])
    reached, tier = group[0] if group else (0.0, None)
    if tier is None or start < reached or (kind == _POINTS and start == reached):
        tier = _Tier(name, kind, len(group))
        heapq.heappush(group, (end, tier))
    else:
        heapq.heapreplace(group, (end, tier))
    tier.entries.append(entry)


def _index(reached: tuple[Seconds, _Tier]) -> int:
    return reached[1].index


def _compose_file(tiers: Sequence[_Tier], last: Seconds) -> Iterator[str]:
    end = last or 1.0  # Praat knows no empty stretch of time
    yield 'File type = "ooTextFile"'
    yield 'Object class = "TextGrid"'
    yield ""
    yield "xmin = 0 "
    yield f"xmax = {end} "
    yield "tiers? <exists> "
    yield f"size = {len(tiers)} "
    yield "item []: "
    for number, tier in enumerate(tiers, start=1):
        yield f"    item [{number}]:"
        yield f'        class = "{tier.kind}" '
        yield f"        name = {_quote(tier.name)} "
        yield "        xmin = 0 "
        yield f"        xmax = {end} "
        yield from _compose_entries(tier, end)


def _compose_entries(tier: _Tier, last: Seconds) -> Iterator[str]:
    if tier.kind == _POINTS:
        yield f"        points: size = {len(tier.entries)} "
        for number, (start, _, text) in enumerate(tier.entries, start=1):
            yield f"        points [{number}]:"
            yield f"            number = {start} "
            yield f"            mark = {_quote(text)} "
        return
    filled = list(_fill(tier.entries, last))
    yield f"        intervals: size = {len(filled)} "
    for number, (start, end, text) in enumerate(filled, start=1):
        yield f"        intervals [{number}]:"
        yield f"            xmin = {start} "
        yield f"            xmax = {end} "
        yield f"            text = {_quote(text)} "


def _fill(entries: Sequence[Entry], last: Seconds) -> Iterator[Entry]:
    """Yield ``entries`` and, where nothing is, entries without text."""
    reached = 0.0
    for start, end, text in entries:
        if start > reached:
            yield reached, start, ""
        yield start, end, text
        reached = end
    if reached < last:
        yield reached, last, ""


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _is_phones(name: str, names: set[str]) -> bool:
    bare = name.casefold()
    return bare.endswith("phones") and name[: -len("phones")] + "words" in names


def _to_words(tier: _Tier) -> Iterator[Word]:
    for start, end, text in tier.entries:
        if text.strip() and start <= end:
            yield Word(text, Span(start, end))


def _to_cues(tier: _Tier, remarks: list[Remark]) -> Iterator[Cue]:
    speaker = "" if tier.name.casefold().strip() in _NOBODY else tier.name
    for start, end, text in tier.entries:
        if text.strip():
            where = f"an entry of {tier.name[:40]!r}"
            begin, finish, mended = mend_times(start, end, where)
            remarks += mended
            yield make_cue(begin, finish, text, speaker)


def _add_words(cues: Sequence[Cue], words: dict[str, list[Word]]) -> Iterator[Cue]:
    """Yield ``cues`` with the words that begin in them."""
    rest = {name: sorted(found, key=lambda word: _start(word)) for name, found in words.items()}
    used = dict.fromkeys(rest, 0)
    for cue in cues:
        name = cue.speaker or ""
        found = rest.get(name, [])
        first = used.get(name, 0)
        while first < len(found) and _start(found[first]) < cue.start:
            first += 1
        last = first
        while last < len(found) and _start(found[last]) < cue.end:
            last += 1
        used[name] = last
        fitted = fit_words(cue, found[first:last])
        yield replace(cue, words=fitted) if fitted else cue


def _start(word: Word) -> Seconds:
    return word.span.start if word.span else 0.0


class _Reader:
    """Reads the strings, numbers and flags of a TextGrid one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = (m for m in _TOKEN.finditer(text) if not m[0].startswith("!"))
        self._at = 0

    def read_tiers(self) -> list[_Tier]:
        """Return all tiers.

        Raises:
            DocumentError: If something else stands where a number or a string must be.
        """
        self._string(), self._string()  # ooTextFile, TextGrid
        self._time(), self._time()
        if self._next()[0] != "<exists>":
            return []
        return [self._read_tier() for _ in range(self._count())]

    def _read_tier(self) -> _Tier:
        kind, name = self._string(), self._string()
        if kind not in {_INTERVALS, _POINTS}:
            raise self._error(f"no kind of tier is called {kind[:40]!r}")
        tier = _Tier(name, kind)
        self._time(), self._time()
        for _ in range(self._count()):
            start = self._time()
            end = self._time() if kind == _INTERVALS else start
            tier.entries.append((start, end, self._string()))
        return tier

    def _next(self) -> re.Match[str]:
        found = next(self._tokens, None)
        if found is None:
            raise self._error("the TextGrid ends too early")
        self._at = found.start()
        return found

    def _string(self) -> str:
        found = self._next()
        if found[1] is None:
            raise self._error(f"a text in quotation marks is missing before {found[0][:40]!r}")
        return found[1].replace('""', '"')

    def _number(self) -> float:
        found = self._next()
        if found[2] is None:
            raise self._error(f"a number is missing before {found[0][:40]!r}")
        return float(found[2])

    def _time(self) -> Seconds:
        seconds = self._number()
        if not abs(seconds) <= LONGEST_TIME:
            raise self._error("a time beyond all bounds")
        return seconds

    def _count(self) -> int:
        number = self._number()
        if not number >= 0:
            raise self._error("a negative number of entries")
        return int(min(number, len(self._text)))  # each takes a character at least

    def _error(self, message: str) -> DocumentError:
        line = self._text.count("\n", 0, self._at) + 1
        return DocumentError(message, hint=_HINT, line=line)
