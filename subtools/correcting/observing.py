"""What is known about candidates: what a recogniser makes of them, and the dictionary."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from subtools.cleaning import (
    Candidate,
    Fit,
    Observation,
    Page,
    add_up,
    count_phones,
    fold,
    plan_passages,
    weigh,
)
from subtools.cleaning.candidates import is_han
from subtools.core import Adviser, EvidenceKind, HeardWord, Progress, Question, overlap
from subtools.correcting.witnesses import Witnesses
from subtools.matching import likeness
from subtools.ngrams import score_text
from subtools.phrasing import count_words, is_english_word

SHORT = 4  # letters of an abbreviation, which no dictionary has
DOUBT = (0.1, 0.97)  # scores between which a language model is asked
_LATIN = re.compile(r"[A-Za-z][A-Za-z']*")
RARE = -10.0  # nats; a character that nobody writes by chance: one word in 20,000
LONGEST_HEARD = 10.0  # s; no word that is heard lasts longer
BESIDE = 40  # words on either side that it reads


def judge_candidates(
    page: Page,
    candidates: Sequence[Candidate],
    seen: Sequence[Observation],
    hopeful: Sequence[bool],
    witnesses: Witnesses,
    without: frozenset[EvidenceKind],
    progress: Progress,
) -> list[Observation]:
    """Return the observations with by how much likelier a recogniser finds each, in nats.

    It is not asked about those without hope.
    """
    judged = list(seen)
    if witnesses.judge is None or EvidenceKind.RECOGNISER in without:
        return judged
    asked = [k for k, is_hopeful in enumerate(hopeful) if is_hopeful]
    passages = plan_passages(page, [candidates[k] for k in asked])
    for number, passage in enumerate(passages):
        progress("comparing", number, len(passages))
        scores = witnesses.judge(passage.span.start, passage.span.end, passage.texts)
        for k, score in zip(passage.candidates, scores[1:], strict=True):
            judged[asked[k]] = replace(seen[asked[k]], judged=score - scores[0])
    progress("comparing", len(passages), len(passages))
    return judged


def observe(
    page: Page,
    candidate: Candidate,
    fit: Fit | None,
    heard: Sequence[HeardWord] | None,
    known: Collection[str],
    listed: frozenset[str] = frozenset(),
) -> Observation:
    """Return what is known about a candidate.

    Args:
        page: The document.
        candidate: What is proposed.
        fit: How it fits the sound; None where nobody listened.
        heard: What a recogniser wrote by itself.
        known: All names of the glossary, folded.
        listed: Those in Han, Simplified.
    """
    wrote = None if heard is None else _heard_at(page, candidate, heard)
    return Observation(
        fit=fit,
        heard=wrote,
        wording=_wording(page, candidate, listed),
        written=_count_elsewhere(page, candidate),
        falls_apart=_is_no_word(candidate.after),
        is_listed=fold(candidate.before) in known,
        strangeness=_strangeness(page, candidate),
        is_no_word=_is_no_word(candidate.before),
        is_english=_is_english(candidate.after),
        likeness=likeness(fold(candidate.before), fold(candidate.after)),
        phones=count_phones(candidate),
        heard_nearer=_nearness(wrote, candidate),
    )


def _count_elsewhere(page: Page, candidate: Candidate) -> int:
    """Return how often what is written stands elsewhere; a common character says nothing."""
    if len(candidate.before) < 2 and score_text(candidate.before) > RARE:
        return 0
    return max(0, page.body.count(candidate.before) - 1)


def _nearness(wrote: str | None, candidate: Candidate) -> float:
    """Return by how much ``wrote`` is more like what is proposed than what is written."""
    before, after, heard = map(fold, (candidate.before, candidate.after, wrote or ""))
    if not (before.isascii() and after.isascii() and heard.isascii() and len(heard) > 2):
        return 0.0
    return likeness(heard, after) - likeness(heard, before)


def _is_no_word(text: str) -> bool:
    return len(text) > 1 and is_han(text) and count_words(text) == len(text)


def _is_english(text: str) -> bool:
    words = text.lower().split()
    return all(word.isascii() and is_english_word(word) for word in words) and len(text) > SHORT


def _strangeness(page: Page, candidate: Candidate) -> float:
    """Return how strange what is written in Latin letters is: 1 no word, 0.5 no term."""
    words = _LATIN.findall(candidate.before)
    if not words or not _LATIN.search(candidate.after):
        return 0.0
    if all(len(word) <= SHORT and word.isupper() for word in words):
        return 0.5
    if any(len(w) > 2 and not is_english_word(w.lower().removesuffix("'s")) for w in words):
        return 1.0
    return 0.0 if page.is_latin else 0.5


def count_repeats(
    candidates: Sequence[Candidate], seen: Sequence[Observation]
) -> list[Observation]:
    """Return the observations with how often the same change fits elsewhere."""
    fitting: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for candidate, s in zip(candidates, seen, strict=True):
        if s.fit is None or s.fit.gain > 0:
            fitting[_change(candidate)].add(candidate.offsets)  # found in several ways: once
    return [
        replace(s, repeats=len(fitting[_change(candidate)] - {candidate.offsets}))
        for candidate, s in zip(candidates, seen, strict=True)
    ]


def _change(candidate: Candidate) -> tuple[str, str]:
    return fold(candidate.before), fold(candidate.after)


def ask_about_doubts(
    page: Page,
    candidates: Sequence[Candidate],
    seen: Sequence[Observation],
    adviser: Adviser | None,
    without: frozenset[EvidenceKind],
) -> list[Observation]:
    """Return the observations with what a language model says about those in doubt."""
    found = list(seen)
    if adviser is None or EvidenceKind.LANGUAGE_MODEL in without:
        return found
    scores = [add_up(weigh(c, s, tuple(without))) for c, s in zip(candidates, seen, strict=True)]
    doubtful = [k for k, score in enumerate(scores) if DOUBT[0] <= score <= DOUBT[1]]
    answers = adviser([_ask(page, candidates[k]) for k in doubtful])
    for k, answer in zip(doubtful, answers, strict=True):
        if answer is not None:
            found[k] = replace(found[k], advised=answer.choice == 0)
    return found


def _ask(page: Page, candidate: Candidate) -> Question:
    words = candidate.words
    around = page.clip(words.start - BESIDE, words.stop + BESIDE)
    text = "".join(page.words[k].text for k in around)
    start, end = (place - page.offsets[around.start] for place in candidate.offsets)
    return Question(candidate.before, (candidate.after,), text[:start], text[end:])


def _wording(page: Page, candidate: Candidate, listed: frozenset[str]) -> float | None:
    """Return by how much likelier the words of a candidate are in their clause, in nats.

    None where nothing is written in Han.
    """
    if not any(map(is_han, candidate.before)):
        return None
    clause = _clause(page, candidate)
    start, end = (place - page.offsets[clause.start] for place in candidate.offsets)
    text = "".join(page.words[k].text for k in clause)
    other = text[:start] + candidate.after + text[end:]
    return score_text(other, listed) - score_text(text, listed)


def _heard_at(page: Page, candidate: Candidate, heard: Sequence[HeardWord]) -> str | None:
    """Return what a recogniser wrote in the time of a candidate."""
    span = page.span(candidate.words)
    if span is None:
        return None
    first = bisect_left(heard, span.start - LONGEST_HEARD, key=lambda word: word.start)
    last = bisect_left(heard, span.end, lo=first, key=lambda word: word.start)
    inside = (w.text for w in heard[first:last] if 2 * overlap(w, span) >= w.end - w.start > 0)
    return "".join(inside)


def _clause(page: Page, candidate: Candidate) -> range:
    """Return the words of the clause that a candidate begins in, and all of its own."""
    place = bisect_right(page.clauses, candidate.words.start)
    if not 0 < place < len(page.clauses):
        return candidate.words
    return range(page.clauses[place - 1], max(page.clauses[place], candidate.words.stop))
