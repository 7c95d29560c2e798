"""Fetching on the command line: the real yt-dlp, processes of their own, an emulated site."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from subtools.lexicon import clause_ranges, split_words
from subtools.transcript import parse_document
from tests.bilibili import (
    BEST_FORMAT,
    CONFERENCE,
    MEMBERS,
    TALK,
    Faults,
    Line,
    OtherFile,
    Page,
    Site,
    Subtitle,
    emulated_bilibili,
)
from tests.commands import Outcome, assert_one_line_error, environment, subtools
from tests.conftest import DATA
from tests.subtitling import srt, vtt

CLIP = DATA / "clip" / "clip.opus"
DOCUMENT = DATA / "clip" / "clip.doc.txt"
PART_8 = f"{CONFERENCE.bvid}?p=8"
KEY = f"{CONFERENCE.bvid}_p8"
STEM = f"圆桌讨论 [{KEY}]"
LENGTH = 226  # seconds, as the page list rounds it
FOREIGN = "今天我們來做一道紅燒肉先把五花肉切成小塊放進冷水裡煮開撇去浮沫然後炒糖色"


def spread(texts: list[str], length: float = LENGTH) -> tuple[Line, ...]:
    """Return ``texts`` as lines of a subtitle, evenly over ``length`` seconds."""
    each = length / len(texts)
    return tuple(Line(i * each, (i + 0.9) * each, text) for i, text in enumerate(texts))


def clauses_of(document: Path) -> list[str]:
    words = split_words(parse_document(document.read_text(encoding="utf-8")).body)
    return ["".join(words[k] for k in clause).strip("，。？ ") for clause in clause_ranges(words)]


def ai_subtitle(texts: list[str]) -> Subtitle:
    return Subtitle("ai-zh", "中文（自动生成）", spread(texts))


PANEL = replace(
    CONFERENCE.pages[7],
    sound=CLIP,
    duration=LENGTH,
    subtitles=(ai_subtitle(clauses_of(DOCUMENT)),),
)
CONFERENCE_WITH_PANEL = replace(
    CONFERENCE, pages=(*CONFERENCE.pages[:7], PANEL, *CONFERENCE.pages[8:])
)
COOKING = Page(
    cid=TALK.pages[0].cid,
    part="圓桌",
    duration=LENGTH,
    sound=CLIP,
    subtitles=(ai_subtitle([FOREIGN[i : i + 9] for i in range(0, len(FOREIGN), 9)] * 12),),
)
WITH_FOREIGN_SUBTITLE = replace(TALK, title="圓桌", pages=(COOKING,))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("authority")
    others = (OtherFile("talks.example", "/talk.opus", "audio/ogg", CLIP.read_bytes()),)
    videos = (CONFERENCE_WITH_PANEL, WITH_FOREIGN_SUBTITLE, MEMBERS)
    with emulated_bilibili(folder, videos=videos, other_files=others) as running:
        yield running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def run(site: Site, cache: Path, *arguments: str | Path) -> Outcome:
    return subtools(*arguments, env={**site.environment, "SUBTOOLS_CACHE": str(cache)})


# --- fetch


def test_a_part_is_fetched_with_what_is_known_and_nothing_else(
    site: Site, cache: Path, tmp_path: Path
) -> None:
    done = run(site, cache, "fetch", PART_8, "-o", tmp_path / "out", "--json")
    assert done.status == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert Path(found["sound"]).read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    assert (found["id"], found["part"], found["is_new"]) == (CONFERENCE.bvid, 8, True)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == sorted(
        f"{STEM}.{ending}" for ending in ("m4a", "json", "ai-zh.srt", "danmaku.xml")
    )
    assert not list((cache / "unfinished").iterdir())


def test_a_second_fetch_asks_nothing(site: Site, cache: Path, tmp_path: Path) -> None:
    first = run(site, cache, "fetch", f"{CONFERENCE.bvid}?p=1", "-o", tmp_path)
    asked = len(site.requests)
    second = run(site, cache, "fetch", f"{CONFERENCE.bvid}?p=1", "-o", tmp_path)
    assert (second.status, second.stdout) == (0, first.stdout)
    assert "was there already" in second.stderr
    assert len(site.requests) == asked


def test_parts_are_listed_and_nothing_is_fetched(site: Site, cache: Path, tmp_path: Path) -> None:
    done = run(site, cache, "fetch", CONFERENCE.bvid, "--list", "-o", tmp_path / "out")
    assert done.status == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 12
    assert "圆桌讨论" in lines[7]
    assert not (tmp_path / "out").exists()


def test_several_parts_are_fetched_if_they_are_named(
    site: Site, cache: Path, tmp_path: Path
) -> None:
    done = run(site, cache, "fetch", CONFERENCE.bvid, "--parts", "1,3-4", "-o", tmp_path)
    assert done.status == 0, done.stderr
    for part in (1, 3, 4):
        (sound,) = tmp_path.glob(f"*_p{part}].m4a")
        assert sound.read_bytes() == site.bytes_of(CONFERENCE.bvid, part, BEST_FORMAT)
    assert len(list(tmp_path.glob("*.m4a"))) == 3


def test_which_of_several_parts_has_to_be_said(site: Site, cache: Path, tmp_path: Path) -> None:
    done = run(site, cache, "fetch", CONFERENCE.bvid, "-o", tmp_path / "out")
    assert_one_line_error(done, "圆桌讨论", "?p=12", "--parts")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--parts", "0"), ("--parts", "3-1"), ("--rate-limit", "fast")),
        ("--cookies", "jar.txt", "--cookies-from-browser", "firefox"),
    ],
)
def test_arguments_that_make_no_sense_have_their_own_status(arguments: tuple[str, ...]) -> None:
    assert subtools("fetch", PART_8, *arguments).status == 2


def test_a_file_on_any_site_is_fetched_as_it_is(site: Site, cache: Path, tmp_path: Path) -> None:
    done = run(site, cache, "fetch", "https://talks.example/talk.opus", "-o", tmp_path)
    assert done.status == 0, done.stderr
    (sound,) = tmp_path.glob("*.opus")
    assert sound.read_bytes() == CLIP.read_bytes()


def test_what_needs_a_login_says_what_helps(site: Site, cache: Path, tmp_path: Path) -> None:
    done = run(site, cache, "fetch", MEMBERS.bvid, "-o", tmp_path)
    assert_one_line_error(done, "--cookies")


def test_an_interrupted_fetch_goes_on_where_it_was(site: Site, cache: Path, tmp_path: Path) -> None:
    site.faults = Faults(slow=400_000)
    command = [sys.executable, "-m", "subtools", "fetch", PART_8, "-o", str(tmp_path / "out")]
    env = environment({**site.environment, "SUBTOOLS_CACHE": str(cache)})
    try:
        with subprocess.Popen(
            command, env=env, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            wait_for_part(cache)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
    finally:
        site.faults = Faults()
    assert process.returncode == 130, errors
    assert not list((tmp_path / "out").glob("*"))
    done = run(site, cache, "fetch", PART_8, "-o", tmp_path / "out")
    assert done.status == 0, done.stderr
    (sound,) = (tmp_path / "out").glob("*.m4a")
    assert sound.read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    ranges = [r.headers.get("range", "") for r in site.requests if f"{BEST_FORMAT}.m4s" in r.path]
    assert ranges[-1] not in {"", "bytes=0-"}
    assert not list((cache / "unfinished").iterdir())


def wait_for_part(cache: Path) -> None:
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size for path in cache.glob("unfinished/*/*.part")):
        assert time.monotonic() < deadline, "nothing arrives"
        time.sleep(0.05)


# --- caption


@pytest.mark.model
def test_a_document_whose_header_names_the_video_is_all_it_takes(
    site: Site, cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run(site, cache, "caption", DOCUMENT, "-o", out)
    assert done.status == 0, done.stderr
    body = "".join(parse_document(DOCUMENT.read_text(encoding="utf-8")).body.split())
    shown = vtt.parse((out / f"{STEM}.vtt").read_text(encoding="utf-8"))
    assert "".join("".join(cue.text.split()) for cue in shown) == body
    assert len(srt.parse((out / f"{STEM}.srt").read_text(encoding="utf-8"))) == len(shown)
    words = json.loads((out / "words.json").read_text(encoding="utf-8"))
    assert words["source"]["url"] == f"https://www.bilibili.com/video/{PART_8}"
    assert words["source"]["title"] == "2024北京智源大会-大语言模型"
    assert words["provenance"]["settings"]["text"] == "document"
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["words.json", *(f"{STEM}{end}" for end in (".srt", ".vtt", ".chapters.vtt", ".html"))]
    )
    kept = cache / "fetched" / f"{STEM}.m4a"
    assert kept.read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)

    asked = len(site.requests)
    again = run(site, cache, "caption", DOCUMENT, "-o", out)
    assert_one_line_error(again, "words.json", "--force")
    assert len(site.requests) == asked


@pytest.mark.model
def test_a_sound_in_the_folder_of_the_results_is_not_fetched_again(
    site: Site, cache: Path, tmp_path: Path
) -> None:
    assert run(site, cache, "fetch", PART_8, "-o", tmp_path).status == 0
    asked = len(site.requests)
    done = run(site, cache, "caption", PART_8, "-o", tmp_path, "--no-speakers", "--json")
    assert done.status == 0, done.stderr
    assert len(site.requests) == asked
    assert not (cache / "fetched").exists()
    summary = json.loads(done.stdout)
    assert summary["text"] == "subtitle of the site (ai-zh, made by a machine)"
    said = vtt.parse((tmp_path / f"{STEM}.vtt").read_text(encoding="utf-8"))
    assert "".join("".join(cue.text.split()) for cue in said) == "".join(
        "".join(text.split()) for text in clauses_of(DOCUMENT)
    )
    words = json.loads((tmp_path / "words.json").read_text(encoding="utf-8"))
    assert words["provenance"]["settings"]["text"] == summary["text"]
    assert words["source"]["part_title"] == "圆桌讨论"


@pytest.mark.model
def test_a_subtitle_of_another_video_is_refused_with_the_evidence(
    site: Site, cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run(site, cache, "caption", TALK.bvid, "--text", "site", "-o", out)
    assert_one_line_error(done, "ai-zh", "of the text was heard", "--text recognised")
    assert not out.exists()


@pytest.mark.model
def test_where_no_subtitle_of_the_site_fits_the_speech_is_recognised(
    site: Site, cache: Path, tmp_path: Path
) -> None:
    done = run(site, cache, "caption", TALK.bvid, "--no-speakers", "-o", tmp_path)
    assert done.status == 0, done.stderr
    assert "is not what is said" in done.stderr
    words = json.loads((tmp_path / "words.json").read_text(encoding="utf-8"))
    assert words["provenance"]["settings"]["text"] == "recognised"
    assert words["source"]["bvid"] == TALK.bvid
    text = "".join(word["text"] for word in words["words"])
    assert "紅燒肉" not in text
    assert "红烧肉" not in text
    assert "大模型" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give a document"),
        ((PART_8, "--audio", "talk.m4a"), "two sounds"),
        ((str(DOCUMENT), "--text", "site"), "there is a document"),
        (("--audio", str(CLIP), "--text", "site"), "a file has no site"),
    ],
)
def test_inputs_that_make_no_sense_together_are_wrong_arguments(
    arguments: tuple[str, ...], message: str
) -> None:
    done = subtools("caption", *arguments)
    assert done.status == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    "command", [("transcribe",), ("diarize",), ("align", "talk.txt", "--audio")]
)
def test_commands_that_do_not_fetch_say_which_does(command: tuple[str, ...]) -> None:
    done = subtools(*command, PART_8)
    assert done.status == 2
    assert f"subtools fetch '{PART_8}'" in " ".join(done.stderr.replace("│", " ").split())


def test_a_document_that_names_no_video_needs_the_sound(tmp_path: Path) -> None:
    document = tmp_path / "talk.txt"
    document.write_text("大家好，我們開始。\n", encoding="utf-8")
    done = subtools("caption", document, "-o", tmp_path / "out")
    assert_one_line_error(done, "does not say which video", "--audio")


def test_a_file_with_the_name_of_a_video_is_a_file(tmp_path: Path) -> None:
    document = tmp_path / CONFERENCE.bvid
    document.write_text("大家好，我們開始。\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "subtools", "caption", CONFERENCE.bvid],
        cwd=tmp_path,
        env=environment({}),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1
    assert "does not say which video" in done.stderr


# --- cache


def test_the_cache_shows_what_is_kept_and_lets_go_of_what_is_named(site: Site, cache: Path) -> None:
    kept = cache / "fetched"
    for part in (1, 2):
        assert run(site, cache, "fetch", f"{CONFERENCE.bvid}?p={part}", "-o", kept).status == 0
    (cache / "unfinished" / "BV1aa411c7mD").mkdir(parents=True)
    (cache / "unfinished" / "BV1aa411c7mD" / "sound.1000.part").write_bytes(bytes(400))
    listed = json.loads(run(site, cache, "cache", "list", "--json").stdout)
    assert [(e["kind"], e["name"]) for e in listed] == [
        ("fetched", f"{CONFERENCE.bvid}_p1"),
        ("fetched", f"{CONFERENCE.bvid}_p2"),
        ("unfinished", "BV1aa411c7mD"),
    ]
    assert listed[0]["size"] == sum(Path(path).stat().st_size for path in listed[0]["files"])
    assert listed[2]["size"] == 400

    assert run(site, cache, "cache", "clear", f"{CONFERENCE.bvid}_p1").status == 0
    assert {path.name.partition("_p")[2][0] for path in kept.iterdir()} == {"2"}
    assert run(site, cache, "cache", "clear", "--unfinished").status == 0
    assert not list((cache / "unfinished").iterdir())
    assert list(kept.glob("*.m4a"))
    assert run(site, cache, "cache", "clear", "--all").status == 0
    assert not list(kept.iterdir())


def test_clearing_needs_to_be_told_what(cache: Path) -> None:
    environment = {"SUBTOOLS_CACHE": str(cache)}
    assert subtools("cache", "clear", env=environment).status == 2
    done = subtools("cache", "clear", "BV1zE421N7UJ", env=environment)
    assert_one_line_error(done, "nothing is kept under BV1zE421N7UJ", "cache list")
