"""What a decoder writes though nobody says it, told by the sound and by the text itself.

There is no list of phrases here: "thank you for watching" is often said. What gives an
invention away is that nobody speaks where it stands, that nothing is as loud there as
speech is, that nobody could speak so fast or would so slowly, or that it goes round in circles.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from subtools.core import FRAME, HeardWord, Seconds, Span, overlap
from subtools.lexicon import is_spaceless
from subtools.phonetics import fold_text
from subtools.spans import speech_within

Segment = tuple[HeardWord, ...]
Level = npt.NDArray[np.float32]

LOOP_RATIO = 2.4  # text that compresses better is a loop; the threshold of OpenAI's Whisper
LEAST_PACKED = 60  # letters; zlib's own header makes shorter text look better than it is
# Five times the same phrase, eight times the same syllable: more than anybody says 對 in a row.
_CIRCLE = re.compile(r"(.{2,40}?)\1{4,}|(.)\2{7,}", re.DOTALL)
FASTEST = 12.0  # syllables a second; an auctioneer has 10
SLOWEST = 0.5  # syllables a second of speech; slower than any dictation
SLOW_SPEECH: Seconds = 5.0  # s of speech from which slowness tells
SPOKEN_SHARE = 0.2  # of a segment's time; with less speech in it, nobody says it
LATIN_SYLLABLE = 3.0  # letters; English has 2.9 in running text
QUIETER = 30.0  # dB below the speech around it: not even a whisper in a talk
NO_SPEECH, UNSURE = 0.6, -1.0  # OpenAI's Whisper: both together mean that nobody speaks
ECHOED = 0.8  # of a segment's letters that stand in the hints
ECHO_RUN = 4  # letters in a row that count as taken from the hints


class Fault(StrEnum):
    """Why text is not believed."""

    LOOP = "it goes round in circles"
    FAST = "nobody speaks so fast"
    SLOW = "too little text for so much speech"
    UNSPOKEN = "nobody speaks there"
    QUIET = "nothing there is as loud as speech"


def find_fault(
    segment: Segment, speech: Sequence[Span], level: Level, origin: Seconds
) -> Fault | None:
    """Return why ``segment`` is not believed; None if it is.

    Args:
        segment: Words, in order.
        speech: Where someone speaks, in order.
        level: Of each frame of 10 ms around the segment, in dB.
        origin: Onset of the first frame, in seconds.
    """
    text = fold_text("".join(word.text for word in segment))
    whole = Span(segment[0].start, max(segment[0].start, segment[-1].end))
    if is_loop(text):
        return Fault.LOOP
    syllables = count_syllables(text)
    spoken = speech_within(whole, speech)
    if spoken < SPOKEN_SHARE * whole.duration:
        return Fault.UNSPOKEN
    if syllables > FASTEST * max(whole.duration, 2 * FRAME) and syllables > FASTEST / 2:
        return Fault.FAST
    if spoken >= SLOW_SPEECH and syllables < SLOWEST * spoken:
        return Fault.SLOW
    return Fault.QUIET if is_quiet(whole, speech, level, origin) else None


def is_loop(text: str) -> bool:
    """Tell whether folded ``text`` repeats itself more than anybody does.

    >>> is_loop("对" * 8), is_loop("对对对你说得对"), is_loop("我们的" * 5)
    (True, False, True)
    """
    packed = text.encode()
    is_packed = len(text) >= LEAST_PACKED and len(packed) > LOOP_RATIO * len(zlib.compress(packed))
    return is_packed or _CIRCLE.search(text) is not None


def cut_circles(segment: Segment) -> Segment:
    """Return the words of ``segment`` before it begins to go round in circles.

    What precedes was heard before the decoder lost its way.
    """
    texts = [fold_text(word.text) for word in segment]
    match = _CIRCLE.search("".join(texts))
    if match is None:
        return ()
    position = 0
    for index, text in enumerate(texts):
        position += len(text)
        if position > match.start():
            return segment[:index]
    return segment


def count_syllables(text: str) -> float:
    """Return about how many syllables ``text`` has: a character each, or three letters.

    >>> count_syllables("大模型GPT")
    4.0
    """
    wide = sum(map(is_spaceless, text))
    return wide + sum(c.isalnum() and not is_spaceless(c) for c in text) / LATIN_SYLLABLE


def is_quiet(whole: Span, speech: Sequence[Span], level: Level, origin: Seconds) -> bool:
    """Tell whether the loudest tenth of a stretch is far below the speech around it."""
    frames = np.arange(len(level)) * FRAME + origin
    inside = level[(frames >= whole.start) & (frames < whole.end)]
    is_spoken = np.zeros(len(level), bool)
    for span in speech:
        if overlap(span, Span(origin, origin + len(level) * FRAME)):
            is_spoken |= (frames >= span.start) & (frames < span.end)
    if not len(inside) or not is_spoken.any():
        return False
    usual = float(np.median(level[is_spoken]))
    return float(np.percentile(inside, 90)) < usual - QUIETER


def is_echo(text: str, hints: str, hotwords: Sequence[str] = ()) -> bool:
    """Tell whether ``text`` may be the hints given back, instead of what is said.

    It is nearly all made of stretches of the hints, and not just one term of them, which
    may well have been said: two terms in their order, or a good part of the prompt.

    >>> is_echo("GPT-4、Transformer", "大模型。GPT-4、Transformer、LoRA", ["GPT-4", "Transformer"])
    True
    >>> is_echo("那麼GPT-4呢", "大模型。GPT-4、Transformer、LoRA", ["GPT-4", "Transformer"])
    False
    """
    said, told = fold_text(text), fold_text(hints)
    if not said or not told:
        return False
    blocks = SequenceMatcher(None, said, told, autojunk=False).get_matching_blocks()
    runs = [block for block in blocks if block.size >= min(ECHO_RUN, len(said))]
    if sum(block.size for block in runs) < ECHOED * len(said):
        return False
    terms = {fold_text(term) for term in hotwords}
    return said not in terms


def measure_level(samples: npt.NDArray[np.float32], frame_samples: int = 160) -> Level:
    """Return the level of each whole frame of 10 ms, in dB."""
    frames = len(samples) // frame_samples
    power = np.mean(samples[: frames * frame_samples].reshape(frames, -1) ** 2, axis=1)
    return np.asarray(10 * np.log10(power + 1e-10), np.float32)
