"""What does not match: found, told apart, and reported; no time is invented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.alignment import (
    UNSPOKEN,
    Path,
    Prices,
    align_posteriors,
    find_times,
    hear,
    rate_words,
    weigh_words,
)
from subtools.alignment.evidence import FLOOR
from subtools.alignment.hearing import Hearing
from subtools.alignment.mismatches import Kind, Mismatch, find_gaps, share_frames, tell_kinds
from subtools.alignment.spelling import Script, spell_script
from subtools.alignment.splitting import match_in_gap
from subtools.alignment.zones import drop_chance_words
from subtools.core import FRAME, Alignment, Finding, FindingKind, Posteriors, Span, Word, overlap
from subtools.phonetics import PHONE_INDEX, read_words
from tests.posteriors import Recording, Sound, make_words, record
from tests.speech import document

# Clauses of everyday talk, no two alike.
CLAUSES = (
    *("今天早上我們去山上看日出，", "天氣比昨天冷得多，", "路上遇到一位賣豆漿的老人，"),
    *("他說自己每天四點起床，", "我的妹妹買了兩杯熱豆漿，", "爸爸喜歡喝黑咖啡，"),
    *("到了山頂已經有很多人，", "大家都拿著手機等太陽，", "忽然雲散開了，"),
    *("紅色的光照在湖面上，", "有一隻白鳥飛過去，", "孩子們高興得叫起來，"),
    *("後來我們走進小村子，", "村口有一棵很老的樟樹，", "樹下坐著三個下棋的人，"),
    *("他們請我們喝綠茶，", "還說下個月有廟會，", "我答應一定再來。"),
)
FOREIGN = (
    *("圖書館星期二晚上不開門，", "請把椅子搬到窗戶旁邊，", "這雙皮鞋打七折，"),
    *("飛機因為颱風延誤六小時，", "醫生建議他少吃甜的東西，"),
)


def say(
    clauses: Sequence[str], *, sure: float = 0.92, seed: int = 5
) -> tuple[Recording, list[Span]]:
    """Return the sound of ``clauses``, and when each is said."""
    rng = np.random.default_rng(seed)
    sounds: list[Sound] = [Sound(frames=40)]
    borders: list[tuple[int, int]] = []
    for clause in clauses:
        first = len(sounds)
        words = [word.text for word in document(clause).words]
        sounds += [Sound(readings[0]) for readings in read_words(words) if readings]
        borders.append((first, len(sounds) - 1))
        if rng.random() < 0.7:
            sounds.append(Sound(frames=int(rng.integers(8, 60))))
    recording = record([*sounds, Sound(frames=40)], rng, sure=sure)
    onsets, ends = recording.first * FRAME, recording.last * FRAME
    return recording, [Span(float(onsets[a]), float(ends[b])) for a, b in borders]


def align(text: Sequence[str], recording: Recording) -> Alignment:
    alignment = align_posteriors(document("".join(text)), recording.posteriors, language="zh")
    spans = [word.span for word in alignment.transcript.words if word.span is not None]
    assert all(before.end <= after.start for before, after in pairwise(spans))
    return alignment


def found(alignment: Alignment, kind: FindingKind) -> list[Finding]:
    return [finding for finding in alignment.findings if finding.kind == kind]


def words_of(alignment: Alignment, clause: str) -> list[Word]:
    """Return the words of a clause that stands once in the text."""
    start = alignment.transcript.body.index(clause)
    words: list[Word] = []
    place = 0
    for word in alignment.transcript.words:
        if start <= place < start + len(clause):
            words.append(word)
        place += len(word.text)
    return words


def iou(a: Span, b: Span) -> float:
    return overlap(a, b) / (max(a.end, b.end) - min(a.start, b.start))


def times(alignment: Alignment) -> Iterator[Span]:
    return (word.span for word in alignment.transcript.words if word.span is not None)


def test_an_exact_text_has_every_time_and_no_finding() -> None:
    recording, spans = say(CLAUSES)
    alignment = align(CLAUSES, recording)
    assert alignment.findings == ()
    assert alignment.aligner == "phones"
    assert alignment.transcript.body == "".join(CLAUSES)
    assert all(word.confidence is not None for word in alignment.transcript.words)
    for clause, span in zip(CLAUSES, spans, strict=True):
        onset = words_of(alignment, clause)[0].span
        assert onset is not None
        assert onset.start == pytest.approx(span.start, abs=0.05)


@pytest.mark.parametrize("missing", [0, 7, 17])
def test_speech_that_is_not_written_is_reported_where_it_is(missing: int) -> None:
    recording, spans = say(CLAUSES)
    text = [clause for index, clause in enumerate(CLAUSES) if index != missing]
    alignment = align(text, recording)
    [finding] = alignment.findings
    assert finding.kind == FindingKind.NOT_IN_TEXT
    assert finding.span is not None
    assert iou(finding.span, spans[missing]) > 0.8
    assert finding.offsets is None
    assert finding.text  # what was heard, in pinyin
    assert all(overlap(span, spans[missing]) < 0.1 for span in times(alignment))


@pytest.mark.parametrize("place", [0, 9, 18])
def test_text_that_is_not_spoken_gets_no_time_and_is_reported(place: int) -> None:
    recording, _ = say(CLAUSES)
    alignment = align([*CLAUSES[:place], FOREIGN[0], *CLAUSES[place:]], recording)
    [finding] = alignment.findings
    assert (finding.kind, finding.text) == (FindingKind.NOT_IN_AUDIO, FOREIGN[0])
    assert "saying it takes about" in finding.reason
    assert all(word.span is None for word in words_of(alignment, FOREIGN[0]))
    assert sum(1 for _ in times(alignment)) == sum(len(clause) - 1 for clause in CLAUSES)


def test_other_words_in_the_same_place_share_its_time_without_confidence() -> None:
    recording, spans = say([*CLAUSES[:8], FOREIGN[1], *CLAUSES[9:]])
    alignment = align(CLAUSES, recording)
    [finding] = alignment.findings
    assert finding.kind == FindingKind.MISHEARD
    assert finding.span is not None
    assert iou(finding.span, spans[8]) > 0.7
    replaced = [word for word in words_of(alignment, CLAUSES[8]) if word.confidence is None]
    assert len(replaced) >= len(CLAUSES[8]) - 3  # a syllable may agree by chance
    assert all(word.span is not None for word in replaced)


def test_swapped_passages_are_reported_with_where_they_are_heard() -> None:
    recording, spans = say(CLAUSES)
    text = [*CLAUSES[:2], *CLAUSES[14:17], *CLAUSES[5:14], *CLAUSES[2:5], *CLAUSES[17:]]
    alignment = align(text, recording)
    moved = found(alignment, FindingKind.OUT_OF_ORDER)
    assert len(moved) == 2
    for finding, clauses in zip(moved, (range(2, 5), range(14, 17)), strict=True):
        truth = Span(spans[clauses[0]].start, spans[clauses[-1]].end)
        assert finding.span is not None
        assert iou(finding.span, truth) > 0.7
        assert CLAUSES[clauses[1]] in finding.text
        assert "heard from 0:" in finding.reason
    assert not found(alignment, FindingKind.NOT_IN_TEXT)
    assert all(word.span is None for word in words_of(alignment, CLAUSES[3]))


def test_a_long_passage_without_text_is_shown_only_in_part() -> None:
    recording, _ = say(CLAUSES)
    alignment = align([*CLAUSES[:3], *CLAUSES[-3:]], recording)
    [finding] = found(alignment, FindingKind.NOT_IN_TEXT)
    assert finding.text.endswith(" ...")
    assert len(finding.text) < 400
    assert finding.reason.startswith("heard for ")


def test_a_long_passage_in_place_of_another_gets_no_times() -> None:
    recording, _ = say([*CLAUSES[:4], *CLAUSES[8:14], *CLAUSES[-4:]])
    alignment = align([*CLAUSES[:4], *FOREIGN, *FOREIGN[::-1], *CLAUSES[-4:]], recording)
    for clause in FOREIGN:
        assert all(word.confidence is None for word in words_of(alignment, clause))
        assert sum(word.span is not None for word in words_of(alignment, clause)) <= 2
    assert found(alignment, FindingKind.NOT_IN_AUDIO)
    assert found(alignment, FindingKind.NOT_IN_TEXT)


def test_text_and_sound_of_different_talks_have_no_times() -> None:
    recording, _ = say(CLAUSES)
    alignment = align(FOREIGN, recording)
    timed = [word for word in alignment.transcript.words if word.confidence is not None]
    assert len(timed) <= 0.1 * len(alignment.transcript.words)


def test_what_cannot_be_spoken_says_so() -> None:
    recording, _ = say(CLAUSES[:4])
    transcript = document("".join(CLAUSES[:2]), "……", "".join(CLAUSES[2:4]))
    alignment = align_posteriors(transcript, recording.posteriors, language="zh")
    [finding] = alignment.findings
    assert (finding.text, finding.reason) == ("……", "nothing in it can be spoken")


def test_a_word_of_an_unknown_script_gets_the_time_of_the_speech_in_its_place() -> None:
    recording, spans = say(CLAUSES[:6])
    text = "".join((*CLAUSES[:3], "Здравствуйте, ", *CLAUSES[4:6]))
    alignment = align_posteriors(document(text), recording.posteriors, language="zh")
    [word] = [word for word in alignment.transcript.words if word.text.startswith("З")]
    assert word.span is not None
    assert iou(word.span, spans[3]) > 0.7
    assert word.confidence is None
    assert [finding.kind for finding in alignment.findings] == [FindingKind.MISHEARD]


def test_people_who_speak_at_once_are_reported_with_the_words_they_speak_over() -> None:
    recording, spans = say(CLAUSES[:6])
    two_voices = np.zeros(len(recording.log_probs), np.float16)
    two_voices[round(spans[2].start / FRAME) : round(spans[2].end / FRAME)] = 0.9
    posteriors = Posteriors(recording.log_probs, two_voices, recording.posteriors.level)
    alignment = align_posteriors(document("".join(CLAUSES[:6])), posteriors, language="zh")
    [finding] = alignment.findings
    assert finding.kind == FindingKind.OVERLAPPING_SPEECH
    assert CLAUSES[2][1:-2] in finding.text


@settings(max_examples=20)
@given(st.data())
def test_every_word_has_a_time_or_is_in_a_finding(data: st.DataObject) -> None:
    pool = (*CLAUSES, *FOREIGN)
    said = data.draw(st.lists(st.sampled_from(pool), max_size=8), label="said")
    text = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=8), label="text")
    recording, _ = say(said, sure=0.85, seed=data.draw(st.integers(0, 99)))
    alignment = align(text, recording)
    words = alignment.transcript.words
    assert "".join(word.text for word in words) == "".join(text)
    offsets = np.cumsum([0, *(len(word.text) for word in words)])
    reported = [
        finding.offsets
        for finding in alignment.findings
        if finding.kind in {FindingKind.NOT_IN_AUDIO, FindingKind.OUT_OF_ORDER} and finding.offsets
    ]
    now = 0.0
    for word, first, last in zip(words, offsets, offsets[1:], strict=False):
        is_reported = any(a <= first and last <= b for a, b in reported)
        assert is_reported == (word.span is None)
        if word.span is not None:
            assert word.span.start >= now - 1e-9
            now = word.span.end
        assert word.confidence is None or 0 <= word.confidence <= 1
    spans = [finding.span or Span(0, 0) for finding in alignment.findings]
    assert spans == sorted(spans)


# --- the parts


def test_evidence_is_best_for_what_is_said_and_nothing_for_what_is_not() -> None:
    rng = np.random.default_rng(3)
    words = make_words(60, rng)
    recording = record([Sound(word) for word in words], rng, sure=1.0)
    unsaid = [[("sh", "uang")]] * 4
    path = find_times([*((word,) for word in words), *unsaid], recording.log_probs)
    evidence = weigh_words(path, recording.log_probs, hear(recording.log_probs))
    assert np.isnan(evidence.likelihood[60:]).all()
    assert (evidence.likelihood[:60] > -1).all()
    assert (evidence.agreement[:60] > 0.8).all()
    assert (evidence.weakest[:60] <= evidence.likelihood[:60] + 1e-6).all()
    assert np.abs(np.median(evidence.pace[:60])) < 0.5
    assert (evidence.onset_margin[:60] > 0).mean() > 0.9
    assert np.isnan(rate_words(evidence)[60:]).all()
    assert np.median(rate_words(evidence)[:60]) > 0.9


def test_a_word_that_is_not_what_is_said_is_less_sure_than_the_others() -> None:
    rng = np.random.default_rng(3)
    words = make_words(60, rng)
    sound = record([Sound(word) for word in words], rng, sure=0.9)
    wrong = np.arange(5, 60, 10)
    text = [("sh", "uang") if k in wrong else word for k, word in enumerate(words)]
    forced = Prices(skip_open=1e3, filler_open=1e3)  # all words get a place
    path = find_times([(word,) for word in text], sound.log_probs, prices=forced)
    confidence = rate_words(weigh_words(path, sound.log_probs, hear(sound.log_probs)))
    assert np.delete(confidence, wrong).mean() > 0.9
    assert confidence[wrong].mean() < 0.5


def make_path(
    spoken: Sequence[tuple[int, int] | None], fillers: Sequence[tuple[int, int]] = ()
) -> Path:
    """Return a path of words of one phone."""
    there = [stretch for stretch in spoken if stretch is not None]
    return Path(
        reading=np.array([UNSPOKEN if s is None else 0 for s in spoken], np.int16),
        phones=np.full(len(there), PHONE_INDEX["a"], np.uint8),
        first=np.array([first for first, _ in there], np.int32),
        last=np.array([last for _, last in there], np.int32),
        offsets=np.cumsum([0, *(s is not None for s in spoken)]).astype(np.int64),
        fillers=np.array(fillers, np.int32).reshape(-1, 2),
    )


def make_hearing(frames: int) -> Hearing:
    """Return a hearing of one phone, said again and again."""
    first = np.arange(0, frames, 10, dtype=np.int32)
    phones = np.full(len(first), PHONE_INDEX["a"], np.uint8)
    quiet = np.full(frames, FLOOR, np.float32)
    return Hearing(quiet, np.zeros(frames, np.float32), phones, first, first + np.int32(10))


def tell_gaps(path: Path, needs: list[float], frames: int) -> tuple[Mismatch, ...]:
    script = spell_script([[["a"]]] * len(needs), [0])
    gaps = find_gaps(path, needs, frames)
    stays = np.zeros(len(gaps), np.bool_)
    return tell_kinds(gaps, stays, needs, script, make_hearing(frames))


@pytest.mark.parametrize(
    ("fillers", "kinds"),
    [
        ([], [Kind.UNSPOKEN]),
        ([(15, 20)], [Kind.UNSPOKEN]),
        ([(15, 55)], [Kind.REPLACED]),
        ([(15, 35), (60, 80)], [Kind.REPLACED]),
        ([(15, 180)], [Kind.UNSPOKEN, Kind.UNWRITTEN]),
        ([(15, 90), (150, 190)], [Kind.REPLACED, Kind.UNWRITTEN]),
    ],
)
def test_the_room_tells_what_a_gap_is(fillers: list[tuple[int, int]], kinds: list[Kind]) -> None:
    path = make_path([(0, 10), None, None, (200, 210)], fillers)
    gaps = tell_gaps(path, [10, 20, 20, 10], 210)
    assert [gap.kind for gap in gaps] == kinds
    assert all(gap.window == (10, 200) for gap in gaps)


def written(*clauses: str) -> tuple[Script, np.ndarray]:
    """Return clauses as phones, and how long their words take: 10 frames a phone."""
    words = [word for clause in clauses for word in clause]
    starts = np.cumsum([0, *(len(clause) for clause in clauses[:-1])]).tolist()
    script = spell_script(read_words(words), starts)
    return script, 10.0 * np.diff(script.first)


def spoken(*stretches: str) -> tuple[Hearing, tuple[tuple[int, int], ...]]:
    """Return a hearing of some stretches with pauses between, 10 frames a phone."""
    phones: list[int] = []
    first: list[int] = []
    places: list[tuple[int, int]] = []
    now = 0
    for stretch in stretches:
        said = [PHONE_INDEX[p] for reading in read_words(list(stretch)) for p in reading[0]]
        first += range(now, now + 10 * len(said), 10)
        phones += said
        places.append((now, now + 10 * len(said)))
        now = places[-1][1] + 40
    begins = np.array(first, np.int32)
    level = np.zeros(now, np.float32)
    numbers = np.array(phones, np.uint8)
    return Hearing(level, level, numbers, begins, begins + np.int32(10)), tuple(places)


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_clauses_the_one_that_sounds_like_what_is_said_is_kept(is_first: bool) -> None:
    misheard, foreign = "天气比昨天冷", "图书馆星期二关门"
    clauses = (misheard, foreign) if is_first else (foreign, misheard)
    script, needs = written(*clauses)
    hearing, speech = spoken("天气必作天了")
    words, places = match_in_gap(range(len(script)), speech, needs, script, hearing)
    start = 0 if is_first else len(foreign)
    assert words == range(start, start + len(misheard))
    assert places == range(1)


def test_of_two_stretches_the_one_that_sounds_like_the_text_is_kept() -> None:
    script, needs = written("天气比昨天冷")
    hearing, speech = spoken("天气必作天了", "图书馆星期二关门")
    words, places = match_in_gap(range(len(script)), speech, needs, script, hearing)
    assert words == range(len(script))
    assert places == range(1)


def test_where_nothing_sounds_alike_the_text_is_kept_whole_or_not_at_all() -> None:
    script, needs = written("天气比昨天冷", "路上遇到老人")
    hearing, speech = spoken("图书馆", "飞机延误六小时", "吃甜的东西")
    words, _ = match_in_gap(range(len(script)), speech, needs, script, hearing)
    assert words.start in {0, 6}
    assert words.stop in {0, 6, 12}


def test_a_short_noise_between_words_is_no_mismatch() -> None:
    assert tell_gaps(make_path([(0, 10), (30, 40)], [(12, 28)]), [10, 10], 40) == ()


def test_words_share_the_speech_in_their_place_and_skip_the_silence_in_it() -> None:
    speech = ((10, 20), (40, 60))
    mismatch = Mismatch(Kind.REPLACED, range(2, 5), speech, (0, 70), 40)
    shares = list(share_frames(mismatch, [9, 9, 10, 10, 20]))
    assert shares == [(2, 10.0, 17.5), (3, 17.5, 45.0), (4, 45.0, 60.0)]


def test_a_word_that_fits_by_chance_among_others_that_do_not_is_dropped() -> None:
    path = make_path(
        [(0, 9), None, None, None, (60, 69), None, None, None, (120, 129)], [(10, 55), (70, 115)]
    )
    likelihood = np.where(path.spoken, 0.0, FLOOR).astype(np.float32)
    settled = drop_chance_words(path, likelihood, [9] * 9, 9)
    assert settled.word_first.tolist() == [0, *[UNSPOKEN] * 7, 120]
    assert [60, 69] in settled.fillers.tolist()


def test_a_word_between_two_missing_passages_stays() -> None:
    only_text = make_path([(0, 9), None, None, None, (60, 69), None, None, None, (120, 129)])
    only_speech = make_path([(0, 9), (60, 69), (120, 129)], [(10, 55), (70, 115)])
    for path in (only_text, only_speech):
        likelihood = np.where(path.spoken, 0.0, FLOOR).astype(np.float32)
        assert drop_chance_words(path, likelihood, [9] * len(path.reading), 9) is path
