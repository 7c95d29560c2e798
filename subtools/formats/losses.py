"""What is lost when subtitles are written in a format.

It is not foretold but seen: they are written, read again and compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from subtools.core import Block, Cue, Subtitles, Word
from subtools.formats.interface import Feature, Format
from subtools.formats.shown import name_of, shown_cues, words_of
from subtools.formats.speakers import SpeakerStyle
from subtools.formats.styled import styled_lines
from subtools.formats.voices import split_voices
from subtools.markup import TokenKind, parse_markup
from subtools.timecode import to_milliseconds

_CHARACTERS = "characters of the text"
_SPACES = "spaces in the text"
_ORDER = "the order of cues"
_WORD_ENDS = "ends of words"
_LACKS: dict[str, str] = {Feature.MARKUP: "tags", Feature.SETTINGS: "places"}
_LANGUAGE, _TITLE = "the language", "the title"

Pair = tuple[Cue, Cue]


def list_losses(subtitles: Subtitles, to: Format, *, word_times: bool = False) -> tuple[str, ...]:
    """Return what of ``subtitles`` is lost when they are written in the format ``to``, in words.

    What it does not name comes back when the file is read again. Speakers that are written
    into the text count as lost, as nothing tells them from the text.

    Args:
        subtitles: What is to be written.
        to: The format it is written in.
        word_times: Whether the times of words are to be written.

    Raises:
        DocumentError: If the format cannot hold them at all.

    >>> from subtools.formats import format_for
    >>> list_losses(Subtitles((Cue(0, 1, ("Hi",), "Ann"),)), format_for("srt"))
    ('speakers (1 cue)',)
    """
    parted = Feature.VOICES not in to.holds
    asked = replace(subtitles, cues=shown_cues(subtitles.cues, parted=parted))
    several = sum(map(_has_voices, subtitles.cues)) if parted else 0
    return (*_count(Feature.VOICES, several), *_find_losses(asked, to, word_times=word_times))


def _find_losses(asked: Subtitles, to: Format, *, word_times: bool) -> tuple[str, ...]:
    if to.parse is None or to.compose is None:
        return tuple(_foretell(asked, to))
    style = None if Feature.SPEAKER in to.holds else SpeakerStyle.NONE
    composed = to.compose(asked, style=style, word_times=word_times)
    return tuple(_compare(asked, to.parse(composed), to))


def _foretell(subtitles: Subtitles, to: Format) -> Iterator[str]:
    """Yield what is lost in a format that is never read: all that it has no place for."""
    if subtitles.cues and Feature.TIMES not in to.holds:
        yield Feature.TIMES.value
    for feature, is_used in _USES:
        if feature not in to.holds:
            yield from _count(feature, sum(map(is_used, subtitles.cues)))
    if kinds := dict.fromkeys(block.kind for block in subtitles.blocks):
        yield f"{Feature.BLOCKS.value} ({', '.join(kinds)})"
    if Feature.OVERLAPS not in to.holds:
        yield from _count(Feature.OVERLAPS, _count_overlaps(subtitles.cues))
    yield from [_LANGUAGE] if subtitles.language else []


def _compare(before: Subtitles, after: Subtitles, to: Format) -> Iterator[str]:
    """Yield what of ``before`` is not in ``after``."""
    yield from _compare_cues(before.cues, after.cues, to)
    kept = set(map(_content, after.blocks))
    if kinds := dict.fromkeys(block.kind for block in before.blocks if _content(block) not in kept):
        yield f"{Feature.BLOCKS.value} ({', '.join(kinds)})"
    if before.language and before.language != after.language:
        yield _LANGUAGE
    if before.title and before.title != after.title:
        yield _TITLE


def _content(block: Block) -> tuple[str, str, str]:
    return block.format, block.kind, block.text


def _compare_cues(before: tuple[Cue, ...], after: tuple[Cue, ...], to: Format) -> Iterator[str]:
    overlaps = _count_overlaps(before) if Feature.OVERLAPS not in to.holds else 0
    yield from _count(Feature.OVERLAPS, overlaps)
    if _is_reordered(before, after):
        yield _ORDER
        before = tuple(sorted(before, key=_times))
        after = tuple(sorted(after, key=_times))
    if len(before) == len(after):
        pairs = list(zip(before, after, strict=True))
    else:
        yield f"cues ({len(before)} become {len(after)})"
        pairs = _pair(before, after)
    for feature, is_lost in _LOSSES:
        yield from _name(feature, [cue for cue, other in pairs if is_lost(cue, other)], to)
    yield from _natives(pairs)


def _is_reordered(before: tuple[Cue, ...], after: tuple[Cue, ...]) -> bool:
    """Tell whether ``after`` has the same cues in another order."""
    if len(before) != len(after) or list(map(_key, before)) == list(map(_key, after)):
        return False
    return sorted(map(_key, before)) == sorted(map(_key, after))


def _key(cue: Cue) -> tuple[int, int, str]:
    return (*_times(cue), "".join(cue.text.split()))


def _times(cue: Cue) -> tuple[int, int]:
    return to_milliseconds(cue.start), to_milliseconds(cue.end)


def _pair(before: Iterable[Cue], after: Iterable[Cue]) -> list[Pair]:
    """Return each cue with the one that begins when it does; what has none has lost all."""
    found: dict[int, list[Cue]] = {}
    for cue in reversed(list(after)):
        found.setdefault(to_milliseconds(cue.start), []).append(cue)
    nothing = Cue(0, 0, ("",))
    queues = ((cue, found.get(to_milliseconds(cue.start), [])) for cue in before)
    return [(cue, queue.pop() if queue else nothing) for cue, queue in queues]


def _natives(pairs: Iterable[Pair]) -> Iterator[str]:
    """Yield what only the format knows that the cues came from."""
    lost = [
        before.native
        for before, after in pairs
        if before.native is not None and before.native != after.native
    ]
    for name in dict.fromkeys(native.format for native in lost):
        natives = [native for native in lost if native.format == name]
        fields = dict.fromkeys(field for native in natives for field, _ in native.fields)
        tags = ["tags"] if any(native.text for native in natives) else []
        listed = ", ".join([*tags, *fields])
        yield f"what only {name} has: {listed} ({_count_cues(len(natives))})"


def _name(feature: str, lost: list[Cue], to: Format) -> Iterator[str]:
    """Yield what is lost of ``lost``: where the format says what of a feature it lacks, that."""
    kind = _LACKS.get(feature, "")
    said = Counter(
        text for cue in lost if kind for text in to.list_unwritten(cue) if text.startswith(kind)
    )
    for text, count in said.items():
        yield from _count(text, count)
    yield from _count(feature, len(lost) - said.total())


def _count(feature: str, count: int) -> Iterator[str]:
    if count:
        yield f"{feature} ({_count_cues(count)})"


def _count_cues(count: int) -> str:
    return "1 cue" if count == 1 else f"{count} cues"


def _count_overlaps(cues: tuple[Cue, ...]) -> int:
    """Return how many cues begin while another one is shown."""
    ordered = sorted(map(_times, cues))
    reached = accumulate((end for _, end in ordered), max)
    return sum(start < end for (start, _), end in zip(ordered[1:], reached, strict=False))


def _has_voices(cue: Cue) -> bool:
    return len(split_voices(cue)) > 1


def _words(cue: Cue) -> list[tuple[str, int | None]]:
    """Return the words with a time, and when each begins."""
    return [
        (word.text.strip(), to_milliseconds(word.span.start)) for word in words_of(cue) if word.span
    ]


def _ends(cue: Cue) -> list[int]:
    return [to_milliseconds(word.span.end) for word in words_of(cue) if word.span]


def _certainty(words: Iterable[Word]) -> list[tuple[float | None, str | None]]:
    return [(word.confidence, word.speaker) for word in words]


def _loses_lines(before: Cue, after: Cue) -> bool:
    same = "".join(before.text.split()) == "".join(after.text.split())
    return same and len(before.lines) != len(after.lines)


def _loses_spaces(before: Cue, after: Cue) -> bool:
    same = "".join(before.text.split()) == "".join(after.text.split())
    return same and len(before.lines) == len(after.lines) and before.lines != after.lines


def _loses_characters(before: Cue, after: Cue) -> bool:
    return "".join(before.text.split()) != "".join(after.text.split())


def _loses_confidence(before: Cue, after: Cue) -> bool:
    if (before.confidence, before.reason) != (after.confidence, after.reason):
        return before.confidence is not None or bool(before.reason)
    known = _certainty(before.words) != _certainty(after.words)
    return known and any(word.confidence is not None for word in before.words)


def _loses_markup(before: Cue, after: Cue) -> bool:
    """Tell whether text looks otherwise; how tags that mean the same are nested is no matter."""
    if not before.markup or before.markup == after.markup:
        return False
    is_simple = all(
        token.kind is not TokenKind.START or (token.name in "biu" and not token.classes)
        for token in parse_markup(before.markup)
    )
    return not is_simple or styled_lines(before) != styled_lines(after)


_LOSSES: tuple[tuple[str, Callable[[Cue, Cue], bool]], ...] = (
    (Feature.TIMES, lambda a, b: _times(a) != _times(b)),
    (_CHARACTERS, _loses_characters),
    (Feature.LINES, _loses_lines),
    (_SPACES, _loses_spaces),
    (Feature.SPEAKER, lambda a, b: bool(name_of(a)) and name_of(a) != name_of(b)),
    (Feature.MARKUP, _loses_markup),
    (Feature.SETTINGS, lambda a, b: bool(a.settings) and a.settings != b.settings),
    (Feature.IDENTIFIER, lambda a, b: bool(a.identifier) and a.identifier != b.identifier),
    (Feature.WORDS, lambda a, b: _words(a) != _words(b)),
    (_WORD_ENDS, lambda a, b: _words(a) == _words(b) and _ends(a) != _ends(b)),
    (Feature.CONFIDENCE, _loses_confidence),
)
_USES: tuple[tuple[Feature, Callable[[Cue], bool]], ...] = (
    (Feature.LINES, lambda cue: len(cue.lines) > 1),
    (Feature.SPEAKER, lambda cue: bool(name_of(cue))),
    (Feature.MARKUP, lambda cue: bool(cue.markup or (cue.native and cue.native.text))),
    (Feature.SETTINGS, lambda cue: bool(cue.settings)),
    (Feature.IDENTIFIER, lambda cue: bool(cue.identifier)),
    (Feature.WORDS, lambda cue: any(word.span for word in words_of(cue))),
    (Feature.CONFIDENCE, lambda cue: cue.confidence is not None or bool(cue.reason)),
)
