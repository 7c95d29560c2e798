"""What the classifier hears, without looking at the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.phonetics import NOISE, PHONE_INDEX, PHONES, SILENCE

NO_SPEECH = (PHONE_INDEX[SILENCE], PHONE_INDEX[NOISE])
FIRST_PHONE = max(NO_SPEECH) + 1  # the classes before it are no speech
CHUNK = 8192  # frames converted at a time: 3 MB
SHORTEST_PHONE = 2  # frames; single frames are mostly the border between two other phones


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """What the classifier hears.

    Attributes:
        silence: (frames,): log-probability that nobody speaks.
        speech: (frames,): log-probability of the likeliest phone.
        phones: The phones heard, one after the other.
        first: First frame of each.
        last: Frame after the last one of each.
    """

    silence: npt.NDArray[np.float32]
    speech: npt.NDArray[np.float32]
    phones: npt.NDArray[np.uint8]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]

    def part(self, frames: tuple[int, int]) -> Hearing:
        """Return what is heard from one frame to the one before another."""
        start, stop = frames
        inside = slice(*np.searchsorted(self.first, frames))
        return Hearing(
            silence=self.silence[start:stop],
            speech=self.speech[start:stop],
            phones=self.phones[inside],
            first=self.first[inside] - np.int32(start),
            last=np.minimum(self.last[inside], np.int32(stop)) - np.int32(start),
        )


def hear(log_probs: npt.NDArray[np.floating]) -> Hearing:
    """Return what is heard.

    Args:
        log_probs: (frames, phones).

    Raises:
        ValueError: If the columns are not the phones.
    """
    if log_probs.ndim != 2 or log_probs.shape[1] != len(PHONES):
        raise ValueError(f"posteriors need {len(PHONES)} columns, not {log_probs.shape[1:]}")
    frames = len(log_probs)
    silence, speech = np.empty(frames, np.float32), np.empty(frames, np.float32)
    best = np.empty(frames, np.uint8)
    for start in range(0, frames, CHUNK):
        some = slice(start, start + CHUNK)
        chunk = log_probs[some].astype(np.float32)
        silence[some] = np.logaddexp(*(chunk[:, k] for k in NO_SPEECH))
        best[some] = chunk[:, FIRST_PHONE:].argmax(1) + FIRST_PHONE
        speech[some] = np.take_along_axis(chunk, best[some, None].astype(np.intp), 1)[:, 0]
    best[silence >= speech] = NO_SPEECH[0]
    return Hearing(silence, speech, *_collapse(best))


def speech_stretches(
    hearing: Hearing, among: npt.NDArray[np.bool_], price: float, begin: float
) -> list[tuple[int, int]]:
    """Return where someone speaks: first frame and frame after the last one, in order.

    Args:
        hearing: What is heard.
        among: (frames,): where to look.
        price: Taken off the log-probability of speech in each frame, in nats.
        begin: What a stretch must be worth, against silence, in nats.
    """
    gain = np.where(among, hearing.speech - price - hearing.silence, 0)
    gain = np.append(gain, 0)
    borders = np.flatnonzero(np.diff(gain > 0, prepend=False))
    if not len(borders):
        return []
    worth = np.add.reduceat(gain, borders).tolist()
    found: list[tuple[int, int, float]] = []
    for k in range(0, len(borders), 2):
        first, last = int(borders[k]), int(borders[k + 1])
        # A pause that costs less than beginning anew does not end a stretch.
        if found and worth[k - 1] > -begin and among[found[-1][1] : first].all():
            start, _, before = found.pop()
            found.append((start, last, before + worth[k - 1] + worth[k]))
        else:
            found.append((first, last, worth[k]))
    return [(first, last) for first, last, gained in found if gained > begin]


def _collapse(
    best: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the phones, first and last frames of the runs of a phone in ``best``."""
    borders = np.flatnonzero(np.diff(best, prepend=255, append=255)).astype(np.int32)
    first, last = borders[:-1], borders[1:]
    heard = (last - first >= SHORTEST_PHONE) & (best[first] >= FIRST_PHONE)
    first, last = first[heard], last[heard]
    # One phone with a glitch in the middle is one phone.
    again = np.zeros(len(first), bool)
    again[1:] = (best[first[1:]] == best[first[:-1]]) & (first[1:] - last[:-1] <= 1)
    starts = np.flatnonzero(~again)
    ends = np.append(starts[1:], len(first)) - 1 if len(starts) else starts
    return best[first[starts]], first[starts], last[ends]
