"""YAML and TOML files as frozen settings, each with the line it stands on.

Every scalar stays the text that the file has: YAML would read ``00:10`` as a number and
``no`` as a truth value, and whoever wants a number knows how to read it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subtools.errors import DocumentError

_LONGEST = 1_000_000  # characters; a file of settings that is longer is something else
_DEEPEST = 20  # levels; deeper is no settings, but an attack on the parser
_TOML_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of a settings file.

    Attributes:
        line: Where it stands, from 1; None where that is not known.
        text: The value as written; None for a list, a mapping and nothing at all.
        items: The values of a list.
        members: The values of a mapping by their keys, in the order of the file.
    """

    line: int | None
    text: str | None = None
    items: tuple[Setting, ...] = ()
    members: tuple[tuple[str, Setting], ...] = ()

    def member(self, key: str) -> Setting | None:
        """Return the value of ``key``; None if there is none."""
        return dict(self.members).get(key)


def parse_settings(
    text: str, *, path: Path | str | None = None, may_be_list: bool = False
) -> Setting:
    """Return what a file of settings says: a mapping, empty for an empty file.

    Args:
        text: The file's text.
        path: Where it was read; one that ends with ``.toml`` is TOML, all else YAML.
        may_be_list: Whether the whole of it may be a list as well.

    Raises:
        DocumentError: If it is not such a file, with the line; if a key comes twice.

    >>> setting = parse_settings("SPEAKER_02: 林教授")
    >>> setting.members[0][0], setting.members[0][1].text, setting.members[0][1].line
    ('SPEAKER_02', '林教授', 1)
    """
    if len(text) > _LONGEST:
        raise DocumentError("this is too long for a file of settings", path=path)
    is_toml = path is not None and Path(path).suffix.lower() == ".toml"
    setting = _parse_toml(text, path) if is_toml else _parse_yaml(text, path)
    if setting.text is not None or (setting.items and not may_be_list):
        hint = "each line says `key: value`"
        raise DocumentError("expected a list of keys and values", hint=hint, path=path, line=1)
    return setting


def _parse_yaml(text: str, path: Path | str | None) -> Setting:
    import yaml

    try:
        _refuse_depth(yaml, text, path)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"this is not YAML: {error.problem or error.context}"
        line = mark.line + 1 if mark else None
        raise DocumentError(what, path=path, line=line) from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        what = " ".join(str(error).split())
        raise DocumentError(f"this is not YAML: {what}", path=path) from error
    return _convert_node(yaml, node, path) if node is not None else Setting(None)


def _refuse_depth(yaml: Any, text: str, path: Path | str | None) -> None:
    """Raise for values inside values inside values, and for values that stand for others.

    An alias can make a file of ten lines as large as the memory.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise DocumentError("references (*) are not understood here", path=path, line=line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise DocumentError("the values are nested too deeply", path=path, line=line)


def _convert_node(yaml: Any, node: Any, path: Path | str | None) -> Setting:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        is_nothing = node.style is None and node.value in {"", "~", "null"}
        return Setting(line, text=None if is_nothing else node.value)
    if isinstance(node, yaml.SequenceNode):
        return Setting(line, items=tuple(_convert_node(yaml, item, path) for item in node.value))
    members: dict[str, Setting] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise DocumentError("a key must be a word", path=path, line=key_line)
        if key.value in members:
            raise DocumentError(f"{key.value!r} stands here twice", path=path, line=key_line)
        members[key.value] = _convert_node(yaml, value, path)
    return Setting(line, members=tuple(members.items()))


def _parse_toml(text: str, path: Path | str | None) -> Setting:
    try:
        return _convert_value(tomllib.loads(text), text.splitlines(), None)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        what = f"this is not TOML: {_TOML_PLACE.sub('', str(error))}"
        line = int(place[1]) if place else None
        raise DocumentError(what, path=path, line=line) from error
    except RecursionError as error:
        raise DocumentError("the values are nested too deeply", path=path) from error


def _convert_value(value: Any, lines: list[str], line: int | None) -> Setting:
    if isinstance(value, Mapping):
        members = (
            (key, _convert_value(v, lines, _find_key(key, lines))) for key, v in value.items()
        )
        return Setting(line, members=tuple(members))
    if isinstance(value, list):
        return Setting(line, items=tuple(_convert_value(item, lines, line) for item in value))
    if isinstance(value, bool):
        return Setting(line, text=str(value).lower())
    return Setting(line, text=str(value))


def _find_key(key: str, lines: list[str]) -> int | None:
    """Return the only line that a key of TOML can stand on; None where there are several."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]")
    found = [number for number, line in enumerate(lines, start=1) if pattern.match(line)]
    return found[0] if len(found) == 1 else None
