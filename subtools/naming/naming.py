"""What the voices of a recording are called, and why."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from subtools.core import NameBasis, Quote, Source, Speaker, Transcript, Turn
from subtools.naming.claims import drop_weaker_claims, find_merged
from subtools.naming.finding import find_mentions, is_chinese
from subtools.naming.given import GivenName, NamesFile, clean_name, voices_of
from subtools.naming.likeness import Spelling
from subtools.naming.people import (
    Person,
    Tally,
    choose_spelling,
    group_people,
    score_people,
    tally_votes,
)
from subtools.naming.roles import Part, Role, find_roles
from subtools.naming.talk import Talk, read_talk
from subtools.naming.votes import Vote, cast_votes
from subtools.pairing import Worth, pair_best, pair_margin
from subtools.phonetics.scripts import simplify

_LEAST_SCORE = 0.75  # votes: a single one counts only if it is clear
_LEAST_HOST_SCORE = 1.3  # the same where the role says enough, if the name is not sure
_LEAST_SHARE = 0.5  # of all votes for a name, for the voice that gets it
_LEAST_MARGIN = 0.3  # votes by which the whole is better with the name than without it
_LEAST_KNOWN = 0.5  # confidence of the voice library
_CERTAIN = 1.2  # votes at which 63 % of all doubt is gone
# Source: of the names of 20 made-up dialogues, with 0 to 10 % of their clauses in a wrong voice,
# one in six was wrong below this confidence and one in sixty above it.
_LEAST_CONFIDENCE = 0.3
_MOST_QUOTES = 12
_HEADER_VOTES = 1.5
_TRADITIONAL = 0.02  # of the characters; no text in Simplified ones has so many others
_HEADER_HOST = re.compile(
    r"(?:主持人?[：: ]+|[Hh]ost(?:ed by)?:? |[Mm]oderat(?:or|ed by):? )"
    r"(?P<name>[\u3400-\u9fff]{2,4}(?![\u3400-\u9fff])|[A-Z]\w+(?: [A-Z]\w+)*)"
)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a name of a voice."""

    spelling: Spelling
    confidence: float
    quotes: tuple[Quote, ...]


def name_speakers(
    transcript: Transcript,
    turns: Sequence[Turn],
    *,
    given: NamesFile | None = None,
    known: Mapping[str, tuple[str, float]] | None = None,
) -> tuple[Speaker, ...]:
    """Return who the voices of ``turns`` are, by their first turn; no name comes twice.

    The user's names hold; then those of known voices; then what people call each other, if
    it is clear; then roles. A voice about which nothing is known keeps its label.

    Args:
        transcript: What is said; words that carry labels of voices (``Word.speaker``) and
            times. A word without a label has that of the turn it is said in.
        turns: Who speaks when, by onset, under labels.
        given: The user's names.
        known: Voices that are known from other recordings: (name, confidence) by label.

    Raises:
        DocumentError: If the user's names cannot be (see ``voices_of``).
    """
    given, heard_before = given or NamesFile(), known or {}
    labels = tuple(dict.fromkeys(turn.speaker for turn in sorted(turns, key=lambda t: t.start)))
    talk = read_talk(transcript, turns)
    voices = voices_of(given, turns)
    settled = _settle(
        voices, {label: heard_before[label] for label in labels if label in heard_before}
    )
    if not talk.stretches:
        return _make_unique([settled.get(label) or Speaker(label, label) for label in labels])
    calls = [name for name in given.names if name not in voices.values()]
    heard = {_fold(s): name for name in calls for s in name.spellings}
    mentions = find_mentions(talk, transcript.source, (s for n in calls for s in n.spellings))
    roles = find_roles(talk, mentions)
    votes = [*_header_votes(transcript.source, roles), *cast_votes(talk, mentions)]
    votes = [_as_given(vote, heard) for vote in votes]
    merged = find_merged(votes)
    votes = [vote for vote in drop_weaker_claims(votes) if vote.label not in merged]
    roles = {label: part for label, part in roles.items() if label not in merged}
    taken = {_fold(speaker.name) for speaker in settled.values()}
    taken |= {_fold(alias) for name in voices.values() for alias in name.aliases}
    said = _decide(votes, labels, settled, taken, roles)
    speakers = [_speaker(label, settled.get(label), said.get(label), heard) for label in labels]
    return _make_unique(list(_with_roles(speakers, roles, talk)))


