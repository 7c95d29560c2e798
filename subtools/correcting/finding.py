"""What may be wrong in a document, what is known about it, and what is done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from subtools.cleaning import (
    Candidate,
    CleaningSettings,
    Fit,
    Page,
    Sought,
    Spotted,
    choose_candidates,
    compare_sounds,
    could_reach,
    decide,
    find_broken_numbers,
    find_disagreements,
    find_lettered_units,
    find_misspelled_terms,
    find_rehearings,
    find_rereadings,
    find_transliterations,
    fits_the_sound,
    fold,
    lay_out,
    locate_terms,
    spot_patterns,
    sum_up,
    weigh,
)
from subtools.cleaning.candidates import is_han
from subtools.core import (
    Alignment,
    Correction,
    EvidenceKind,
    Glossary,
    Progress,
    Term,
    no_progress,
)
from subtools.correcting.observing import (
    ask_about_doubts,
    count_repeats,
    judge_candidates,
    observe,
)
from subtools.correcting.witnesses import Witnesses
from subtools.glossary import convert_glossary, mine_terms, term_sounds
from subtools.persons import ADDRESSES
from subtools.phonetics import Script, convert_script, detect_script, simplify
from subtools.phrasing import tag_words

MOST_SOUNDS = 3  # ways to say a term that are listened for
FEWEST_PHONES = 3  # of a term; less is heard everywhere
OFTEN = 3  # times a word is written, from which the document is taken to know it
_NOUNS = ("n", "eng", "vn", "l", "i", "j")  # parts of speech that terms are made of
_ADDRESSES = sorted({*ADDRESSES, *(convert_script(title, Script.T) for title in ADDRESSES)})
_TITLED = re.compile(rf"[\u4e00-\u9fff](?:{'|'.join(_ADDRESSES)})")  # 曾老師
_DOCUMENT = "the document"


def find_corrections(
    alignment: Alignment,
    witnesses: Witnesses,
    settings: CleaningSettings | None = None,
    *,
    progress: Progress = no_progress,
) -> tuple[Correction, ...]:
    """Return what may be wrong in ``alignment``, with what speaks for it and what is done.

    Args:
        alignment: The document, in the time of the sound.
        witnesses: Who is asked.
        settings: The thresholds, and which evidence is left out.
        progress: Told how far the work has come.
    """
    settings = settings or CleaningSettings()
    page, without = lay_out(alignment.transcript), settings.without
    progress("looking for terms", 0, 1)
    sought = tuple(_seek(alignment, witnesses.glossary, without))
    candidates = list(_find_candidates(alignment, page, sought, witnesses, without))
    progress("looking for terms", 1, 1)
    fits = _compare(page, candidates, witnesses, without)
    heard_of = [k for k, fit in enumerate(fits) if fits_the_sound(fit)]
    known, listed = _listed_names(witnesses.glossary), _listed_words(sought)
    candidates = [candidates[k] for k in heard_of]
    heard = witnesses.heard and sorted(witnesses.heard, key=lambda word: word.start)
    seen = count_repeats(
        candidates,
        [
            observe(page, candidate, fits[k], heard, known, listed)
            for k, candidate in zip(heard_of, candidates, strict=True)
        ],
    )
    evidence = [weigh(c, s, tuple(without)) for c, s in zip(candidates, seen, strict=True)]
    fitting = [fits[k] for k in heard_of]
    chosen = choose_candidates(candidates, fitting, list(map(sum_up, evidence)))
    candidates, seen = [candidates[k] for k in chosen], [seen[k] for k in chosen]
    hopeful = [could_reach(settings.propose, evidence[k]) for k in chosen]
    seen = judge_candidates(page, candidates, seen, hopeful, witnesses, without, progress)
    seen = ask_about_doubts(page, candidates, seen, witnesses.adviser, without)
    return decide(page, candidates, seen, settings)


def _compare(
    page: Page,
    candidates: Sequence[Candidate],
    witnesses: Witnesses,
    without: frozenset[EvidenceKind],
) -> Sequence[Fit | None]:
    if EvidenceKind.SOUND in without:
        return [None] * len(candidates)
    return compare_sounds(page, candidates, witnesses.posteriors.log_probs)


def _listed_names(glossary: Glossary) -> frozenset[str]:
    return frozenset(fold(name) for term in glossary.terms for name in term.names)


def _find_candidates(
    alignment: Alignment,
    page: Page,
    sought: Sequence[Sought],
    witnesses: Witnesses,
    without: frozenset[EvidenceKind],
) -> Iterator[Candidate]:
    script, listed = _script(alignment.transcript.body), _listed_words(sought)
    yield from locate_terms(page, sought, _spot(sought, witnesses.posteriors.log_probs))
    yield from find_misspelled_terms(page, sought)
    yield from find_transliterations(page, sought)
    if EvidenceKind.CONSISTENCY not in without:
        yield from find_lettered_units(page)
    if EvidenceKind.FREQUENCY not in without:
        yield from find_broken_numbers(page)
        for candidate in find_rereadings(page, listed):
            yield replace(candidate, after=convert_script(candidate.after, script))
    if witnesses.heard is not None and EvidenceKind.RECOGNISER not in without:
        for candidate in find_disagreements(page, witnesses.heard):
            yield replace(candidate, after=convert_script(candidate.after, script))
            if EvidenceKind.FREQUENCY not in without:
                for other in find_rehearings(page, candidate, listed):
                    yield replace(other, after=convert_script(other.after, script))


def _listed_words(sought: Sequence[Sought]) -> frozenset[str]:
    """Return the names in Han that somebody lists, Simplified."""
    return frozenset(simplify(term.name) for term in sought if is_han(term.name))


def _script(text: str) -> Script:
    """Return how ``text`` is written, also where that is hardly to be seen."""
    return detect_script(text) or (Script.S if simplify(text) == text else Script.T)


def _spot(
    sought: Sequence[Sought], log_probs: npt.NDArray[np.floating]
) -> list[tuple[int, Spotted]]:
    """Return which terms are heard where."""
    patterns = [
        (k, sounds)
        for k, term in enumerate(sought)
        for sounds in term.sounds
        if len(sounds) >= FEWEST_PHONES
    ]
    hits = spot_patterns([sounds for _, sounds in patterns], log_probs)
    return [(patterns[hit.pattern][0], hit) for hit in hits]


def _seek(
    alignment: Alignment, glossary: Glossary, without: frozenset[EvidenceKind]
) -> Iterator[Sought]:
    """Yield the terms to listen for, those of the document with how often it has them."""
    body = alignment.transcript.body
    listed = convert_glossary(glossary, _script(body))
    known: set[str] = set()
    if EvidenceKind.GLOSSARY not in without:
        for term in listed.terms:
            known.update(map(fold, term.names))
            yield from _names(term, body)
    if EvidenceKind.CONSISTENCY not in without:
        for name, count in _own_terms(alignment).items():
            if fold(name) not in known:
                sounds = term_sounds(Term(name))[:MOST_SOUNDS]
                kind = EvidenceKind.CONSISTENCY
                is_person = _TITLED.fullmatch(name) is not None
                yield Sought(name, sounds, (), kind, _DOCUMENT, count, is_person)
        for speaker in alignment.speakers:
            if fold(speaker.name) not in known and speaker.name in body:
                sounds = term_sounds(Term(speaker.name))[:MOST_SOUNDS]
                kind, count = EvidenceKind.CONSISTENCY, body.count(speaker.name)
                yield Sought(speaker.name, sounds, (), kind, "the speakers", count, True)


def _names(term: Term, body: str) -> Iterator[Sought]:
    """Yield each name of a listed term.

    Only the first is listened for: the others may be translations that nobody says.
    """
    for name in term.names:
        sounds = term_sounds(term)[:MOST_SOUNDS] if name == term.name else ()
        others = tuple(other for other in term.names if other != name)
        source, count = term.source or "the glossary", body.count(name)
        kind = EvidenceKind.GLOSSARY
        yield Sought(name, sounds, others, kind, source, count, is_own=term.is_own)


def _own_terms(alignment: Alignment) -> dict[str, int]:
    """Return what the document writes often or in its title, and how often."""
    body, source = alignment.transcript.body, alignment.transcript.source
    title = " ".join(filter(None, (source.title, source.part_title, source.uploader)))
    people = {fold(speaker.name) for speaker in alignment.speakers}
    tagged = tag_words(body)
    counted = Counter(
        word.text for word in tagged if word.tag.startswith(_NOUNS) and len(word.text.strip()) > 1
    )
    counted.update(match.group() for match in _TITLED.finditer(body))
    found = {name: count for name, count in counted.items() if count >= OFTEN}
    for term in (*mine_terms(title, "title", least=1), *mine_terms(body, _DOCUMENT)):
        found[term.name] = max(1, body.count(term.name))
    return {name: count for name, count in found.items() if fold(name) and fold(name) not in people}
