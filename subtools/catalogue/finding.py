"""What is asked for to the moments when it is said: from exact to similar, until enough is found.

Each stage asks FTS5 for the passages that may match, newest first, and compares their text.
So a word that stands everywhere costs no more than a rare one: looking ends early.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from subtools.catalogue.limiting import Limits, find_limits
from subtools.catalogue.parts import split_term
from subtools.catalogue.patterns import (
    INDEXED,
    Pattern,
    compile_patterns,
    compose_expression,
    find_patterns,
)
from subtools.catalogue.questions import Question, Term, parse_question
from subtools.catalogue.reading import (
    PASSAGE,
    Stretch,
    read_after,
    read_entry,
    read_excerpt,
    read_speaker,
)
from subtools.catalogue.schema import Catalogue
from subtools.catalogue.tokens import join_all, join_any
from subtools.catalogue.values import (
    Closeness,
    Entry,
    Filters,
    Found,
    Match,
    Moment,
)
from subtools.core import Glossary

MERGED = 10.0  # seconds; what is found within them of a better moment belongs to it
_ENOUGH = 200  # passages that match, of which the best are shown; more for more results
_MOST_ROWS = 4_000  # passages whose text is compared in a stage
_FEW_ROWS = 1_000  # the same where what is found is only similar
_NEIGHBOUR = 120  # units of the next passage, for words that are in two
_COLUMNS = ", ".join(f"p.{name}" for name in PASSAGE.split(", "))
_FindPatterns = Callable[[Term, Closeness], tuple[Pattern, ...]]
_Place = tuple[int, int, float]  # units [first, last), and how well they match
_NO_GLOSSARY, _NO_FILTERS = Glossary(), Filters()


@dataclass(frozen=True, slots=True)
class _Stage:
    """A way to match.

    Attributes:
        match: What it is called.
        closeness: How far what is written may be from what is asked for.
        terms: What has to be said, each somewhere in the passage.
    """

    match: Match
    closeness: Closeness
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class _Effort:
    """When a stage is over.

    Attributes:
        passages: That match, of which the best are shown.
        rows: Passages whose text is compared.
    """

    passages: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage that matches.

    Attributes:
        stretch: The passage.
        found: Stretches [first, last) of its units that match, the best first.
        score: How well.
    """

    stretch: Stretch
    found: tuple[tuple[int, int], ...]
    score: float


def find_moments(
    catalogue: Catalogue,
    text: str,
    *,
    filters: Filters = _NO_FILTERS,
    glossary: Glossary = _NO_GLOSSARY,
    limit: int = 10,
    exact: bool = False,
) -> Found:
    """Return the best moments when ``text`` is said.

    Args:
        catalogue: The library.
        text: Words, phrases in quotation marks, and words to leave out (``-word``).
        filters: What the search is limited to.
        glossary: What else terms are called.
        limit: How many moments at most.
        exact: Only what is written so, but for script, case and width.

    Raises:
        CatalogueError: If nobody, or no talk, is called as a filter says.
    """
    catalogue.hearing.forget()
    question = parse_question(text, catalogue.characters)
    if not question.terms:
        return Found((), True)
    limits = find_limits(catalogue, filters, question.excluded)
    find = cache(partial(find_patterns, catalogue, glossary))  # stages ask again
    moments: list[Moment] = []
    is_all = True
    for stage in _stages(question, exact=exact):
        candidates, is_complete = _run(catalogue, stage, find, limits, _effort(stage, limit))
        is_all &= is_complete
        for moment in _to_moments(catalogue, stage, candidates):
            if any(_is_same(moment, other) for other in moments):
                continue
            if len(moments) == limit:
                return Found(tuple(moments), False)
            moments.append(moment)
        if len(moments) == limit and not is_complete:
            break
    return Found(tuple(moments), is_all)


def _effort(stage: _Stage, limit: int) -> _Effort:
    is_similar = stage.closeness > Closeness.SOUND or stage.match is Match.PARTS
    return _Effort(max(_ENOUGH, 3 * limit), _FEW_ROWS if is_similar else _MOST_ROWS)


def _stages(question: Question, *, exact: bool) -> Iterator[_Stage]:
    """Yield the ways to match ``question``, from best to worst."""
    whole, several = (question.whole,), len(question.terms) > 1
    steps = (
        (Closeness.WRITTEN, Match.PHRASE, Match.WORDS),
        (Closeness.FORM, Match.FORM, Match.FORMS),
        (Closeness.SOUND, Match.SOUND, Match.SOUNDS),
        (Closeness.CONFUSED, Match.CONFUSED, Match.CONFUSEDS),
        (Closeness.NEAR, Match.NEAR, Match.NEAR),
    )
    for closeness, together, apart in steps:
        yield _Stage(together, closeness, whole)
        if several and closeness is not Closeness.NEAR:  # similar words somewhere are anything
            yield _Stage(apart, closeness, question.terms)
        if exact:
            return
    parts = tuple(part for term in question.terms for part in split_term(term))
    if len(parts) > len(question.terms):
        yield _Stage(Match.PARTS, Closeness.SOUND, parts)


