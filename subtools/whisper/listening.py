"""Some windows of a sound: decoded, doubted, and what was missed decoded again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from subtools.core import Audio, Dropped, Hints, Span, Voices
from subtools.spans import LEAST_UNWRITTEN, limit_word, speech_within, wordless_speech
from subtools.whisper.decoding import Decoder, Segment, Take
from subtools.whisper.inventions import (
    NO_SPEECH,
    UNSURE,
    Fault,
    cut_circles,
    find_fault,
    is_echo,
    measure_level,
)
from subtools.whisper.languages import choose_language, split_at_pause

BATCH = 4  # windows decoded together; more gains nothing on two cores
AGAIN = 2  # times that speech without a word is decoded again
NO_REPEAT = 8  # tokens that are not decoded twice where the decoder had run into a loop
HINT_TOKENS = 120  # of 448; with the hints at their limit (223), long windows lose their end
ECHOED = "the hints given back"
NOT_SPEECH = "the recogniser itself thinks that nobody speaks"


@dataclass(frozen=True, slots=True)
class Piece:
    """A window and the language it is decoded in."""

    window: Span
    language: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in some windows.

    Attributes:
        segments: By onset.
        dropped: What the decoder wrote and is not believed.
        language: Of the last window.
    """

    segments: tuple[Segment, ...]
    dropped: tuple[Dropped, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears windows of one sound.

    Attributes:
        decoder: The model.
        audio: The sound.
        voices: Where someone speaks in it.
        main: Language of the talk.
        may_switch: Whether other languages are listened for.
        hints: Text that the decoder is told; empty for none.
        hotwords: Terms of it.
        batch: Windows decoded together.
    """

    decoder: Decoder
    audio: Audio
    voices: Voices
    main: str
    may_switch: bool = True
    hints: str = ""
    hotwords: Sequence[str] = ()
    batch: int = BATCH

    def hear(self, windows: Sequence[Span], before: str) -> Heard:
        """Return what is said in ``windows``.

        Args:
            windows: In order; decoded together.
            before: Language of the window before them.
        """
        pieces = self._tell_languages(windows, before)
        heard: list[Segment] = []
        dropped: list[Dropped] = []
        for piece, take in self._decode(pieces, self.hints):
            self._sift(piece, take, heard, dropped)
        for _ in range(AGAIN):
            lost = list(self._find_lost(pieces, heard))
            if not lost:
                break
            gaps = [piece.window for piece in lost]
            heard = [part for segment in heard for part in split_segment(segment, gaps)]
            no_repeat = NO_REPEAT if any(one.reason == Fault.LOOP for one in dropped) else 0
            for piece, take in self._decode(lost, no_repeat=no_repeat):
                self._sift(piece, take, heard, dropped)
        heard.sort(key=lambda segment: segment[0].start)
        return Heard(tuple(heard), tuple(dropped), pieces[-1].language)

    def _tell_languages(self, windows: Sequence[Span], before: str) -> list[Piece]:
        """Return ``windows`` with their languages, parted where the language changes."""
        if not self.may_switch:
            return [Piece(window, self.main) for window in windows]
        pieces = self._detect(windows)
        languages = [before, *(piece.language for piece in pieces)]
        told: list[Piece] = []
        for index, piece in enumerate(pieces):
            around = {*languages[index : index + 3], self.main}
            parts = split_at_pause(piece.window, self.voices.speech) if len(around) > 1 else ()
            told += self._detect(parts) if len(parts) > 1 else [piece]
        return told

    def _detect(self, windows: Sequence[Span]) -> list[Piece]:
        states = self.decoder.encode(self.audio, windows)
        return [
            Piece(
                window,
                choose_language(found, speech_within(window, self.voices.speech), self.main),
            )
            for window, found in zip(windows, self.decoder.detect(states), strict=True)
        ]

    def _decode(
        self, pieces: Sequence[Piece], hints: str = "", *, no_repeat: int = 0
    ) -> Iterator[tuple[Piece, Take]]:
        """Yield what is said in ``pieces``, decoded together as far as they share a language."""
        for language, group in groupby(pieces, key=lambda piece: piece.language):
            same = list(group)
            for first in range(0, len(same), self.batch):
                batch = same[first : first + self.batch]
                yield from zip(batch, self._take(batch, language, hints, no_repeat), strict=True)

    def _take(
        self, pieces: Sequence[Piece], language: str, hints: str, no_repeat: int
    ) -> list[Take]:
        windows = [piece.window for piece in pieces]
        states = self.decoder.encode(self.audio, windows)
        takes = self.decoder.decode(states, windows, language, hints=hints, no_repeat=no_repeat)
        if hints and any(self._is_echo(take) for take in takes):
            plain = self.decoder.decode(states, windows, language)
            return [
                bare if self._is_echo(take) else take
                for take, bare in zip(takes, plain, strict=True)
            ]
        return takes

    def _is_echo(self, take: Take) -> bool:
        return any(
            is_echo("".join(word.text for word in segment), self.hints, self.hotwords)
            for segment in take.segments
        )

    def _sift(self, piece: Piece, take: Take, heard: list[Segment], dropped: list[Dropped]) -> None:
        """Add to ``heard`` what is believed of ``take``, to ``dropped`` what is not."""
        level = measure_level(self.audio.slice(piece.window))
        for segment in take.segments:
            if take.no_speech > NO_SPEECH and take.log_probability < UNSURE:
                dropped.append(_drop(segment, NOT_SPEECH))
                continue
            fault = find_fault(segment, self.voices.speech, level, piece.window.start)
            kept = cut_circles(segment) if fault is Fault.LOOP else ()
            if fault is None:
                heard.append(segment)
            else:
                dropped.append(_drop(segment[len(kept) :], fault))
                if kept:
                    heard.append(kept)

    def _find_lost(self, pieces: Sequence[Piece], heard: Iterable[Segment]) -> Iterator[Piece]:
        """Yield the speech of ``pieces`` that no word covers."""
        words = [limit_word(word) for segment in heard for word in segment]
        voiced = self.voices.voiced or self.voices.speech
        for piece in pieces:
            for gap in wordless_speech(piece.window, words, voiced, LEAST_UNWRITTEN):
                for part in split_at_pause(gap, self.voices.speech):  # the same again would fail
                    yield Piece(part, piece.language)


def split_segment(segment: Segment, gaps: Sequence[Span]) -> Iterator[Segment]:
    """Yield the parts of ``segment`` between ``gaps``, so that what is found there fits in."""
    starts = [gap.start for gap in gaps]
    for _, words in groupby(segment, key=lambda word: bisect_right(starts, word.start)):
        yield tuple(words)


def compose_hints(hints: Hints, decoder: Decoder, limit: int = HINT_TOKENS) -> tuple[str, int]:
    """Return the text the decoder is told, and how many of the hotwords are in it.

    The prompt comes last, where it weighs most; hotwords go in, in their order, while
    there is room.
    """
    room = limit - decoder.count_tokens(hints.prompt)
    told: list[str] = []
    for word in hints.hotwords:
        if decoder.count_tokens("、".join([*told, word])) > room:
            break
        told.append(word)
    return " ".join(filter(None, ["、".join(told), hints.prompt])), len(told)


def _drop(segment: Segment, reason: str) -> Dropped:
    start = segment[0].start
    text = "".join(word.text for word in segment)
    return Dropped(text, Span(start, max(start, segment[-1].end)), str(reason))
