"""Who speaks when, from made-up windows and voices to turns; and voices known from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.core import SHORTEST_VOICE, LocalSpeakers, Span, SpeakerCount, Turn, overlap
from subtools.speakers import (
    average_voiceprints,
    diarize,
    learn_voiceprint,
    learn_voiceprints,
    recognise_voices,
)
from subtools.speakers.knowing import ENOUGH
from tests.talking import PAUSE, unit

STEP = 0.02  # s, of a frame
WINDOW, HOP = 500, 250  # frames
SLOTS = 4  # speakers that a window can tell apart


@dataclass(frozen=True, slots=True)
class Talk:
    """What is true of a sound that nobody recorded.

    Attributes:
        turns: Who speaks when, by onset.
        seed: Decides voices, noise, and how windows number who they hear.
    """

    turns: tuple[Turn, ...]
    seed: int = 0

    @property
    def duration(self) -> float:
        return max((turn.end for turn in self.turns), default=1.0) + 0.4

    def listen(self, confused: Mapping[str, str] | None = None) -> LocalSpeakers:
        """Return what windows hear; they take those in ``confused`` for others."""
        random = np.random.default_rng(self.seed)
        frames = round(self.duration / STEP)
        starts = np.arange(0, max(frames - WINDOW, 0) + HOP, HOP)
        found = np.full((len(starts), WINDOW, SLOTS), 0.03, np.float16)
        for window, start in zip(found, starts, strict=True):
            times = (start + np.arange(WINDOW) + 0.5) * STEP
            slots = iter(random.permutation(SLOTS))
            numbers: dict[str, int] = {}
            for turn in self.turns:
                active = (turn.start <= times) & (times < turn.end)
                if active.any():
                    who = (confused or {}).get(turn.speaker, turn.speaker)
                    window[active, numbers.setdefault(who, int(next(slots, 0)))] = 0.95
        return LocalSpeakers((starts * STEP).astype(np.float64), found, STEP, STEP / 2)

    def embed(self, spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        """Return the mean of the voices in each span, noisier the shorter it is."""
        random = np.random.default_rng(self.seed + 1)
        names = sorted({turn.speaker for turn in self.turns})
        voices = dict(zip(names, unit(random.normal(size=(len(names), 192))), strict=True))
        embeddings = []
        for span in spans:
            assert span.duration >= SHORTEST_VOICE - 1e-9
            assert span.start >= 0.0
            assert span.end <= self.duration
            heard = sum(overlap(span, turn) * voices[turn.speaker] for turn in self.turns)
            loudness = sum(overlap(span, turn) for turn in self.turns) or 1.0
            noise = random.normal(size=192) / np.sqrt(192)
            embeddings.append(heard / loudness + np.sqrt(0.05 + 1.2 / span.duration) * noise)
        return unit(np.array(embeddings)).astype(np.float32)


def vector(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, np.float32)


def talk(*turns: tuple[str, float, float], seed: int = 0) -> Talk:
    return Talk(tuple(sorted((Turn(*turn) for turn in turns), key=lambda t: t.start)), seed)


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Two to six people who speak twice or more, with pauses or a little over each other."""
    people = draw(st.integers(2, 6))
    order = [*range(people), *draw(st.permutations(range(people)))]
    order += draw(st.lists(st.integers(0, people - 1), max_size=4))
    now, turns = draw(st.sampled_from([0, 40])), []
    for index, person in enumerate(order):
        same = index > 0 and order[index - 1] == person
        now += draw(st.sampled_from([10, 40, 700] if same else [-30, 0, 0, 20, 60, 700]))
        now = max(now, 0)
        length = draw(st.integers(200, 500))
        turns.append((f"人{person}", now * STEP, (now + length) * STEP))
        now += length
    return talk(*turns, seed=draw(st.integers(0, 1000)))


def joined(turns: Sequence[Turn]) -> list[tuple[str, float, float]]:
    """Return turns joined over short pauses, their speakers numbered by first turns."""
    found: list[list[float]] = []
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    for number, name in enumerate(names):
        own = [turn for turn in turns if turn.speaker == name]
        now = [float(number), own[0].start, own[0].end]
        for turn in own[1:]:
            if turn.start - now[2] < PAUSE - 1e-9:
                now[2] = max(now[2], turn.end)
            else:
                found.append(now)
                now = [float(number), turn.start, turn.end]
        found.append(now)
    ordered = sorted(found, key=lambda turn: turn[1:])
    return [(f"SPEAKER_{int(number):02d}", start, end) for number, start, end in ordered]