def _run(
    catalogue: Catalogue, stage: _Stage, find: _FindPatterns, limits: Limits, effort: _Effort
) -> tuple[list[_Candidate], bool]:
    """Return the passages that match, best first, and whether these are all."""
    patterns = [_patterns_of(stage, term, find) for term in stage.terms]
    expressions = [
        join_any(filter(None, (compose_expression(p, catalogue.characters) for p in listed)))
        for listed in patterns
    ]
    if not all(expressions):
        return [], True
    wanted = frozenset(unit.written for term in stage.terms for unit in term.units)
    passages = _read_passages(catalogue, expressions, limits)
    candidates, is_complete = _collect(catalogue, passages, patterns, wanted, effort)
    if len(expressions) > 1 and is_complete and stage.closeness <= Closeness.FORM:
        neighbours = _read_neighbours(catalogue, expressions, limits)
        more, is_complete = _collect(catalogue, neighbours, patterns, wanted, effort)
        candidates += more
    candidates.sort(key=lambda c: (-c.score, -c.stretch.talk, c.stretch.number))
    return candidates, is_complete


def _patterns_of(stage: _Stage, term: Term, find: _FindPatterns) -> list[Pattern]:
    """Return what may be written for ``term``; where several are apart, one may be better."""
    is_alone = len(stage.terms) == 1
    kinds = [stage.closeness] if is_alone else [c for c in Closeness if c <= stage.closeness]
    found = [p for kind in kinds for p in find(term, kind)]
    return [pattern for pattern in found if is_alone or not pattern.is_syllable]


def _read_passages(
    catalogue: Catalogue, expressions: Sequence[str], limits: Limits
) -> Iterator[Stretch]:
    """Yield the passages that may hold all of ``expressions``, newest first."""
    statement = f"""SELECT {_COLUMNS} FROM tokens JOIN passages p ON p.id = tokens.rowid
        WHERE tokens MATCH ? {limits.condition} ORDER BY tokens.rowid DESC"""  # noqa: S608 - names
    wanted = limits.narrow(join_all(expressions))
    for row in catalogue.connection.execute(statement, (wanted, *limits.values)):
        yield Stretch(*row)


def _read_neighbours(
    catalogue: Catalogue, expressions: Sequence[str], limits: Limits
) -> Iterator[Stretch]:
    """Yield the passages that together with the next one may hold all of ``expressions``."""
    statement = f"""SELECT p.id FROM tokens JOIN passages p ON p.id = tokens.rowid
        WHERE tokens MATCH ? {limits.condition} ORDER BY tokens.rowid DESC LIMIT ?"""  # noqa: S608 - names
    found = []
    for expression in expressions:
        values = (limits.narrow(expression), *limits.values, _MOST_ROWS)
        found.append({row[0] for row in catalogue.connection.execute(statement, values)})
    fewest = min(found, key=len)
    firsts = fewest | {number - 1 for number in fewest}
    pairs = [
        number
        for number in sorted(firsts, reverse=True)
        if all(number in numbers or number + 1 in numbers for numbers in found)
        and not all(number in numbers for numbers in found)
    ]
    for number in pairs:
        statement = f"SELECT {_COLUMNS} FROM passages p WHERE id = ?"  # noqa: S608 - names
        row = catalogue.connection.execute(statement, (number,)).fetchone()
        if row is not None:
            yield read_after(catalogue.connection, Stretch(*row), _NEIGHBOUR)


def _collect(
    catalogue: Catalogue,
    passages: Iterable[Stretch],
    patterns: Sequence[Sequence[Pattern]],
    wanted: frozenset[str],
    effort: _Effort,
) -> tuple[list[_Candidate], bool]:
    """Return the passages that do match, and whether all were looked at."""
    finders = tuple(map(_Finder.of, patterns))
    longest = max(finder.longest for finder in finders)
    candidates: list[_Candidate] = []
    for count, passage in enumerate(passages):
        if len(candidates) >= effort.passages or count >= effort.rows:
            return candidates, False
        is_short = longest <= INDEXED
        stretch = passage if is_short else read_after(catalogue.connection, passage, longest)
        if candidate := _compare(stretch, finders, wanted):
            candidates.append(candidate)
    return candidates, True


