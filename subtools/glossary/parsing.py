"""A file of terms to a glossary: YAML, TOML, or plain text with a term a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.core import Glossary, Term
from subtools.errors import DocumentError
from subtools.lexicon import clean_name
from subtools.settings import Setting, parse_settings

_HINT = "write `term: [other name, ...]`, or `term = other name, ...` in a text file"
_LONGEST = 100  # characters; a longer line is a sentence, not a term
_BY_SUFFIX = {
    **dict.fromkeys((".yaml", ".yml", ".toml", ".json"), True),
    **dict.fromkeys((".txt", ".tsv"), False),
}
# What begins a list or a mapping of YAML, or is a table of TOML's.
_STRUCTURED = re.compile(r"""\s*(?:-\s|[\[{]|---|[^\s=\t"'][^=\t]*?:(?:\s|$)|["'][^"']*["']\s*:)""")
_SEPARATORS = re.compile(r"[,，、]")  # between the other names on a line
_SOUND = re.compile(r"/(.+)/")  # of a name on a line: how it is said
_MEMBERS = frozenset({"aliases", "sounds", "note"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something stands.

    Attributes:
        path: The file, if there is one.
        line: From 1, if known.
    """

    path: Path | str | None
    line: int | None

    def error(self, message: str) -> DocumentError:
        """Return that ``message`` is wrong here."""
        return DocumentError(message, hint=_HINT, path=self.path, line=self.line)


def parse_glossary(text: str, *, path: Path | str | None = None) -> Glossary:
    """Return the terms of a file, in its order.

    Three forms of YAML (TOML has the first two): ``term: [other name, ...]``, ``term:
    {aliases: [...], sounds: [...]}`` and a plain list of terms. Plain text has a term a
    line, other names after ``=`` or a tab, sounds between slashes; a line that begins with
    ``#`` is not read.

    Args:
        text: The file's text.
        path: Where it was read. ``.txt`` and ``.tsv`` are plain text; ``.yaml``, ``.yml``,
            ``.toml`` and ``.json`` are not; any other is told by its first line.

    Raises:
        DocumentError: If it is not such a file, or has a term twice, with the line.

    >>> [term.names for term in parse_glossary("閉源模型: [closed model]").terms]
    [('閉源模型', 'closed model')]
    >>> parse_glossary("智譜 = Zhipu AI, /zhi4 pu3/").terms[0].sounds
    ('zhi4 pu3',)
    """
    text = text.removeprefix("\ufeff")
    read = _read_structured if _is_structured(text, path) else _read_lines
    terms: dict[str, Term] = {}
    for place, term in read(text, path):
        if term.name in terms:
            raise place.error(f"{term.name!r} stands here twice")
        terms[term.name] = replace(term, source="" if path is None else Path(path).name)
    return Glossary(tuple(terms.values()))


def _is_structured(text: str, path: Path | str | None) -> bool:
    known = None if path is None else _BY_SUFFIX.get(Path(path).suffix.lower())
    if known is not None:
        return known
    lines = (line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#")
    return _STRUCTURED.match(next(lines, "")) is not None


def _read_lines(text: str, path: Path | str | None) -> Iterator[tuple[_Place, Term]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and line.lstrip()[0] != "#":
            place = _Place(path, number)
            name, others = _split_line(line)
            yield place, _term(place, name, *_tell_sounds(others))


def _split_line(line: str) -> tuple[str, list[str]]:
    """Return the term on a line and what stands behind it."""
    if "\t" in line:
        name, *others = line.strip("\t").split("\t")
    else:
        name, _, rest = line.partition("=")
        others = [rest]
    return name, [part for other in others for part in _SEPARATORS.split(other)]


def _tell_sounds(parts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return other names, and the sounds among them, which stand between slashes."""
    aliases, sounds = [], []
    for part in map(str.strip, parts):
        if match := _SOUND.fullmatch(part):
            sounds.append(match[1])
        elif part:
            aliases.append(part)
    return aliases, sounds


def _read_structured(text: str, path: Path | str | None) -> Iterator[tuple[_Place, Term]]:
    root = parse_settings(text, path=path, may_be_list=True)
    yield from _read_mapping(root, path)
    for item in root.items:
        if item.members:
            yield from _read_mapping(item, path)
        else:
            place = _Place(path, item.line)
            yield place, _term(place, _name(item, path), (), ())


def _read_mapping(setting: Setting, path: Path | str | None) -> Iterator[tuple[_Place, Term]]:
    for name, entry in setting.members:
        place = _Place(path, entry.line)
        yield place, _term(place, name, _list(entry, "aliases", path), _list(entry, "sounds", path))


def _list(entry: Setting, key: str, path: Path | str | None) -> list[str]:
    """Return the texts of the member ``key``; a short entry has nothing but its aliases."""
    if not entry.members:
        return _texts(entry, path) if key == "aliases" else []
    for name, member in entry.members:
        if name not in _MEMBERS:
            raise _Place(path, member.line).error(f"an entry has no {name!r}")
    found = entry.member(key)
    return _texts(found, path) if found else []


def _texts(setting: Setting, path: Path | str | None) -> list[str]:
    if setting.text is None and not setting.items:
        _name(setting, path, is_needed=False)
        return []
    return [_name(item, path) for item in setting.items or (setting,)]


def _name(setting: Setting, path: Path | str | None, *, is_needed: bool = True) -> str:
    """Return the text of ``setting``."""
    if setting.items or setting.members or (is_needed and setting.text is None):
        raise _Place(path, setting.line).error("a name must be text")
    return setting.text or ""


def _term(place: _Place, name: str, aliases: Iterable[str], sounds: Iterable[str]) -> Term:
    checked = _checker(place)
    name = checked(name)
    others = dict.fromkeys(map(checked, aliases))
    others.pop(name, None)
    return Term(name, tuple(others), tuple(dict.fromkeys(map(checked, sounds))))


def _checker(place: _Place) -> Callable[[str], str]:
    def check(text: str) -> str:
        name = clean_name(text)
        if not any(map(str.isalnum, name)):
            raise place.error(f"a name needs a letter or a digit, unlike {name!r}")
        if len(name) > _LONGEST:
            raise place.error(f"a name has at most {_LONGEST} characters, not {len(name)}")
        return name

    return check
