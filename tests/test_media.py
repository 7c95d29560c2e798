"""Real files made by a real ffmpeg: tone bursts at known times must be found there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
import tracemalloc
import wave
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.core import SAMPLE_RATE, Audio
from subtools.errors import MediaError, OutputError
from subtools.media import find_ffmpeg, load_audio, probe_media, sound

BURSTS = (1.0, 2.5, 4.0)  # seconds; where the bursts of talk.wav begin
TALK_SECONDS = 6.0
STUDIO_RATE = 48_000  # Hz, of talk.wav
AAC_DELAY = 1024 / STUDIO_RATE  # seconds of silence that the AAC encoder puts first
MP3_DELAY = 1105 / STUDIO_RATE  # the same for LAME, its decoder's delay included
ON_TIME = 0.005  # seconds
VIDEO = "-f lavfi -i testsrc2=size=64x64:rate=25:duration=6"


# --- making files


def write_wav(path: Path, samples: npt.NDArray[np.int16], rate: int = SAMPLE_RATE) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


def write_talk(folder: Path) -> None:
    """Write talk.wav: silence, and a 200 ms burst of 1 kHz at each of ``BURSTS``."""
    samples = np.zeros(round(TALK_SECONDS * STUDIO_RATE))
    tone = 0.8 * np.sin(2 * np.pi * 1000 * np.arange(STUDIO_RATE // 5) / STUDIO_RATE)
    for onset in BURSTS:
        first = round(onset * STUDIO_RATE)
        samples[first : first + len(tone)] = tone
    write_wav(folder / "talk.wav", (samples * 32767).astype(np.int16), STUDIO_RATE)


def run_ffmpeg(folder: Path, arguments: str) -> None:
    """Run the bundled ffmpeg in ``folder`` (older ones write other time stamps)."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *arguments.split()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def find_onsets(audio: Audio) -> list[float]:
    """Return when a loud sound follows at least 100 ms without one, in seconds."""
    loud = np.flatnonzero(np.abs(audio.samples.astype(np.int32)) > 8000)
    starts = loud[np.diff(loud, prepend=-SAMPLE_RATE) > SAMPLE_RATE // 10]
    return [float(start) / SAMPLE_RATE for start in starts]


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    """A folder with talk.wav in it."""
    write_talk(tmp_path)
    return tmp_path


@pytest.fixture
def work_file(tmp_path: Path) -> Path:
    """Where the samples go: a folder of its own, so that leftovers show."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder / "sound.pcm"


# --- times


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a file is made from talk.wav, and when its bursts must be heard."""

    name: str
    steps: tuple[str, ...]
    file: str
    onsets: tuple[float, ...]


def recipe(name: str, *steps: str, late: float = 0.0, onsets: tuple[float, ...] = ()) -> Recipe:
    """Return the recipe whose last word names the file."""
    heard = onsets or tuple(onset + late for onset in BURSTS)
    return Recipe(name, steps, steps[-1].split()[-1] if steps else "talk.wav", heard)


M4A = "-i talk.wav talk.m4a"
OPUS = "-i talk.wav talk.opus"
HOLE = "-c copy -bsf:a noise=drop='between(pts*tb\\,1.4\\,3.4)':amount=0"
RECIPES = (
    recipe("wav"),
    recipe("flac", "-i talk.wav out.flac"),
    recipe("aiff", "-i talk.wav out.aiff"),
    recipe("mp3", "-i talk.wav out.mp3"),
    recipe("m4a", "-i talk.wav out.m4a"),
    recipe("opus", "-i talk.wav out.opus"),
    recipe("vorbis", "-i talk.wav -c:a libvorbis out.ogg"),
    recipe("webm", "-i talk.wav out.webm"),
    recipe("aac in mkv", "-i talk.wav -c:a aac out.mkv"),
    recipe("mp3 in mkv", "-i talk.wav -c:a libmp3lame out.mkv"),
    recipe("opus in mp4", "-i talk.wav -c:a libopus out.mp4"),
    recipe(
        "fragmented mp4", M4A, "-i talk.m4a -c copy -movflags +frag_keyframe+delay_moov out.mp4"
    ),
    recipe("mp4 with video", f"{VIDEO} -i talk.wav -c:a aac out.mp4"),
    # late sound
    recipe("late in mp4", f"{VIDEO} -itsoffset 1.5 -i talk.wav -c:a aac out.mp4", late=1.5),
    recipe("late in mkv", f"{VIDEO} -itsoffset 1.5 -i talk.wav -c:a aac out.mkv", late=1.5),
    recipe("late in ts", f"{VIDEO} -itsoffset 1.5 -i talk.wav -c:a aac out.ts", late=1.5),
    recipe("late in flv", f"{VIDEO} -itsoffset 1.5 -i talk.wav -c:a aac out.flv", late=1.5),
    recipe("empty edit", M4A, "-itsoffset 1.5 -i talk.m4a -c copy out.mp4", late=1.5),
    recipe("late alone in mkv", M4A, "-itsoffset 1.5 -i talk.m4a -c copy out.mkv", late=1.5),
    recipe("late alone in webm", OPUS, "-itsoffset 1.5 -i talk.opus -c copy out.webm", late=1.5),
    # sound before time 0, which no player plays
    recipe(
        "early in webm",
        OPUS,
        "-itsoffset -0.5 -i talk.opus -c copy -avoid_negative_ts disabled out.webm",
        late=-0.5,
    ),
    # an edit list that hides the first 730 ms
    recipe("cut m4a", M4A, "-ss 0.73 -i talk.m4a -c copy out.m4a", late=-0.73),
    recipe(
        "cut mp4",
        f"{VIDEO} -i talk.wav -c:a aac talk.mp4",
        "-ss 0.73 -i talk.mp4 -c copy out.mp4",
        late=-0.73,
    ),
    # packets lost between 1.4 and 3.4 s, and with them the burst at 2.5 s
    recipe("hole in mkv", M4A, f"-i talk.m4a {HOLE} out.mkv", onsets=(1.0, 4.0)),
    recipe("hole in mp4", M4A, f"-i talk.m4a {HOLE} out.mp4", onsets=(1.0, 4.0)),
    recipe("hole in webm", OPUS, f"-i talk.opus {HOLE} out.webm", onsets=(1.0, 4.0)),
    # These state no codec delay: players play the sound late, and so it is late.
    recipe("ts", "-i talk.wav -c:a aac out.ts", late=AAC_DELAY),
    recipe("adts", "-i talk.wav out.aac", late=AAC_DELAY),
    recipe("mp3 without header", "-i talk.wav -write_xing 0 out.mp3", late=MP3_DELAY),
)


@pytest.mark.parametrize("made", RECIPES, ids=[made.name for made in RECIPES])
def test_a_burst_is_found_at_its_presentation_time(
    made: Recipe, studio: Path, work_file: Path
) -> None:
    for step in made.steps:
        run_ffmpeg(studio, step)
    audio = load_audio(studio / made.file, work_file)
    assert find_onsets(audio) == pytest.approx(made.onsets, abs=ON_TIME)


def test_a_gap_in_the_time_stamps_is_silence(studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, "-i talk.wav -c:a aac talk.mkv")
    run_ffmpeg(studio, "-i talk.mkv -c copy -bsf:a setts=ts='PTS+if(gte(PTS*TB,2),2/TB)' out.mkv")
    audio = load_audio(studio / "out.mkv", work_file)
    assert find_onsets(audio) == pytest.approx((1.0, 4.5, 6.0), abs=ON_TIME)
    assert not audio.samples[round(2.1 * SAMPLE_RATE) : round(3.9 * SAMPLE_RATE)].any()


def test_a_clock_that_jumps_in_a_broadcast_is_not_a_gap(studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, "-i talk.wav -c:a aac one.ts")
    run_ffmpeg(studio, "-i talk.wav -c:a aac -output_ts_offset 50000 two.ts")
    join(studio, "one.ts", "two.ts", "out.ts")
    audio = load_audio(studio / "out.ts", work_file)
    assert find_onsets(audio) == pytest.approx(twice(AAC_DELAY), abs=0.05)


def test_a_change_of_channels_midway_moves_nothing(studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, "-i talk.wav one.aac")
    run_ffmpeg(studio, "-i talk.wav -ac 2 two.aac")
    join(studio, "one.aac", "two.aac", "out.aac")
    audio = load_audio(studio / "out.aac", work_file)
    assert find_onsets(audio) == pytest.approx(twice(AAC_DELAY), abs=0.05)


def join(folder: Path, first: str, second: str, joined: str) -> None:
    (folder / joined).write_bytes((folder / first).read_bytes() + (folder / second).read_bytes())


def twice(delay: float) -> list[float]:
    """Return the onsets of two talks in a row, each beginning with a codec's delay."""
    later = TALK_SECONDS + 2 * delay
    return [*(onset + delay for onset in BURSTS), *(onset + later for onset in BURSTS)]


def test_a_joined_ogg_file_is_read_whole_or_refused(studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, "-i talk.wav -c:a libvorbis one.ogg")
    run_ffmpeg(studio, "-i talk.wav -c:a libvorbis -ac 2 -ar 44100 two.ogg")
    join(studio, "one.ogg", "two.ogg", "out.ogg")
    try:
        audio = load_audio(studio / "out.ogg", work_file)
    except MediaError as error:
        assert "only up to 0:0" in str(error)  # ffmpeg 6 and later give up at the joint
    else:
        assert len(find_onsets(audio)) == 2 * len(BURSTS)


def test_sound_that_starts_after_an_hour_is_refused_before_anything_is_written(
    studio: Path, work_file: Path
) -> None:
    run_ffmpeg(studio, M4A)
    for file in ("out.mp4", "out.mkv"):
        run_ffmpeg(studio, f"-itsoffset 3605 -i talk.m4a -c copy {file}")
        with pytest.raises(MediaError, match="starts only at 1:00:0") as caught:
            load_audio(studio / file, work_file)
        assert "-c copy" in caught.value.hint
        run_ffmpeg(studio, f"-i {file} -c copy hinted-{file}")
        assert len(find_onsets(load_audio(studio / f"hinted-{file}", work_file))) == len(BURSTS)


def test_an_endless_timeline_is_given_up(
    studio: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "_LONGEST", 3.0)
    with pytest.raises(MediaError, match="longer than 24 hours"):
        load_audio(studio / "talk.wav", work_file)
    assert leftovers(work_file) == []


# --- samples


@settings(max_examples=15)  # each starts two programs
@given(samples=st.lists(st.integers(-32768, 32767), min_size=1, max_size=400))
def test_samples_at_our_rate_come_back_exactly(
    samples: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("exact")
    written = np.array([20_000, *samples], dtype=np.int16)  # not silent
    write_wav(folder / "in.wav", written)
    audio = load_audio(folder / "in.wav", folder / "out.pcm")
    np.testing.assert_array_equal(audio.samples, written)


def test_the_samples_are_mapped_read_only_from_the_work_file(studio: Path, work_file: Path) -> None:
    audio = load_audio(studio / "talk.wav", work_file)
    assert isinstance(audio.samples, np.memmap)
    assert not audio.samples.flags.writeable
    assert work_file.read_bytes() == audio.samples.tobytes()
    assert audio.duration == pytest.approx(TALK_SECONDS, abs=ON_TIME)


def test_memory_does_not_grow_with_the_length(tmp_path: Path, work_file: Path) -> None:
    run_ffmpeg(tmp_path, "-f lavfi -i sine=sample_rate=8000:duration=1200 -c:a pcm_u8 long.wav")
    tracemalloc.start()
    try:
        audio = load_audio(tmp_path / "long.wav", work_file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert audio.samples.nbytes > 38_000_000
    assert peak < 12_000_000


def test_progress_grows_to_the_end(tmp_path: Path, work_file: Path) -> None:
    run_ffmpeg(tmp_path, "-f lavfi -i sine=sample_rate=8000:duration=90 talk.flac")
    told: list[tuple[str, float, float]] = []
    load_audio(
        tmp_path / "talk.flac",
        work_file,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    done = [seconds for _, seconds, _ in told]
    assert len(done) > 2
    assert done == sorted(done)
    assert done[-1] == pytest.approx(90, abs=0.01)
    assert {(stage, round(total)) for stage, _, total in told} == {("decode", 90)}


# --- tracks


@pytest.fixture
def two_tracks(studio: Path) -> Path:
    """A file whose default track is the second one, 1.5 s late."""
    run_ffmpeg(
        studio,
        "-i talk.wav -itsoffset 1.5 -i talk.wav -map 0:a -map 1:a -c:a aac"
        " -metadata:s:a:0 language=zho -metadata:s:a:1 title=Commentary"
        " -disposition:a:0 0 -disposition:a:1 default two.mkv",
    )
    return studio / "two.mkv"


def test_probing_tells_tracks_and_times(two_tracks: Path) -> None:
    info = probe_media(two_tracks)
    first, second = info.tracks
    assert (first.index, first.codec, first.language, first.title) == (1, "aac", "zho", "")
    assert (second.index, second.codec, second.language) == (2, "aac", None)
    assert second.title == "Commentary"
    assert (first.is_default, second.is_default) == (False, True)
    assert (first.start, second.start) == pytest.approx((0, 1.5), abs=0.03)
    assert (first.duration, second.duration) == pytest.approx((6, 6), abs=0.05)
    assert info.container == "matroska,webm"
    assert info.duration == pytest.approx(7.5, abs=0.05)


@pytest.mark.parametrize("file", ["late.mp4", "late.mkv", "late.ts"])
def test_the_file_ends_after_its_late_sound(file: str, studio: Path) -> None:
    run_ffmpeg(studio, f"{VIDEO} -itsoffset 1.5 -i talk.wav -map 0:v -map 1:a -c:a aac {file}")
    info = probe_media(studio / file)
    assert info.tracks[0].start == pytest.approx(1.5, abs=0.03)
    assert info.duration == pytest.approx(7.5, abs=0.3)  # MPEG-TS does not state its last packet


def test_a_file_that_starts_late_ends_late(studio: Path) -> None:
    run_ffmpeg(studio, M4A)
    for file in ("late.mp4", "late.mkv"):
        run_ffmpeg(studio, f"-itsoffset 1.5 -i talk.m4a -c copy {file}")
        assert probe_media(studio / file).duration == pytest.approx(7.5, abs=0.05)


@pytest.mark.parametrize(("track", "late"), [(None, 1.5), (1, 0.0), (2, 1.5)])
def test_a_track_is_chosen_by_number_or_by_its_flag(
    track: int | None, late: float, two_tracks: Path, work_file: Path
) -> None:
    audio = load_audio(two_tracks, work_file, track=track)
    assert find_onsets(audio) == pytest.approx([onset + late for onset in BURSTS], abs=ON_TIME)


@pytest.mark.parametrize("track", [0, 3, -1])
def test_a_wrong_track_number_is_answered_with_the_choice(
    track: int, two_tracks: Path, work_file: Path
) -> None:
    with pytest.raises(MediaError, match=f"no audio track {track} ") as caught:
        load_audio(two_tracks, work_file, track=track)
    assert caught.value.hint == "choose from: 1 (zho, aac), 2 (Commentary, aac)"


def test_the_first_track_is_taken_where_none_is_flagged(studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, "-i talk.wav -itsoffset 1 -i talk.wav -map 0:a -map 1:a -c:a mp2 two.ts")
    info = probe_media(studio / "two.ts")
    assert [track.is_default for track in info.tracks] == [False, False]
    audio = load_audio(studio / "two.ts", work_file)
    assert find_onsets(audio)[0] == pytest.approx(1.0, abs=0.03)


def test_broken_metadata_is_no_reason_to_fail(studio: Path) -> None:
    run_ffmpeg(studio, "-i talk.wav -metadata:s:a:0 title=XXXX out.mkv")
    path = studio / "out.mkv"
    path.write_bytes(path.read_bytes().replace(b"XXXX", "中\n文".encode("gbk")[:4]))
    assert len(probe_media(path).tracks[0].title.splitlines()) == 1


# --- names


NAMES = ["-y.wav", "100%d.wav", "[a] 'b' ;.wav", "講座 第1講.wav", "pipe"]
if os.name != "nt":
    NAMES += ["http:talk.wav", 'a"\\:b.wav']


@pytest.mark.parametrize("name", NAMES)
def test_no_file_name_is_taken_for_anything_else(
    name: str, studio: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(studio / "talk.wav", studio / name)
    monkeypatch.chdir(studio)
    assert len(find_onsets(load_audio(Path(name), work_file))) == len(BURSTS)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_a_name_in_another_encoding_is_no_obstacle(studio: Path, work_file: Path) -> None:
    path = studio / os.fsdecode("講座.wav".encode("gbk", errors="replace"))
    shutil.copy(studio / "talk.wav", path)
    assert len(find_onsets(load_audio(path, work_file))) == len(BURSTS)


# --- bad files


def test_a_missing_file_is_named(tmp_path: Path, work_file: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.mp4: no such file"):
        load_audio(tmp_path / "gone.mp4", work_file)


def test_a_folder_is_not_a_media_file(tmp_path: Path, work_file: Path) -> None:
    with pytest.raises(MediaError, match="this is a folder"):
        load_audio(tmp_path, work_file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MediaError, match="this is not a file"):
        probe_media(tmp_path / "pipe")


def test_an_unreadable_file_says_why(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who may read all
    with pytest.raises(MediaError, match="cannot be opened: Permission denied"):
        probe_media(studio / "talk.wav")


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(MediaError, match="the file is empty"):
        probe_media(tmp_path / "empty.mp4")


@pytest.mark.parametrize("name", ["note.txt", "note.mp3", "note.mp4", "note.bin"])
def test_text_is_not_a_media_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("大家好。\n", encoding="utf-8")
    with pytest.raises(MediaError, match="cannot be read as sound or video") as caught:
        probe_media(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_video_without_sound_is_refused(studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, f"{VIDEO} mute.mp4")
    assert probe_media(studio / "mute.mp4").tracks == ()
    with pytest.raises(MediaError, match="no audio track in it"):
        load_audio(studio / "mute.mp4", work_file)


@pytest.mark.parametrize("file", ["out.wav", "out.m4a", "out.mp3", "out.mkv", "out.flac"])
def test_a_file_cut_off_halfway_is_called_damaged(file: str, studio: Path, work_file: Path) -> None:
    run_ffmpeg(studio, f"-i talk.wav -movflags +faststart {file}")
    whole = (studio / file).read_bytes()
    (studio / file).write_bytes(whole[: len(whole) // 2])
    told = r"its sound ends at 0:0\d instead of 0:0[56] \(the file is damaged: download"
    with pytest.raises(MediaError, match=told):
        load_audio(studio / file, work_file)
    assert leftovers(work_file) == []


def test_a_wav_file_of_unknown_length_is_whole(studio: Path, work_file: Path) -> None:
    command = [find_ffmpeg(), "-v", "error", "-i", "talk.wav", "-f", "wav", "-"]
    with (studio / "piped.wav").open("wb") as file:  # ffmpeg cannot go back to write the length
        subprocess.run(command, cwd=studio, stdout=file, check=True, timeout=60)
    audio = load_audio(studio / "piped.wav", work_file)
    assert find_onsets(audio) == pytest.approx(BURSTS, abs=ON_TIME)


def test_a_header_without_sound_is_called_damaged(tmp_path: Path, work_file: Path) -> None:
    write_wav(tmp_path / "none.wav", np.zeros(0, np.int16))
    with pytest.raises(MediaError, match=r"no sound can be decoded|cannot be read"):
        load_audio(tmp_path / "none.wav", work_file)
    assert leftovers(work_file) == []


@pytest.mark.parametrize("file", ["quiet.flac", "quiet.mp3", "quiet.opus"])
def test_digital_silence_is_refused(file: str, tmp_path: Path, work_file: Path) -> None:
    run_ffmpeg(tmp_path, f"-f lavfi -i anullsrc=duration=40 {file}")
    with pytest.raises(MediaError, match="only silence"):
        load_audio(tmp_path / file, work_file)
    assert leftovers(work_file) == []


def test_a_single_faint_second_is_not_silence(tmp_path: Path, work_file: Path) -> None:
    samples = np.zeros(40 * SAMPLE_RATE, np.int16)
    samples[-SAMPLE_RATE:] = 3
    write_wav(tmp_path / "faint.wav", samples)
    assert load_audio(tmp_path / "faint.wav", work_file).samples[-1] == 3


def test_ffmpeg_failing_is_told_by_its_last_words(studio: Path, work_file: Path) -> None:
    with pytest.raises(MediaError, match=r"ffmpeg cannot decode it: .*[^ ]") as caught:
        load_audio(undecodable(studio), work_file)
    assert "0x" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert leftovers(work_file) == []


def undecodable(folder: Path) -> Path:
    """Return a file whose codec no ffmpeg knows."""
    written = bytearray((folder / "talk.wav").read_bytes())
    written[20:22] = b"\x99\x99"  # the format tag
    (folder / "odd.wav").write_bytes(written)
    return folder / "odd.wav"


def test_a_flood_of_complaints_does_not_block_the_decoder(
    studio: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys; sys.stderr.write('no\\n' * 100_000 + '[x @ 0x1] enough'); sys.exit(1)"
    monkeypatch.setattr(sound, "_decoder_command", lambda *_: [sys.executable, "-c", code])
    with pytest.raises(MediaError, match="ffmpeg cannot decode it: enough "):
        load_audio(studio / "talk.wav", work_file)


def test_a_playlist_cannot_reach_the_network(tmp_path: Path, work_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}\n#EXT-X-ENDLIST\n"
        (tmp_path / "list.m3u8").write_text(playlist)
        with pytest.raises(MediaError):
            load_audio(tmp_path / "list.m3u8", work_file)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            server.accept()


# --- the work file


def leftovers(work_file: Path) -> list[str]:
    return sorted(path.name for path in work_file.parent.iterdir())


def test_only_the_work_file_remains_and_an_older_one_is_replaced(
    studio: Path, work_file: Path
) -> None:
    work_file.write_bytes(b"old")
    load_audio(studio / "talk.wav", work_file)
    assert leftovers(work_file) == ["sound.pcm"]
    assert work_file.stat().st_size > 3


def test_an_older_work_file_survives_a_failure(tmp_path: Path, work_file: Path) -> None:
    work_file.write_bytes(b"old")
    run_ffmpeg(tmp_path, "-f lavfi -i anullsrc=duration=1 quiet.flac")
    with pytest.raises(MediaError):
        load_audio(tmp_path / "quiet.flac", work_file)
    assert (leftovers(work_file), work_file.read_bytes()) == (["sound.pcm"], b"old")


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    """A file that no buffer between two programs can hold."""
    run_ffmpeg(tmp_path, "-f lavfi -i sine=sample_rate=8000:duration=300 long.wav")
    return tmp_path / "long.wav"


def test_an_interrupt_ends_the_programs_and_leaves_nothing(
    long_file: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]  # passed on as is
            started.append(self)

    def interrupt(_stage: str, _done: float, _total: float) -> None:
        assert [process.poll() for process in started] == [None, None]
        raise KeyboardInterrupt

    hanging = f"import sys, time; sys.stdout.write('x' * {1 << 20}); time.sleep(300)"
    monkeypatch.setattr(sound, "_filler_command", lambda *_: [sys.executable, "-c", hanging])
    monkeypatch.setattr(subprocess, "Popen", Noted)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        load_audio(long_file, work_file, progress=interrupt)
    assert time.monotonic() - began < 60
    assert [process.returncode is None for process in started] == [False, False]
    assert leftovers(work_file) == []


def test_the_second_program_failing_ends_the_first(
    long_file: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "_filler_command", lambda *_: [sys.executable, "-c", "exit(1)"])
    with pytest.raises(MediaError, match="ffmpeg cannot decode it"):
        load_audio(long_file, work_file)
    assert leftovers(work_file) == []


def test_a_missing_work_folder_says_what_to_do(studio: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written") as caught:
        load_audio(studio / "talk.wav", tmp_path / "gone" / "sound.pcm")
    assert "TMPDIR" in caught.value.hint


def test_a_full_disk_says_what_to_do_and_leaves_nothing(studio: Path, work_file: Path) -> None:
    pytest.importorskip("resource", reason="only POSIX limits the size of files")
    code = """
        import resource, sys
        from pathlib import Path
        from subtools.errors import OutputError
        from subtools.media import load_audio

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            load_audio(Path(sys.argv[1]), Path(sys.argv[2]))
        except OutputError as error:
            print(error)
    """
    command = [
        sys.executable,
        "-c",
        textwrap.dedent(code),
        str(studio / "talk.wav"),
        str(work_file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "sound.pcm: the decoded sound cannot be written: File too large" in done.stdout
    assert "free some space" in done.stdout
    assert leftovers(work_file) == []


# --- the program


def test_without_a_path_the_bundled_ffmpeg_decodes(
    studio: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE", raising=False)
    assert Path(find_ffmpeg()).parent == Path(imageio_ffmpeg.__file__).parent / "binaries"
    assert len(find_onsets(load_audio(studio / "talk.wav", work_file))) == len(BURSTS)


def test_a_program_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / ("ffmpeg.exe" if os.name == "nt" else "ffmpeg")
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(find_ffmpeg()) == program


def test_no_ffmpeg_at_all_is_told_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", fail)
    with pytest.raises(MediaError, match="ffmpeg was not found") as caught:
        find_ffmpeg()
    assert "install ffmpeg" in caught.value.hint


@pytest.mark.skipif(os.name == "nt", reason="Windows looks at the name, not at the content")
def test_a_program_that_is_none_is_told(
    studio: Path, work_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ffmpeg").touch(mode=0o755)
    (tmp_path / "ffmpeg").write_bytes(b"\x00nothing a system could run")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MediaError, match="ffmpeg cannot be started"):
        load_audio(studio / "talk.wav", work_file)
    assert leftovers(work_file) == []
