"""Frozen values as JSON and back, without a digit lost.

``words.json`` rounds times to milliseconds, as a file for people should. Between two steps
nothing may be rounded: a batch gives the same bytes as ``subtools caption``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

T = TypeVar("T")


def freeze(value: object) -> str:
    """Return ``value``, a dataclass of plain values, tuples and other dataclasses, as JSON."""
    plain = _to_plain(value)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode()  # names of files may be no text


def thaw(kind: type[T], text: str) -> T:
    """Return the value of type ``kind`` that ``text`` holds.

    Raises:
        ValueError: If it holds another.
    """
    try:
        found = _from_plain(kind, json.loads(text))
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"this is no {kind.__name__}: {error}") from error
    if not isinstance(found, kind):
        raise ValueError(f"this is no {kind.__name__}")  # noqa: TRY004 - of the text, not a type
    return found


def _to_plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value):
        return {f.name: _to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_to_plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def _from_plain(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _from_union(get_args(kind), value)
    if origin is tuple:
        return _to_tuple(get_args(kind), value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _from_plain(hints[name], item) for name, item in value.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is Path:
        return Path(value)
    if kind is float and isinstance(value, int):
        return float(value)
    return value


def _from_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in kinds:
        return None
    others = [kind for kind in kinds if kind is not NoneType]
    return _from_plain(others[0], value) if len(others) == 1 else value


def _to_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if kinds[1:] == (...,):
        return tuple(_from_plain(kinds[0], item) for item in value)
    return tuple(_from_plain(kind, item) for kind, item in zip(kinds, value, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
