"""How long a sound lasts, and what is missing of it: files as people and stations make them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from subtools.errors import MediaError
from subtools.media import find_ffmpeg, measure_sound

LENGTH = 8.0
CODECS = {
    "mp3": ("libmp3lame", "-b:a", "64k"),
    "aac": ("aac",),
    "m4a": ("aac",),
    "opus": ("libopus", "-b:a", "64k"),
    "webm": ("libopus", "-b:a", "64k"),
    "flac": ("flac",),
    "wav": ("pcm_s16le",),
    "ts": ("aac",),
}


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with eight seconds of noise in each container."""
    folder = tmp_path_factory.mktemp("sounds")
    source = f"anoisesrc=duration={LENGTH}:amplitude=0.3:seed=1:sample_rate=44100"
    for ending, codec in CODECS.items():
        command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, "-c:a", *codec]
        subprocess.run([*command, str(folder / f"noise.{ending}")], check=True)
    return folder


def content(sounds: Path, ending: str) -> bytes:
    return (sounds / f"noise.{ending}").read_bytes()


def measure(tmp_path: Path, ending: str, content: bytes) -> float:
    path = tmp_path / f"made.{ending}"
    path.write_bytes(content)
    return measure_sound(path)


@pytest.mark.parametrize("ending", sorted(CODECS))
def test_a_whole_sound_lasts_as_long_as_it_is(sounds: Path, ending: str) -> None:
    assert measure_sound(sounds / f"noise.{ending}") == pytest.approx(LENGTH, abs=0.1)


# --- what players take


def test_joined_recordings_last_as_long_as_both(sounds: Path, tmp_path: Path) -> None:
    one = content(sounds, "mp3")
    assert measure(tmp_path, "mp3", one + one) == pytest.approx(2 * LENGTH, abs=0.2)


def test_an_advertisement_cut_into_a_frame_is_played_over(sounds: Path, tmp_path: Path) -> None:
    one = content(sounds, "mp3")
    half = len(one) // 2 + 37  # within a frame
    assert measure(tmp_path, "mp3", one[:half] + one + one[half:]) == pytest.approx(
        2 * LENGTH, abs=0.2
    )


@pytest.mark.parametrize("end", [bytes(5000), b"TAG" + b"x" * 125, b"APETAGEX" + bytes(300)])
def test_padding_and_tags_at_the_end_are_no_damage(
    sounds: Path, tmp_path: Path, end: bytes
) -> None:
    measured = measure(tmp_path, "mp3", content(sounds, "mp3") + end)
    assert measured == pytest.approx(LENGTH, abs=0.1)


def test_a_station_may_begin_a_new_clock(sounds: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.ts"
    command = [find_ffmpeg(), "-v", "error", "-i", str(sounds / "noise.ts"), "-c", "copy"]
    subprocess.run([*command, "-output_ts_offset", "3000", str(late)], check=True)
    joined = content(sounds, "ts") + late.read_bytes() + content(sounds, "ts")
    assert measure(tmp_path, "ts", joined) == pytest.approx(3 * LENGTH, abs=0.3)


# --- what is damage


@pytest.mark.parametrize("ending", ["m4a", "opus", "webm", "flac", "ts"])
@pytest.mark.parametrize("filling", [b"\0", b"<html>error</html>"])
def test_a_stretch_of_something_else_is_found(
    sounds: Path, tmp_path: Path, ending: str, filling: bytes
) -> None:
    whole = content(sounds, ending)
    start, length = len(whole) // 2, len(whole) // 6
    stuff = (filling * length)[:length]
    with pytest.raises(MediaError):
        measure(tmp_path, ending, whole[:start] + stuff + whole[start + length :])


def test_a_stretch_of_zeros_in_an_mp3_is_found(sounds: Path, tmp_path: Path) -> None:
    whole = content(sounds, "mp3")
    start, length = len(whole) // 2, len(whole) // 6
    with pytest.raises(MediaError, match="empty"):
        measure(tmp_path, "mp3", whole[:start] + bytes(length) + whole[start + length :])


def test_a_piece_that_is_missing_leaves_a_hole_in_the_clock(sounds: Path, tmp_path: Path) -> None:
    whole = content(sounds, "ts")
    third = len(whole) // 188 // 3 * 188
    with pytest.raises(MediaError, match=r"s of it are missing, the most at 0:0[23]"):
        measure(tmp_path, "ts", whole[:third] + whole[2 * third :])


@pytest.mark.parametrize("ending", ["flac", "wav", "m4a"])
def test_a_file_that_states_its_length_and_ends_before_is_found(
    sounds: Path, tmp_path: Path, ending: str
) -> None:
    whole = content(sounds, ending)
    with pytest.raises(MediaError):
        measure(tmp_path, ending, whole[: len(whole) * 2 // 3])


def test_noise_is_no_mp3(tmp_path: Path, sounds: Path) -> None:
    whole = bytearray(content(sounds, "mp3"))
    for start in range(2000, len(whole) - 600, 1200):
        whole[start : start + 400] = b"\xff\xfb\x50" + b"\x55" * 397
    with pytest.raises(MediaError):
        measure(tmp_path, "mp3", bytes(whole))
