"""Names that two parts of a video use for different things."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from subtools.core import Block, Cue, Remark, Subtitles
from subtools.editing.timing import drop_markup_times
from subtools.timecode import to_milliseconds

_REGION_NAME = re.compile(r"(?<![^\s])(id[:=])(\S+)")
_REGION_SETTING = re.compile(r"(?<![^\s])(region:)(\S+)")


def keep_apart(part: Subtitles, whole: Subtitles, number: int) -> Subtitles:
    """Return ``part``, the one of that ``number``, without names that ``whole`` has already.

    Numbers that only count cues go on counting.
    """
    regions = _rename_regions(part.blocks, whole.blocks, number)
    names = _rename_cues(part.cues, whole.cues, number)
    cues = tuple(
        replace(
            cue,
            identifier=names.get(cue.identifier, cue.identifier),
            settings=_swap(_REGION_SETTING, cue.settings, regions),
        )
        for cue in part.cues
    )
    blocks = tuple(
        replace(block, text=_swap(_REGION_NAME, block.text, regions))
        if _is_region(block)
        else block
        for block in part.blocks
    )
    return replace(part, cues=cues, blocks=blocks)


def merge_styles(
    blocks: Sequence[Block], others: Iterable[Block]
) -> tuple[tuple[Block, ...], tuple[Remark, ...]]:
    """Return ``blocks`` with the styles of ASS that only ``others`` have.

    A style that both have, and not the same, is that of ``blocks``, with a remark.
    """
    merged, remarks = list(blocks), list[Remark]()
    for other in others:
        places = [i for i, block in enumerate(merged) if _is_styles(block, other.kind)]
        if not (places and _is_styles(other, other.kind)):
            continue
        block = merged[places[0]]
        lines = block.text.splitlines()
        known = {_style_name(line): line for line in lines}
        for line in filter(_style_name, other.text.splitlines()):
            if _style_name(line) not in known:
                lines.append(line)
            elif known[_style_name(line)] != line:
                remarks.append(Remark(f"the style {_style_name(line)} is that of the first part"))
        merged[places[0]] = replace(block, text="\n".join(lines))
    return tuple(merged), tuple(remarks)


def _is_styles(block: Block, kind: str) -> bool:
    return block.kind == kind and kind.casefold().endswith("styles")


def _style_name(line: str) -> str:
    key, _, value = line.partition(":")
    return value.partition(",")[0].strip() if key.strip().casefold() == "style" else ""


def _is_region(block: Block) -> bool:
    return block.kind.casefold() == "region"


def _rename_regions(part: Iterable[Block], whole: Iterable[Block], number: int) -> dict[str, str]:
    """Return new names for the regions that are defined in both, and not in the same way."""
    known = {_region_name(block): block.text for block in whole if _is_region(block)}
    names = {_region_name(block): block.text for block in part if _is_region(block)}
    clashes = (name for name, text in names.items() if known.get(name, text) != text)
    taken = {*known, *names}
    return {name: _new_name(name, number, taken) for name in clashes}


def _region_name(block: Block) -> str:
    match = _REGION_NAME.search(block.text)
    return match[2] if match else ""


def _rename_cues(part: Iterable[Cue], whole: Iterable[Cue], number: int) -> dict[str, str]:
    """Return new identifiers for those that ``whole`` has, unless it is the same cue cut in two."""
    known = {cue.identifier: cue for cue in whole if cue.identifier}
    own = {cue.identifier: cue for cue in reversed(list(part)) if cue.identifier}
    if not any(name in known and not _is_same(known[name], cue) for name, cue in own.items()):
        return {}
    if all(map(str.isdecimal, [*known, *own])):
        last = max(map(int, known))
        return {name: str(last + int(name)) for name in own}
    taken = {*known, *own}
    return {name: _new_name(name, number, taken) for name in own if name in known}


def _is_same(before: Cue, after: Cue) -> bool:
    """Tell whether ``after`` may be the rest of ``before``."""
    return (
        to_milliseconds(before.end) == to_milliseconds(after.start)
        and before.lines == after.lines
        and drop_markup_times(before.markup) == drop_markup_times(after.markup)
    )


def _new_name(name: str, number: int, taken: Collection[str]) -> str:
    """Return ``name`` with the number of the part behind it, or the first that is free.

    >>> _new_name("intro", 2, {"intro"})
    'intro-2'
    """
    return next(f"{name}-{n}" for n in count(number) if f"{name}-{n}" not in taken)


def _swap(pattern: re.Pattern[str], text: str, names: Mapping[str, str]) -> str:
    return pattern.sub(lambda match: match[1] + names.get(match[2], match[2]), text)
