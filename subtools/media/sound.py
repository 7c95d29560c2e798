"""Media file to samples at presentation times.

Sample 0 is presentation time 0, the moment a player shows as 0:00. Two programs run
in a chain, because ffmpeg rebuilds its filters, and so forgets where it was, when the
sound changes its format midway (broadcasts, joined recordings):

    ffmpeg: demux, decode, 16 kHz mono, time stamps kept ── NUT ──► ffmpeg: fill gaps

The file's own clock is kept where the container has one (MP4, Matroska). Elsewhere
the clock starts anywhere (MPEG-TS at 1.4 s, a capture at any hour), and time 0 is
where the file starts. Delays that a codec adds are removed where the file states them
(MP4, Matroska, MP3 with a LAME header, Ogg); MPEG-TS, bare AAC, AVI, FLV and WMA state
none, players do not remove them, and so the sound stays where a player plays it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from subtools.core import SAMPLE_RATE, Audio, Progress, Seconds, no_progress
from subtools.errors import MediaError, OutputError
from subtools.media.probing import LOCAL_ONLY, AudioTrack, MediaInfo, media_url, probe_media
from subtools.timecode import compose_clock

_SAMPLE_BYTES = 2
_BLOCK_BYTES = 1 << 20  # 33 s of sound: progress moves, memory stays flat
_LATEST_START: Seconds = 3600.0  # silence before the sound costs 115 MB an hour
_LONGEST: Seconds = 24 * 3600.0  # 2.8 GB; only a broken time stamp claims more
_SHORT_SECONDS: Seconds = 2.0  # sound may end this much, and
_SHORT_SHARE = 0.01  # this share, before its stated end: lengths are rounded to packets
_PLACE = "file:"  # ffmpeg-python refuses names that are not UTF-8; they are put in after it
_PATIENCE: Seconds = 30.0  # for ffmpeg to say its version; it does so in 0.1 s
_GAVE_UP = "Error during demuxing"  # ffmpeg 6 and later, for instance in joined Ogg files
_INAUDIBLE = 1  # steps of 16 bits; what a lossy codec may make of digital silence
# Gaps, overlaps and late starts in the time stamps above 30 ms become silence or cuts.
# Containers round times to 1 ms and live recorders jitter by 10 ms: that is no gap.
_ON_TIME = {"async": 1, "first_pts": 0, "min_hard_comp": 0.03}


def find_ffmpeg() -> str:
    """Return the ffmpeg program: the one on the PATH, else imageio-ffmpeg's.

    Raises:
        MediaError: If there is neither.
    """
    if on_path := shutil.which("ffmpeg"):
        return on_path
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        hint = "install ffmpeg so that it is on the PATH, or reinstall imageio-ffmpeg"
        raise MediaError("ffmpeg was not found", hint=hint) from error


def ffmpeg_version() -> str:
    """Return the version of the ffmpeg that decodes, as it calls itself.

    Raises:
        MediaError: If there is none.
    """
    return _version_of(find_ffmpeg())


@cache
def _version_of(program: str) -> str:
    command = [program, "-nostdin", "-version"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MediaError(f"ffmpeg does not run: {error}", hint="install it again") from error
    first = done.stdout.decode(errors="replace").partition("\n")[0]
    return first.removeprefix("ffmpeg version ").partition(" ")[0]


def load_audio(
    path: Path, work_file: Path, *, track: int | None = None, progress: Progress = no_progress
) -> Audio:
    """Return the sound of ``path``, decoded into ``work_file`` and mapped from there.

    Decoding is streamed: memory does not grow with the length. ``work_file`` (raw 16-bit
    little-endian mono samples, 115 MB an hour) appears only when it is complete.

    Args:
        path: Any file ffmpeg reads.
        work_file: Where the samples go; an older file there is replaced.
        track: Number of the audio track, from 1; None for the default one.
        progress: Told the seconds decoded.

    Raises:
        MediaError: If ``path`` cannot be read, has no such track, is damaged or silent,
            or starts later than an hour (or ends later than a day) after time 0.
        OutputError: If ``work_file`` cannot be written.
    """
    info = probe_media(path)
    chosen = _choose_track(info, track, path)
    try:
        with _written_whole(work_file) as sink:
            _decode(path, info, chosen, sink, progress)
    except OSError as error:
        raise OutputError(
            f"the decoded sound cannot be written: {error.strerror or error}",
            hint="free some space (115 MB an hour of sound) or let TMPDIR name another folder",
            path=work_file,
        ) from error
    return Audio(np.memmap(work_file, dtype=np.dtype("<i2"), mode="r"))


def _choose_track(info: MediaInfo, index: int | None, path: Path) -> AudioTrack:
    if not info.tracks:
        hint = "give the file that holds the sound"
        raise MediaError("there is no audio track in it", hint=hint, path=path)
    if index is not None and not 1 <= index <= len(info.tracks):
        hint = f"choose from: {', '.join(map(_name_track, info.tracks))}"
        raise MediaError(f"there is no audio track {index} in it", hint=hint, path=path)
    chosen = info.tracks[index - 1] if index is not None else _default_track(info)
    if chosen.start > _LATEST_START:
        raise MediaError(
            f"its sound starts only at {compose_clock(chosen.start)} of its own clock",
            hint="cut off the time before it: ffmpeg -i THIS-FILE -c copy NEW-FILE",
            path=path,
        )
    return chosen


def _default_track(info: MediaInfo) -> AudioTrack:
    return next((track for track in info.tracks if track.is_default), info.tracks[0])


def _name_track(track: AudioTrack) -> str:
    facts = filter(None, (track.language, track.title, track.codec))
    return f"{track.index} ({', '.join(facts)})"


@contextmanager
def _written_whole(target: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes ``target``'s place if all goes well, and else vanishes."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _decode(
    path: Path, info: MediaInfo, track: AudioTrack, sink: IO[bytes], progress: Progress
) -> None:
    """Write the samples of ``track`` to ``sink``.

    Raises:
        MediaError: If that fails, or if what comes out cannot be the whole sound.
    """

    def report(seconds: Seconds) -> None:
        if seconds > _LONGEST:
            hint = "cut it into parts, or repair its time stamps"
            raise MediaError("it lasts longer than 24 hours", hint=hint, path=path)
        progress("decode", seconds, max(seconds, info.duration or 0.0))

    with (
        _running(_decoder_command(path, info, track), subprocess.DEVNULL) as decoder,
        _running(_filler_command(info, track), decoder.output) as filler,
    ):
        decoder.output.close()  # the filler's now: the decoder must end if the filler does
        seconds, is_silent = _copy_sound(filler.output, sink, report)
        _check_exit(decoder, path)
        _check_complete(track, seconds, decoder, path)
        _check_exit(filler, path)
    if is_silent:
        hint = "choose another track or file"
        raise MediaError("there is no sound in it, only silence", hint=hint, path=path)


def _decoder_command(path: Path, info: MediaInfo, track: AudioTrack) -> list[str]:
    """Return the command that decodes ``track`` and keeps its time stamps."""
    import ffmpeg

    clock = {"copyts": None} if info.is_clocked else {}
    sound = ffmpeg.input(_PLACE, nostdin=None, v="error", **clock, **LOCAL_ONLY)
    sound = sound[f"a:{track.index - 1}"].filter("atrim", start=0)  # codec delay lies before 0
    output = sound.output("pipe:", format="nut", acodec="pcm_s16le", ac=1, ar=SAMPLE_RATE)
    return [media_url(path) if word == _PLACE else word for word in _compile(output)]


def _filler_command(info: MediaInfo, track: AudioTrack) -> list[str]:
    """Return the command that turns time stamps into silence and drops overlaps."""
    import ffmpeg

    sound = ffmpeg.input("pipe:", nostdin=None, v="error", copyts=None, format="nut")
    if track.start and not info.is_clocked:
        # ffmpeg starts MPEG-TS at the chosen track, even if the video starts before it.
        sound = sound.filter("asetpts", f"PTS-STARTPTS+{track.start:.6f}/TB")
    sound = sound.filter("aresample", SAMPLE_RATE, **_ON_TIME)
    return _compile(sound.output("pipe:", format="s16le", ac=1, ar=SAMPLE_RATE))


def _compile(output: Any) -> list[str]:
    import ffmpeg

    return [str(word) for word in ffmpeg.compile(output, cmd=find_ffmpeg())]


@dataclass(frozen=True, slots=True)
class _Program:
    """A running program, what it writes, and what it complains about."""

    process: subprocess.Popen[bytes]
    output: IO[bytes]
    log: IO[bytes]

    def complaints(self) -> list[str]:
        """Return what it has complained about so far, line by line."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace").splitlines()


