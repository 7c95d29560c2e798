"""Speech that no word covers is found."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.bench.cutouts import try_cuts
from subtools.acoustics import load_classifier
from subtools.core import (
    SAMPLE_RATE,
    Audio,
    Dropped,
    FindingKind,
    HeardWord,
    Posteriors,
    Span,
    overlap,
)
from subtools.coverage import audit_coverage, combine_speech, find_voiced
from subtools.models import find_model
from subtools.phonetics import PHONE_INDEX, PHONES, SILENCE
from subtools.whisper import load_encoder


def test_speech_between_words_is_a_finding_with_its_place() -> None:
    words = [Span(0.0, 2.0), Span(4.0, 6.0)]
    [finding] = audit_coverage(words, [Span(0.0, 1.9), Span(2.3, 3.5), Span(4.0, 6.0)])
    assert finding.kind is FindingKind.NOT_IN_TEXT
    assert finding.span == Span(2.3, 3.5)


def test_a_pause_between_words_is_none() -> None:
    assert audit_coverage([Span(0, 2), Span(6, 8)], [Span(0, 2), Span(6, 8)]) == ()
    assert audit_coverage([Span(0, 2), Span(6, 8)], []) == ()


def test_a_word_covers_no_more_than_its_syllables_take() -> None:
    words = [HeardWord("嗎", 0.0, 5.0, 0.9), HeardWord("好", 5.0, 5.4, 0.9)]
    [finding] = audit_coverage(words, [Span(0.0, 5.4)])
    assert finding.span == Span(0.7, 5.0)
    assert audit_coverage([HeardWord("internationalization", 0, 2.4, 0.9)], [Span(0, 2.4)]) == ()


def test_a_finding_says_what_was_written_there_and_not_believed() -> None:
    dropped = [Dropped("對對對對", Span(2.5, 3.0), "it goes round in circles")]
    [finding] = audit_coverage([Span(0, 2), Span(4, 6)], [Span(0, 6)], dropped)
    assert finding.reason.endswith("dropped was '對對對對': it goes round in circles")


def test_what_the_detector_takes_for_speech_without_a_phone_is_none() -> None:
    assert combine_speech([Span(0, 8), Span(9, 12)], [Span(9.2, 11.8)]) == (Span(9, 12),)


SPANS = st.lists(st.tuples(st.floats(0.05, 3), st.floats(0.1, 40)), max_size=12)


def spans_of(steps: list[tuple[float, float]]) -> list[Span]:
    spans, now = [], 0.0
    for gap, length in steps:
        spans.append(Span(now + gap, now + gap + length))
        now = spans[-1].end
    return spans


@given(SPANS, SPANS)
def test_speech_is_in_order_and_fits_windows_whatever_the_witnesses_say(
    detected: list[tuple[float, float]], voiced: list[tuple[float, float]]
) -> None:
    first = [span for span in spans_of(detected) if span.duration <= 28]
    spoken = combine_speech(first, spans_of(voiced))
    assert all(span.duration <= 28.001 for span in spoken)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(spoken))


def test_what_is_far_quieter_than_the_speech_is_not_voiced() -> None:
    log_probs = np.full((600, len(PHONES)), -9.0, np.float16)
    log_probs[:, PHONE_INDEX["a"]] = 0.0
    log_probs[200:300] = -9.0
    log_probs[200:300, PHONE_INDEX[SILENCE]] = 0.0
    level = np.full(600, -20.0, np.float32)
    level[300:] = -100.0  # digital silence, in which the classifier hears an "a"
    posteriors = Posteriors(log_probs, np.zeros(600, np.float16), level)
    assert find_voiced(posteriors) == (Span(0.0, 2.0),)


@pytest.fixture(scope="module")
def voiced(clip_sound: Audio) -> tuple[Span, ...]:
    """Where phones are heard in the first minute and a half of the clip."""
    start = Audio(clip_sound.samples[: 100 * SAMPLE_RATE])
    return find_voiced(load_classifier(load_encoder(find_model()))(start))


@pytest.mark.model
def test_twenty_cut_outs_of_the_words_are_all_found(
    voiced: tuple[Span, ...], clip_reference: Path
) -> None:
    units = json.loads(clip_reference.read_text(encoding="utf-8"))["units"]
    words = [Span(unit["s"], unit["e"]) for unit in units if unit["e"] < 99.0]
    assert audit_coverage(words, [span for span in voiced if span.end < 98.0]) == ()
    trial = try_cuts(words, voiced, seed=1, lengths=(0.8, 2.5))
    assert (len(trial.cuts), trial.missed) == (20, ())


@pytest.mark.model
def test_music_and_applause_are_not_voiced(voiced: tuple[Span, ...], clip_reference: Path) -> None:
    unspoken = json.loads(clip_reference.read_text(encoding="utf-8"))["nonspeech"]
    for kind in unspoken:
        span = Span(kind["start"], kind["end"])
        assert sum(overlap(span, one) for one in voiced) < 0.1 * span.duration