def _settle(
    voices: Mapping[str, GivenName], known: Mapping[str, tuple[str, float]]
) -> dict[str, Speaker]:
    """Return the voices whose names do not depend on what is said."""
    settled = {
        label: Speaker(name.name, label, NameBasis.GIVEN, 1.0, _given_quotes(name))
        for label, name in voices.items()
    }
    by_confidence = sorted(known.items(), key=lambda item: -item[1][1])
    for label, (name, confidence) in by_confidence:
        cleaned = clean_name(name)
        is_free = cleaned not in {speaker.name for speaker in settled.values()}
        if cleaned and is_free and label not in settled and confidence >= _LEAST_KNOWN:
            quote = Quote("", f"sounds like {cleaned} in the voice library")
            settled[label] = Speaker(cleaned, label, NameBasis.LIBRARY, confidence, (quote,))
    return settled


def _given_quotes(name: GivenName) -> tuple[Quote, ...]:
    reason = "is given for this sample" if name.spans else f"is given for {name.key}"
    return (Quote(name.name, reason, name.spans[0] if name.spans else None),)


def _header_votes(source: Source, roles: Mapping[str, Part]) -> Iterator[Vote]:
    """Yield a vote for the host whom the document's header names."""
    header = " | ".join(filter(None, (source.title, source.part_title)))
    match = _HEADER_HOST.search(header)
    hosts = [label for label, part in roles.items() if part.role is Role.HOST]
    if match and hosts:
        folded = simplify(match["name"]).casefold()
        is_latin = folded.isascii()
        family = folded.split(" ")[-1] if is_latin else folded[0]
        given = folded.split(" ")[0] if is_latin else folded[1:]
        quote = Quote(match.group(), "the title of the document names the host")
        yield Vote(hosts[0], Spelling(match["name"], family, given), _HEADER_VOTES, quote, -1)


def _as_given(vote: Vote, heard: Mapping[str, GivenName]) -> Vote:
    """Return ``vote`` for the name that the user gives for the one that is written."""
    name = heard.get(_fold(vote.spelling.text))
    if name is None:
        return vote
    return replace(vote, spelling=Spelling(name.name, "", _fold(name.name)))


def _fold(text: str) -> str:
    return simplify(text).casefold()


def _decide(
    votes: Sequence[Vote],
    labels: Sequence[str],
    settled: Container[str],
    taken: Container[str],
    roles: Mapping[str, Part],
) -> dict[str, _Evidence]:
    """Return the names of voices that are clear from what is said.

    Args:
        votes: For and against.
        labels: The voices.
        settled: Those that have a name already.
        taken: The names, folded, that are theirs.
        roles: What voices do.
    """
    tally = tally_votes(votes, labels)
    people = group_people(tally)
    scores, favours = score_people(tally, people)
    for column, person in enumerate(people):
        if any(_fold(spelling.text) in taken for spelling in person.spellings):
            scores[:, column] = 0.0
    scores[[label in settled for label in labels]] = 0.0
    hosts = {label for label, part in roles.items() if part.role is Role.HOST}
    least = np.array([_LEAST_HOST_SCORE if label in hosts else _LEAST_SCORE for label in labels])
    return {
        labels[row]: _explain(tally, people[column], labels[row], votes, confidence)
        for row, column, confidence in _choose(scores, favours, least)
    }