def _compare(
    stretch: Stretch, finders: Sequence[_Finder], wanted: frozenset[str]
) -> _Candidate | None:
    """Return where all terms stand in a passage; None if one does not."""
    found = [finder.find(stretch, beyond=len(finders) > 1) for finder in finders]
    if not all(found):
        return None
    chosen = _choose_near(found)
    places = [(first, last) for first, last, _ in chosen]
    written = "".join(stretch.written[first:last] for first, last in places)
    fit = sum(fit for _, _, fit in chosen) / len(chosen)
    same = sum(symbol in wanted for symbol in written) / max(1, len(written))
    others = [place[:2] for listed in found for place in listed if place[:2] not in places]
    score = fit + same + _nearness(places) + _frequency(sum(map(len, found)), stretch.own)
    return _Candidate(stretch, (*places, *others), score)


def _choose_near(found: Sequence[Sequence[_Place]]) -> list[_Place]:
    """Return one place of each term: the best of the rarest, and of the others the nearest."""
    rarest = min(found, key=len)
    anchor = max(rarest, key=lambda place: place[2])
    return [
        anchor if listed is rarest else min(listed, key=lambda p: abs(p[0] - anchor[0]))
        for listed in found
    ]


def _nearness(places: Sequence[tuple[int, int]]) -> float:
    """Return how near each other several places are: 1 side by side, 0 for a single one."""
    if len(places) < 2:
        return 0.0
    room = sum(last - first for first, last in places)
    over = max(last for _, last in places) - min(first for first, _ in places)
    return min(1.0, room / max(1, over))


def _frequency(count: int, length: int) -> float:
    """Return how much it is talked of: the part of BM25 that differs between passages.

    All moments of a stage hold the same terms, so that how rare these are says nothing.

    Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework (2009), k1 and b.
    """
    k1, b, usual = 1.2, 0.75, 70  # units of a passage
    return count / (count + k1 * (1 - b + b * length / usual))


def _to_moments(
    catalogue: Catalogue, stage: _Stage, candidates: Iterable[_Candidate]
) -> Iterator[Moment]:
    talks: dict[int, Entry] = {}
    for candidate in candidates:
        stretch = candidate.stretch
        if stretch.talk not in talks:
            talks[stretch.talk] = read_entry(catalogue.connection, stretch.talk)
        excerpt = read_excerpt(catalogue.connection, stretch, candidate.found)
        speaker = read_speaker(catalogue.connection, stretch.speaker)
        yield Moment(
            *(talks[stretch.talk], speaker, excerpt.start, excerpt.is_exact, excerpt.text),
            *(excerpt.marks, stage.match, round(candidate.score, 3)),
        )


def _is_same(moment: Moment, other: Moment) -> bool:
    """Tell whether two moments are one."""
    if (moment.talk.key, moment.speaker) != (other.talk.key, other.speaker):
        return False
    if moment.start is None or other.start is None:
        return moment.text == other.text
    return abs(moment.start - other.start) <= MERGED


@dataclass(frozen=True, slots=True)
class _Finder:
    """Patterns of one term, made ready.

    Attributes:
        patterns: Them.
        written: What finds those about what is written, if there are any.
        sounds: What finds those about sounds.
        longest: Units of the longest.
    """

    patterns: tuple[Pattern, ...]
    written: re.Pattern[str] | None
    sounds: re.Pattern[str] | None
    longest: int

    @classmethod
    def of(cls, patterns: Sequence[Pattern]) -> _Finder:
        """Return the finder of ``patterns``."""
        return cls(
            tuple(patterns),
            compile_patterns(p for p in patterns if not p.by_sound),
            compile_patterns(p for p in patterns if p.by_sound),
            max(len(p.choices) for p in patterns),
        )

    def find(self, stretch: Stretch, *, beyond: bool) -> list[_Place]:
        """Return the stretches of units that match, and how well.

        Args:
            stretch: Where to look.
            beyond: Whether what begins in the next passage counts too.
        """
        places: dict[tuple[int, int], float] = {}
        for place in (*self._find_written(stretch, beyond), *self._find_sounds(stretch, beyond)):
            first, last, fit = place
            places[first, last] = max(fit, places.get((first, last), 0.0))
        return [(first, last, fit) for (first, last), fit in places.items()]

    def _find_written(self, stretch: Stretch, beyond: bool) -> Iterator[_Place]:
        if self.written is None:
            return
        for match in self.written.finditer(stretch.written):
            if beyond or match.start() < stretch.own:
                yield match.start(), match.end(), self._fit(match.group(), by_sound=False)

    def _find_sounds(self, stretch: Stretch, beyond: bool) -> Iterator[_Place]:
        if self.sounds is None:
            return
        for match in self.sounds.finditer(stretch.sounds):
            if beyond or match.start() < stretch.own_sounds:
                first, last = stretch.units[match.start()], stretch.units[match.end() - 1] + 1
                yield first, last, self._fit(match.group(), by_sound=True)

    def _fit(self, text: str, *, by_sound: bool) -> float:
        listed = (p for p in self.patterns if p.by_sound is by_sound)
        return max((p.fit(text) for p in listed), default=0.0)
