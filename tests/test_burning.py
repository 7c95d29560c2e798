"""Subtitles drawn into the picture: looked at in the pictures that come out."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from subtools.core import Cue
from subtools.errors import MediaError, OutputError
from subtools.media import Drawing, Look, Quality, burn_subtitles, find_ffmpeg
from subtools.media.font_files import Font, characters_of, files_with, read_fonts
from subtools.media.fonts import find_font, visible_characters
from tests.subtitling import ass
from tests.videos import Picture, changed, make_video, packets, picture_at, run_ffmpeg

NO_GLYPH = "\U0010fffd"  # for private use: no font has it
FAST = Quality(crf=10, preset="ultrafast")


@pytest.fixture(scope="session")
def grey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of four seconds that stays grey."""
    path = tmp_path_factory.mktemp("grey") / "grey.mp4"
    return make_video(path, size="640x360", picture="color=c=0x808080")


@pytest.fixture(scope="session")
def dejavu() -> Path:
    """A font without Chinese; its bold and its serif lie beside it."""
    return find_font("A", "DejaVu Sans").path


def drawing(cues: Sequence[Cue], *, styled: bool = False) -> Drawing:
    return Drawing(ass.compose(cues), "".join(cue.text for cue in cues), is_styled=styled)


def burned(video: Path, cues: Sequence[Cue], folder: Path, look: Look | None = None) -> Path:
    target = folder / "out.mp4"
    look = look or Look()
    burn_subtitles(video, drawing(cues), target, look=look, quality=FAST, force=True)
    return target


def ink(text: str, video: Path, folder: Path, look: Look | None = None) -> Picture:
    """Return what is drawn for ``text``, as a picture of 0 and 1."""
    made = burned(video, [Cue(0, 4, (text,))], folder, look)
    return changed(picture_at(made, 1), picture_at(video, 1)).astype(np.uint8)


# --- what is seen


def test_subtitles_are_seen_at_their_times_at_the_bottom(grey: Path, tmp_path: Path) -> None:
    made = burned(grey, [Cue(1, 2, ("王老師：大家好，歡迎各位。", "「大模型」與 AI"))], tmp_path)
    for seconds in (0.9, 2.0, 3.0):
        assert not changed(picture_at(made, seconds), picture_at(grey, seconds)).any()
    for seconds in (1.0, 1.9):
        rows, columns = np.nonzero(changed(picture_at(made, seconds), picture_at(grey, seconds)))
        assert rows.min() > 230  # two lines in the lower third
        assert abs(columns.min() + columns.max() - 640) < 20  # in the middle


def test_chinese_characters_are_drawn_not_boxes(grey: Path, tmp_path: Path) -> None:
    texts = ["大", "家", "歡", "龜", "们", "，"]
    drawn = [ink(text, grey, tmp_path) for text in texts]
    box = ink(NO_GLYPH, grey, tmp_path, Look(allow_missing=True))
    for k, one in enumerate(drawn):
        assert one.any(), texts[k]
        for other in (*drawn[:k], box):
            assert (one != other).sum() > 20, texts[k]


def test_two_characters_that_no_font_has_would_look_the_same(grey: Path, tmp_path: Path) -> None:
    look = Look(allow_missing=True)
    boxes = [ink(text, grey, tmp_path, look) for text in (NO_GLYPH, "\U0010fffc")]
    assert (boxes[0] == boxes[1]).all()


def test_what_no_font_has_is_an_error_before_anything_is_written(
    grey: Path, tmp_path: Path
) -> None:
    with pytest.raises(MediaError, match=r"no font on this computer has .*U\+10FFFD") as caught:
        burned(grey, [Cue(0, 4, (f"大{NO_GLYPH}家",))], tmp_path)
    assert "--allow-missing" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_tags_of_subtitles_do_not_steer_the_picture(grey: Path, tmp_path: Path) -> None:
    text = r"{\pos(10,10)}大\N家"
    rows = np.nonzero(ink(text, grey, tmp_path))[0]
    assert rows.min() > 230


def test_a_speaker_has_a_colour(grey: Path, tmp_path: Path) -> None:
    cues = [Cue(0, 2, ("好的",), "王"), Cue(2, 4, ("好的",), "李")]
    made = burned(grey, cues, tmp_path)
    first, second = (picture_at(made, seconds) for seconds in (1, 3))
    assert changed(first, second).any()
    assert (changed(first, picture_at(grey, 1)) & changed(second, picture_at(grey, 3))).any()


