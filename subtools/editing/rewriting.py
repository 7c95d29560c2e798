"""The text of cues in another Chinese script, all that is bound to it carried along."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import accumulate, groupby

from subtools.core import Block, Cue, Native, Span, Subtitles, Word
from subtools.lexicon import split_words
from subtools.markup import compose_markup, parse_markup, rewrap_markup
from subtools.phonetics import Script, convert_script, detect_script, simplify

_ROUNDS = 3  # of a file in which scripts are mixed: what it is in is clearer each time
Convert = Callable[[str], str]
_CODES = re.compile(r"(\{[^}]*\}|<[^>]*>|\\[Nnh])")  # tags of ASS and SubRip, line breaks of ASS


def rewrite_script(subtitles: Subtitles, to: Script) -> Subtitles:
    """Return ``subtitles`` in the script ``to``: texts, title and speakers' names.

    The script they are in is found by all of their text, and where a line is plainly in
    another, by that line. Tags, places and times stay; of words whose number of characters
    changes, the times are shared out anew and have no confidence.

    >>> rewrite_script(Subtitles((Cue(0, 1, ("鼠标坏了",)),)), Script.TW).cues[0].lines
    ('滑鼠壞了',)
    """
    for _ in range(_ROUNDS):
        before, subtitles = subtitles, _rewrite_once(subtitles, to)
        if subtitles == before:
            break
    return subtitles


def _rewrite_once(subtitles: Subtitles, to: Script) -> Subtitles:
    source = detect_script("\n".join(cue.text for cue in subtitles.cues))

    def convert(text: str) -> str:
        return convert_script(text, to, source)

    names = {cue.speaker: convert(cue.speaker) for cue in subtitles.cues if cue.speaker}
    return replace(
        subtitles,
        cues=tuple(_rewrite_cue(cue, convert) for cue in subtitles.cues),
        title=convert(subtitles.title),
        blocks=tuple(_rename_in_styles(block, names) for block in subtitles.blocks),
    )


def _rewrite_cue(cue: Cue, convert: Convert) -> Cue:
    lines = tuple(convert(cue.text).split("\n"))
    speaker = convert(cue.speaker) if cue.speaker else cue.speaker
    if lines == cue.lines and speaker == cue.speaker:
        return cue
    return replace(
        cue,
        lines=lines,
        speaker=speaker,
        words=carry_words(cue.words, convert),
        markup=_rewrite_markup(cue.markup, lines, convert),
        native=_rewrite_native(cue.native, convert),
    )


def _rewrite_markup(markup: str, lines: Sequence[str], convert: Convert) -> str:
    """Return ``markup`` around ``lines``; names of voices are converted, tags are not."""
    if not markup:
        return ""
    voiced = (
        replace(token, annotation=convert(token.annotation)) if token.name == "v" else token
        for token in parse_markup(markup)
    )
    return rewrap_markup(compose_markup(voiced), lines)


def _rewrite_native(native: Native | None, convert: Convert) -> Native | None:
    """Return the native text converted between its codes, or without it where they part words."""
    if native is None or not native.text:
        return native
    parts = _CODES.split(native.text)
    parts[::2] = map(convert, parts[::2])
    whole = convert("".join(_CODES.split(native.text)[::2]))
    if "".join(parts[::2]) == whole:
        return replace(native, text="".join(parts))
    return replace(native, text="") if native.fields else None


def _rename_in_styles(block: Block, names: dict[str, str]) -> Block:
    """Return ``block``, if it styles voices of WebVTT, with the new names of the voices."""
    if block.kind.casefold() != "style":
        return block
    text = block.text
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return replace(block, text=text)


def carry_words(words: Sequence[Word], convert: Convert) -> tuple[Word, ...]:
    """Return ``words`` converted as the one text that they are, times carried over.

    A character that became one other has its time. Where the number of characters has
    changed, the new ones share the time of the old.
    """
    old = "".join(word.text for word in words)
    new = convert(old)
    if new == old:
        return tuple(words)
    if len(new) == len(old):
        ends = [*accumulate(len(word.text) for word in words)]
        starts = [0, *ends]
        return tuple(
            replace(word, text=new[start:end])
            for word, start, end in zip(words, starts, ends, strict=False)
        )
    owners = _find_owners(words, old, new)
    return tuple(_cut_new(words, new, owners))


def _find_owners(words: Sequence[Word], old: str, new: str) -> list[tuple[int, bool]]:
    """Return for each character of ``new`` whose it is, and whether it is one for one."""
    owner = [index for index, word in enumerate(words) for _ in word.text]
    owners: list[tuple[int, bool]] = []
    matcher = SequenceMatcher(None, simplify(old), simplify(new), autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        length, count = i2 - i1, j2 - j1
        for k in range(count):
            place = min(i1 + k * length // count, len(owner) - 1)
            owners.append((owner[place], length == count))
    return owners


def _cut_new(words: Sequence[Word], new: str, owners: list[tuple[int, bool]]) -> Iterator[Word]:
    """Yield the words of ``new``, which stand for those that own their characters."""
    for index, run in groupby(range(len(new)), key=lambda k: owners[k][0]):
        places = list(run)
        text = new[places[0] : places[-1] + 1]
        word = words[index]
        if all(owners[k][1] for k in places):
            yield replace(word, text=text)
        else:
            yield from _share_time(word, split_words(text))


def _share_time(word: Word, texts: Sequence[str]) -> Iterator[Word]:
    """Yield words that share the time of ``word``, no one sure of when."""
    for number, text in enumerate(texts):
        span = None
        if word.span is not None:
            step = word.span.duration / len(texts)
            start = word.span.start + number * step
            end = word.span.end if number + 1 == len(texts) else start + step
            span = Span(start, max(start, end))
        yield replace(word, text=text, span=span, confidence=None)
