"""Terms that a text itself shows: its own names and technical words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from subtools.core import Glossary, Term

_RUN = re.compile(r"[A-Za-z][A-Za-z0-9.+#'’]*(?:[- ](?=[A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9.+#'’]*)*")


def mine_terms(
    text: str, source: str, *, least: int = 2, known: Glossary | None = None
) -> tuple[Term, ...]:
    """Return names and technical words of ``text``, the most frequent first.

    Args:
        text: A document, a title, an uploader's description.
        source: Which of them; becomes ``Term.source``.
        least: How often a word must be there: 1 for a title, where every name counts.
        known: Terms that need not be found again.
    """
    left_out = {name for term in (known.terms if known else ()) for name in term.names}
    counted = Counter(_find_names(text))
    return tuple(
        Term(name, source=source)
        for name, count in counted.most_common()
        if count >= least and name not in left_out
    )


def _find_names(text: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        if any(map(str.isupper, match.group())):
            yield match.group().rstrip(".'’")
