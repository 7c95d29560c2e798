"""Old subtitles get new times: by the real aligner on the clip, and rule by rule."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue, Finding, FindingKind, Native, Span, Subtitles, Word
from subtools.cues import NO_TIME_KNOWN
from subtools.editing import scale_subtitles, shift_subtitles
from subtools.metrics.reference import Clause, parse_reference
from subtools.resyncing import Resynced, read_transcript, resync, retime_cues

FPS = Fraction(25, 1) / Fraction(24000, 1001)
MISSING, EXTRA = 40, 20  # a clause that the old file lacks, a cue that nobody speaks
NONSENSE = "這個句子從來沒有人說過呀"


@pytest.fixture(scope="module")
def clauses(clip_reference: Path) -> Sequence[Clause]:
    return parse_reference(clip_reference.read_text("utf-8")).clauses


def make_old(clauses: Sequence[Clause]) -> Subtitles:
    """Return cues with the text of ``clauses``: too late, too slow, and none just so."""
    chance = random.Random(7)
    cues = tuple(
        Cue(c.start, c.end, (c.text[:8], c.text[8:]) if len(c.text) > 8 else (c.text,))
        for c in clauses
    )
    moved = scale_subtitles(shift_subtitles(Subtitles(cues), 3.7), FPS).cues
    jitter = [chance.uniform(-0.4, 0.4) for _ in moved]
    shaken = (
        replace(c, start=c.start + by, end=c.end + by) for c, by in zip(moved, jitter, strict=True)
    )
    return Subtitles(tuple(replace(c, identifier=f"c{n}") for n, c in enumerate(shaken)))


@pytest.fixture(scope="module")
def resynced(clauses: Sequence[Clause], clip_audio: Path) -> Resynced:
    return resync(make_old(clauses), clip_audio)


@pytest.mark.model
def test_onsets_are_those_of_the_speech(resynced: Resynced, clauses: Sequence[Clause]) -> None:
    pairs = list(zip(resynced.subtitles.cues, clauses, strict=True))
    near = sum(abs(cue.start - clause.start) <= 0.1 for cue, clause in pairs)
    assert near >= 0.95 * len(pairs)
    assert max(abs(cue.start - clause.start) for cue, clause in pairs) < 0.5
    assert resynced.untimed == 0
    assert resynced.subtitles.remarks == ()


@pytest.mark.model
def test_the_cues_are_the_old_ones_but_for_their_times(
    resynced: Resynced, clauses: Sequence[Clause]
) -> None:
    old = make_old(clauses).cues
    kept = ("lines", "identifier", "speaker", "settings")
    for cue, before in zip(resynced.subtitles.cues, old, strict=True):
        assert [getattr(cue, f) for f in kept] == [getattr(before, f) for f in kept]
        assert cue.confidence is not None
        spoken = "".join(word.text for word in cue.words)
        assert spoken.replace(" ", "") == "".join(before.lines).replace(" ", "")
        assert cue.end >= max(word.span.end for word in cue.words if word.span) - 0.1


@pytest.mark.model
def test_a_cue_that_nobody_speaks_and_a_clause_that_has_none_disturb_nobody(
    clauses: Sequence[Clause], clip_audio: Path
) -> None:
    full = list(make_old(clauses).cues)
    there = full[EXTRA]
    extra = Cue(there.start - 0.2, there.start - 0.1, (NONSENSE,))
    cues = [*full[:EXTRA], extra, *full[EXTRA:MISSING], *full[MISSING + 1 :]]
    done = resync(Subtitles(tuple(cues)), clip_audio)
    new = {cue.identifier: cue for cue in done.subtitles.cues}
    rest = [(new[f"c{n}"], clause) for n, clause in enumerate(clauses) if n != MISSING]
    near = sum(abs(cue.start - clause.start) <= 0.1 for cue, clause in rest)
    assert near >= 0.95 * len(rest)

    assert done.untimed == 1
    unheard = done.subtitles.cues[EXTRA]
    assert (unheard.text, unheard.confidence, unheard.reason) == (NONSENSE, 0.0, NO_TIME_KNOWN)
    before, after = done.subtitles.cues[EXTRA - 1], done.subtitles.cues[EXTRA + 1]
    assert before.end <= unheard.start <= unheard.end <= max(unheard.start, after.start)
    (remark,) = done.subtitles.remarks
    assert remark.text.startswith("not heard, its time is a guess: ")
    kinds = {finding.kind for finding in done.alignment.findings if says(finding, NONSENSE)}
    assert FindingKind.NOT_IN_AUDIO in kinds
    heard = [f for f in done.alignment.findings if f.kind is FindingKind.NOT_IN_TEXT and f.span]
    missing = clauses[MISSING]
    assert any(f.span and f.span.start < missing.end and f.span.end > missing.start for f in heard)


def says(finding: Finding, text: str) -> bool:
    return bool(finding.text) and finding.text in text


# --- rule by rule


def word(text: str, start: float, end: float, confidence: float | None = 0.9) -> Word:
    return Word(text, Span(start, end), confidence)


def retimed(old: Sequence[Cue], *words: Sequence[Word], drop: bool = False) -> list[Cue]:
    return list(retime_cues(Subtitles(tuple(old)), words, drop_untimed=drop).cues)


def times(cues: Sequence[Cue]) -> list[tuple[float, float]]:
    return [(round(cue.start, 3), round(cue.end, 3)) for cue in cues]


def test_a_cue_stays_on_as_long_as_it_did() -> None:
    old = [Cue(10, 13, ("a",)), Cue(20, 21, ("b",))]
    assert times(retimed(old, [word("a", 1, 2)], [word("b", 9, 9.5)])) == [(1, 4), (9, 10)]


def test_a_cue_leaves_the_gap_of_the_old_file_before_the_next() -> None:
    old = [Cue(10, 13, ("a",)), Cue(13.08, 14, ("b",)), Cue(14, 15, ("c",)), Cue(18, 19, ("d",))]
    words = [[word("a", 1, 2)], [word("b", 3, 4)], [word("c", 4.5, 6)], [word("d", 5.2, 6)]]
    assert times(retimed(old, *words)) == [(1, 2.92), (3, 4), (4.5, 5.2), (5.2, 6.2)]


def test_a_word_is_not_cut_off_for_a_gap_but_for_the_next_cue() -> None:
    old = [Cue(10, 13, ("a",)), Cue(13.08, 14, ("b",))]
    assert times(retimed(old, [word("a", 1, 2.97)], [word("b", 3, 4)]))[0] == (1, 2.97)
    assert times(retimed(old, [word("a", 1, 3.5)], [word("b", 3, 4)]))[0] == (1, 3)


def test_cues_that_overlapped_may_do_so_again() -> None:
    old = [Cue(10, 14, ("a",)), Cue(13, 15, ("b",))]
    assert times(retimed(old, [word("a", 1, 4)], [word("b", 3, 5)])) == [(1, 5), (3, 5)]


def test_what_was_not_heard_is_put_where_its_neighbours_moved() -> None:
    old = [Cue(10, 11, ("a",)), Cue(12, 13, ("♪",)), Cue(14, 15, ("c",))]
    cues = retimed(old, [word("a", 5, 6)], [], [word("c", 11, 12)])
    assert times(cues) == [(5, 6), (8, 9), (11, 12)]
    assert (cues[1].confidence, cues[1].reason) == (0.0, NO_TIME_KNOWN)


def test_what_was_not_heard_makes_room_for_what_was() -> None:
    old = [Cue(10, 11, ("a",)), Cue(11, 13, ("♪",)), Cue(13, 14, ("c",))]
    cues = retimed(old, [word("a", 5, 7)], [], [word("c", 7.2, 8)])
    assert times(cues) == [(5, 7), (7, 7.2), (7.2, 8.2)]


def test_what_was_not_heard_can_be_left_out_with_a_remark() -> None:
    old = Subtitles((Cue(10, 11, ("a",)), Cue(11, 13, ("♪",)), Cue(13, 14, ("c",))))
    words = [[word("a", 5, 7)], [], [word("c", 7.2, 8)]]
    new = retime_cues(old, words, drop_untimed=True)
    assert times(new.cues) == [(5, 7), (7.2, 8.2)]
    assert [r.text for r in new.remarks] == ['not heard, left out: 00:00:11.000 "♪"']


def test_words_that_only_stand_between_others_are_no_evidence() -> None:
    cues = retimed([Cue(10, 11, ("a",))], [word("a", 5, 6, None)])
    assert (cues[0].reason, cues[0].start) == (NO_TIME_KNOWN, 10)


def test_old_times_of_words_are_gone_and_new_ones_there() -> None:
    native = Native("ass", r"{\k50}a{\k50}b", (("style", "A"),))
    cue = Cue(10, 11, ("ab",), markup="<i>a<00:00:10.500>b</i>", native=native)
    (new,) = retimed([cue], [word("a", 1, 1.4), word("b", 1.4, 2)])
    assert new.markup == "<i>ab</i>"
    assert new.native == Native("ass", "", (("style", "A"),))
    assert [w.span for w in new.words] == [Span(1, 1.4), Span(1.4, 2)]


def test_names_and_tags_are_not_spoken_and_stay_in_the_cues() -> None:
    cues = [
        Cue(0, 1, ("王老師：大家好",)),
        Cue(1, 2, ("謝謝",), markup="<i>謝謝</i>"),
        Cue(
            2,
            3,
            (
                "李老師：我也",
                "謝謝",
            ),
        ),
        Cue(3, 4, ("王老師：好的",)),
    ]
    transcript, places = read_transcript(cues)
    assert [paragraph.text for paragraph in transcript.paragraphs] == [
        "大家好",
        "謝謝",
        "我也謝謝",
        "好的",
    ]
    assert places == (0, 1, 2, 3)


def test_cues_of_one_label_or_of_nothing_are_passed_over() -> None:
    cues = [
        Cue(0, 1, ("王老師：",)),
        Cue(1, 2, ("大家好",)),
        Cue(2, 3, (" ",)),
        Cue(3, 4, ("李老師：好",)),
        Cue(4, 5, ("王老師：好",)),
    ]
    transcript, places = read_transcript(cues)
    assert [p.text for p in transcript.paragraphs] == ["大家好", "好", "好"]
    assert places == (1, 3, 4)


spans = st.lists(st.integers(0, 100_000), min_size=2, max_size=2).map(sorted)


@given(st.lists(st.tuples(spans, st.none() | spans), max_size=8))
def test_every_cue_keeps_its_text_and_none_ends_before_its_start(
    drawn: list[tuple[list[int], list[int] | None]],
) -> None:
    old = [Cue(a / 1000, b / 1000, (f"第{n}句",)) for n, ((a, b), _) in enumerate(drawn)]
    words = [[word("x", w[0] / 1000, w[1] / 1000)] if w else [] for _, w in drawn]
    cues = retimed(old, *words)
    assert [cue.lines for cue in cues] == [cue.lines for cue in old]
    for cue, spoken in zip(cues, words, strict=True):
        if spoken and spoken[0].span:
            assert cue.start == spoken[0].span.start
        else:
            assert cue.reason == NO_TIME_KNOWN
    assert len(retimed(old, *words, drop=True)) == sum(map(bool, words))