@contextmanager
def _running(command: list[str], source: IO[bytes] | int) -> Iterator[_Program]:
    """Run ``command`` until the block ends, however it ends."""
    # Complaints go to a file: nobody reads them meanwhile, and a full pipe would block.
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        try:
            process = subprocess.Popen(  # noqa: S603 - our ffmpeg, no shell
                command, stdin=source, stdout=subprocess.PIPE, stderr=log
            )
        except OSError as error:
            message = f"ffmpeg cannot be started: {error.strerror}"
            raise MediaError(message, hint="install ffmpeg again", path=command[0]) from error
        stack.enter_context(process)
        stack.callback(process.kill)  # does nothing if it has ended
        yield _Program(process, cast("IO[bytes]", process.stdout), log)


def _copy_sound(
    source: IO[bytes], sink: IO[bytes], report: Callable[[Seconds], None]
) -> tuple[Seconds, bool]:
    """Copy all samples; return how many seconds they last and whether all are silent."""
    copied, is_silent = 0, True
    while block := source.read(_BLOCK_BYTES):
        sink.write(block)
        copied += len(block)
        is_silent = is_silent and _is_silent(block)
        report(copied / _SAMPLE_BYTES / SAMPLE_RATE)
    return copied / _SAMPLE_BYTES / SAMPLE_RATE, is_silent


