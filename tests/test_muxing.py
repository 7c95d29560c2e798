"""Subtitles beside the picture: what goes in comes out, and nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue, Progress
from subtools.errors import MediaError, OutputError
from subtools.media import SubtitleTrack, container_code, guess_language, mux_subtitles, title_of
from subtools.media.track_flags import clear_default_flags
from tests.subtitling import ass, srt, vtt
from tests.videos import (
    chapters_of,
    make_video,
    packets,
    run_ffmpeg,
    shown_cues,
    subtitle_text,
    subtitle_tracks,
)

TALK = (
    Cue(1.0, 2.0, ("王老師：大家好，歡迎各位。", "「大模型」 & AI")),
    Cue(2.0, 2.5, ("Ann: Hello!",)),
    Cue(3.0, 3.75, ("謝謝 ä שלום",)),
)
TIMES = [(cue.start, cue.end, cue.text) for cue in TALK]
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "talk.mp4")


@pytest.fixture(scope="session")
def webm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "talk.webm", codecs=VP8)


def track(language: str | None = "zh-Hant", title: str = "", kind: str = "srt") -> SubtitleTrack:
    compose = {"srt": srt.compose, "vtt": vtt.compose, "ass": ass.compose}[kind]
    return SubtitleTrack(compose(TALK), kind, language, title)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


# --- what goes in comes out


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv", ".MP4"])
def test_the_cues_come_back_with_their_times(video: Path, suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"out{suffix}"
    mux_subtitles(video, [track()], target)
    assert shown_cues(target) == TIMES
    assert leftovers(tmp_path) == []


def test_the_cues_come_back_from_webm(webm: Path, tmp_path: Path) -> None:
    mux_subtitles(webm, [track(kind="vtt")], tmp_path / "out.webm")
    assert shown_cues(tmp_path / "out.webm") == TIMES


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_picture_and_sound_stay_as_they_are_byte_for_byte(
    video: Path, suffix: str, tmp_path: Path
) -> None:
    target = tmp_path / f"out{suffix}"
    mux_subtitles(video, [track()], target)
    for kind in ("video", "audio"):
        assert packets(target, kind) == packets(video, kind)


@pytest.mark.parametrize(("kind", "muxer"), [("srt", "srt"), ("vtt", "webvtt"), ("ass", "ass")])
def test_matroska_keeps_each_kind_of_subtitles(
    video: Path, kind: str, muxer: str, tmp_path: Path
) -> None:
    target = tmp_path / "out.mkv"
    mux_subtitles(video, [track(kind=kind)], target)
    parse = {"srt": srt.parse, "vtt": vtt.parse, "ass": ass.parse}[kind]
    stored = subtitle_text(target, kind=muxer, copy=True)
    assert parse(stored) == parse(track(kind=kind).text)


def test_the_styles_of_ass_are_kept_in_matroska(video: Path, tmp_path: Path) -> None:
    cues = [Cue(1, 2, ("好",), "王"), Cue(2, 3, ("對",), "李")]
    text = ass.compose(cues)
    mux_subtitles(video, [SubtitleTrack(text, "ass")], tmp_path / "out.mkv")
    stored = subtitle_text(tmp_path / "out.mkv", kind="ass", copy=True)
    styles = [line for line in text.splitlines() if line.startswith("Style:")]
    assert [line for line in stored.splitlines() if line.startswith("Style:")] == styles


# --- tags and flags


@pytest.mark.parametrize(("suffix", "chinese"), [(".mp4", "zho"), (".mov", "chi"), (".mkv", "zho")])
def test_tracks_have_language_and_title_and_the_first_is_shown(
    video: Path, suffix: str, chinese: str, tmp_path: Path
) -> None:
    tracks = [track("zh-Hant", "繁體中文"), track("en", "English: 'all', [of] it; \\ %d")]
    mux_subtitles(video, tracks, tmp_path / f"out{suffix}")
    found = subtitle_tracks(tmp_path / f"out{suffix}")
    assert [t.language for t in found] == [chinese, "eng"]
    assert [t.title for t in found] == [t.title for t in tracks]
    assert [t.is_default for t in found] == [True, False]


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv"])
def test_no_track_is_shown_unasked_if_none_shall_be(
    video: Path, suffix: str, tmp_path: Path
) -> None:
    target = tmp_path / f"out{suffix}"
    mux_subtitles(video, [track(), track("en")], target, default=False)
    assert [t.is_default for t in subtitle_tracks(target)] == [False, False]
    assert shown_cues(target, 1) == TIMES


def test_a_title_stays_on_one_line(video: Path, tmp_path: Path) -> None:
    mux_subtitles(video, [track(title="a\n[CHAPTER]\tb\udc80")], tmp_path / "out.mkv")
    assert [t.title for t in subtitle_tracks(tmp_path / "out.mkv")] == ["a [CHAPTER] b?"]


def test_what_is_no_language_is_refused() -> None:
    for tag in ("", "x", "zzzz", "中文", "en us", "language"):
        with pytest.raises(ValueError, match="no language"):
            container_code(tag)


def test_languages_go_by_the_codes_of_terminology() -> None:
    tags = ("de", "ger", "fr-CA", "cmn-Hans", "pt-BR", "ai-zh", "nl", "YUE")
    codes = ["deu", "deu", "fra", "zho", "por", "zho", "nld", "yue"]
    assert [container_code(tag) for tag in tags] == codes
    assert title_of("la") == ""
    assert guess_language("talk.zh_TW.vtt") == "zh-TW"


# --- what is there already


def test_subtitles_that_are_there_already_are_kept_behind(video: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.mkv", tmp_path / "second.mp4"
    mux_subtitles(video, [track("zh", "old", "ass")], first)
    mux_subtitles(first, [track("en", "new")], second)
    found = subtitle_tracks(second)
    assert [(t.language, t.title, t.is_default) for t in found] == [
        ("zho", "old", False),
        ("eng", "new", True),
    ]
    old = shown_cues(second, 0)  # with the size of its letters, which MP4 can say
    pairs = zip(old, TALK, strict=True)
    assert all(line in text for (*_, text), cue in pairs for line in cue.lines)


CHAPTERS = ";FFMETADATA1\n" + "".join(
    f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n"
    for start, end, title in (
        (0, 1500, "開場"),
        (1500, 3000, "a\\=b\\; \\#c"),
        (3000, 4000, "問答"),
    )
)
MARKS = [(0.0, 1.5, "開場"), (1.5, 3.0, "a=b; #c"), (3.0, 4.0, "問答")]


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv"])
def test_chapters_are_put_beside_the_subtitles(video: Path, suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"out{suffix}"
    mux_subtitles(video, [track(), track("en")], target, chapters=CHAPTERS)
    found = chapters_of(target)
    assert [title for _, _, title in found] == [title for _, _, title in MARKS]
    times = [time for *span, _ in MARKS for time in span]
    assert [time for *span, _ in found for time in span] == pytest.approx(times, abs=0.05)
    assert shown_cues(target) == TIMES
    assert packets(target, "video") == packets(video, "video")


def test_chapters_go_into_webm(webm: Path, tmp_path: Path) -> None:
    mux_subtitles(webm, [track(kind="vtt")], tmp_path / "out.webm", chapters=CHAPTERS)
    assert [title for *_, title in chapters_of(tmp_path / "out.webm")] == [
        "開場",
        "a=b; #c",
        "問答",
    ]


def test_chapters_come_with_the_sound_of_another_file(video: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.m4a"
    run_ffmpeg("-i", video, "-vn", "-c", "copy", sound)
    mux_subtitles(video, [track()], tmp_path / "out.mkv", audio=sound, chapters=CHAPTERS)
    assert chapters_of(tmp_path / "out.mkv") == MARKS


def test_new_chapters_replace_the_old_ones_which_stay_where_none_are_given(
    video: Path, tmp_path: Path
) -> None:
    old, kept, new = (tmp_path / f"{name}.mkv" for name in ("old", "kept", "new"))
    mux_subtitles(video, [track()], old, chapters=CHAPTERS)
    mux_subtitles(old, [track()], kept)
    assert chapters_of(kept) == MARKS
    mux_subtitles(old, [track()], new, chapters=CHAPTERS.replace("開場", "序"))
    assert [title for *_, title in chapters_of(new)] == ["序", "a=b; #c", "問答"]


def test_chapters_and_title_are_kept(video: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.txt"
    chapters = "[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=開場\n"
    facts.write_text(f";FFMETADATA1\ntitle=圓桌\n{chapters}", encoding="utf-8")
    source = tmp_path / "with.mp4"
    run_ffmpeg("-i", video, "-i", facts, "-map_metadata", "1", "-c", "copy", source)
    for name in ("out.mkv", "out.mp4"):
        mux_subtitles(source, [track()], tmp_path / name, default=False)
        with av.open(str(tmp_path / name)) as made:
            assert made.metadata["title"] == "圓桌"
            assert [chapter["metadata"]["title"] for chapter in made.chapters()] == ["開場"]
        assert [t.is_default for t in subtitle_tracks(tmp_path / name)][:1] == [False]


# --- times


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4"])
def test_a_picture_that_starts_late_keeps_its_distance(
    video: Path, name: str, tmp_path: Path
) -> None:
    late, target = tmp_path / name, tmp_path / "out.mkv"
    run_ffmpeg("-itsoffset", "1.5", "-i", video, "-c", "copy", "-copyts", late)
    mux_subtitles(late, [track()], target)
    assert first_time(target, "video") == pytest.approx(1.5)
    assert shown_cues(target) == TIMES


def test_the_clock_of_a_broadcast_starts_at_its_start(video: Path, tmp_path: Path) -> None:
    stream, target = tmp_path / "talk.ts", tmp_path / "out.mkv"
    run_ffmpeg("-i", video, "-c", "copy", stream)
    assert first_time(stream, "video") > 1.4
    mux_subtitles(stream, [track()], target)
    assert first_time(target, "video") < 0.05
    assert shown_cues(target) == TIMES


def first_time(path: Path, kind: str) -> float:
    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        assert stream.time_base is not None
        return min(
            float(p.pts * stream.time_base) for p in container.demux(stream) if p.pts is not None
        )


# --- sound from another file


def test_the_sound_comes_from_another_file(video: Path, tmp_path: Path) -> None:
    picture, sound, target = tmp_path / "p.m4s", tmp_path / "s.m4s", tmp_path / "out.mp4"
    run_ffmpeg("-i", video, "-c", "copy", "-an", "-f", "mp4", picture)
    run_ffmpeg("-i", video, "-c", "copy", "-vn", "-f", "mp4", sound)
    mux_subtitles(picture, [track()], target, audio=sound)
    assert packets(target, "video") == packets(video, "video")
    assert packets(target, "audio") == packets(video, "audio")
    assert shown_cues(target) == TIMES


def test_sound_of_another_file_replaces_that_of_the_video(video: Path, tmp_path: Path) -> None:
    sound, target = tmp_path / "s.flac", tmp_path / "out.mkv"
    run_ffmpeg("-f", "lavfi", "-i", "sine=880:d=4", sound)
    mux_subtitles(video, [track()], target, audio=sound)
    assert packets(target, "audio") == packets(sound, "audio")
    with av.open(str(target)) as made:
        assert len(made.streams.audio) == 1


def test_a_file_without_what_it_is_given_for_is_refused(video: Path, tmp_path: Path) -> None:
    silent, sound = tmp_path / "p.mp4", tmp_path / "s.m4a"
    run_ffmpeg("-i", video, "-c", "copy", "-an", silent)
    run_ffmpeg("-i", video, "-c", "copy", "-vn", sound)
    with pytest.raises(MediaError, match="no audio track in it"):
        mux_subtitles(video, [track()], tmp_path / "out.mp4", audio=silent)
    with pytest.raises(MediaError, match="no video in it"):
        mux_subtitles(sound, [track()], tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


# --- whole or not at all


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_video_that_was_cut_off_is_refused(video: Path, suffix: str, tmp_path: Path) -> None:
    whole, cut = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
    run_ffmpeg("-i", video, "-c", "copy", "-movflags", "+faststart", whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 5])
    target = tmp_path / "out.mkv"
    with pytest.raises(MediaError, match=r"though it should last 4\.0 s"):
        mux_subtitles(cut, [track()], target)
    assert not target.exists()
    assert leftovers(tmp_path) == []


def test_a_file_is_replaced_only_if_it_may_be(video: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists already"):
        mux_subtitles(video, [track()], target)
    assert target.read_bytes() == b"mine"
    mux_subtitles(video, [track()], target, force=True)
    assert shown_cues(target) == TIMES
    assert leftovers(tmp_path) == []


def test_what_a_container_cannot_hold_is_an_error_and_leaves_nothing(
    video: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.webm").write_bytes(b"mine")
    with pytest.raises(MediaError, match="Only VP8 or VP9 or AV1"):
        mux_subtitles(video, [track(kind="vtt")], tmp_path / "out.webm", force=True)
    with pytest.raises(OutputError, match=r"known: \.mp4"):
        mux_subtitles(video, [track()], tmp_path / "out.avi")
    assert (tmp_path / "out.webm").read_bytes() == b"mine"
    assert leftovers(tmp_path) == []


def test_progress_is_told_in_seconds_of_the_video(video: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float, float]] = []
    note: Progress = lambda stage, done, total: told.append((stage, done, total))  # noqa: E731
    mux_subtitles(video, [track()], tmp_path / "out.mp4", progress=note)
    stage, done, total = told[-1]
    assert (stage, done) == ("write", total)
    assert total == pytest.approx(4.0, abs=0.1)


@given(st.binary(max_size=200), st.sets(st.integers(0, 3)))
def test_flags_are_cleared_in_boxes_only(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, tracks: Sequence[int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "boxes.mp4"
    path.write_bytes(data)
    clear_default_flags(path, tracks)
    assert path.read_bytes() == data  # no such box comes about by chance


def test_the_flag_of_one_track_is_cleared(tmp_path: Path) -> None:
    def box(name: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4) + name + content

    def movie(*flags: int) -> bytes:
        tracks = (box(b"trak", box(b"tkhd", bytes([0, 0, 0, f]) + b"x")) for f in flags)
        large = (1).to_bytes(4) + b"moov"
        content = b"".join(tracks)
        return box(b"free", b"tkhd") + large + (16 + len(content)).to_bytes(8) + content

    path = tmp_path / "a.mp4"
    path.write_bytes(movie(3, 3, 7))
    clear_default_flags(path, [1, 2])
    assert path.read_bytes() == movie(3, 2, 6)
