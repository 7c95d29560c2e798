"""Sound files for the systems: decoded, joined from parts, made worse; block by block."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scripts.bench.cutting import Part
from subtools.core import SAMPLE_RATE, Audio, Seconds, Timed
from subtools.media import find_ffmpeg, load_audio

Samples = npt.NDArray[np.float32]

_HEADER_BYTES = 44  # of a WAV as the wave module writes it
_BLOCK = 60 * SAMPLE_RATE  # samples; a minute
_BABBLERS = 6  # voices at once; the talk itself, backwards, so that no word is in it
FASTER = 1.3  # times
SIGNAL_TO_NOISE = 10.0  # dB
TELEPHONE = (
    "highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400,aresample=8000,aresample=16000"
)


def decode_sound(media: Path, target: Path) -> Path:
    """Write the sound of ``media`` as WAV to ``target``."""
    work = target.with_suffix(".s16")
    audio = load_audio(media, work)
    _write(target, iter([audio.samples]))
    del audio
    work.unlink()
    return target


def open_sound(path: Path) -> Audio:
    """Return the WAV at ``path``, mapped."""
    return Audio(np.memmap(path, dtype=np.dtype("<i2"), mode="r", offset=_HEADER_BYTES))


def join_sound(source: Path, parts: Sequence[Part], target: Path) -> Path:
    """Write ``parts`` of the WAV ``source``, one after the other."""
    samples = open_sound(source).samples
    borders = [(_sample(part.first.seconds), _sample(part.last.seconds)) for part in parts]
    _write(target, (samples[first:last] for first, last in borders))
    return target


def _sample(seconds: Seconds) -> int:
    return round(seconds * SAMPLE_RATE)


def filter_sound(source: Path, target: Path, filters: str) -> Path:
    """Write ``source`` through ffmpeg's audio ``filters``."""
    command = [find_ffmpeg(), "-v", "error", "-y", "-i", str(source), "-af", filters]
    settings = ["-ar", str(SAMPLE_RATE), "-ac", "1", "-c:a", "pcm_s16le", "-f", "s16le"]
    raw = target.with_suffix(".s16")
    subprocess.run([*command, *settings, str(raw)], check=True)
    # ffmpeg's own WAV header is longer than that of the wave module.
    _write(target, iter([np.memmap(raw, dtype=np.dtype("<i2"), mode="r")]))
    raw.unlink()
    return target


def add_noise(
    source: Path, target: Path, speech: Sequence[Timed], *, babble: bool, seed: int
) -> Path:
    """Write ``source`` with noise ``SIGNAL_TO_NOISE`` dB below the level of its speech.

    Args:
        source: WAV file.
        target: Where to write.
        speech: Where someone speaks; the level is the mean over all of it.
        babble: People talking (the talk itself, several times, backwards), or white noise.
        seed: Of the random numbers.
    """
    audio = open_sound(source)
    make = _babble(audio, seed) if babble else _white(seed)
    power = np.average(
        [_power(audio.slice(span)) for span in speech],
        weights=[span.end - span.start + 1e-6 for span in speech],
    )
    noise_power = np.mean([_power(make(first)) for first in _firsts(audio)])
    gain = np.float32(np.sqrt(power / noise_power / 10 ** (SIGNAL_TO_NOISE / 10)))
    make = _babble(audio, seed) if babble else _white(seed)
    _write(target, _mix(audio, make, gain))
    return target


# Of noise: from the number of a block's first sample to the block.
_Maker = Callable[[int], Samples]


def _white(seed: int) -> _Maker:
    generator = np.random.default_rng(seed)
    return lambda _: generator.standard_normal(_BLOCK, dtype=np.float32)


def _babble(audio: Audio, seed: int) -> _Maker:
    count = len(audio.samples)
    offsets = np.random.default_rng(seed).integers(0, count, _BABBLERS)

    def make(first: int) -> Samples:
        places = np.arange(first, first + _BLOCK)
        voices = (audio.samples[(offset - places) % count] for offset in offsets)
        mixed = np.zeros(_BLOCK, np.float32)
        for voice in voices:
            mixed += voice.astype(np.float32) / 32768
        return mixed

    return make


def _mix(audio: Audio, make: _Maker, gain: np.float32) -> Iterator[npt.NDArray[np.int16]]:
    for first in _firsts(audio):
        block = audio.samples[first : first + _BLOCK].astype(np.float32)
        block += make(first)[: len(block)] * gain * 32768
        yield np.clip(np.rint(block), -32768, 32767).astype("<i2")


def _firsts(audio: Audio) -> range:
    return range(0, len(audio.samples), _BLOCK)


def _power(samples: Samples) -> float:
    return float(np.mean(samples**2)) if len(samples) else 0.0


def _write(target: Path, blocks: Iterator[npt.NDArray[np.int16]]) -> None:
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for samples in blocks:
            for first in range(0, len(samples), _BLOCK):
                file.writeframes(samples[first : first + _BLOCK].tobytes())
