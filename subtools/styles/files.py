"""Styles that users write: TOML to rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Any

from subtools.core import Balance, CueRules, Cutting, NameRoom, Punctuation
from subtools.errors import DocumentError
from subtools.settings import Setting, parse_settings
from subtools.styles.named import PLAIN, at_frame_rate, named_style


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a style file.

    Attributes:
        field: The field of ``CueRules`` that it sets.
        read: What reads its value, given the frame rate; raises ``ValueError`` in words.
    """

    field: str
    read: Callable[[str, float | None], Any]


def parse_style(text: str, *, path: Path | str | None = None) -> CueRules:
    r"""Return the rules that a style file says; what it does not say is as in what it extends.

    Raises:
        DocumentError: If it is no TOML, has a key or a value that none is, or contradicts itself.

    >>> parse_style('extends = "netflix-zh-hant"\nmax_characters = 14').max_columns
    28
    """
    named = path if path is not None else "style.toml"
    settings = parse_settings(text, path=named)
    members = dict(settings.members)
    rules = _extended(members.pop("extends", None), named)
    rate = members.pop("frame_rate", None)
    if rate is not None:
        rules = _set_frame_rate(rules, rate, named)
    values: dict[str, Any] = {"name": Path(named).stem}
    for key, setting in members.items():
        known = _find_key(key, setting, named)
        values[known.field] = _read(key, setting, known, rules.frame_rate, named)
    rules = replace(rules, **values)
    _refuse_contradictions(rules, members, named)
    return rules


def _extended(setting: Setting | None, path: Path | str) -> CueRules:
    if setting is None:
        return PLAIN
    try:
        return named_style(setting.text or "")
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=path, line=setting.line) from error


def _set_frame_rate(rules: CueRules, setting: Setting, path: Path | str) -> CueRules:
    """Return ``rules`` on other frames; a gap stays as many frames as it was."""
    rate = _read("frame_rate", setting, _Key("frame_rate", _rate), None, path)
    return replace(rules, frame_rate=None) if rate is None else at_frame_rate(rules, rate)


def _find_key(key: str, setting: Setting, path: Path | str) -> _Key:
    known = _KEYS.get(key)
    if known is not None:
        return known
    names = (*_KEYS, "extends", "frame_rate")
    near = get_close_matches(key, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(names))}"
    raise DocumentError(f"no rule is called {key!r}", hint=hint, path=path, line=setting.line)


def _read(key: str, setting: Setting, known: _Key, rate: float | None, path: Path | str) -> Any:
    if setting.text is None:
        what = f"{key} is one value, not several"
        raise DocumentError(what, path=path, line=setting.line)
    try:
        return known.read(setting.text.strip(), rate)
    except ValueError as error:
        what = f"{key} = {setting.text!r}: {error}"
        raise DocumentError(what, path=path, line=setting.line) from error


def _refuse_contradictions(rules: CueRules, members: dict[str, Setting], path: Path | str) -> None:
    for pair in (("max_characters", "max_columns"), _SPEEDS):
        if all(key in members for key in pair):
            what = f"{pair[0]} and {pair[1]} say the same: give one of them"
            raise DocumentError(what, path=path, line=members[pair[1]].line)
    if rules.min_duration > rules.max_duration:
        raise DocumentError("the shortest duration is longer than the longest", path=path)


# --- values


def _count(text: str, _rate: float | None) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        raise ValueError("give a whole number from 1 to 1000")
    return int(text)


def _twice(text: str, rate: float | None) -> int:
    return 2 * _count(text, rate)


def _number(text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(what) from None
    if not isfinite(number) or number < 0:
        raise ValueError(what)
    return number


def _limit(text: str, _rate: float | None) -> float | None:
    if text.lower() == "none":
        return None
    number = _number(text, 'give a number above 0, or "none"')
    if not number:
        raise ValueError('give a number above 0, or "none"')
    return number


def _wide_limit(text: str, rate: float | None) -> float | None:
    limit = _limit(text, rate)
    return None if limit is None else 2 * limit


def _rate(text: str, rate: float | None) -> float | None:
    above, slash, below = text.partition("/")
    if not slash:
        return _limit(text, rate)
    what = "give a number, or a fraction such as 24000/1001"
    over = _number(below, what)
    if not over:
        raise ValueError(what)
    return _number(above, what) / over


def _time(text: str, rate: float | None) -> float:
    what = 'give seconds, or "80 ms", "1.5 s", "2 frames"'
    number, _, unit = text.partition(" ")
    if unit in {"frame", "frames"}:
        if rate is None:
            raise ValueError("there are frames only with a frame_rate")
        return _number(number, what) / rate
    if unit not in {"", "s", "ms"}:
        raise ValueError(what)
    return _number(number, what) / (1000 if unit == "ms" else 1)


def _truth(text: str, _rate: float | None) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("give true or false")
    return text == "true"


def _words(text: str, _rate: float | None) -> str:
    return text


def _one_of(choices: type[StrEnum]) -> Callable[[str, float | None], StrEnum]:
    def read(text: str, _rate: float | None) -> StrEnum:
        try:
            return choices(text)
        except ValueError:
            raise ValueError(f"give one of {', '.join(map(repr, map(str, choices)))}") from None

    return read


_SPEEDS = ("max_characters_per_second", "max_columns_per_second")
_KEYS = {
    "name": _Key("name", _words),
    "source": _Key("source", _words),
    "max_characters": _Key("max_columns", _twice),
    "max_columns": _Key("max_columns", _count),
    "max_lines": _Key("max_lines", _count),
    "min_duration": _Key("min_duration", _time),
    "max_duration": _Key("max_duration", _time),
    "max_characters_per_second": _Key("max_speed", _wide_limit),
    "max_columns_per_second": _Key("max_speed", _limit),
    "max_words_per_minute": _Key("max_words_per_minute", _limit),
    "min_gap": _Key("min_gap", _time),
    "closed_gap": _Key("closed_gap", _time),
    "hold": _Key("hold", _time),
    "max_pause": _Key("max_pause", _time),
    "cutting": _Key("cutting", _one_of(Cutting)),
    "balance": _Key("balance", _one_of(Balance)),
    "punctuation": _Key("punctuation", _one_of(Punctuation)),
    "two_speakers": _Key("is_shared", _truth),
    "colours": _Key("has_colours", _truth),
    "keep_untimed": _Key("keep_untimed", _truth),
    "name_room": _Key("name_room", _one_of(NameRoom)),
}
STYLE_KEYS: tuple[str, ...] = ("extends", "frame_rate", *_KEYS)
