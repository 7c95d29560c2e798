from __future__ import annotations

import pytest

from subtools.core import FindingKind, Span
from subtools.merging import merge_recognition
from subtools.shifting import drop_before_start, shift_recognition
from tests.speech import document, heard

TALK = "大模型的能力很強，數據的質量很重要。"


def test_all_times_move_together() -> None:
    plain, later = heard((5.0, TALK)), shift_recognition(heard((5.0, TALK)), 1.5)
    moved = [w.start - v.start for w, v in zip(later.words, plain.words, strict=True)]
    assert moved == pytest.approx([1.5] * len(plain.words))
    assert later.speech[0].start == 6.5


def test_words_before_the_start_lose_their_time_in_one_finding() -> None:
    recognition = shift_recognition(heard((5.0, TALK)), -6.0)
    alignment = drop_before_start(merge_recognition(document(TALK), recognition))
    [finding] = alignment.findings
    assert finding.kind == FindingKind.OUTSIDE_VIDEO
    assert finding.text == "大模型的能"
    assert finding.offsets == (0, 5)
    spans = [word.span for word in alignment.transcript.words]
    assert spans[:5] == [None] * 5
    assert all(span and span.start >= 0 for span in spans[5:])


def test_a_finding_that_begins_before_the_start_keeps_the_rest_of_its_time() -> None:
    recognition = heard((5.0, TALK), "另外一件事情和這個沒有關係，大家都知道", TALK)
    shifted = shift_recognition(recognition, -9.0)
    alignment = drop_before_start(merge_recognition(document(TALK, TALK), shifted))
    [unwritten] = [f for f in alignment.findings if f.kind == FindingKind.NOT_IN_TEXT]
    assert unwritten.span is not None
    assert unwritten.span.start == 0.0
    assert Span(0.0, 2.5).end < unwritten.span.end < 3.5


def test_a_time_inside_a_reason_moves_too() -> None:
    first, second = "首先我想問各位嘉賓大家都是做大模型的，", "昨天晚上我們一家人去河邊散步，"
    recognition = shift_recognition(heard(second, first, TALK), 600.0)
    alignment = merge_recognition(document(first, second, TALK), recognition)
    [moved] = [f for f in alignment.findings if f.kind == FindingKind.NOT_IN_AUDIO]
    assert "heard at 10:0" in moved.reason
