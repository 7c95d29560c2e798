"""Mentions to votes: which voice may bear the name, and which may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from subtools.core import Quote
from subtools.naming.likeness import Spelling
from subtools.naming.mentions import Kind, Mention
from subtools.naming.talk import Stretch, Talk

SUBSTANTIAL = 14  # characters of Chinese: what is shorter may be a back-channel
_BRIEF_SHARE = 0.4  # of a vote, to a short turn on the way to a longer one
_SHORTEST_ANSWER = 3  # characters; a shorter turn neither answers nor asks
_SHORT_ANSWER = 6  # characters; such a turn, and none of anybody else, is an answer
_SHORT_ANSWER_SHARE = 0.8  # of a vote
_PROMPT = 14  # characters after a name within which the floor is handed over at once
_FADING = 45  # characters; later than that after the name, a vote is worth 1/e
_LONGEST_QUESTION = 135  # characters that a question takes after the name of who is asked
_ADDRESSED_LEAST = 0.85  # of the vote at least until then
_CLEAR = 0.8  # strength of a mention that is clearly an address
_SEVERAL_ASKED = 0.5  # of the vote for each of several people who are asked together
_FURTHER_NAMES = 0.35  # of the vote, if another one is asked to speak after this one
_LONGEST_WAY = 6  # stretches to look at after a hand-over or before an answer

_INTRODUCED = 3.0  # weights in votes; one clear hand-over is one vote
_CLAIM = 1.0  # votes from which on an introduction is no clause in a wrong voice
_SHORT_SHARE = 0.2  # of it, if little else is said: a clause may be in the wrong voice
_THANKED = 0.7  # alone it names nobody: people thank the absent too
_ASKED = 0.8
_GREETED = 0.5  # for who spoke before, and for who answers
_REPORTED = 0.45
_REPORTED_AT_ONCE = 0.8  # by the next to speak, who takes it up
_OPENING = 12  # characters that are still the opening of a turn
_LATER = 0.5  # of a vote of thanks, from later in a turn
_RECENCY = (1.0, 0.5, 0.3, 0.2)  # shares of a vote for those who spoke last, latest first
_HOST_SHARE = 0.25  # of it: what people take up is seldom what the host said
_NAMED_BY_SELF = -0.7  # people seldom say their own name


@dataclass(frozen=True, slots=True)
class Vote:
    """What one mention says about one voice.

    Attributes:
        label: The voice.
        spelling: The name, as written there.
        weight: How much it says; below zero, if against.
        quote: The words, and how they count.
        offset: Where the name stands in the text.
        is_claim: Whether the voice says so of itself, in more than a few words.
    """

    label: str
    spelling: Spelling
    weight: float
    quote: Quote
    offset: int
    is_claim: bool = False


def cast_votes(talk: Talk, mentions: Sequence[Mention]) -> tuple[Vote, ...]:
    """Return the votes of all mentions, in the order of the text."""
    host = leading_voice(talk, mentions)
    votes: list[Vote] = []
    for place, mention in enumerate(mentions):
        for label, weight, reason in _judge(talk, mentions, place, host):
            if weight:
                a, b = talk.clause(mention.first, mention.last)
                quote = Quote(talk.text[a:b], reason, talk.span(a, b))
                is_claim = mention.kind is Kind.INTRODUCTION and weight >= _CLAIM
                spelling, place_said = mention.spelling, mention.first
                votes.append(Vote(label, spelling, weight, quote, place_said, is_claim))
    return tuple(votes)


def leading_voice(talk: Talk, mentions: Sequence[Mention]) -> str | None:
    """Return the voice that hands over more often than all others together; None if none does."""
    counts = count_handovers(talk, mentions)
    if not counts:
        return None
    label, most = max(counts.items(), key=lambda item: item[1])
    return label if most >= 2 and most * 2 > sum(counts.values()) else None


def count_handovers(talk: Talk, mentions: Sequence[Mention]) -> Mapping[str, int]:
    """Return how often each voice asks somebody by name to speak."""
    return Counter(
        talk.stretches[talk.stretch_at(mention.first)].label
        for mention in mentions
        if mention.kind is Kind.HANDOVER
    )


def _judge(
    talk: Talk, mentions: Sequence[Mention], place: int, host: str | None
) -> Iterator[tuple[str, float, str]]:
    """Yield (voice, weight, reason) for one mention."""
    mention = mentions[place]
    index = talk.stretch_at(mention.first)
    own = talk.stretches[index].label
    if mention.kind is Kind.INTRODUCTION:
        is_short = talk.stretches[index].size < SUBSTANTIAL
        weight = _INTRODUCED * mention.strength * (_SHORT_SHARE if is_short else 1.0)
        yield own, weight, "says so of themselves"
        return
    yield own, _NAMED_BY_SELF * (mention.strength > 0), "speaks of somebody else"
    if mention.kind is Kind.HANDOVER:
        yield from _hand_over(talk, mentions, place)
    elif mention.kind is Kind.THANKS:
        yield from _thank(talk, mention, host)
    elif mention.kind is Kind.GREETING:
        for label, share in (*_before(talk, index, host), *_after(talk, index, ())):
            yield label, _GREETED * share, "is greeted, and this voice speaks before or after"
    elif mention.kind is Kind.QUESTION:
        for label, share in _before(talk, index, host)[:1]:
            yield label, _ASKED * mention.strength * share, "asked what is answered here"
    elif mention.kind is Kind.REPORT:
        yield from _report(talk, mention, host)


def _hand_over(
    talk: Talk, mentions: Sequence[Mention], place: int
) -> Iterator[tuple[str, float, str]]:
    mention = mentions[place]
    index = talk.stretch_at(mention.first)
    rest = talk.size(mention.last, talk.stretches[index].last)
    fading = 1.0 if rest <= _PROMPT else 2.718 ** ((_PROMPT - rest) / _FADING)
    if rest <= _LONGEST_QUESTION and mention.strength >= _CLEAR:
        fading = max(fading, _ADDRESSED_LEAST)
    weight = mention.strength * fading
    end = talk.stretches[index].last
    later = list(takewhile(lambda m: m.first < end, islice(mentions, place + 1, None)))
    asked = [m for m in later if m.kind is Kind.HANDOVER and m.spelling != mention.spelling]
    if asked:
        is_listed = asked[0].first - mention.last <= 2
        weight *= _SEVERAL_ASKED if is_listed and len(asked) == 1 else _FURTHER_NAMES
    for label, share in _after(
        talk, index, _redirects(talk, mentions[place : place + 2 * _LONGEST_WAY])
    ):
        yield label, weight * share, "is asked to speak, and this voice speaks next"


def _thank(talk: Talk, mention: Mention, host: str | None) -> Iterator[tuple[str, float, str]]:
    index = talk.stretch_at(mention.first)
    is_opening = talk.size(talk.stretches[index].first, mention.first) <= _OPENING
    weight = _THANKED * mention.strength * (1.0 if is_opening else _LATER)
    for label, share in _before(talk, index, host):
        yield label, weight * share, "is thanked, and this voice spoke before"


def _report(talk: Talk, mention: Mention, host: str | None) -> Iterator[tuple[str, float, str]]:
    """Yield votes for those who spoke lately; the latest, where it is taken up at once."""
    index = talk.stretch_at(mention.first)
    own = talk.stretches[index]
    said_before = talk.size(own.first, mention.first)
    reason = "is said to have spoken, as this voice did before"
    if own.label == host and said_before <= _OPENING:
        for label, share in _before(talk, index, host):
            yield label, _REPORTED_AT_ONCE * mention.strength * share, reason
        return
    for label, share in zip(_recent(talk, index), _RECENCY, strict=False):
        weight = _REPORTED * mention.strength * share
        yield label, weight * (_HOST_SHARE if label == host else 1.0), reason


def _redirects(talk: Talk, mentions: Sequence[Mention]) -> set[int]:
    """Return the stretches, as far as they matter here, in which somebody is asked to speak."""
    near = mentions[: 2 * _LONGEST_WAY]
    return {talk.stretch_at(m.first) for m in near if m.kind is Kind.HANDOVER}


def _after(talk: Talk, index: int, redirects: Collection[int]) -> list[tuple[str, float]]:
    """Return who speaks after a stretch, with shares: brief turns on the way get less.

    Whoever hands over and goes on at length has kept the floor; whoever asks another one
    then (in one of the stretches ``redirects``) has given it away.
    """
    own = talk.stretches[index].label
    later = range(index + 1, min(len(talk.stretches), index + 1 + _LONGEST_WAY))
    kept = [k for k in later if talk.stretches[k].label == own and k in redirects]
    last = kept[0] if kept else later.stop
    return _share(own, talk.stretches[index + 1 : last])


def _before(talk: Talk, index: int, host: str | None) -> list[tuple[str, float]]:
    """Return who spoke before a stretch, with shares: brief turns on the way get less.

    Those of the host do not: they give the floor and ask.
    """
    own = talk.stretches[index].label
    earlier = talk.stretches[max(0, index - _LONGEST_WAY) : index][::-1]
    return _share(own, [s for s in earlier if s.size >= _SHORTEST_ANSWER or s.label == own], host)


def _share(
    own: str, stretches: Sequence[Stretch], host: str | None = None
) -> list[tuple[str, float]]:
    shares: dict[str, float] = {}
    left = 1.0
    said = 0
    for stretch in stretches:
        is_long = stretch.size >= SUBSTANTIAL or stretch.label == host
        if stretch.label == own:
            if is_long or (said >= _SHORT_ANSWER <= stretch.size):
                is_answered = len(shares) == 1 and said >= _SHORT_ANSWER
                return [
                    (label, max(share, _SHORT_ANSWER_SHARE * is_answered))
                    for label, share in shares.items()
                ]
            continue
        said += stretch.size
        share = left if is_long else left * _BRIEF_SHARE
        shares[stretch.label] = shares.get(stretch.label, 0.0) + share
        left -= share
        if is_long:
            break
    return list(shares.items())


def _recent(talk: Talk, index: int) -> tuple[str, ...]:
    """Return the voices that spoke at length before a stretch, latest first."""
    own = talk.stretches[index].label
    labels = (
        stretch.label
        for stretch in reversed(talk.stretches[:index])
        if stretch.size >= 2 * SUBSTANTIAL and stretch.label != own
    )
    return tuple(dict.fromkeys(labels))
