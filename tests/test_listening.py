"""Recognition around the decoder: what is doubted, heard again, and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    SAMPLE_RATE,
    Audio,
    Glossary,
    HeardWord,
    Hints,
    Recognition,
    Span,
    Term,
    Voices,
    glossary_to_hints,
)
from subtools.keeping import KeptWork
from subtools.whisper.decoding import Passage, Take, split_tokens
from subtools.whisper.inventions import Fault, cut_circles, find_fault, is_echo, is_loop
from subtools.whisper.languages import choose_language, split_at_pause, vote_on_language
from subtools.whisper.listening import Heard, Listener, compose_hints, split_segment
from subtools.whisper.recognising import _Whisper, compose_heard, parse_heard

LOUD = np.full(6000, -20.0, np.float32)  # dB; a minute
Answer = Callable[[Span, str, str], Take]


def said(text: str, start: float, end: float) -> tuple[HeardWord, ...]:
    """A segment whose characters are spread evenly."""
    step = (end - start) / len(text)
    return tuple(
        HeardWord(c, start + k * step, start + (k + 1) * step, 0.9) for k, c in enumerate(text)
    )


def take(*segments: tuple[HeardWord, ...], no_speech: float = 0.0, log: float = -0.3) -> Take:
    return Take(segments, log, no_speech)


@dataclass
class Model:
    """Stands in for the decoder: answers by window, language and hints."""

    answer: Answer
    languages: Callable[[Span], Mapping[str, float]] = lambda _: {"zh": 0.99}
    asked: list[tuple[tuple[Span, ...], str, str]] = field(default_factory=list)
    is_multilingual: bool = True

    def knows(self, _language: str) -> bool:
        return True

    def encode(self, _audio: Audio, windows: Sequence[Span]) -> Sequence[Span]:
        return windows

    def detect(self, states: Sequence[Span]) -> list[Mapping[str, float]]:
        return [self.languages(window) for window in states]

    def count_tokens(self, text: str) -> int:
        return len(text)

    def decode(
        self,
        _states: object,
        windows: Sequence[Span],
        language: str,
        *,
        hints: str = "",
        no_repeat: int = 0,
    ) -> list[Take]:
        assert no_repeat >= 0
        self.asked.append((tuple(windows), language, hints))
        return [self.answer(window, language, hints) for window in windows]


def sound(seconds: float) -> Audio:
    noise = np.random.default_rng(1).normal(0, 3000, int(seconds * SAMPLE_RATE))
    return Audio(noise.astype(np.int16))


def listen(model: Any, seconds: float = 20.0, **options: Any) -> Heard:
    """What is heard in so many seconds of speech without a pause."""
    whole = Span(0.0, seconds)
    options = {"may_switch": False, **options}
    listener = Listener(model, sound(seconds), Voices((whole,)), "zh", **options)
    return listener.hear([whole], "zh")


def text(segments: Sequence[Sequence[HeardWord]]) -> str:
    return "".join(word.text for segment in segments for word in segment)


def test_speech_that_got_no_words_is_decoded_once_more_and_fits_in() -> None:
    def answer(window: Span, *_: str) -> Take:
        if window.duration == 20.0:
            return take(said("大模", 0.0, 1.0), said("數據數據數據數據", 12.0, 20.0))
        return take(said("我們在這裡我們在這裡我們在這裡", window.start, window.end))

    model = Model(answer)
    heard = listen(model)
    assert text(heard.segments).startswith("大模我們在")
    assert text(heard.segments).endswith("據數據")
    assert [w.start for w, *_ in map(list, heard.segments)] == sorted(
        segment[0].start for segment in heard.segments
    )
    assert model.asked[1][0] == (Span(1.0, 12.0),)


def test_speech_hidden_behind_a_stretched_word_is_decoded_once_more() -> None:
    stretched = (*said("首先我想問各位", 0.0, 1.0), HeardWord("嗎", 1.0, 12.0, 0.9))

    def answer(window: Span, *_: str) -> Take:
        if window.duration == 20.0:
            return take(stretched, said("其實大家如果看模型的效果的話", 12.0, 20.0))
        return take(said("那麼我們在這裡看到它有兩個軸", window.start, window.end))

    assert "我們在這裡" in text(listen(Model(answer)).segments)


def test_a_loop_is_dropped_and_its_speech_decoded_once_more() -> None:
    def answer(window: Span, *_: str) -> Take:
        if window.duration == 20.0:
            return take(said("開頭是好的" + "對的" * 20, 0.0, 20.0))
        return take(said("後來他說了很多別的話語" * 2, window.start, window.end))

    heard = listen(Model(answer))
    assert text(heard.segments).startswith("開頭是好")
    assert "後來他說" in text(heard.segments)
    assert "對的對的" not in text(heard.segments)
    assert [one.reason for one in heard.dropped] == [Fault.LOOP]


def test_what_the_decoder_itself_takes_for_silence_is_dropped() -> None:
    heard = listen(Model(lambda *_: take(said("謝謝觀看", 0, 1), no_speech=0.9, log=-1.5)))
    assert heard.segments == ()


def test_the_hints_given_back_are_not_taken_for_speech() -> None:
    hints = "GPT-4、Transformer、LoRA"

    def answer(window: Span, _language: str, told: str) -> Take:
        echo = said("GPT-4、Transformer、LoRA", window.start, window.start + 5)
        plain = said("我們今天講的是別的東西不是這些以及那些" * 2, window.start, window.end)
        return take(echo) if told else take(plain)

    model = Model(answer)
    heard = listen(model, hints=hints, hotwords=("GPT-4", "Transformer", "LoRA"))
    assert "Transformer" not in text(heard.segments)
    assert "別的東西" in text(heard.segments)


def test_terms_of_the_hints_that_are_said_stay() -> None:
    hotwords = ["GPT-4", "Transformer"]
    assert not is_echo("GPT-4", "GPT-4、Transformer", hotwords)
    assert not is_echo("我們用Transformer做的GPT-4很好", "GPT-4、Transformer", hotwords)
    assert is_echo("GPT-4、Transformer。", "GPT-4、Transformer", hotwords)


def test_a_window_in_another_language_is_decoded_in_it_and_the_border_is_looked_for() -> None:
    speech = (Span(0, 14), Span(14.4, 28), Span(30, 57))
    model = Model(
        lambda window, language, _: take(said(language * 12, window.start, window.end)),
        lambda window: {"en": 0.98, "zh": 0.01} if window.start >= 14 else {"zh": 0.97},
    )
    listener = Listener(model, sound(60), Voices(speech), "zh")  # type: ignore[arg-type]  # a stand-in
    heard = listener.hear([Span(0, 28.2), Span(29.8, 57)], "zh")
    assert [(windows, language) for windows, language, _ in model.asked[:2]] == [
        ((Span(0, 14.2),), "zh"),
        ((Span(14.2, 28.2), Span(29.8, 57)), "en"),
    ]
    assert heard.language == "en"


def test_a_short_window_does_not_change_the_language() -> None:
    assert choose_language({"cy": 0.99, "zh": 0.0}, 4.0, "zh") == "zh"
    assert choose_language({"cy": 0.99, "zh": 0.0}, 20.0, "zh") == "cy"
    assert choose_language({"cy": 0.7, "zh": 0.05}, 20.0, "zh") == "zh"
    assert vote_on_language([{"zh": 0.9}, {"en": 0.6, "zh": 0.4}, {"zh": 0.5}]) == "zh"


def test_a_window_is_parted_only_where_both_parts_say_enough() -> None:
    assert split_at_pause(Span(0, 28), [Span(0, 3), Span(4, 28)]) == (Span(0, 28),)
    assert split_at_pause(Span(0, 28), [Span(0, 10), Span(12, 28)]) == (Span(0, 11), Span(11, 28))


def test_text_after_the_last_pair_of_time_stamps_is_not_lost() -> None:
    # faster-whisper's batched mode leaves out the second passage.
    assert split_tokens([1000, 1, 2, 1050, 1050, 3, 4], 1000, 900, 3.0) == (
        Passage(0.0, 1.0, (1, 2)),
        Passage(1.0, 3.0, (3, 4)),
    )


@given(st.lists(st.one_of(st.integers(1, 800), st.integers(1000, 2500)), max_size=40))
def test_no_token_of_text_is_lost_and_passages_follow_each_other(tokens: list[int]) -> None:
    passages = split_tokens(tokens, 1000, 900, 28.0)
    assert [t for p in passages for t in p.tokens] == [t for t in tokens if t < 900]
    assert all(0 <= p.start <= p.end for p in passages)


# --- what gives an invention away


def fault_of(spoken: str, start: float, end: float, speech: Sequence[Span]) -> Fault | None:
    return find_fault(said(spoken, start, end), speech, LOUD, 0.0)


def test_text_where_nobody_speaks_is_an_invention_whatever_it_says() -> None:
    assert fault_of("謝謝觀看", 10, 12, [Span(0, 9)]) is Fault.UNSPOKEN
    assert fault_of("謝謝觀看", 10, 12, [Span(9, 13)]) is None


def test_text_that_nobody_could_say_so_fast_or_would_so_slowly_is_an_invention() -> None:
    assert fault_of("我們今天在這裡討論的是大模型", 1.0, 1.6, [Span(0, 9)]) is Fault.FAST
    assert fault_of("我們今天在這裡討論的是大模型", 1.0, 3.6, [Span(0, 9)]) is None
    assert fault_of("謝謝", 0.0, 9.0, [Span(0, 9)]) is Fault.SLOW


def test_text_where_nothing_is_as_loud_as_speech_is_an_invention() -> None:
    level = LOUD.copy()
    level[500:700] = -75.0
    quiet = find_fault(said("謝謝觀看", 5.0, 7.0), [Span(0, 9)], level, 0.0)
    assert quiet is Fault.QUIET
    level[500:700] = -40.0  # a quiet speaker
    assert find_fault(said("謝謝觀看", 5.0, 7.0), [Span(0, 9)], level, 0.0) is None


def test_a_loop_is_more_than_anybody_repeats() -> None:
    assert is_loop("对的" * 5)
    assert is_loop("嗯" * 8)
    assert not is_loop("对对对对对")
    assert not is_loop("谢谢谢谢大家谢谢")
    assert text([cut_circles(said("好的" + "我們" * 6, 0, 9))]) == "好的"


@given(st.text("大模型數據abc ,。", min_size=1, max_size=30), st.floats(0, 20), st.floats(0, 9))
def test_whatever_is_written_a_fault_is_found_or_not_without_an_error(
    spoken: str, start: float, length: float
) -> None:
    fault = find_fault(said(spoken, start, start + length), [Span(0, 5), Span(7, 22)], LOUD, 0.0)
    assert fault is None or fault in Fault


def test_what_is_found_in_a_gap_of_a_segment_fits_in_between() -> None:
    segment = tuple(HeardWord(str(k), float(k), k + 0.5, 0.9) for k in (0, 1, 6, 7))
    parts = list(split_segment(segment, [Span(1.5, 6.0)]))
    assert [[w.text for w in part] for part in parts] == [["0", "1"], ["6", "7"]]
    assert list(split_segment(segment, [])) == [segment]


# --- hints


def test_hotwords_go_in_while_there_is_room_and_the_prompt_comes_last() -> None:
    model: Any = Model(lambda *_: take())
    hints = Hints("以下是座談", ("GPT-4", "LoRA", "Transformer"))
    assert compose_hints(hints, model) == ("GPT-4、LoRA、Transformer 以下是座談", 3)
    assert compose_hints(hints, model, limit=16) == ("GPT-4、LoRA 以下是座談", 2)


def test_the_terms_of_a_glossary_are_hotwords_without_their_aliases() -> None:
    glossary = Glossary((Term("GPT-4", ("G4",)), Term("LoRA")))
    assert glossary_to_hints(glossary, "", ("LoRA", "MoE")).hotwords == ("LoRA", "MoE", "GPT-4")


# --- interrupted and gone on with


class KilledError(Exception):
    """Stands for kill -9."""


def recognise(folder: Path, kill_after: int | None = None) -> tuple[Recognition, KeptWork, int]:
    """Recognise six batches of windows, or be killed after some of them."""
    speech = tuple(Span(28.0 * k + 0.5, 28.0 * k + 27.5) for k in range(24))
    audio = Audio(np.tile(sound(28.0).samples, 24))
    batches = 0

    def answer(window: Span, *_: str) -> Take:
        rng = np.random.default_rng(int(window.start))
        spoken = "".join(rng.choice(list("大模型數據訓練推理"), 100))
        return take(said(spoken, window.start + 0.1, window.end - 1 / 3))

    model: Any = Model(answer)
    original = model.decode

    def decode(*given: Any, **options: Any) -> Any:
        nonlocal batches
        if kill_after is not None and batches == kill_after:
            raise KilledError
        batches += 1
        return original(*given, **options)

    model.decode = decode
    work = KeptWork(folder, "talk")
    engine = _Whisper(model, find_speech=lambda *_, **__: Voices(speech, speech), keep=work)
    return engine(audio), work, batches


def test_a_killed_recognition_goes_on_where_it_was_with_the_same_result(tmp_path: Path) -> None:
    whole, *_ = recognise(tmp_path / "other")
    with pytest.raises(KilledError):
        recognise(tmp_path / "kept", kill_after=4)
    resumed, work, batches = recognise(tmp_path / "kept")
    assert resumed == whole
    assert (batches, work.reused) == (2, 6)  # four batches, the language, where speech is
    work.discard()
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_broken_part_is_made_again(tmp_path: Path) -> None:
    whole, *_ = recognise(tmp_path)
    [broken] = tmp_path.rglob("00002.part")
    broken.write_text(broken.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    again, _, batches = recognise(tmp_path)
    assert (again, batches) == (whole, 1)


SECONDS = st.floats(0, 99)
WORDS = st.builds(HeardWord, st.text(max_size=3), SECONDS, SECONDS, st.floats(0, 1))


@given(st.lists(st.lists(WORDS, max_size=3).map(tuple), max_size=3).map(tuple))
def test_what_is_kept_comes_back_to_the_last_bit(segments: tuple[Any, ...]) -> None:
    heard = Heard(segments, (), "zh")
    assert parse_heard(compose_heard(heard)) == heard


def test_windows_follow_each_other(tmp_path: Path) -> None:
    recognition, *_ = recognise(tmp_path)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(recognition.words))
