"""Who, which talk, when, and without which words: what a search is limited to."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from subtools.catalogue.patterns import compose_expression, find_patterns
from subtools.catalogue.questions import Term
from subtools.catalogue.schema import Catalogue
from subtools.catalogue.tokens import join_all, join_any, quote, speaker_token, talk_token
from subtools.catalogue.values import Closeness, Filters
from subtools.catalogue.writing import fold_name
from subtools.core import Glossary
from subtools.errors import CatalogueError

_MOST_TOKENS = 100  # talks or speakers that FTS5 looks for; more are checked passage by passage


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search is limited to, for SQLite.

    Attributes:
        required: FTS5 expressions of which each has to hold.
        excluded: FTS5 expression that must not hold; may be empty.
        condition: What else has to hold, in SQL; may be empty.
        values: The values of ``condition``.
    """

    required: tuple[str, ...] = ()
    excluded: str = ""
    condition: str = ""
    values: tuple[int, ...] = ()

    def narrow(self, expression: str) -> str:
        """Return the FTS5 expression for what matches ``expression`` within these limits."""
        wanted = join_all((expression, *self.required))
        return f"{wanted} NOT {self.excluded}" if self.excluded else wanted


def find_limits(catalogue: Catalogue, filters: Filters, excluded: Sequence[Term]) -> Limits:
    """Return the limits of a search.

    Raises:
        CatalogueError: If nobody, or no talk, is called as ``filters`` say.
    """
    required, conditions, values = [], [], []
    if filters.speaker:
        speakers = _find_speakers(catalogue, filters.speaker)
        required.append(join_any(quote(speaker_token(number)) for number in speakers))
    if filters.video or filters.since or filters.until:
        talks = _find_talks(catalogue, filters)
        if len(talks) <= _MOST_TOKENS:
            required.append(join_any([quote(talk_token(n)) for n in talks] or [quote("none")]))
        else:
            marks = ",".join("?" * len(talks))
            conditions.append(f"AND p.talk IN ({marks})")
            values += talks
    return Limits(
        tuple(required), _exclude(catalogue, excluded), " ".join(conditions), tuple(values)
    )


def find_talk_keys(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """Return the keys of the talks that ``name`` may mean: a key, or a part of key, title, path.

    Raises:
        CatalogueError: If there is none.
    """
    rows = catalogue.connection.execute("SELECT key FROM talks WHERE key = ?", (name,)).fetchall()
    if not rows:
        statement = "SELECT key FROM talks WHERE instr(haystack, ?) ORDER BY key"
        rows = catalogue.connection.execute(statement, (fold_name(name, catalogue),)).fetchall()
    if not rows:
        titles = [t for (t,) in catalogue.connection.execute("SELECT title FROM talks")]
        raise CatalogueError(f"no talk in the library is {name!r}", hint=_suggest(name, titles))
    return tuple(key for (key,) in rows)


def _exclude(catalogue: Catalogue, terms: Sequence[Term]) -> str:
    """Return the FTS5 expression for what any of ``terms`` says, or another form of it."""
    patterns = chain.from_iterable(
        find_patterns(catalogue, Glossary(), term, closeness)
        for term in terms
        for closeness in (Closeness.WRITTEN, Closeness.FORM)
    )
    expressions = (compose_expression(pattern, catalogue.characters) for pattern in patterns)
    return join_any(filter(None, expressions))


def _find_speakers(catalogue: Catalogue, name: str) -> list[int]:
    statement = "SELECT id FROM speakers WHERE instr(haystack, ?) ORDER BY id"
    found = catalogue.connection.execute(statement, (fold_name(name, catalogue),)).fetchall()
    if not found:
        names = [n for (n,) in catalogue.connection.execute("SELECT name FROM speakers")]
        hint = _suggest(name, names)
        raise CatalogueError(f"nobody in the library is called {name!r}", hint=hint)
    return [number for (number,) in found]


def _find_talks(catalogue: Catalogue, filters: Filters) -> list[int]:
    keys = find_talk_keys(catalogue, filters.video) if filters.video else None
    statement = """SELECT id, key FROM talks
        WHERE coalesce(published, indexed) BETWEEN ? AND ? ORDER BY id"""
    days = (filters.since or "", filters.until or "9999-99-99")
    rows = catalogue.connection.execute(statement, days)
    return [number for number, key in rows if keys is None or key in keys]


def _suggest(name: str, known: Sequence[str]) -> str:
    """Return which names may have been meant, as a hint."""
    if not known:
        return "there are none at all"
    near = difflib.get_close_matches(name, known, cutoff=0.3)
    return f"{'near are' if near else 'known are'} {', '.join(near or known[:10])}"
