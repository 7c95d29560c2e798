"""Several glossaries to one, and one script for all of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from subtools.core import Glossary, Term
from subtools.phonetics import Script, convert_script, simplify

_LOOSE = re.compile(r"[\s\-_·‧・‐-―－]+")  # written or left out as one likes: GPT 4, GPT-4


def fold_name(name: str) -> str:
    """Return what two spellings of a name have in common.

    Script, width, case, spaces and hyphens do not count; other signs do (C++, C#).

    >>> fold_name("ＧＰＴ－4") == fold_name("gpt 4"), fold_name("C++") == fold_name("C#")
    (True, False)
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return simplify(_LOOSE.sub("", folded)) or folded


def merge_glossaries(*glossaries: Glossary) -> Glossary:
    """Return the terms of all; of terms that ``fold_name`` makes equal, the first stays.

    >>> mine, other = Glossary((Term("縮放定律"),)), Glossary((Term("缩放定律"), Term("GPU")))
    >>> [term.name for term in merge_glossaries(mine, other).terms]
    ['縮放定律', 'GPU']
    """
    terms: dict[str, Term] = {}
    for glossary in glossaries:
        for term in glossary.terms:
            terms.setdefault(fold_name(term.name), term)
    return Glossary(tuple(terms.values()))


def convert_glossary(glossary: Glossary, script: Script) -> Glossary:
    """Return the glossary with its Chinese in ``script``.

    >>> convert_glossary(Glossary((Term("缩放定律"),)), Script.T).terms[0].name
    '縮放定律'
    """
    return Glossary(tuple(_convert(term, _converter(script)) for term in glossary.terms))


def _converter(script: Script) -> Callable[[str], str]:
    return lambda text: text if text.isascii() else convert_script(text, script, source=_NEUTRAL)


_NEUTRAL = Script.S  # what a short name without a form of either script is taken for


def _convert(term: Term, convert: Callable[[str], str]) -> Term:
    name = convert(term.name)
    aliases = dict.fromkeys(map(convert, term.aliases))
    aliases.pop(name, None)
    return replace(term, name=name, aliases=tuple(aliases))
