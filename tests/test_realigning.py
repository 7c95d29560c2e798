"""New times where a document was changed, against what a classifier says."""

from __future__ import annotations

import json
from bisect import bisect_left
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from subtools.acoustics import load_classifier
from subtools.alignment import align_posteriors
from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Audio,
    FindingKind,
    Posteriors,
    Span,
    Transcript,
)
from subtools.errors import MediaError
from subtools.models import BUNDLED, find_model
from subtools.phonetics import read_words
from subtools.realigning import (
    Listener,
    find_stretches,
    listen_to_posteriors,
    load_listener,
    realign,
)
from subtools.revising import Change, changed_ranges, revise_alignment
from subtools.whisper import load_encoder
from tests.posteriors import Sound, record
from tests.speech import document

SPOKEN = (
    "我們今天討論大模型的發展，首先請各位嘉賓介紹自己，然後我們開始提問，",
    "我覺得規模法則還沒有到頭，因為數據還在增加，閉源模型也會變得便宜，",
    "開源社區做得非常好，很多公司都在使用，最後謝謝大家參加這個論壇。",
)


def hear(*texts: str) -> Posteriors:
    """Return what a classifier says of ``texts``, read aloud with a pause after each clause."""
    sounds = [Sound(frames=50)]
    for word in document(*texts).words:
        (readings,) = read_words([word.text])
        sounds.append(Sound(readings[0]))
        if word.text.endswith(("，", "。")):
            sounds.append(Sound(frames=25))
    return record(sounds, np.random.default_rng(3), sure=0.95).posteriors


def correct(alignment: Alignment, *pairs: tuple[str, str]) -> tuple[Alignment, list[Change]]:
    body = alignment.transcript.body
    changes = [Change((body.index(a), body.index(a) + len(a)), b) for a, b in pairs]
    return revise_alignment(alignment, changes, interpolate=True), changes


def realigned(written: Transcript, heard: Posteriors, *pairs: tuple[str, str]) -> Alignment:
    revised, changes = correct(align_posteriors(written, heard, language="zh"), *pairs)
    listen = listen_to_posteriors(heard, "zh")
    return realign(revised, changed_ranges(changes), listen, heard.duration)


def onsets(alignment: Alignment) -> list[float | None]:
    spans = [word.span for word in alignment.transcript.words]
    return [None if span is None else round(span.start, 6) for span in spans]


def place(alignment: Alignment, text: str) -> range:
    """Return the words of ``text``."""
    starts = list(accumulate((len(w.text) for w in alignment.transcript.words), initial=0))
    first = alignment.transcript.body.index(text)
    return range(starts.index(first), bisect_left(starts, first + len(text)))


def test_corrected_words_get_the_times_that_the_whole_would_give_them() -> None:
    heard = hear(*SPOKEN)
    wrong = [text.replace("規模法則", "鼻子").replace("閉源模型", "畢業典禮") for text in SPOKEN]
    found = realigned(document(*wrong), heard, ("鼻子", "規模法則"), ("畢業典禮", "閉源模型"))
    whole = align_posteriors(document(*SPOKEN), heard, language="zh")
    assert found.transcript.body == whole.transcript.body
    for text in ("規模法則", "閉源模型"):
        some = place(found, text)
        assert onsets(found)[some.start : some.stop] == onsets(whole)[some.start : some.stop]
        assert all(found.transcript.words[k].confidence is not None for k in some)


def test_all_other_words_keep_their_times_to_the_bit() -> None:
    heard = hear(*SPOKEN)
    wrong = [text.replace("規模法則", "鼻子") for text in SPOKEN]
    before = align_posteriors(document(*wrong), heard, language="zh")
    found = realigned(document(*wrong), heard, ("鼻子", "規模法則"))
    changed = place(found, "我覺得規模法則還沒有到頭，")
    after = len(found.transcript.words) - changed.stop
    assert found.transcript.words[: changed.start] == before.transcript.words[: changed.start]
    assert found.transcript.words[changed.stop :] == before.transcript.words[-after:]


def test_what_was_said_of_wrong_words_is_said_no_more() -> None:
    heard = hear(*SPOKEN)
    wrong = [text.replace("數據還在增加", "北京天氣不好") for text in SPOKEN]
    before = align_posteriors(document(*wrong), heard, language="zh")
    assert before.findings
    assert realigned(document(*wrong), heard, ("北京天氣不好", "數據還在增加")).findings == ()