def assert_turns(
    found: Sequence[Turn], expected: Sequence[tuple[str, float, float]], *, within: float = STEP
) -> None:
    assert [turn.speaker for turn in found] == [speaker for speaker, _, _ in expected]
    assert [turn.start for turn in found] == pytest.approx([t[1] for t in expected], abs=within)
    assert [turn.end for turn in found] == pytest.approx([t[2] for t in expected], abs=within)


# --- diarizing


@settings(max_examples=40)
@given(talks())
def test_turns_are_those_of_the_people_who_speak(spoken: Talk) -> None:
    found = diarize(spoken.listen(), spoken.duration, spoken.embed)
    assert_turns(found, joined(spoken.turns), within=STEP * 1.01)


def test_who_comes_back_after_minutes_is_the_same_person() -> None:
    spoken = talk(("甲", 1, 9), ("乙", 9.5, 200), ("甲", 201, 206), ("丙", 400, 409))
    found = diarize(spoken.listen(), spoken.duration, spoken.embed)
    assert_turns(found, joined(spoken.turns))


def test_one_person_is_one_speaker_who_is_sure() -> None:
    spoken = talk(("甲", 0.5, 3), ("甲", 4, 30), ("甲", 31, 60))
    found = diarize(spoken.listen(), spoken.duration, spoken.embed)
    assert_turns(found, joined(spoken.turns))
    assert min(turn.confidence or 0.0 for turn in found) > 0.99


def test_a_brief_answer_while_another_speaks_is_a_turn_of_its_own() -> None:
    spoken = talk(("甲", 0, 12), ("乙", 9, 9.8), ("乙", 12.5, 20))
    found = diarize(spoken.listen(), spoken.duration, spoken.embed)
    assert_turns(found, joined(spoken.turns))


def test_nobody_speaks_in_silence() -> None:
    silent = Talk(())
    assert diarize(silent.listen(), silent.duration, silent.embed) == ()


def test_speech_too_short_to_hear_a_voice_in_is_nobodys() -> None:
    brief = talk(("甲", 0.2, 0.4))
    assert diarize(brief.listen(), brief.duration, brief.embed) == ()


@pytest.mark.parametrize("length", [0.5, 1.5])
def test_a_single_word_is_a_turn(length: float) -> None:
    brief = talk(("甲", 0.2, 0.2 + length))
    assert_turns(diarize(brief.listen(), brief.duration, brief.embed), joined(brief.turns))


def test_windows_that_take_two_people_for_one_are_set_right_by_their_voices() -> None:
    spoken = talk(("甲", 0, 8), ("乙", 8, 15), ("甲", 15, 23))
    found = diarize(spoken.listen({"乙": "甲"}), spoken.duration, spoken.embed)
    assert_turns(found, joined(spoken.turns), within=0.4)


def test_a_change_that_windows_do_not_hear_is_at_a_border() -> None:
    spoken = talk(("甲", 0, 8.3), ("乙", 8.3, 15.1), ("甲", 15.1, 23))
    borders = [1.7, 6.5, 8.3, 9.9, 13.3, 15.1, 17.9]
    found = diarize(spoken.listen({"乙": "甲"}), spoken.duration, spoken.embed, borders=borders)
    assert_turns(found, joined(spoken.turns), within=1e-6)


PAIR = [("甲" if k % 2 else "乙", 10.0 * k, 10.0 * k + 8.0) for k in range(6)]


@pytest.mark.parametrize(("length", "people"), [(0.9, 2), (1.8, 3)])
def test_a_single_question_has_a_voice_if_it_is_not_too_brief(length: float, people: int) -> None:
    spoken = talk(*PAIR, ("丙", 62.0, 62.0 + length))
    found = diarize(spoken.listen(), spoken.duration, spoken.embed)
    assert len({turn.speaker for turn in found}) == people
    two = diarize(spoken.listen(), spoken.duration, spoken.embed, count=SpeakerCount(most=2))
    assert len({turn.speaker for turn in two}) == 2


def test_pieces_of_less_than_a_second_make_no_voice() -> None:
    spoken = talk(*PAIR, *(("丙", 62.0 + 2 * k, 62.9 + 2 * k) for k in range(4)))
    found = diarize(spoken.listen(), spoken.duration, spoken.embed)
    assert len({turn.speaker for turn in found}) == 2