@pytest.mark.parametrize("size", ["360x640", "481x271", "640x480"])
def test_a_long_line_fits_into_a_picture_of_any_shape(size: str, tmp_path: Path) -> None:
    video = make_video(
        tmp_path / "v.mkv", size=size, picture="color=c=0x808080", codecs=("-c:v", "ffv1")
    )
    width, height = (int(number) // 2 * 2 for number in size.split("x"))
    made = burned(video, [Cue(0, 4, ("大家好" * 14,))], tmp_path)  # 42 characters, no space
    picture = picture_at(made, 1)
    assert picture.shape == (height, width, 3)
    rows, columns = np.nonzero(changed(picture, picture_at(video, 1)[:height, :width]))
    assert columns.min() > width * 0.02
    assert columns.max() < width * 0.98
    assert rows.max() - rows.min() > 0.04 * width  # on two lines at least


def test_a_video_filmed_upright_gets_letters_of_its_width(tmp_path: Path) -> None:
    flat, upright = tmp_path / "flat.mp4", tmp_path / "upright.mp4"
    make_video(flat, size="640x360", picture="color=c=0x808080")
    run_ffmpeg("-display_rotation", "90", "-i", flat, "-c", "copy", upright)
    picture = picture_at(burned(upright, [Cue(0, 4, ("大家好" * 7,))], tmp_path), 1)
    assert picture.shape == (640, 360, 3)
    ground = np.full_like(picture, picture[0, 0])
    rows, _ = np.nonzero(changed(picture, ground))
    assert rows.max() - rows.min() < 20  # on one line


def test_a_picture_that_starts_late_gets_its_subtitles_in_time(grey: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    run_ffmpeg("-itsoffset", "1.5", "-i", grey, "-c", "copy", "-copyts", late)
    made = burned(late, [Cue(2, 3, ("好",))], tmp_path)
    ground = picture_at(made, 1.5)
    assert [changed(picture_at(made, t), ground).any() for t in (1.9, 2.0, 2.9, 3.0)] == [
        *(False, True, True, False)
    ]


# --- fonts


def test_the_size_of_the_letters_can_be_chosen(grey: Path, tmp_path: Path) -> None:
    heights = []
    for size in (36, 72):
        rows, _ = np.nonzero(ink("大家", grey, tmp_path, Look(size=size)))
        heights.append(rows.max() - rows.min())
    assert heights[1] > 1.6 * heights[0]


def test_a_font_goes_by_its_file_or_one_of_its_names(
    grey: Path, tmp_path: Path, dejavu: Path
) -> None:
    by_file = ink("Rgq", grey, tmp_path, Look(str(dejavu)))
    by_name = ink("Rgq", grey, tmp_path, Look("dejavu sans"))
    other = ink("Rgq", grey, tmp_path, Look(str(dejavu.with_name("DejaVuSerif.ttf"))))
    assert (by_file == by_name).all()
    assert (by_file != other).any()


def test_libass_takes_the_very_font_of_a_file_that_was_chosen(tmp_path: Path, dejavu: Path) -> None:
    files = {find_font("大家好").path, dejavu, dejavu.with_name("DejaVuSans-Bold.ttf")}
    for font in read_fonts(files):
        assert taken_by_libass(font, tmp_path) == font.number, font


def taken_by_libass(font: Font, folder: Path) -> int:
    """Return which font of its file libass takes when it is given this font's name."""
    text = ass.compose([Cue(0, 1, ("A",))]).replace("Arial", font.name)
    (folder / "talk.ass").write_text(text, encoding="utf-8")
    (folder / "fonts").mkdir(exist_ok=True)
    place = folder / "fonts" / "font"
    place.unlink(missing_ok=True)
    place.symlink_to(font.path)
    ground = "color=s=64x64:r=1:d=1,subtitles=talk.ass:fontsdir=fonts"
    command = [find_ffmpeg(), "-v", "verbose", "-f", "lavfi", "-i", ground, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=folder)
    # "fontselect: (name, 400, 0) -> name or file, number, PostScript name"
    said = re.findall(r"fontselect: \(.*\) -> ([^/].*), (\d+), ", done.stderr.decode())
    return int(said[0][1])


def test_the_font_has_the_characters() -> None:
    text = "大家好，歡迎各位。龜龍鬱"
    assert set(text) <= characters_of(find_font(text))
    assert find_font(text).path in files_with(text)


def test_a_font_without_these_characters_is_refused(dejavu: Path) -> None:
    for wanted in (str(dejavu), "DejaVu Sans"):
        with pytest.raises(MediaError, match="lacks the characters of these subtitles: 大 家"):
            find_font("大家", wanted)
    with pytest.raises(MediaError, match="no font on this computer has") as caught:
        find_font("大家", files=[dejavu])
    assert "fonts-noto-cjk" in caught.value.hint


def test_what_is_no_font_is_refused(tmp_path: Path, dejavu: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"ttcf" + b"\xff" * 50)
    (tmp_path / "b.otf").write_bytes(b"")
    for name in ("a.ttf", "b.otf", "missing.ttc"):
        with pytest.raises(MediaError, match="cannot be read"):
            find_font("大", str(tmp_path / name))
    with pytest.raises(MediaError, match="no font is called Nope"):
        find_font("大", "Nope")
    assert find_font("a", files=[tmp_path / "a.ttf", dejavu]).path == dejavu  # passed over


def test_what_is_not_drawn_needs_no_glyph() -> None:
    assert visible_characters("a\u200b \n\ufe0f\u3000a大\U000e0100") == "a大"


def test_fonts_are_found_without_fontconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert set("大家好") <= characters_of(find_font("大家好"))


def test_a_font_is_copied_where_links_cannot_be_made(
    grey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = ink("大", grey, tmp_path)

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Path, "symlink_to", refuse)
    assert (ink("大", grey, tmp_path) == linked).all()


@pytest.mark.skipif(sys.platform == "win32", reason="programs are no scripts there")
def test_another_ffmpeg_draws_where_the_first_cannot(
    grey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "bin" / "ffmpeg"
    plain.parent.mkdir()
    plain.write_text("#!/bin/sh\necho \"Unknown filter 'subtitles'.\"\n", encoding="utf-8")
    plain.chmod(0o755)
    monkeypatch.setenv("PATH", str(plain.parent))
    assert find_ffmpeg() == str(plain)
    assert burned(grey, [Cue(0, 4, ("大",))], tmp_path).stat().st_size


# --- files that have a look


def test_a_styled_file_keeps_its_look(grey: Path, tmp_path: Path) -> None:
    text = ass.compose([Cue(0, 4, ("好",))]).replace(",,好", r",,{\an8}好").replace("Arial", "Mine")
    target = tmp_path / "out.mp4"
    styled = Drawing(text, "好", is_styled=True)
    assert burn_subtitles(grey, styled, target, quality=FAST) is None
    rows, _ = np.nonzero(changed(picture_at(target, 1), picture_at(grey, 1)))
    assert rows.max() < 120


def test_a_styled_file_that_chose_no_font_gets_one(grey: Path, tmp_path: Path) -> None:
    font = burn_subtitles(
        grey, drawing([Cue(0, 4, ("好",))], styled=True), tmp_path / "out.mp4", quality=FAST
    )
    assert font == find_font("好")


# --- the file


def test_the_sound_is_copied_where_it_can_be(grey: Path, tmp_path: Path) -> None:
    made = burned(grey, [Cue(0, 4, ("好",))], tmp_path)
    assert packets(made, "audio") == packets(grey, "audio")


def test_sound_that_mp4_players_do_not_know_is_encoded(grey: Path, tmp_path: Path) -> None:
    source = tmp_path / "pcm.mkv"
    run_ffmpeg("-i", grey, "-c:v", "copy", "-c:a", "pcm_s16le", source)
    assert codecs(burned(source, [Cue(0, 4, ("好",))], tmp_path)) == ["h264", "aac"]
    burn_subtitles(source, drawing([Cue(0, 4, ("好",))]), tmp_path / "o.mkv", quality=FAST)
    assert packets(tmp_path / "o.mkv", "audio") == packets(source, "audio")


def codecs(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [stream.codec_context.name for stream in container.streams]


def test_a_file_that_does_not_hold_h264_is_refused(grey: Path, tmp_path: Path) -> None:
    for name in ("out.webm", "out.avi", "out"):
        with pytest.raises(OutputError, match=r"no file for H\.264"):
            burn_subtitles(grey, drawing([Cue(0, 4, ("好",))]), tmp_path / name)
