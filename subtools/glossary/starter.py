"""The glossary that ships: AI, computing, and the names that come with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from subtools.core import Glossary, Term

_FILE = "terms.tsv"  # made by scripts/make_glossary.py; SOURCES.md says of what


@cache
def starter_glossary() -> Glossary:
    """Return the terms that ship with the package, Chinese in Simplified characters.

    >>> len(starter_glossary().terms) == len({term.name for term in starter_glossary().terms})
    True
    """
    text = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return Glossary(tuple(parse_terms(text)))


def parse_terms(text: str) -> Iterator[Term]:
    r"""Yield the terms of the file: name, aliases, sounds, source; several are parted by ``|``.

    >>> list(parse_terms("# a remark\nGPU\t图形处理器\t\tsome list\n"))
    [Term(name='GPU', aliases=('图形处理器',), sounds=(), source='some list', is_own=False)]
    """
    for line in text.splitlines():
        if line and not line.startswith("# "):
            name, aliases, sounds, source = line.split("\t")
            yield Term(name, _several(aliases), _several(sounds), source)


def _several(field: str) -> tuple[str, ...]:
    return tuple(field.split("|")) if field else ()