def test_people_are_as_many_as_somebody_says() -> None:
    spoken = talk(
        *((name, 10.0 * k, 10.0 * k + 8.0) for k, name in enumerate("甲乙丙甲乙丙甲乙丙"))
    )
    for wanted in (1, 2, 3, 4):
        count = SpeakerCount(wanted, wanted)
        found = diarize(spoken.listen(), spoken.duration, spoken.embed, count=count)
        assert len({turn.speaker for turn in found}) == wanted


def test_turns_that_windows_and_voices_agree_on_are_surer_than_others() -> None:
    clear = talk(("甲", 0, 8), ("乙", 9, 17), ("甲", 18, 26), ("乙", 27, 35))
    found = diarize(clear.listen(), clear.duration, clear.embed)
    assert min(turn.confidence or 0.0 for turn in found) > 0.95

    def guess(spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        random = np.random.default_rng(3)
        return unit(random.normal(size=(len(spans), 192))).astype(np.float32)

    guessed = diarize(clear.listen(), clear.duration, guess, count=SpeakerCount(2, 2))
    assert min(turn.confidence or 0.0 for turn in guessed) < 0.9


def diarize_noise(seed: int) -> tuple[Turn, ...]:
    """Return the turns of one long track whose voices are noise."""
    random = np.random.default_rng(seed)
    lengths = random.uniform(0.4, 5.0, 12).round(1)
    starts = np.cumsum(lengths + random.choice([0.0, 0.2, 1.0], 12))
    spoken = talk(*(("甲", float(b - d), float(b)) for b, d in zip(starts, lengths, strict=True)))
    leaning = random.uniform(0, 2)
    voices = random.normal(size=(4, 32))

    def embed(spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        noise = random.normal(size=(len(spans), 32))
        return unit(noise + leaning * voices[random.integers(0, 4, len(spans))]).astype(np.float32)

    return diarize(spoken.listen(), spoken.duration, embed)


@pytest.mark.parametrize("seed", [*range(20), 75])  # 75: pieces leave a voice without any
def test_voices_that_nobody_could_tell_apart_give_turns_all_the_same(seed: int) -> None:
    turns = diarize_noise(seed)
    assert [turn.start for turn in turns] == sorted(turn.start for turn in turns)
    labels = list(dict.fromkeys(turn.speaker for turn in turns))
    assert labels == [f"SPEAKER_{k:02d}" for k in range(len(labels))]
    assert all(turn.confidence is not None and 0 <= turn.confidence <= 1 for turn in turns)


def test_no_turn_is_empty_whatever_the_voices() -> None:
    assert all(turn.start < turn.end for seed in range(60) for turn in diarize_noise(seed))


# --- knowing voices

NAMES = ["甲", "乙", "丙"]
TIME = st.integers(0, 640).map(lambda cells: cells / 16)
TURNS = st.lists(st.tuples(st.sampled_from(NAMES), TIME, TIME), max_size=8).map(
    lambda drawn: sorted(
        (Turn(name, min(a, b), max(a, b)) for name, a, b in drawn),
        key=lambda turn: (turn.start, turn.end),
    )
)


class Listener:
    """An embedder that remembers where it was asked to listen."""

    def __init__(self) -> None:
        self.spans: list[list[Span]] = []

    def __call__(self, spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        self.spans.append(list(spans))
        return np.tile(vector(0.6, 0.8), (len(spans), 1))


@given(TURNS)
def test_a_voiceprint_is_only_of_where_one_person_speaks_alone(turns: list[Turn]) -> None:
    listener = Listener()
    found = learn_voiceprints(turns, listener)
    assert sorted(found) == list(found)
    for name, spans in zip(found, listener.spans, strict=True):
        own = [turn for turn in turns if turn.speaker == name]
        others = [turn for turn in turns if turn.speaker != name]
        assert all(any(t.start <= s.start and s.end <= t.end for t in own) for s in spans)
        assert not any(overlap(span, other) for span in spans for other in others)
        assert all(span.duration >= 1.0 for span in spans)
        assert sum(span.duration for span in spans) < ENOUGH + 4.0


@given(TURNS)
def test_whoever_is_heard_alone_for_a_second_has_a_voiceprint(turns: list[Turn]) -> None:
    found = learn_voiceprints(turns, Listener())
    for name in NAMES:
        edges = sorted({edge for turn in turns for edge in (turn.start, turn.end)})
        alone = [
            {turn.speaker for turn in turns if turn.start <= a and b <= turn.end} == {name}
            for a, b in pairwise(edges)
        ]
        long = [b - a >= 1.0 for a, b in pairwise(edges)]
        if any(both for both in map(all, zip(alone, long, strict=True))):
            assert name in found
        if not any(alone):
            assert name not in found


def test_a_voiceprint_is_of_the_longest_stretches() -> None:
    listener = Listener()
    learn_voiceprint([Span(0, 20), Span(30, 75), Span(80, 81)], listener)
    spans = listener.spans[0]
    assert spans[0] == Span(30, 34)
    assert ENOUGH <= sum(span.duration for span in spans) < ENOUGH + 4.0
    assert Span(80, 81) not in spans
    assert not any(overlap(a, b) for a, b in pairwise(sorted(spans)))


def test_less_than_a_second_is_no_voiceprint() -> None:
    assert learn_voiceprint([Span(0, 0.9), Span(2, 2.9)], Listener()) is None
    assert learn_voiceprint([], Listener()) is None
    assert learn_voiceprint([Span(0, 1.0)], Listener()) is not None


def test_a_voiceprint_of_the_same_person_is_nearly_the_same_elsewhere() -> None:
    spoken = talk(("甲", 0, 30), ("乙", 28, 60), ("甲", 61, 90))
    found = learn_voiceprints(spoken.turns, spoken.embed)
    again = learn_voiceprint([Span(61, 90)], spoken.embed)
    assert again is not None
    assert found["甲"] @ again > 0.9
    assert abs(found["甲"] @ found["乙"]) < 0.3


def test_longer_stretches_count_for_more_in_a_voiceprint() -> None:
    def embed(spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        return np.array([[1, 0] if span.start < 10 else [0, 1] for span in spans], np.float32)

    found = learn_voiceprint([Span(0, 3), Span(20, 21)], embed)
    assert found == pytest.approx(np.array([3, 1]) / np.sqrt(10))


def test_voiceprints_of_one_person_are_averaged_to_unit_length() -> None:
    prints = [vector(1, 0), vector(0, 1)]
    assert average_voiceprints(prints) == pytest.approx(np.sqrt([0.5, 0.5]))
    assert average_voiceprints(prints, [3.0, 4.0]) == pytest.approx([0.6, 0.8])


def prints_of(seed: int, count: int, spread: float) -> dict[str, npt.NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    vectors = unit(np.ones(8) + spread * random.normal(size=(count, 8)))
    return {f"{k}": vector.astype(np.float32) for k, vector in enumerate(vectors)}


@given(st.integers(0, 999), st.integers(0, 5), st.integers(0, 5), st.sampled_from([0.3, 0.7, 2.0]))
def test_each_known_name_goes_to_one_speaker_who_is_like_it(
    seed: int, speakers: int, known: int, spread: float
) -> None:
    heard, library = prints_of(seed, speakers, spread), prints_of(seed + 1000, known, spread)
    found = recognise_voices(heard, library)
    names = [item.name for item in found.values()]
    assert len(set(names)) == len(names)
    likeness = {(a, b): float(heard[a] @ library[b]) for a in heard for b in library}
    for label, item in found.items():
        assert item.likeness == pytest.approx(likeness[label, item.name], abs=1e-3)
        assert item.confidence >= 0.5
    for (label, name), alike in likeness.items():  # nobody was passed over
        better = [found[label].likeness] if label in found else []
        better += [item.likeness for item in found.values() if item.name == name]
        assert alike < 0.65 + 1e-6 or max(better, default=-1.0) >= alike - 1e-3


@pytest.mark.parametrize(
    ("likeness", "confidence"),
    [(0.5, None), (0.64, None), (0.6501, 0.5), (0.8, 0.953), (1.0, 0.99)],
)
def test_a_voice_that_is_not_alike_enough_stays_unknown(
    likeness: float, confidence: float | None
) -> None:
    heard = vector(likeness, np.sqrt(1 - likeness**2))
    found = recognise_voices({"SPEAKER_00": heard}, {"宋老師": vector(1, 0)})
    rated = found["SPEAKER_00"].confidence if found else None
    assert rated == (None if confidence is None else pytest.approx(confidence, abs=0.002))


def test_the_name_goes_to_the_voice_that_is_most_like_it() -> None:
    voices = {"A": vector(0.96, 0.28), "B": vector(0.8, 0.6)}
    library = {"宋老師": vector(1, 0), "曾老師": vector(0, 1)}
    found = recognise_voices(voices, library)
    assert {label: known.name for label, known in found.items()} == {"A": "宋老師"}


def test_without_a_library_everybody_stays_unknown() -> None:
    assert recognise_voices({"A": vector(1, 0)}, {}) == {}
    assert recognise_voices({}, {"宋老師": vector(1, 0)}) == {}
