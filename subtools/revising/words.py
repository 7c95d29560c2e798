"""The words of a paragraph after changes: those that stay, and those that are new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from subtools.core import Word
from subtools.lexicon import split_words, word_core
from subtools.revising.changes import Change, Offsets, find_origins, revise_text


@dataclass(frozen=True, slots=True)
class Fresh:
    """New words between words that stay.

    Attributes:
        texts: They; none, where words were taken out.
        replaced: The words that stood in their place; none, where words were put in.
    """

    texts: tuple[str, ...]
    replaced: tuple[Word, ...]


Piece = Word | Fresh


def revise_words(words: Sequence[Word], changes: Sequence[Change]) -> tuple[Piece, ...]:
    """Return the words of a paragraph after ``changes``, which count its characters.

    Words away from the changes come back as they are, however they were cut. A word whose
    letters stay keeps its time, whatever happens to the punctuation around it.

    Args:
        words: Of one paragraph.
        changes: In the order of the text, without overlaps.
    """
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    pieces: list[Piece] = []
    now = 0
    for region in _find_regions(words, starts, changes):
        pieces += words[now : region.start]
        inner = _changes_in(changes, starts, region)
        pieces += _revise_region(words[region.start : region.stop], inner)
        now = region.stop
    return (*pieces, *words[now:])


def _find_regions(
    words: Sequence[Word], starts: Sequence[int], changes: Sequence[Change]
) -> list[range]:
    """Return which words have to be cut anew: the changed ones, and those that join them."""
    regions = [_touched(starts, change.offsets) for change in changes]
    while True:
        merged = _merge(regions)
        regions = [_widen(words, starts, changes, region) for region in merged]
        if regions == merged:
            return regions


def _touched(starts: Sequence[int], offsets: Offsets) -> range:
    """Return the words that have characters inside ``offsets``, or the border they are at."""
    first, last = offsets
    begin = next(k for k in range(len(starts)) if k + 1 == len(starts) or starts[k + 1] > first)
    if starts[begin] == first == last:
        return range(begin, begin)
    end = next((k for k in range(begin, len(starts)) if starts[k] >= last), len(starts) - 1)
    return range(begin, end)


def _merge(regions: Sequence[range]) -> list[range]:
    merged: list[range] = []
    for region in regions:
        if merged and region.start <= merged[-1].stop:
            merged[-1] = range(merged[-1].start, max(merged[-1].stop, region.stop))
        else:
            merged.append(region)
    return merged


def _widen(
    words: Sequence[Word], starts: Sequence[int], changes: Sequence[Change], region: range
) -> range:
    """Return ``region`` with the neighbours that its new text does not leave alone."""
    before = words[region.start - 1].text if region.start else ""
    after = words[region.stop].text if region.stop < len(words) else ""
    own = "".join(word.text for word in words[region.start : region.stop])
    text = revise_text(own, _changes_in(changes, starts, region))
    borders = {0, *accumulate(map(len, split_words(before + text + after)))}
    joins_before = len(before) not in borders
    joins_after = len(before) + len(text) not in borders
    return range(region.start - joins_before, region.stop + joins_after)


def _changes_in(
    changes: Sequence[Change], starts: Sequence[int], region: range
) -> tuple[Change, ...]:
    """Return the changes of ``region``, counted from its first character."""
    first, last = starts[region.start], starts[region.stop]
    return tuple(
        Change((c.offsets[0] - first, c.offsets[1] - first), c.after)
        for c in changes
        if first <= c.offsets[0] and c.offsets[1] <= last
    )


def _revise_region(words: Sequence[Word], changes: Sequence[Change]) -> Iterator[Piece]:
    """Yield what becomes of ``words``, all of which are cut anew."""
    text = "".join(word.text for word in words)
    origins = find_origins(text, changes)
    old = {core: k for k, core in enumerate(_cores([word.text for word in words]))}
    texts = split_words(revise_text(text, changes))
    now, fresh = 0, list[str]()
    for piece, (first, last) in zip(texts, _cores(texts), strict=True):
        kept = old.get(_origin(origins[first:last]))
        if kept is None or kept < now:
            fresh.append(piece)
            continue
        yield from _fresh(fresh, words[now:kept])
        yield words[kept] if words[kept].text == piece else replace(words[kept], text=piece)
        now, fresh = kept + 1, []
    yield from _fresh(fresh, words[now:])


def _fresh(texts: Sequence[str], replaced: Sequence[Word]) -> Iterator[Fresh]:
    if texts or replaced:
        yield Fresh(tuple(texts), tuple(replaced))


def _cores(texts: Sequence[str]) -> list[Offsets]:
    """Return where the letters of each word stand, all of it where it has none."""
    starts = accumulate(map(len, texts), initial=0)
    places = []
    for text, (start, end) in zip(texts, pairwise(starts), strict=True):
        core = word_core(text)
        first = start + text.index(core) if core else start
        places.append((first, first + len(core)) if core else (start, end))
    return places


def _origin(origins: Sequence[int | None]) -> Offsets:
    """Return the characters of the text before that these are; (-1, -1) if they are new."""
    first = origins[0]
    if first is None or any(place != first + k for k, place in enumerate(origins)):
        return -1, -1
    return first, first + len(origins)