def _choose(scores: Worth, favours: Worth, least: Worth) -> list[tuple[int, int, float]]:
    """Return (voice, person, confidence) of the pairs that are clear.

    A pair that is not clear is taken out, and what is left is assigned anew.
    """
    scores = scores.copy()
    shares = favours / np.maximum(favours.sum(axis=0), 1e-9)
    while True:
        pairs = pair_best(scores)
        margins = {pair: pair_margin(scores, pair) for pair in pairs}
        doubtful = [
            pair
            for pair in pairs
            if scores[pair] < least[pair[0]]
            or shares[pair] < _LEAST_SHARE
            or margins[pair] < _LEAST_MARGIN
        ]
        if not doubtful:
            break
        for pair in doubtful:
            scores[pair] = 0.0
    sure = (
        (*pair, float(shares[pair]) * (1 - exp(-min(scores[pair], 2 * margins[pair]) / _CERTAIN)))
        for pair in pairs
    )
    return [(v, p, round(c, 3)) for v, p, c in sure if c >= _LEAST_CONFIDENCE]


def _explain(
    tally: Tally, person: Person, label: str, votes: Sequence[Vote], confidence: float
) -> _Evidence:
    spelling = choose_spelling(tally, label, person)
    own = [
        vote
        for vote in votes
        if vote.label == label and vote.spelling in person.spellings and vote.weight > 0
    ]
    best = sorted(own, key=lambda vote: -vote.weight)[:_MOST_QUOTES]
    quotes = tuple(_quote(vote, spelling) for vote in sorted(best, key=lambda vote: vote.offset))
    return _Evidence(spelling, confidence, quotes)


def _quote(vote: Vote, spelling: Spelling) -> Quote:
    if vote.spelling.text == spelling.text:
        return vote.quote
    return replace(vote.quote, reason=f"{vote.spelling.text} {vote.quote.reason}")


def _speaker(
    label: str,
    settled: Speaker | None,
    said: _Evidence | None,
    heard: Mapping[str, GivenName],
) -> Speaker:
    if settled is not None:
        return settled
    if said is None:
        return Speaker(label, label)
    basis = NameBasis.GIVEN if _fold(said.spelling.text) in heard else NameBasis.SAID
    return Speaker(said.spelling.text, label, basis, said.confidence, said.quotes)


def _with_roles(
    speakers: Sequence[Speaker], roles: Mapping[str, Part], talk: Talk
) -> Iterator[Speaker]:
    """Yield the speakers, those with a role and no name under the role."""
    host, audience = _role_words(talk)
    names = {speaker.name for speaker in speakers}
    number = 0
    for speaker in speakers:
        part = roles.get(speaker.label)
        if part is None or speaker.basis is not NameBasis.NONE:
            yield speaker
            continue
        name = host
        if part.role is Role.AUDIENCE or host in names:
            number += 1
            name = f"{audience} {number}"
        names.add(name)
        yield Speaker(name, speaker.label, NameBasis.ROLE, part.confidence, part.quotes)


def _role_words(talk: Talk) -> tuple[str, str]:
    """Return what the host and the audience are called, in the talk's language and script."""
    if not is_chinese(talk):
        return "Host", "Audience"
    other = sum(a != b for a, b in zip(talk.text, talk.folded, strict=True))
    is_traditional = other > _TRADITIONAL * len(talk.text)
    return ("主持人", "觀眾") if is_traditional else ("主持人", "观众")


def _make_unique(speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """Return the speakers, each under a name of its own: later ones get their label."""
    # What the user says stands before what was found.
    order = sorted(range(len(speakers)), key=lambda k: list(NameBasis).index(speakers[k].basis))
    taken: set[str] = set()
    unique = list(speakers)
    for place in order:
        speaker = unique[place]
        if speaker.name in taken:
            speaker = Speaker(_free(speaker.label, taken), speaker.label)
        taken.add(speaker.name)
        unique[place] = speaker
    return tuple(unique)


def _free(label: str, taken: set[str]) -> str:
    name, number = label, 1
    while name in taken:
        number += 1
        name = f"{label} {number}"
    return name
