"""Sounds that are no speech, rooms and channels, all generated."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, fftconvolve, lfilter, resample_poly, sosfilt

Samples = npt.NDArray[np.float32]
RATE = 16_000  # Hz


def colored_noise(length: int, rng: np.random.Generator) -> Samples:
    """Return noise of unit power with a random slope: white to brown."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    frequencies = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 50.0)
    return _unit(np.fft.irfft(spectrum / frequencies ** rng.uniform(0.0, 1.0), length))


def music(length: int, rng: np.random.Generator) -> Samples:
    """Return chords and a melody of plucked or held harmonic tones, with a beat."""
    sound = np.zeros(length)
    beat = int(RATE * rng.uniform(0.18, 0.6))
    root, decay = rng.integers(36, 60), rng.uniform(1.0, 8.0)
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    for first in range(0, length, beat):
        for _ in range(int(rng.integers(1, 4))):
            note = root + rng.choice(scale) + 12 * rng.integers(0, 3)
            _add(sound, first, _tone(440 * 2 ** ((note - 69) / 12), decay, rng))
        if rng.random() < 0.5:
            knock = rng.standard_normal(RATE // 8) * np.exp(-np.linspace(0, 12, RATE // 8))
            _add(sound, first, knock * rng.uniform(0.1, 0.8))
    return _unit(sound)


def _tone(frequency: float, decay: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    time = np.arange(int(RATE * rng.uniform(0.2, 2.0))) / RATE
    partials = np.arange(1, 9)[:, None]
    weights = rng.uniform(0.2, 1.0, 8)[:, None] / partials ** rng.uniform(0.7, 2.0)
    wave = (weights * np.sin(2 * np.pi * frequency * partials * time)).sum(0)
    return np.asarray(wave * np.exp(-decay * time) * np.minimum(1.0, time * 200))


def applause(length: int, rng: np.random.Generator) -> Samples:
    """Return many hands clapping."""
    sound = np.zeros(length)
    for start in rng.integers(0, max(1, length - 800), int(length / RATE * rng.uniform(30, 300))):
        clap = rng.standard_normal(640) * np.exp(-np.linspace(0, rng.uniform(5, 12), 640))
        sound[start : start + 640] += clap[: length - start] * rng.uniform(0.2, 1.0)
    low, high = rng.uniform(400, 900), rng.uniform(3000, 7000)
    return _unit(sosfilt(butter(2, [low, high], "band", fs=RATE, output="sos"), sound))


def laughter(length: int, rng: np.random.Generator) -> Samples:
    """Return bursts of a voice without words: breathy, a few a second, falling in pitch."""
    sound = np.zeros(length)
    position, pitch = 0, rng.uniform(140, 400)
    formants = [rng.uniform(500, 900), rng.uniform(1100, 1900), rng.uniform(2300, 3000)]
    while position < length:
        size = int(RATE * rng.uniform(0.06, 0.16))
        phase = np.cumsum(np.full(size, pitch * rng.uniform(0.9, 1.1))) / RATE
        source = 2 * (phase % 1) - 1 + rng.uniform(0.2, 1.5) * rng.standard_normal(size)
        _add(sound, position, source * np.hanning(size))
        position += size + int(RATE * rng.uniform(0.04, 0.15))
        pitch = max(100.0, pitch * rng.uniform(0.9, 1.03))
    voice = sum(_resonate(sound, formant, 120.0) for formant in formants)
    return _unit(np.asarray(voice))


def _resonate(
    sound: npt.NDArray[np.float64], centre: float, width: float
) -> npt.NDArray[np.float64]:
    radius = np.exp(-np.pi * width / RATE)
    poles = [1.0, -2 * radius * np.cos(2 * np.pi * centre / RATE), radius**2]
    return np.asarray(lfilter([1 - radius], poles, sound))


def clicks(length: int, rng: np.random.Generator) -> Samples:
    """Return knocks and rustles: short bursts, far apart."""
    sound = 1e-4 * rng.standard_normal(length)
    for start in rng.integers(0, length, int(length / RATE * rng.uniform(0.5, 4)) + 1):
        size = int(RATE * rng.uniform(0.005, 0.12))
        burst = rng.standard_normal(size) * np.exp(-np.linspace(0, 6, size))
        _add(sound, int(start), burst)
    return _unit(sound)


def _add(sound: npt.NDArray[np.float64], start: int, piece: npt.NDArray[np.float64]) -> None:
    piece = piece[: max(0, len(sound) - start)]
    sound[start : start + len(piece)] += piece


def _unit(sound: npt.NDArray[np.float64]) -> Samples:
    return np.asarray(sound / (np.sqrt(np.mean(sound**2)) + 1e-9), np.float32)


def reverberate(sound: Samples, rng: np.random.Generator) -> Samples:
    """Return ``sound`` in a room; the direct sound keeps its time."""
    decay = rng.uniform(0.1, 0.7)  # s until 60 dB less
    time = np.arange(int(RATE * decay)) / RATE
    response = rng.standard_normal(len(time)) * 10 ** (-3 * time / decay)
    response[: int(RATE * rng.uniform(0.001, 0.01))] = 0.0
    response *= 10 ** (rng.uniform(-18, 0) / 20) / (np.sqrt(np.sum(response**2)) + 1e-9)
    response[0] = 1.0
    return np.asarray(fftconvolve(sound, response)[: len(sound)], np.float32)


def equalise(sound: Samples, rng: np.random.Generator) -> Samples:
    """Return ``sound`` through a microphone with a response of its own."""
    order = rng.uniform(-0.9, 0.9)
    tilted = lfilter([1.0, -order * rng.uniform(0, 1)], [1.0, -order * rng.uniform(0, 1)], sound)
    if rng.random() < 0.3:
        tilted = sosfilt(butter(1, rng.uniform(60, 250), "high", fs=RATE, output="sos"), tilted)
    return np.asarray(tilted, np.float32)


def telephone(sound: Samples, rng: np.random.Generator) -> Samples:
    """Return ``sound`` as a telephone line carries it: 300 to 3400 Hz, 8 bits."""
    band = [rng.uniform(200, 350), rng.uniform(3000, 3600)]
    narrow = sosfilt(butter(4, band, "band", fs=RATE, output="sos"), sound)
    narrow = resample_poly(resample_poly(narrow, 1, 2), 2, 1)[: len(sound)]
    peak = np.max(np.abs(narrow)) + 1e-9
    companded = np.sign(narrow) * np.log1p(255 * np.abs(narrow) / peak) / np.log(256)
    coarse = np.round(companded * 127) / 127
    return np.asarray(np.sign(coarse) * (256 ** np.abs(coarse) - 1) / 255 * peak, np.float32)


def encode_and_decode(sound: Samples, rng: np.random.Generator) -> Samples:
    """Return ``sound`` after a codec at a low bit rate; its delay is taken off by the decoder."""
    codec, suffix, low, high = [("libopus", ".opus", 10, 32), ("libmp3lame", ".mp3", 24, 64)][
        int(rng.integers(2))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sound{suffix}"
        pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
        rate = f"{int(rng.integers(low, high))}k"
        raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
        _ffmpeg([*raw, "-i", "-", "-c:a", codec, "-b:a", rate, str(path)], pcm)
        decoded = _ffmpeg(["-i", str(path), *raw, "-"], b"")
    back = np.frombuffer(decoded, np.int16)[: len(sound)].astype(np.float32) / 32768
    return np.pad(back, (0, len(sound) - len(back)))


def _ffmpeg(arguments: list[str], given: bytes) -> bytes:
    from imageio_ffmpeg import get_ffmpeg_exe

    command = [get_ffmpeg_exe(), "-v", "error", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout
