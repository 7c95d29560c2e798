"""Screenplays whose text is the truth: how the voice is told to say what is written.

A voice says ``P 九十九`` where ``P99`` is written. The truth is what is written, so the
variants are put in for the recording and taken out of its reference again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_VARIANT = re.compile(r"\{[^{}]*\}")
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+]*(?:-[A-Za-z0-9]+)*")
_TABLES = ("terms", "voiced")


@dataclass(frozen=True, slots=True)
class Script:
    """A text to be recorded.

    Attributes:
        screenplay: With the header and the variants that ``parse_screenplay`` takes.
        terms: Names and terms that stand in it in Han characters, or in lower case.
    """

    screenplay: str
    terms: tuple[str, ...]


def read_script(text: str) -> Script:
    """Return a text with its tables ``terms`` (``names``, ``words``) and ``voiced`` used up."""
    header, _, lines = text.partition("\n+++\n")
    settings = tomllib.loads(header)
    terms = [term for group in settings.get("terms", {}).values() for term in group]
    voiced = voice_latin(lines, settings.get("voiced", {}))
    kept = "\n".join(_drop_tables(header.splitlines()))
    return Script(f"{kept}\n+++\n{voiced}", tuple(terms))


def voice_latin(text: str, voiced: Mapping[str, str]) -> str:
    """Return ``text`` with variants for what is spelled or said in another way than written.

    Capitals are said one by one; what stands in ``voiced``, as there.

    >>> voice_latin("用SQL查{12|十二}次 Redis", {"Redis": "redis"})
    '用{SQL|S Q L}查{12|十二}次 {Redis|redis}'
    """
    names = (name for name in re.findall(r"(?m)^([^：:+!*=\\s][^：:+!*]*)[+!]?[：:]", text))
    known = set(names)
    parts, end = [], 0
    for kept in (*_VARIANT.finditer(text), None):
        stretch = text[end : kept.start() if kept else len(text)]
        parts.append(_TOKEN.sub(lambda m: _voice(m[0], voiced, known), stretch))
        parts.append(kept[0] if kept else "")
        end = kept.end() if kept else len(text)
    return "".join(parts)


def _voice(token: str, voiced: Mapping[str, str], names: set[str]) -> str:
    if token in voiced:
        return f"{{{token}|{voiced[token]}}}"
    if len(token) > 1 and token.isupper() and token.isalpha() and token not in names:
        return f"{{{token}|{' '.join(token)}}}"
    return token


def _drop_tables(lines: Sequence[str]) -> Iterator[str]:
    is_kept = True
    for line in lines:
        if line.startswith("["):
            is_kept = line.strip("[] ") not in _TABLES
        if is_kept:
            yield line


def unvoice(reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reference of a recording with what is written as what was said.

    The units inside a variant all get its whole place, as those of a number do.
    """
    clauses = reference["clauses"]
    variants: dict[int, list[tuple[int, str, str]]] = {}
    for entry in reference["corrections"]:
        clause = clauses[entry["clause"]]
        place = entry["doc"][0] - clause["doc"][0]
        variants.setdefault(entry["clause"], []).append((place, entry["seed"], entry["spoken"]))
    units = [
        unit | {"k": list(_written_place(variants.get(unit["clause"], ()), tuple(unit["k"])))}
        for unit in reference["units"]
    ]
    return {
        **reference,
        "clauses": [clause | {"spoken": clause["text"]} for clause in clauses],
        "turns": [turn | {"spoken": turn["text"]} for turn in reference["turns"]],
        "units": units,
        "corrections": [],
    }


def _written_place(
    variants: Sequence[tuple[int, str, str]], place: tuple[int, int]
) -> tuple[int, int]:
    """Return where in the written clause stands what has ``place`` in the voiced one."""
    shift = 0  # written minus voiced, before the variant
    for first, written, voiced in variants:
        start = first - shift
        if place[1] <= start:
            break
        if place[0] < start + len(voiced):
            return first, first + len(written)
        shift += len(written) - len(voiced)
    return place[0] + shift, place[1] + shift