def _is_silent(block: bytes) -> bool:
    samples = np.frombuffer(block, dtype="<i2", count=len(block) // _SAMPLE_BYTES)
    return not np.any((samples > _INAUDIBLE) | (samples < -_INAUDIBLE))


def _check_exit(program: _Program, path: Path) -> None:
    status = program.process.wait()
    if status == 0:
        return
    lines = program.complaints()
    # "[aac @ 0x55d1] Invalid data": the part before is an address in memory.
    reason = re.sub(r"\[[^]]* @ \w+] *", "", lines[-1]) if lines else f"exit status {status}"
    hint = "play the file to see whether it is whole, or convert it to another format"
    raise MediaError(f"ffmpeg cannot decode it: {reason}", hint=hint, path=path)


def _check_complete(track: AudioTrack, seconds: Seconds, decoder: _Program, path: Path) -> None:
    """Raise if ``seconds`` of timeline are clearly less than the file holds."""
    hint = "the file is damaged: download or copy it again, or convert it to another format"
    if seconds == 0:
        raise MediaError("no sound can be decoded from it", hint=hint, path=path)
    if track.duration is None:
        # No length to compare with; ffmpeg says that it gave up, but not by its exit status.
        if any(_GAVE_UP in line for line in decoder.complaints()):
            message = f"ffmpeg can read it only up to {compose_clock(seconds)}"
            raise MediaError(message, hint=hint, path=path)
        return
    missing = track.start + track.duration - seconds
    if missing > max(_SHORT_SECONDS, track.duration * _SHORT_SHARE):
        ends, should = compose_clock(seconds), compose_clock(track.start + track.duration)
        raise MediaError(f"its sound ends at {ends} instead of {should}", hint=hint, path=path)
