"""Windows of sound to words, by faster-whisper's model, one call for several windows.

faster-whisper's own batched mode leaves out what follows the last pair of time stamps in
a window (its sequential mode would come back for it), knows one language for all windows,
and does not say how sure it was. So the tokens are read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.core import Audio, HeardWord, Seconds, Span

Sound = npt.NDArray[np.float32]
Segment = tuple[HeardWord, ...]

TICK = 0.02  # s; what Whisper's time stamps count
FRAMES = 3000  # of 10 ms that the encoder takes
OPENING, CLOSING = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"  # faster-whisper's own; go with a word


@dataclass(frozen=True, slots=True)
class Take:
    """What the decoder made of one window.

    Attributes:
        segments: Its words, as it parted them.
        log_probability: Of its tokens, in the mean (natural logarithm).
        no_speech: Its own probability that nobody speaks, 0..1.
    """

    segments: tuple[Segment, ...]
    log_probability: float
    no_speech: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of tokens between time stamps, in seconds from the window's onset."""

    start: Seconds
    end: Seconds
    tokens: tuple[int, ...]


class Decoder:
    """A loaded model that decodes windows together, each on its own."""

    def __init__(self, model: Any, beam_size: int) -> None:
        """Take faster-whisper's ``model``; keep ``beam_size`` hypotheses."""
        self._model = model
        self._beam_size = beam_size
        self._last: tuple[object, tuple[Span, ...], Any] | None = None

    @property
    def is_multilingual(self) -> bool:
        """Whether it knows other languages than English."""
        return bool(self._model.model.is_multilingual)

    def knows(self, language: str) -> bool:
        """Tell whether the model has a token for ``language``."""
        return self._model.hf_tokenizer.token_to_id(f"<|{language}|>") is not None

    def encode(self, audio: Audio, windows: Sequence[Span]) -> Any:
        """Return the encoder's states of ``windows``, each less than 30 s.

        The last ones are kept: what language is spoken is asked before what is said.
        """
        asked = (audio.samples, tuple(windows))
        if self._last is None or (self._last[0] is not asked[0] or self._last[1] != asked[1]):
            mels = np.stack([self._features(audio.slice(window)) for window in windows])
            self._last = (*asked, self._model.encode(mels))
        return self._last[2]

    def detect(self, states: Any) -> list[Mapping[str, float]]:
        """Return, for each window of ``states``, how probable each language is."""
        found = self._model.model.detect_language(states)
        return [{token[2:-2]: probability for token, probability in one} for one in found]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` has."""
        return len(self._tokenizer_for("en").encode(text))

    def decode(
        self,
        states: Any,
        windows: Sequence[Span],
        language: str,
        *,
        hints: str = "",
        no_repeat: int = 0,
    ) -> list[Take]:
        """Return what is said in ``windows``.

        Args:
            states: What ``encode`` made of them.
            windows: Where they are in the sound.
            language: ISO 639-1 code.
            hints: Text that stands before what is said.
            no_repeat: No so many tokens twice in a window; 0: any.
        """
        tokenizer = self._tokenizer_for(language)
        previous = tokenizer.encode(f" {hints.strip()}") if hints.strip() else []
        prompt = self._model.get_prompt(tokenizer, previous)
        results = self._model.model.generate(
            states,
            [prompt] * len(windows),
            beam_size=self._beam_size,
            sampling_temperature=0.0,  # sampling would make two runs differ
            no_repeat_ngram_size=no_repeat,
            max_length=self._model.max_length,
            suppress_tokens=self._suppressed(tokenizer),
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [result.sequences_ids[0] for result in results]
        segments = self._time_words(states, tokens, windows, tokenizer)
        return [
            Take(said, float(result.scores[0]), float(result.no_speech_prob))
            for said, result in zip(segments, results, strict=True)
        ]

    def _features(self, sound: Sound) -> Sound:
        mel = self._model.feature_extractor(sound)[..., :-1][..., :FRAMES]
        return np.pad(mel, ((0, 0), (0, FRAMES - mel.shape[-1]))).astype(np.float32)

    def _tokenizer_for(self, language: str) -> Any:
        if language not in self._tokenizers:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer,
                self.is_multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]

    @cached_property
    def _tokenizers(self) -> dict[str, Any]:
        return {}

    def _suppressed(self, tokenizer: Any) -> list[int]:
        from faster_whisper.transcribe import get_suppressed_tokens

        return list(get_suppressed_tokens(tokenizer, [-1]))

    def _time_words(
        self,
        states: Any,
        tokens: Sequence[Sequence[int]],
        windows: Sequence[Span],
        tokenizer: Any,
    ) -> list[tuple[Segment, ...]]:
        """Return the words of each window with their times, from the cross-attention."""
        stamp = tokenizer.timestamp_begin
        parted: list[list[dict[str, Any]]] = []
        for said, window in zip(tokens, windows, strict=True):
            passages = split_tokens(said, stamp, tokenizer.eot, window.duration)
            parted.append([_to_record(p) for p in passages or [Passage(0.0, 0.0, ())]])
        frames = [ceil(window.duration) * 100 for window in windows]
        for one in parted:
            for record in one:
                record["words"] = []
        self._model.add_word_timestamps(
            parted, tokenizer, states, frames, OPENING, CLOSING, last_speech_timestamp=0.0
        )
        return [
            tuple(filter(None, (_to_segment(record, window.start) for record in one)))
            for one, window in zip(parted, windows, strict=True)
        ]


def split_tokens(
    tokens: Sequence[int], first_stamp: int, end: int, duration: Seconds
) -> tuple[Passage, ...]:
    """Return the stretches of text between time stamps, what has no closing stamp too.

    Args:
        tokens: As decoded.
        first_stamp: The time stamp of 0 s; all from here on are stamps.
        end: The first special token; text is below it.
        duration: Of the window, in seconds; where text without a closing stamp ends.

    >>> split_tokens([100, 7, 150, 150, 8], 100, 90, 3.0)[1]
    Passage(start=1.0, end=3.0, tokens=(8,))
    """
    passages: list[Passage] = []
    start, text = 0.0, list[int]()
    for token in tokens:
        if token >= first_stamp:
            time = min(duration, (token - first_stamp) * TICK)
            if text:
                passages.append(Passage(start, max(start, time), tuple(text)))
            start, text = time, []
        elif token < end:
            text.append(token)
    if text:
        passages.append(Passage(start, max(start, duration), tuple(text)))
    return tuple(passages)


def _to_record(passage: Passage) -> dict[str, Any]:
    """Return ``passage`` as faster-whisper's timing of words takes it."""
    return {
        "seek": 0,
        "start": passage.start,
        "end": passage.end,
        "tokens": list(passage.tokens),
    }


def _to_segment(record: Mapping[str, Any], origin: Seconds) -> Segment:
    return tuple(_to_heard_words(record["words"], origin))


def _to_heard_words(words: Sequence[Mapping[str, Any]], origin: Seconds) -> Iterator[HeardWord]:
    for word in words:
        start, end = origin + float(word["start"]), origin + float(word["end"])
        yield HeardWord(word["word"], start, max(start, end), float(word["probability"]))
