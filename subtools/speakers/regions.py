"""Local speakers to regions: where somebody goes on speaking, window after window.

A window knows its speakers by numbers of its own. Two windows that share a stretch of sound
are matched by who is active there; a *track* is one local speaker followed in this way, for
as long as each next window hears them in the shared stretch. A track is a hint that its
regions are one person, never a proof: who they are is decided by their voices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import numpy.typing as npt

from subtools.core import LocalSpeakers, Seconds

ONSET, OFFSET = 0.5, 0.4  # probability at which a region begins, and below which it ends
SHORTEST: Seconds = 0.1  # a shorter region is a click or a breath
_HEARD = 0.3  # probability that a local speaker reaches who is there at all
_SHARED = 0.3  # part of the activity of both that two windows share where it is one speaker
_SHARED_TIME: Seconds = 0.1

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch in which one person speaks without a pause.

    Attributes:
        track: Number of its track.
        start: Onset, in seconds.
        end: Offset, in seconds.
    """

    track: int
    start: Seconds
    end: Seconds


@dataclass(slots=True)
class _Track:
    """Activity of one local speaker while it is followed: a sum over windows, from a frame on."""

    first: int
    activity: _Floats = field(default_factory=lambda: np.zeros(0, np.float32))

    def add(self, at: int, activity: _Floats) -> None:
        missing = at + len(activity) - self.first - len(self.activity)
        if missing > 0:
            self.activity = np.pad(self.activity, (0, missing))
        self.activity[at - self.first :][: len(activity)] += activity


def find_regions(local: LocalSpeakers, duration: Seconds) -> tuple[Region, ...]:
    """Return where each track is active, by onset; regions of several tracks may overlap.

    Args:
        local: Who is heard when in windows that overlap.
        duration: Length of the sound, in seconds; nothing ends after it.
    """
    weights = _window_weights(local.probabilities.shape[1])
    offsets = np.round(local.starts / local.frame_step).astype(int)
    total = np.zeros(int(offsets[-1]) + len(weights), np.float32)
    for offset in offsets:
        total[offset : offset + len(weights)] += weights
    first = local.first_frame - local.frame_step / 2
    regions = [
        Region(number, max(0.0, first + start * local.frame_step), first + end * local.frame_step)
        for number, track in enumerate(_follow(local, offsets, weights))
        for start, end in _active_runs(track, total)
    ]
    clipped = [Region(r.track, r.start, min(r.end, duration)) for r in regions]
    long_enough = [r for r in clipped if r.end - r.start >= SHORTEST]
    return tuple(sorted(long_enough, key=lambda region: (region.start, region.end)))


def _window_weights(frames: int) -> _Floats:
    """Return how much each frame of a window counts: those at its edges lack context."""
    rising = np.arange(1, frames + 1) / frames * 2
    return np.asarray(np.clip(np.minimum(rising, rising[::-1]), 0.05, 1.0), np.float32)


def _follow(local: LocalSpeakers, offsets: npt.NDArray[np.int_], weights: _Floats) -> list[_Track]:
    """Return all tracks, their activity weighted by ``weights``."""
    tracks: list[_Track] = []
    before: list[int | None] = []
    for window, offset in enumerate(offsets):
        activity = local.probabilities[window].astype(np.float32)
        links = _match_windows(local, offsets, window) if window else {}
        now: list[int | None] = []
        for speaker in range(activity.shape[1]):
            number = before[links[speaker]] if speaker in links else None
            if activity[:, speaker].max() < _HEARD:
                now.append(None)
                continue
            if number is None:
                tracks.append(_Track(int(offset)))
                number = len(tracks) - 1
            tracks[number].add(int(offset), weights * activity[:, speaker])
            now.append(number)
        before = now
    return tracks


def _match_windows(
    local: LocalSpeakers, offsets: npt.NDArray[np.int_], window: int
) -> dict[int, int]:
    """Return which speaker of ``window`` is which of the window before, where it is clear."""
    shift = int(offsets[window] - offsets[window - 1])
    earlier = local.probabilities[window - 1][shift:].astype(np.float32)
    later = local.probabilities[window][: len(earlier)].astype(np.float32)
    if not len(earlier):
        return {}
    shared = later.T @ earlier  # (speakers, speakers): frames of common activity
    speakers = range(len(shared))
    best = max(permutations(speakers), key=lambda order: sum(shared[s, order[s]] for s in speakers))
    needed = _SHARED_TIME / local.frame_step
    return {
        speaker: best[speaker]
        for speaker in speakers
        if shared[speaker, best[speaker]] > needed
        and shared[speaker, best[speaker]]
        >= _SHARED * max(earlier[:, best[speaker]].sum(), later[:, speaker].sum())
    }


def _active_runs(track: _Track, total: _Floats) -> Iterator[tuple[int, int]]:
    """Yield the frames [first, last) where ``track`` is active, with hysteresis."""
    mean = track.activity / total[track.first :][: len(track.activity)]
    for start, end in _runs(mean >= OFFSET):
        begins = np.flatnonzero(mean[start:end] >= ONSET)
        if len(begins):
            yield track.first + start + int(begins[0]), track.first + end


def _runs(mask: npt.NDArray[np.bool_]) -> Sequence[tuple[int, int]]:
    """Return the runs [first, last) of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
