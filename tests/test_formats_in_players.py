"""What is composed, read by the players people use: ffmpeg and Chromium."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from subtools.core import Block, Cue, Span, Subtitles, Word
from subtools.formats import format_for
from subtools.formats.ass import COLOURS
from subtools.reading import compose_subtitles
from tests.browser import opened_browser, served_folder
from tests.subtitling import CueFormat, ass, srt, vtt
from tests.test_formats import HOSTILE_LINES, lines, names
from tests.test_vtt import full_files
from tests.vtt_in_browser import differences, make_documents, read_by_us, read_in_browser

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()

# Overlapping, touching, hours beyond two digits; ffmpeg sorts by time, so they ascend.
TALK = (
    Cue(0.0, 2.0, ("大家好，歡迎各位。", "R&D: 1 + 1 = 2"), "王"),
    Cue(2.0, 3.5, ("Hello, everyone!",), "Ann Lee"),
    Cue(3.0, 4.25, ("42",), "Ann Lee"),
    Cue(4.25, 4.25, ("NOTE", "\u200fשלום\u200e 👩‍👩‍👧‍👦 ä")),
    Cue(360_000.0, 360_000.5, ("謝謝。",), "王"),
)
COMMAS = ("Lee, Ann", ",", "a,,b")
HOSTILE = tuple(
    Cue(float(start), start + 1.5, (line, "next line"), "A > B & <i> --> C\nD")
    for start, line in enumerate(HOSTILE_LINES)
)


def cues_in_order(texts: Sequence[Sequence[str]], speaker: str | None) -> tuple[Cue, ...]:
    return tuple(
        Cue(float(start), start + 1.5, tuple(line.rstrip() for line in written), speaker)
        for start, written in enumerate(texts)
    )


written_cues = st.builds(
    cues_in_order,
    st.lists(st.lists(lines, min_size=1, max_size=3), min_size=1, max_size=8),
    st.none() | names,
)


# --- ffmpeg -----------------------------------------------------------------------


def through_ffmpeg(document: str, *, kind: str, to: str, copy: bool = False) -> str:
    """Return ``document`` as ffmpeg writes it, decoded or (``copy``) packet by packet."""
    command = [FFMPEG, "-v", "error", "-f", kind, "-i", "-", *(["-c", "copy"] * copy)]
    done = subprocess.run(
        [*command, "-f", to, "-"], input=document.encode(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode()


def without_speakers(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    return tuple(replace(cue, speaker=None) for cue in cues)


def test_ffmpeg_shows_subrip_as_it_was_meant() -> None:
    cues = without_speakers(TALK)
    assert srt.parse(through_ffmpeg(srt.compose(cues), kind="srt", to="srt")) == cues


def test_ffmpeg_shows_the_speakers_of_subrip() -> None:
    shown = srt.parse(through_ffmpeg(srt.compose(TALK), kind="srt", to="srt"))
    assert [cue.lines[0][:9] for cue in shown] == [
        "王：大家好，歡迎各",
        "Ann Lee: ",
        "42",
        "NOTE",
        "王：謝謝。",
    ]


def test_ffmpeg_shows_webvtt_as_it_was_meant() -> None:
    shown = through_ffmpeg(vtt.compose(TALK), kind="webvtt", to="srt")
    assert srt.parse(shown) == without_speakers(TALK)


def test_ffmpeg_shows_hostile_webvtt_as_plain_text() -> None:
    # ffmpeg itself writes "{" and "\N" into SubRip in its own way.
    cues = tuple(cue for cue in HOSTILE if "{" not in cue.lines[0])
    shown = through_ffmpeg(vtt.compose(cues), kind="webvtt", to="srt")
    assert srt.parse(shown) == without_speakers(cues)


@given(written_cues)
@settings(max_examples=20)
def test_ffmpeg_finds_every_cue_of_subrip(cues: tuple[Cue, ...]) -> None:
    document = srt.compose(cues)
    found = through_ffmpeg(document, kind="srt", to="srt", copy=True)
    assert srt.parse(found) == srt.parse(document)


@given(written_cues)
@settings(max_examples=20)
def test_ffmpeg_finds_every_cue_of_webvtt(cues: tuple[Cue, ...]) -> None:
    found = through_ffmpeg(vtt.compose(cues), kind="webvtt", to="webvtt", copy=True)
    assert vtt.parse(found) == cues


def test_ffmpeg_shows_ass_as_it_was_meant() -> None:
    shown = through_ffmpeg(ass.compose(TALK[:3]), kind="ass", to="webvtt")
    assert vtt.parse(shown) == without_speakers(TALK[:3])


def test_names_with_commas_shift_no_field_of_ass_in_ffmpeg() -> None:
    cues = tuple(replace(cue, speaker=name) for cue, name in zip(TALK, COMMAS, strict=False))
    shown = through_ffmpeg(ass.compose(cues), kind="ass", to="webvtt")
    assert vtt.parse(shown) == without_speakers(cues)


def test_libass_draws_hostile_text_in_the_colour_of_its_speaker(tmp_path: Path) -> None:
    written = [cue.lines[0] for cue in HOSTILE if "WEBVTT" not in cue.lines[0]] + ["C:\\New\\{x}\\"]
    cues = [Cue(k, k + 1, (line,), str(k % 5)) for k, line in enumerate(written)]
    for frame, cue in zip(burned(cues, tmp_path), cues, strict=True):
        wanted = np.frombuffer(bytes.fromhex(COLOURS[int(cue.speaker or 0)]), np.uint8)
        likeness = np.abs(frame.astype(int) - wanted).max(axis=2)
        rows, columns = np.nonzero(likeness < 40)
        assert rows.size, cue.text
        assert rows.min() > 200, cue.text  # at the bottom
        assert abs(columns.min() + columns.max() - 480) < 40, cue.text  # in the middle


def burned(cues: Sequence[Cue], folder: Path) -> npt.NDArray[np.uint8]:
    """Return a picture a second on grey ground: (cues, 270, 480, 3)."""
    (folder / "talk.ass").write_text(ass.compose(cues), encoding="utf-8")
    ground = f"color=c=0x808080:s=480x270:r=1:d={len(cues)},format=rgb24,ass=talk.ass"
    command = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", ground, "-pix_fmt", "rgb24"]
    done = subprocess.run(
        [*command, "-f", "rawvideo", "-"], capture_output=True, check=True, cwd=folder
    )
    frames = np.frombuffer(done.stdout, np.uint8).reshape(-1, 270, 480, 3)
    if (frames == frames[0, 0, 0]).all():
        pytest.skip("no font on this machine")
    return frames


@given(written_cues)
@settings(max_examples=20)
def test_ffmpeg_finds_every_cue_of_ass(cues: tuple[Cue, ...]) -> None:
    document = ass.compose(cues)
    found = through_ffmpeg(document, kind="ass", to="ass", copy=True)
    assert ass.parse(found) == ass.parse(document)


@pytest.mark.parametrize("known", [srt, vtt, ass])
def test_ffmpeg_reads_a_file_by_its_suffix(known: CueFormat, tmp_path: Path) -> None:
    path = tmp_path / f"talk.{known.known.name}"
    path.write_text(known.compose(HOSTILE), encoding="utf-8")
    command = [FFMPEG, "-v", "error", "-i", str(path), "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.count(b",500\n") == len(HOSTILE)


# --- Chromium ---------------------------------------------------------------------

PAGE = """<!doctype html><meta charset="utf-8"><title>cues</title>
<video><track default kind="subtitles" src="talk.vtt"></video>
<script>document.querySelector("track").track.mode = "showing"</script>"""

CUES = """() => [...document.querySelector("track").track.cues].map((cue) => {
  const shown = cue.getCueAsHTML();
  return {
    start: cue.startTime,
    end: cue.endTime,
    text: cue.text,
    shown: shown.textContent,
    elements: [...shown.querySelectorAll("*")].map((element) => element.localName),
    voices: [...shown.querySelectorAll("span[title]")].map((voice) => voice.title),
  };
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def cues_in_browser(page: Page, cues: Sequence[Cue], folder: Path) -> list[dict[str, Any]]:
    """Return what Chromium knows of the cues of a ``<track>``."""
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "talk.vtt").write_text(vtt.compose(cues), encoding="utf-8")
    with served_folder(folder) as address:
        page.goto(f"{address}/index.html")
        page.wait_for_function('document.querySelector("track").readyState >= 2')
        assert page.evaluate('document.querySelector("track").readyState') == 2  # loaded
        found: list[dict[str, Any]] = page.evaluate(CUES)
    return found


@pytest.mark.browser
@pytest.mark.parametrize("cues", [TALK, HOSTILE], ids=["talk", "hostile"])
def test_chromium_shows_webvtt_as_it_was_meant(
    cues: tuple[Cue, ...], page: Page, tmp_path: Path
) -> None:
    found = cues_in_browser(page, cues, tmp_path)
    assert [cue["shown"] for cue in found] == [cue.text for cue in cues]
    assert [time for cue in found for time in (cue["start"], cue["end"])] == pytest.approx(
        [time for cue in cues for time in (cue.start, cue.end)], abs=1e-6
    )


@pytest.mark.browser
@pytest.mark.parametrize("cues", [TALK, HOSTILE], ids=["talk", "hostile"])
def test_chromium_knows_who_speaks(cues: tuple[Cue, ...], page: Page, tmp_path: Path) -> None:
    found = cues_in_browser(page, cues, tmp_path)
    assert [cue["voices"] for cue in found] == [
        [" ".join(cue.speaker.split())] if cue.speaker else [] for cue in cues
    ]
    assert {element for cue in found for element in cue["elements"]} == {"span"}


PLACED = Subtitles(
    (
        Cue(
            0, 2, ("好 & <b>", "--> x"), "A > B", identifier="1 - a", settings="line:0 align:start"
        ),
        Cue(1, 2, ("x",), settings="vertical:rl line:10.5% position:25%,line-left size:40%"),
        Cue(2, 3, ("y",), settings="line:-2,end align:right region:top", identifier="NOTE"),
        Cue(3, 4, ("a", "b"), markup="<v A>a</v>\n<v B><i.x>b</i></v>", identifier="STYLE"),
        Cue(4, 5, ("字xy",), "A--", markup="<ruby>字<rt></rt></ruby><lang en>x</lang><c.a-->y</c>"),
        Cue(5, 7, ("Oh no",), "Ann", words=(Word("Oh ", Span(5, 5.4)), Word("no", Span(5.5, 7)))),
    ),
    "zh",
    "A title --> x",
    (
        Block("vtt", "WEBVTT", "\nKind: captions"),
        Block("vtt", "STYLE", "::cue(v) { color: yellow }"),
        Block("vtt", "REGION", "id:top width:40% lines:2"),
        Block("vtt", "NOTE", "a --> b", 0),
        Block("vtt", "NOTE", "00:01.000 --> 00:02.000\nx", 2),
        Block("vtt", "STYLE", "late { }", 3),
    ),
)


@pytest.mark.browser
def test_chromium_shows_everything_that_is_written(page: Page) -> None:
    written = compose_subtitles(PLACED, format_for("vtt"), word_times=True)
    (found,) = read_in_browser(page, [written])
    assert found is not None
    assert [cue["id"] for cue in found] == [cue.identifier for cue in PLACED.cues]
    assert [cue["text"] for cue in found] == ["好 & <b>\n--> x", "x", "y", "a\nb", "字xy", "Oh no"]
    assert [cue["tree"] for cue in found] == [
        "[span A > B|好 & <b>\n--> x]",
        "x",
        "y",
        "[span A|a]\n[span B|[i.x |b]]",
        "[span A--|[ruby |字[rt |]][span |x][span.a-- |y]]",
        "[span Ann|Oh @00:00:05.500@no]",
    ]
    places = [
        [cue[name] for name in ("vertical", "snap", "line", "position", "size", "align")]
        for cue in found
    ]
    assert places[:4] == [
        ["", True, 0, "auto", 100, "start"],
        ["rl", False, 10.5, 25, 40, "center"],
        ["", True, -2, "auto", 100, "right"],
        ["", True, "auto", "auto", 100, "center"],
    ]
    assert list(differences(page, [written])) == []


@pytest.mark.browser
def test_we_read_what_chromium_reads_in_files_that_are_nearly_webvtt(page: Page) -> None:
    documents = list(islice(make_documents(1), 300))
    assert sum(len(cues) for cues in map(read_by_us, documents) if cues) > 400
    assert list(differences(page, documents)) == []


@pytest.mark.browser
@given(full_files())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_chromium_reads_what_we_read_of_what_we_wrote(page: Page, subtitles: Subtitles) -> None:
    # Chromium loses this one of a first cue, by which it begins to look for styles.
    assume(all(cue.identifier != "STYLE" for cue in subtitles.cues))
    written = compose_subtitles(subtitles, format_for("vtt"))
    assert list(differences(page, [written])) == []


@pytest.mark.browser
def test_we_read_from_webvtt_what_chromium_reads(page: Page, tmp_path: Path) -> None:
    found = cues_in_browser(page, TALK + HOSTILE, tmp_path)
    blocks = "\n\n".join(f"00:00.000 --> 00:01.000\n{cue['text']}" for cue in found)
    read = vtt.parse(f"WEBVTT\n\n{blocks}")
    assert [cue.text for cue in read] == [cue["shown"] for cue in found]
