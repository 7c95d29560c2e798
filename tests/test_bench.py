"""The benchmark's pure parts: what it makes of a talk, how it judges, what it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.bench.__main__ import choose_systems, parse_options
from scripts.bench.accuracy import flag_clauses, judge_accuracy
from scripts.bench.altering import (
    Alteration,
    alter,
    delete_clauses,
    foreign_clauses,
    insert_clauses,
    split_pieces,
    swap_paragraphs,
)
from scripts.bench.cutting import (
    CutPoint,
    Part,
    cut_points,
    head_part,
    join_text,
    join_truth,
    scale_truth,
    stretch_parts,
    truth_part,
)
from scripts.bench.jobs import peak_bytes
from scripts.bench.measuring import Bench
from scripts.bench.mismatches import deleted_spans, judge_mismatch
from scripts.bench.report import compose_report, growth
from scripts.bench.silences import score_against_silence, silence_ends
from scripts.bench.sounds import add_noise, decode_sound, filter_sound, join_sound, open_sound
from scripts.bench.stable_child import read_text
from scripts.bench.systems import SYSTEMS, System, carry_times
from scripts.bench.talks import Case, Talk, find_talks, make_transcript, write_document
from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Audio,
    Finding,
    FindingKind,
    Span,
    Transcript,
    Word,
)
from subtools.metrics import Clause, Reference, clause_onsets
from tests.conftest import DATA, ROOT

PARAGRAPHS = (
    "好的，我們開始。",
    "今天講模型，也講數據，還講算力。",
    "謝謝，",
    "有問題嗎，沒有，好。",
)


@pytest.fixture(scope="module")
def clip() -> Talk:
    """The bundled clip."""
    (talk,) = find_talks(DATA / "clip")
    return talk


def make_talk(paragraphs: Sequence[str] = PARAGRAPHS) -> tuple[Transcript, Reference]:
    """Return a text and its truth: a character takes 0.2 s, a mark 0.3 s."""
    transcript = make_transcript(paragraphs)
    clauses, first, now = [], 0, 0.0
    for place, character in enumerate(transcript.body):
        if not character.isalnum():
            text = transcript.body[first:place]
            end = now + 0.2 * len(text)
            clauses.append(Clause(text, text, now, end, "a", (first, place)))
            first, now = place + 1, end + 0.3
    return transcript, Reference(now, now, ("a",), (), tuple(clauses), ())


def put_in_time(
    transcript: Transcript, pairs: Sequence[tuple[tuple[int, int], Clause]]
) -> Transcript:
    """Return ``transcript`` whose words at the given places have the true times."""
    words, place = [], 0
    for word in transcript.words:
        span = None
        for (first, last), clause in pairs:
            if first <= place < last:
                start = clause.start + 0.2 * (place - first)
                span = Span(start, start + 0.2)
        words.append(Word(word.text, span, 0.9 if span else None))
        place += len(word.text)
    return transcript.with_words(words)


def align_exactly(transcript: Transcript, reference: Reference) -> Alignment:
    """Return what an aligner without errors would find."""
    pairs = [((c.doc[0], c.doc[1] + 1), c) for c in reference.clauses]
    return Alignment(put_in_time(transcript, pairs), (), "zh", "exact")


def align_altered(alteration: Alteration, reference: Reference, *findings: Finding) -> Alignment:
    """Return what an aligner without errors would find of an altered text."""
    placed = zip(alteration.pieces, alteration.offsets, strict=True)
    pairs = [
        (at, reference.clauses[piece.clause]) for piece, at in placed if piece.clause is not None
    ]
    return Alignment(put_in_time(alteration.transcript, pairs), findings, "zh", "exact")


# --- talks


def test_a_folder_gives_its_talks_and_its_recordings(tmp_path: Path) -> None:
    for name in ("a.opus", "b.wav", "c.wav", "c.rttm", "SOURCES.md"):
        (tmp_path / name).touch()
    for name in ("a.doc.txt", "b.txt"):
        (tmp_path / name).write_text("好的。", encoding="utf-8")
    reference = {"duration": 1, "speakers": {}, "turns": [], "clauses": [], "units": []}
    (tmp_path / "a.dev.ref.json").write_text(json.dumps(reference), encoding="utf-8")
    talks = find_talks(tmp_path)
    assert [(talk.name, talk.reference is None) for talk in talks] == [("a", False), ("b", True)]


def test_a_folder_without_a_talk_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no sound with"):
        find_talks(tmp_path)


def test_a_document_comes_to_the_other_environment_as_it_is(tmp_path: Path) -> None:
    transcript = make_transcript(PARAGRAPHS)
    path = write_document(transcript, tmp_path / "text.json")
    assert read_text(path, "zh") == transcript.body
    assert read_text(path, "en") == " ".join(PARAGRAPHS)


# --- parts of a talk


def test_nobody_speaks_across_a_cut(clip: Talk) -> None:
    assert clip.reference is not None
    points = cut_points(clip.reference, clip.transcript.body, clip.reference.duration)
    assert len(points) > 20
    for point in points:
        for clause in clip.reference.clauses:
            assert (clause.end <= point.seconds) == (clause.doc[1] <= point.offset)
            assert clause.end <= point.seconds or clause.start >= point.seconds


def test_the_truth_ends_before_what_is_not_known() -> None:
    transcript, reference = make_talk()
    until = reference.clauses[2].end
    known = replace(reference, clauses=reference.clauses[:3], truth_until=until, duration=99.0)
    points = cut_points(known, transcript.body, 99.0)
    part = truth_part(points, known)
    assert (part.last.seconds, part.last.offset) == (until, reference.clauses[3].doc[0])
    assert points[-1].offset == len(transcript.body)


def test_a_whole_talk_is_its_only_part(clip: Talk) -> None:
    assert clip.reference is not None
    points = cut_points(clip.reference, clip.transcript.body, clip.reference.duration)
    whole = (Part(points[0], points[-1]),)
    assert join_text(clip.transcript, whole).body == clip.transcript.body
    joined = join_truth(clip.reference, whole)
    assert (joined.clauses, joined.units) == (clip.reference.clauses, clip.reference.units)


@settings(max_examples=30)  # each splits a text of up to 20 minutes into words
@given(st.floats(31, 1200), st.floats(20, 200))
def test_parts_keep_text_sound_and_truth_together(seconds: float, until: float) -> None:
    talk, points = clip_points()
    assert talk.reference is not None
    parts = (*stretch_parts(points, seconds), head_part(points, until))
    text, truth = join_text(talk.transcript, parts), join_truth(talk.reference, parts)
    assert truth.duration == pytest.approx(sum(part.duration for part in parts))
    for clause in truth.clauses:
        assert text.body[clause.doc[0] : clause.doc[1]] == clause.text
        assert 0 <= clause.start <= clause.end <= truth.duration + 1e-6
    for unit in truth.units:
        clause = truth.clauses[unit.clause]
        assert clause.start - 0.01 <= unit.start <= unit.end <= clause.end + 0.01


@cache
def clip_points() -> tuple[Talk, tuple[CutPoint, ...]]:
    (talk,) = find_talks(DATA / "clip")
    assert talk.reference is not None
    body, duration = talk.transcript.body, talk.reference.duration
    return talk, cut_points(talk.reference, body, duration)


def test_a_stretched_talk_lasts_as_long_as_asked_and_repeats_no_part(clip: Talk) -> None:
    assert clip.reference is not None
    points = cut_points(clip.reference, clip.transcript.body, clip.reference.duration)
    parts = stretch_parts(points, 600)
    assert sum(part.duration for part in parts) == pytest.approx(600, abs=15)
    assert len({part.first for part in parts}) == len(parts) == 3


def test_the_head_of_a_talk_ends_where_it_can_be_cut() -> None:
    transcript, reference = make_talk()
    points = cut_points(reference, transcript.body, reference.duration)
    assert head_part(points, 2.0) == Part(points[0], points[2])
    assert head_part(points, 0.01) == Part(points[0], points[1])
    assert head_part(points, 999.0) == Part(points[0], points[-1])


def test_a_faster_talk_has_its_truth_earlier() -> None:
    _, reference = make_talk()
    faster = scale_truth(reference, 2.0)
    assert faster.clauses[1].start == reference.clauses[1].start / 2
    assert faster.duration == reference.duration / 2


# --- altered texts


def test_pieces_joined_are_the_document(clip: Talk) -> None:
    assert clip.reference is not None
    pieces = split_pieces(clip.transcript, clip.reference)
    whole = Alteration("none", pieces)
    assert whole.transcript.body == clip.transcript.body
    assert [p.text for p in whole.transcript.paragraphs] == [
        p.text for p in clip.transcript.paragraphs
    ]


@given(st.integers(0, 1000), st.floats(0.05, 0.5))
def test_alterations_are_what_they_say_and_the_same_each_time(seed: int, share: float) -> None:
    transcript, reference = make_talk()
    first = alter(transcript, reference, share=share, seed=seed, language="zh")
    assert first == alter(transcript, reference, share=share, seed=seed, language="zh")
    deleted, inserted, swapped = first
    count = len(reference.clauses)
    kept = [piece.clause for piece in deleted.pieces]
    assert sorted([*(k for k in kept if k is not None), *deleted.deleted]) == list(range(count))
    assert len(deleted.deleted) == round(share * count)
    assert sum(piece.clause is None for piece in inserted.pieces) == round(share * count)
    assert [p.clause for p in inserted.pieces if p.clause is not None] == list(range(count))
    assert sorted(p.clause for p in swapped.pieces if p.clause is not None) == list(range(count))
    for alteration in first:
        body = alteration.transcript.body
        assert [body[a:b] for a, b in alteration.offsets] == [p.text for p in alteration.pieces]


def test_two_paragraphs_change_places() -> None:
    transcript, reference = make_talk()
    swapped = swap_paragraphs(split_pieces(transcript, reference), seed=1)
    assert [p.text for p in swapped.transcript.paragraphs] == [
        PARAGRAPHS[0],
        PARAGRAPHS[3],
        PARAGRAPHS[2],
        PARAGRAPHS[1],
    ]
    assert sum(piece.is_swapped for piece in swapped.pieces) == 6


def test_other_seeds_delete_other_clauses(clip: Talk) -> None:
    assert clip.reference is not None
    pieces = split_pieces(clip.transcript, clip.reference)
    chosen = {delete_clauses(pieces, share=0.1, seed=seed).deleted for seed in range(5)}
    assert len(chosen) == 5


@pytest.mark.parametrize("language", ["zh", "en"])
def test_foreign_clauses_are_foreign(language: str) -> None:
    (seed,) = (ROOT / "seeds").glob("*.txt")
    document = seed.read_text(encoding="utf-8")
    clauses = foreign_clauses(language)
    assert len(clauses) == len(set(clauses)) >= 40
    for clause in clauses:
        assert not clause.rstrip(" ")[-1].isalnum()
        assert clause.rstrip(" ，.") not in document


# --- judging


def test_exact_times_are_exact() -> None:
    transcript, reference = make_talk()
    accuracy = judge_accuracy(align_exactly(transcript, reference), reference)
    assert (accuracy.clauses.max, accuracy.clauses.missing) == (0.0, 0)
    assert (accuracy.flagged, accuracy.far_off, accuracy.far_off_unflagged) == (0, 0, 0)


def test_a_clause_far_off_counts_as_unflagged_unless_somebody_is_told() -> None:
    transcript, reference = make_talk()
    late = replace(reference.clauses[1], start=reference.clauses[1].start + 3)
    moved = replace(reference, clauses=(reference.clauses[0], late, *reference.clauses[2:]))
    alignment = align_exactly(transcript, moved)
    silent = judge_accuracy(alignment, reference)
    assert (silent.far_off, silent.far_off_unflagged, silent.flagged) == (1, 1, 0)
    finding = Finding(FindingKind.LOW_CONFIDENCE, "", "", None, late.doc)
    honest = judge_accuracy(replace(alignment, findings=(finding,)), reference)
    assert (honest.far_off, honest.far_off_unflagged, honest.flagged) == (1, 0, 1)


def test_doubts_flag_a_clause() -> None:
    transcript, reference = make_talk()
    alignment = align_exactly(transcript, reference)
    unsure = [replace(word, confidence=0.3) for word in alignment.transcript.words[:2]]
    words = alignment.transcript.with_words([*unsure, *alignment.transcript.words[2:]])
    where = Span(reference.clauses[2].start, reference.clauses[2].end)
    findings = (
        Finding(FindingKind.OVERLAPPING_SPEECH, "", "", where),
        Finding(FindingKind.NOT_IN_TEXT, "", "", Span(0.0, 99.0)),
    )
    flags = flag_clauses(replace(alignment, transcript=words, findings=findings), reference.clauses)
    assert [k for k, flag in enumerate(flags) if flag] == [0, 2]


def test_who_gives_no_confidence_flags_nothing_by_it() -> None:
    transcript, reference = make_talk()
    words = [
        replace(w, confidence=None) for w in align_exactly(transcript, reference).transcript.words
    ]
    alignment = Alignment(transcript.with_words(words), (), "zh", "none")
    assert not any(flag_clauses(alignment, reference.clauses))


def test_neighbours_that_were_deleted_are_one_stretch() -> None:
    _, reference = make_talk()
    spans = deleted_spans([1, 2, 5], reference)
    assert [(span.start, span.end) for span in spans] == [
        (reference.clauses[1].start, reference.clauses[2].end),
        (reference.clauses[5].start, reference.clauses[5].end),
    ]


def test_a_deleted_stretch_is_found_where_a_finding_meets_half_of_it() -> None:
    transcript, reference = make_talk()
    alteration = delete_clauses(split_pieces(transcript, reference), share=0.1, seed=1)
    (gone,) = deleted_spans(alteration.deleted, reference)
    for share, found in ((0.6, 1), (0.4, 0)):
        part = Span(gone.start, gone.start + share * gone.duration)
        elsewhere = Span(gone.end + 1, gone.end + 2)
        findings = [Finding(FindingKind.NOT_IN_TEXT, "", "", span) for span in (part, elsewhere)]
        judged = judge_mismatch(
            align_altered(alteration, reference, *findings), alteration, reference
        )
        assert (judged.deleted, judged.deleted_found, judged.extra_reports) == (1, found, 1)
        assert judged.untouched_near == judged.untouched == len(reference.clauses) - 1


def test_an_inserted_clause_is_found_where_it_is_reported() -> None:
    transcript, reference = make_talk()
    pieces = split_pieces(transcript, reference)
    alteration = insert_clauses(pieces, ["山上的櫻花開了，"], share=0.2, seed=3)
    places = [
        at
        for piece, at in zip(alteration.pieces, alteration.offsets, strict=True)
        if piece.clause is None
    ]
    assert len(places) == 2
    reported = Finding(FindingKind.NOT_IN_AUDIO, "", "", None, places[0])
    wrong = Finding(FindingKind.NOT_IN_AUDIO, "", "", None, alteration.offsets[-1])
    alignment = align_altered(alteration, reference, reported, wrong)
    judged = judge_mismatch(alignment, alteration, reference)
    assert (judged.inserted, judged.inserted_found, judged.falsely_reported) == (2, 1, 1)


def test_swapped_text_is_placed_where_it_was_spoken() -> None:
    transcript, reference = make_talk()
    alteration = swap_paragraphs(split_pieces(transcript, reference), seed=1)
    placed = list(zip(alteration.pieces, alteration.offsets, strict=True))
    chosen = [(piece, at) for piece, at in placed if piece.is_swapped]
    right = reference.clauses[chosen[0][0].clause or 0]
    findings = [
        Finding(FindingKind.OUT_OF_ORDER, "", "", Span(right.start, right.end), chosen[0][1]),
        Finding(FindingKind.OUT_OF_ORDER, "", "", Span(90.0, 91.0), chosen[1][1]),
    ]
    judged = judge_mismatch(align_altered(alteration, reference, *findings), alteration, reference)
    assert (judged.swapped, judged.swapped_reported, judged.swapped_placed) == (6, 2, 1)
    assert judged.falsely_reported == 0


# --- words that were split another way


@given(st.data())
def test_times_are_carried_over_whatever_the_splitting(data: st.DataObject) -> None:
    transcript = make_transcript(["「我們看到GPT-4，", "it works。好的 idea。"])
    text = "\n".join(paragraph.text for paragraph in transcript.paragraphs)
    cuts = data.draw(st.sets(st.integers(1, len(text) - 1)))
    borders = [0, *sorted(cuts), len(text)]
    found = [(text[a:b], float(a), float(b)) for a, b in pairwise(borders)]
    words = carry_times(transcript, found).words
    starts = [word.span.start for word in words if word.span]
    assert len(starts) == len(words)
    assert starts == sorted(starts)
    place = 0
    for word in words:
        lead = len(word.text) - len(word.text.lstrip("「"))
        if word.span and place + lead in borders:
            assert word.span.start == place + lead
        place += len(word.text) + (text[place + len(word.text) :][:1] == "\n")


def test_words_that_nobody_found_have_no_time() -> None:
    words = carry_times(make_transcript(["好的。謝謝。"]), [("好的。", 1.0, 2.5)]).words
    assert [word.span and word.span.start for word in words] == [1.0, 1.5, None, None]


# --- sound


def make_sound(*parts: tuple[float, float]) -> Audio:
    """Return noise of the given seconds and loudnesses, one after the other."""
    generator = np.random.default_rng(0)
    pieces = [generator.normal(0, loud, round(s * SAMPLE_RATE)) for s, loud in parts]
    return Audio(np.concatenate(pieces).astype(np.int16))


def test_silences_of_a_fifth_of_a_second_and_more_end_where_sound_begins() -> None:
    audio = make_sound(
        (0.5, 2), (1.0, 3000), (0.1, 2), (1.0, 3000), (0.4, 2), (1.0, 3000), (0.5, 2)
    )
    assert silence_ends(audio) == pytest.approx((0.5, 3.0), abs=0.011)
    assert silence_ends(make_sound((0.005, 2))) == ()


def test_only_clauses_near_the_end_of_a_silence_are_judged() -> None:
    audio = make_sound((1.0, 2), (2.0, 3000), (1.0, 2), (2.0, 3000))
    transcript = make_transcript(["好，好，好，好。"])
    words = [
        Word(word.text, Span(start, start + 0.1) if start else None)
        for word, start in zip(transcript.words, (1.05, 2.0, 3.8, None), strict=True)
    ]
    alignment = Alignment(transcript.with_words(words), (), "zh", "x")
    score = score_against_silence(alignment, audio)
    assert (score.count, score.missing) == (2, 0)
    assert score.max == pytest.approx(0.2, abs=0.011)


def test_sounds_are_cut_and_joined_to_the_sample(clip: Talk, tmp_path: Path) -> None:
    assert clip.reference is not None
    source = decode_sound(clip.audio, tmp_path / "whole.wav")
    audio = open_sound(source)
    points = cut_points(clip.reference, clip.transcript.body, audio.duration)
    parts = (Part(points[5], points[9]), Part(points[1], points[2]))
    joined = open_sound(join_sound(source, parts, tmp_path / "joined.wav"))
    pieces = [audio.slice(Span(p.first.seconds, p.last.seconds)) for p in parts]
    assert np.array_equal(joined.slice(Span(0, 999)), np.concatenate(pieces))
    assert joined.duration == pytest.approx(sum(p.duration for p in parts), abs=0.001)


@pytest.mark.parametrize("babble", [False, True])
def test_noise_lies_ten_decibels_below_the_speech(tmp_path: Path, babble: bool) -> None:
    source = tmp_path / "clean.wav"
    generator = np.random.default_rng(1)
    tone = 8000 * np.sin(np.arange(5 * SAMPLE_RATE) * generator.uniform(0.1, 0.2))
    write_sound(source, np.concatenate([np.zeros(SAMPLE_RATE), tone]))
    noisy = add_noise(source, tmp_path / "noisy.wav", [Span(1.0, 6.0)], babble=babble, seed=1)
    noise = open_sound(noisy).samples.astype(float) - open_sound(source).samples
    ratio = 10 * np.log10(np.mean(tone**2) / np.mean(noise**2))
    assert ratio == pytest.approx(10, abs=0.5 if not babble else 2.0)


def write_sound(path: Path, samples: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())


def test_ffmpeg_makes_a_talk_faster(tmp_path: Path) -> None:
    source = tmp_path / "clean.wav"
    write_sound(source, 3000 * np.sin(np.arange(3 * SAMPLE_RATE) * 0.1))
    faster = filter_sound(source, tmp_path / "faster.wav", "atempo=1.5")
    assert open_sound(faster).duration == pytest.approx(2.0, abs=0.1)


# --- the report


def test_memory_is_counted_in_bytes() -> None:
    assert 10e6 < peak_bytes() < 1e12


def cost_row(minutes: float | None, seconds: float) -> dict[str, object]:
    return {
        "table": "cost",
        "case": "panel",
        "system": "stable-ts",
        "duration": 60 * (minutes or 1),
        "minutes": minutes,
        "seconds": seconds,
        "parts": {"align": seconds},
        "wall": seconds + 1,
        "real_time_factor": seconds / 60,
        "peak_bytes": 500_000_000,
        "to_encoder": 1.5,
        "to_encoder_and_features": None,
    }


def test_growth_compares_with_the_next_shorter() -> None:
    rows = list(growth([cost_row(None, 1.0), cost_row(60, 10.0), cost_row(180, 31.0)]))
    assert [row["seconds_ratio"] for row in rows] == [None, 3.1]
    assert rows[1]["length_ratio"] == 3.0


def test_the_report_shows_what_there_is_and_only_that() -> None:
    transcript, reference = make_talk()
    accuracy = judge_accuracy(align_exactly(transcript, reference), reference).as_dict()
    names = {"table": "accuracy", "case": "panel", "system": "recognition", "duration": 9.0}
    report = compose_report(
        [names | accuracy, cost_row(60, 10.0)],
        command="python -m scripts.bench",
        machine="a machine",
        versions={"numpy": "2"},
        failures=["x"],
    )
    assert "| panel | subtools, `recognition` | 9 | 0 / 0 | 0 / 0 / 0 |" in report
    assert "| 60.0 | stable-ts `align` | 10.0 | - |" in report
    assert "\n## Failed\n\n- x\n" in report
    assert "Real recordings" not in report
    tables = [line.count("|") for line in report.splitlines() if line.startswith("|")]
    assert len(set(tables[:3])) == 1


def test_every_row_is_plain_data(clip: Talk) -> None:
    assert clip.reference is not None
    words = [Word(word.text) for word in clip.transcript.words]
    alignment = Alignment(clip.transcript.with_words(words), (), "zh", "none")
    figures = judge_accuracy(alignment, clip.reference).as_dict()
    assert json.loads(json.dumps(figures, allow_nan=False))["clauses"]["missing"] == 76
    assert clause_onsets(words, clip.reference) == (None,) * 76


def test_the_command_shows_no_folder_of_this_machine() -> None:
    options = parse_options(["/somewhere/data/panel", "tests/x", "--growth", "--json", "/tmp/y"])
    assert options.command == "python -m scripts.bench panel tests/x --growth --json y"


def test_the_bundled_clip_is_measured_if_nothing_else_is_named() -> None:
    for arguments in ([], ["/somewhere/panel", "--quick"]):
        assert parse_options(arguments).folders == [DATA / "clip"]


def test_a_system_that_fails_is_noted_and_the_others_go_on(tmp_path: Path) -> None:
    transcript, reference = make_talk()
    document = write_document(transcript, tmp_path / "text.json")
    case = Case("talk", tmp_path / "none.wav", 9.0, (document,), reference, "zh")
    broken = System("broken", "Broken", "scripts.bench.nothing", lambda: Path(sys.executable))
    bench = Bench([broken, broken], tmp_path / "runs", threads=1)
    bench.measure(case)
    bench.align(case)
    assert bench.failures == ["broken on talk: exit status 1"] * 4
    assert bench.rows == []


def test_a_system_that_is_not_built_yet_is_left_out() -> None:
    needs = (("subtools.lexicon", "split_words"), ("subtools.lexicon", "nothing"))
    system = System("new", "New", "new", lambda: Path(sys.executable), needs[:1])
    assert system.is_there
    assert not replace(system, needs=needs).is_there
    assert not replace(system, needs=(("subtools.nothing", "x"),)).is_there


def test_the_floor_is_measured_first() -> None:
    chosen = choose_systems("recognition,encoder,stable-ts")
    assert [system.name for system in chosen] == ["encoder", "recognition", "stable-ts"]
    with pytest.raises(SystemExit, match="unknown system 'x'"):
        choose_systems("x")
    assert [name for name, system in SYSTEMS.items() if not system.aligns] == ["encoder"]