def test_a_word_that_is_not_heard_keeps_its_guessed_time_and_is_reported() -> None:
    heard = hear(*SPOKEN)
    found = realigned(document(*SPOKEN), heard, ("規模法則", "紐約證券交易所"))
    words = [found.transcript.words[k] for k in place(found, "紐約證券交易所")]
    assert all(word.span and word.confidence is None for word in words)
    assert {finding.kind for finding in found.findings} == {FindingKind.MISHEARD}


def test_what_is_left_out_is_reported_as_heard_and_not_written() -> None:
    found = realigned(document(*SPOKEN), hear(*SPOKEN), ("開源社區做得非常好，", ""))
    assert [finding.kind for finding in found.findings] == [FindingKind.NOT_IN_TEXT]


def test_a_passage_reported_as_not_heard_stays_so_outside_of_the_change() -> None:
    heard = hear(SPOKEN[0], SPOKEN[2])
    found = realigned(document(*SPOKEN), heard, ("規模法則", "縮放定律"))
    silent = [f for f in found.findings if f.kind is FindingKind.NOT_IN_AUDIO]
    assert "".join(f.text for f in silent) == SPOKEN[1].replace("規模法則", "縮放定律")
    for finding in silent:
        assert finding.offsets and found.transcript.body[slice(*finding.offsets)] == finding.text
    assert all(found.transcript.words[k].span is None for k in place(found, "我覺得縮放定律"))


def test_times_stay_in_order_however_wild_the_change() -> None:
    heard = hear(*SPOKEN)
    found = realigned(document(*SPOKEN), heard, (SPOKEN[1], SPOKEN[2]), ("開始提問", "GPT-4"))
    now = 0.0
    for word in found.transcript.words:
        if word.span:
            assert word.span.start >= now
            now = word.span.end


def test_where_nobody_is_heard_nothing_changes() -> None:
    heard = hear(*SPOKEN)
    revised, changes = correct(
        align_posteriors(document(*SPOKEN), heard, language="zh"), ("規模", "龜毛")
    )

    def refuse(_transcript: Transcript, _span: Span) -> Alignment:
        raise MediaError("nobody speaks")

    listen: Listener = refuse
    assert realign(revised, changed_ranges(changes), listen, heard.duration) == revised


def test_changes_near_each_other_are_one_stretch_and_far_ones_two() -> None:
    transcript = align_posteriors(
        document(*SPOKEN * 3), hear(*SPOKEN * 3), language="zh"
    ).transcript
    near = find_stretches(transcript, [(0, 1), (20, 21)], 99.0)
    far = find_stretches(transcript, [(0, 1), (len(transcript.body) - 2, 10**6)], 99.0)
    assert [len(stretch.changed) for stretch in near] == [2]
    assert [len(stretch.changed) for stretch in far] == [1, 1]
    assert all(stretch.span.duration < 20 for stretch in far)


@pytest.mark.parametrize("whole", [True, False], ids=["posteriors", "sound"])
def test_on_real_sound_a_correction_lands_where_it_is_said(
    clip_sound: Audio, clip_reference: Path, whole: bool
) -> None:
    """The clip's first clauses; 代際差 is written as somebody might mishear it."""
    reference = json.loads(clip_reference.read_text(encoding="utf-8"))
    text, until = reference["turns"][0]["spoken"], reference["turns"][0]["end"]
    sound = Audio(clip_sound.samples[: int(until * SAMPLE_RATE)])
    heard = load_classifier(load_encoder(find_model(BUNDLED), threads=2))(sound)
    wrong = align_posteriors(document(text.replace("代際差", "排雞湯")), heard, language="zh")
    revised, changes = correct(wrong, ("排雞湯", "代際差"))
    listen = listen_to_posteriors(heard, "zh") if whole else load_listener(revised, sound)
    found = realign(revised, changed_ranges(changes), listen, sound.duration)
    truth = [unit["s"] for unit in reference["units"] if unit["u"] in "代際差"]
    words = [found.transcript.words[k] for k in place(found, "代際差")]
    for word, onset in zip(words, truth, strict=False):
        assert word.confidence is not None and word.span
        assert word.span.start == pytest.approx(onset, abs=0.1)
