"""Two cues that become one, and one that becomes two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from subtools.core import Cue, CueRules, Word
from subtools.markup import escape_markup, rewrap_markup
from subtools.phrasing import break_costs
from subtools.styles.checking import place_of
from subtools.styles.repairs import other_ends, other_starts
from subtools.styles.texts import DASHES
from subtools.styles.wrapping import join_lines, wrap_text
from subtools.typography import typeset_lines

_GOES_ON = tuple("，、,;；：:")  # what a sentence that goes on ends with
_TRIED_CUTS = 6


def merged_cues(first: Cue, second: Cue, rules: CueRules) -> list[Cue]:
    """Return the cues that two could be together; none if they do not belong together.

    They do if the same person speaks. Where nobody is named, the first one must end inside
    a sentence, so that it is plain who goes on.
    """
    if not _belong_together(first, second, rules):
        return []
    lines = (*first.lines, *second.lines)
    wrapped = wrap_text(join_lines(lines, rules.punctuation), rules)
    choices = [lines] if len(lines) <= rules.max_lines else []
    choices += [wrapped] if wrapped else []
    choices = [typeset_lines(choice, rules.punctuation) for choice in choices]
    return [_merge(first, second, choice) for choice in dict.fromkeys(choices) if choice]


def _belong_together(first: Cue, second: Cue, rules: CueRules) -> bool:
    if first.speaker != second.speaker or place_of(first) != place_of(second):
        return False
    if any(line.lstrip().startswith(DASHES) for line in (*first.lines, *second.lines)):
        return False
    if second.start - first.end > rules.max_pause or first.settings != second.settings:
        return False
    return bool(first.speaker) or first.lines[-1].rstrip().endswith(_GOES_ON)


def _merge(first: Cue, second: Cue, lines: tuple[str, ...]) -> Cue:
    known = [cue.confidence for cue in (first, second)]
    sure = [confidence for confidence in known if confidence is not None]
    reasons = dict.fromkeys(filter(None, (first.reason, second.reason)))
    return replace(
        first,
        end=max(first.end, second.end),
        lines=lines,
        confidence=min(sure) if len(sure) == len(known) else None,
        reason="; ".join(reasons),
        words=first.words + second.words if first.words and second.words else (),
        markup=_merge_markup(first, second, lines),
        native=first.native if _fields(first) == _fields(second) else None,
    )


def _fields(cue: Cue) -> tuple[tuple[str, str], ...]:
    return cue.native.fields if cue.native else ()


def _merge_markup(first: Cue, second: Cue, lines: tuple[str, ...]) -> str:
    if not first.markup and not second.markup:
        return ""
    parts = (cue.markup or escape_markup(cue.text) for cue in (first, second))
    return rewrap_markup("\n".join(parts), lines)


def split_cue(cue: Cue, rules: CueRules) -> Iterator[tuple[Cue, Cue]]:
    """Yield the two cues that ``cue`` could be, best place to part it first.

    Only where the times of its words are known: no onset is made up. A cue with tags is left.
    """
    words = cue.words
    if cue.markup or not _are_words_of(words, cue):
        return
    texts = [word.text for word in words]
    costs = break_costs(texts)
    places = list(accumulate(map(len, texts), initial=0))
    middle = places[-1] / 2
    cuts = sorted(
        (k for k in range(1, len(words)) if words[k].span),
        key=lambda k: costs[k] + abs(places[k] - middle) / middle,
    )
    for cut in cuts[:_TRIED_CUTS]:
        yield from _split_at(cue, cut, rules)


def _are_words_of(words: Sequence[Word], cue: Cue) -> bool:
    said = "".join(word.text for word in words)
    return bool(words) and _letters(said) == _letters(cue.text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _split_at(cue: Cue, cut: int, rules: CueRules) -> Iterator[tuple[Cue, Cue]]:
    head, tail = cue.words[:cut], cue.words[cut:]
    onset = tail[0].span.start if tail[0].span else cue.end
    said = max((word.span.end for word in head if word.span), default=cue.start)
    first, second = (_wrap_words(part, rules) for part in (head, tail))
    if not first or not second or not cue.start < onset <= cue.end or said < cue.start:
        return
    before = replace(cue, end=min(said, onset), lines=first, words=head, native=None)
    after = replace(cue, start=onset, lines=second, words=tail, native=None, identifier="")
    for start in other_starts(after, rules):
        for end in other_ends(before, start, rules):
            if start <= cue.end:
                yield replace(before, end=end), replace(after, start=start)


def _wrap_words(words: Sequence[Word], rules: CueRules) -> tuple[str, ...]:
    text = "".join(word.text for word in words)
    wrapped = wrap_text(text, rules) or (" ".join(text.split()),)
    return typeset_lines(wrapped, rules.punctuation)
