"""Is it the sound that was asked for? Links that lead elsewhere, previews, uploads replaced."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtools.download import Fetched, FetchOptions, Patience, fetch, parse_parts
from subtools.download.addresses import parse_address
from subtools.download.asking import Item, Track, check_upload
from subtools.download.bilibili import PartInfo, ask_parts, ask_subtitles
from subtools.download.jobs import has_own_length
from subtools.download.observing import find_trouble, find_upload
from subtools.errors import FetchError
from subtools.media import find_ffmpeg, measure_sound
from tests.bilibili import (
    BEST_FORMAT,
    CONFERENCE,
    SERIES,
    Faults,
    Page,
    Site,
    Video,
    emulated_bilibili,
)
from tests.conftest import DATA
from tests.web import Answer, Server, serving

CLIP = (DATA / "clip" / "clip.opus").read_bytes()
QUICK = Patience(pause=0.01, silence=2.0, tries=2)
PART_8 = f"{CONFERENCE.bvid}?p=8"
NAMED = "https://a.bilivideo.com/upgcxcode/1/2/{cid}/{cid}-1-30280.m4s"
VIEWERS = "https://xy1x2.mcdn.bilivideo.cn:8082/v1/resource/{cid}-1-30280.m4s"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    folder = tmp_path / "authority"
    folder.mkdir()
    with emulated_bilibili(folder) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "127.0.0.1")
        yield running


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def get(address: str, tmp_path: Path, **options: Any) -> tuple[Fetched, ...]:
    return fetch(
        address,
        tmp_path / "out",
        work=tmp_path / "work",
        measure=measure_sound,
        options=FetchOptions(patience=QUICK, **options),
    )


# --- links that lead to Bilibili


def test_a_link_that_leads_to_a_part_gives_that_part(
    site: Site, server: Server, tmp_path: Path
) -> None:
    for part in (8, 3):  # the second is not taken for the first
        page = f"https://www.bilibili.com/video/{CONFERENCE.bvid}?p={part}"
        server.answers[f"/{part}"] = Answer(status=302, headers={"Location": page})
        (found,) = get(f"{server.url}/{part}", tmp_path)
        assert found.metadata is not None
        assert found.metadata.part == part
        assert found.sound.read_bytes() == site.bytes_of(CONFERENCE.bvid, part, BEST_FORMAT)


@pytest.mark.parametrize(
    ("query", "message"), [("", "12 parts, and none is named"), ("?p=99", "no part 99")]
)
@pytest.mark.usefixtures("site")
def test_a_link_that_leads_to_no_part_gives_none(
    server: Server, tmp_path: Path, query: str, message: str
) -> None:
    page = f"https://www.bilibili.com/video/{CONFERENCE.bvid}{query}"
    server.answers["/x"] = Answer(status=302, headers={"Location": page})
    with pytest.raises(FetchError, match=message):
        get(f"{server.url}/x", tmp_path)


# --- the upload


def item(*addresses: str, asked: tuple[int, ...] = ()) -> Item:
    tracks = tuple(
        Track("30280", (address,), {}, "https", "m4a", "aac", None, True, False, 0, {})
        for address in addresses
    )
    return Item("BiliBili", "BV1", "", "", "", None, "", (), (), tracks, 1, asked)


@pytest.mark.parametrize("form", [NAMED, VIEWERS])
def test_streams_of_any_other_upload_are_refused(form: str) -> None:
    mine, other = form.format(cid=11111), form.format(cid=99999)
    assert (find_upload(mine), find_upload(other)) == (11111, 99999)
    check_upload(item(mine), 11111, url="")
    check_upload(item(mine, asked=(11111,)), 11111, url="")
    for wrong in (item(other), item(mine, other), item(mine, asked=(99999,))):
        with pytest.raises(FetchError, match="another part or video"):
            check_upload(wrong, 11111, url="")


def test_an_unusual_address_may_name_another_part() -> None:
    unusual = "https://a.bilivideo.com/audio/{cid}.m4s"
    uploads: dict[str, Any] = {"others": [1_582_682_301], "url": ""}
    check_upload(item(unusual.format(cid=1_582_682_264)), 1_582_682_264, **uploads)
    wrong = item(unusual.format(cid=1_582_682_301), asked=(1_582_682_264,))
    with pytest.raises(FetchError, match="another part or video"):
        check_upload(wrong, 1_582_682_264, **uploads)


def test_streams_of_nobody_knows_which_upload_are_refused() -> None:
    unnamed = "https://a.bilivideo.com/stream.m4s"
    check_upload(item(unnamed, asked=(11111,)), 11111, url="")
    check_upload(item(unnamed), 11111, is_unlike=True, url="")
    with pytest.raises(FetchError, match="another part or video"):
        check_upload(item(unnamed), 11111, url="")
    with pytest.raises(FetchError, match="another part or video"):
        check_upload(item(unnamed, asked=(99999,)), 11111, is_unlike=True, url="")


def test_a_part_is_told_by_its_length_if_no_other_is_about_as_long() -> None:
    parts = tuple(PartInfo(n, "", length) for n, length in enumerate((60.0, 62.0, 90.0), start=1))
    assert [has_own_length(part, parts) for part in parts] == [False, False, True]
    alone = PartInfo(1, "")
    assert has_own_length(alone, (alone,))
    assert not has_own_length(alone, (alone, parts[1]))
    assert not has_own_length(parts[2], (parts[2], PartInfo(4, "")))


def test_a_part_that_was_replaced_is_fetched_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tuple(Page(cid=52_000_000 + n, part=f"第{n}段", duration=2 + n) for n in (1, 2))
    video = Video(bvid="BV1aa411c7mD", aid=170_099, title="兩段", owner="某某", pages=pages)
    newer = replace(video, pages=(pages[0], Page(cid=52_000_009, part="新的", duration=6)))
    is_new = []
    for number, version in enumerate((video, newer)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with emulated_bilibili(folder, videos=(version,)) as site:
            for name, value in site.environment.items():
                monkeypatch.setenv(name, value)
            # What is there whole is not asked about; a part that is not there makes it ask.
            wanted = "1-2" if number else "2"
            found = get(video.bvid, tmp_path, parts=parse_parts(wanted))
            is_new.append([one.is_new for one in found])
            assert found[-1].sound.read_bytes() == site.bytes_of(video.bvid, 2, BEST_FORMAT)
    assert is_new == [[True], [True, True]]
    assert len(list((tmp_path / "out").glob("*_p2].m4a"))) == 1


def test_a_preview_is_not_the_whole(site: Site, tmp_path: Path) -> None:
    address = f"https://www.bilibili.com/bangumi/play/ep{SERIES.first_episode}"
    site.faults = Faults(preview=True)
    with pytest.raises(FetchError, match=r"only a preview.*--cookies"):
        get(address, tmp_path)
    site.faults = Faults()
    assert get(address, tmp_path)[0].is_new


def test_talks_that_differ_behind_the_hash_sign_are_two(server: Server, tmp_path: Path) -> None:
    server.answers["/a.opus"] = Answer(CLIP)
    first, second, again = (
        get(f"{server.url}/a.opus#/talk/{number}", tmp_path)[0] for number in (1, 2, 1)
    )
    assert (first.is_new, second.is_new, again.is_new) == (True, True, False)
    assert first.sound != second.sound
    assert first.sound == again.sound


def test_signatures_are_kept_nowhere(server: Server, tmp_path: Path) -> None:
    for token in ("SIGNED", "ANEW"):
        server.answers[f"/a.opus?id=3&token={token}"] = Answer(CLIP)
    (found,) = get(f"{server.url}/a.opus?id=3&token=SIGNED", tmp_path)
    assert found.metadata_file is not None
    assert "SIGNED" not in found.metadata_file.read_text(encoding="utf-8")
    (again,) = get(f"{server.url}/a.opus?id=3&token=ANEW", tmp_path)
    assert not again.is_new


# --- answers of wrong types


@pytest.mark.parametrize("code", [[], {}, "0", None, float("inf")])
def test_a_code_that_is_no_number_is_trouble(code: object) -> None:
    import json

    body = json.dumps({"code": code}).encode()
    assert find_trouble("https://api.bilibili.com/x", body) == "no code"


@pytest.mark.parametrize(
    "answer",
    [
        *({"code": []}, {"code": 0, "data": 3}, {"code": 0, "data": [3]}, {"code": 0}),
        {"code": 0, "data": [{"page": 1, "cid": float("inf")}]},
        {"code": 0, "data": [{"page": [], "cid": 1}]},
    ],
)
def test_a_list_of_parts_that_makes_no_sense_is_an_error(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    monkeypatch.setattr("subtools.download.bilibili._ask", lambda *_: answer)
    with pytest.raises(FetchError):
        ask_parts(None, parse_address(CONFERENCE.bvid))  # type: ignore[arg-type]  # not asked


@pytest.mark.parametrize(
    "subtitles", [3, "x", [3], {"subtitles": 3}, {"subtitles": [{"subtitle_url": [3]}]}]
)
def test_a_list_of_subtitles_that_makes_no_sense_costs_only_the_subtitles(
    monkeypatch: pytest.MonkeyPatch, subtitles: object
) -> None:
    answer = {"code": 0, "data": {"subtitle": subtitles}}
    monkeypatch.setattr("subtools.download.bilibili._ask", lambda *_: answer)
    found, _ = ask_subtitles(None, 1, 2, 60.0)  # type: ignore[arg-type]  # not asked
    assert found == ()


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("//aisubtitle.hdslb.com/bfs/ai_subtitle/prod/1234567890abcd?auth_key=1", True),
        ("//aisubtitle.hdslb.com/bfs/ai_subtitle/1234/567890.json", True),
        ("//aisubtitle.hdslb.com/bfs/ai_subtitle/x.json?aid=1234&cid=567890", True),
        ("//aisubtitle.hdslb.com/bfs/ai_subtitle/prod/1234567891abcd", False),
        ("//aisubtitle.hdslb.com/bfs/ai_subtitle/1234/567891.json", False),
        ("//aisubtitle.hdslb.com/bfs/ai_subtitle/prod/abcd", False),
    ],
)
def test_a_subtitle_that_a_machine_wrote_must_name_its_video(
    monkeypatch: pytest.MonkeyPatch, address: str, is_taken: bool
) -> None:
    def answer(_: object, url: str, __: str) -> dict[str, Any]:
        if "/x/player" in url:
            listed = [{"lan": "ai-zh", "subtitle_url": address}]
            return {"code": 0, "data": {"subtitle": {"subtitles": listed}}}
        return {"body": [{"from": 0, "to": 1, "content": "大家好"}]}

    monkeypatch.setattr("subtools.download.bilibili._ask", answer)
    found, notes = ask_subtitles(None, 1234, 567890, 60.0)  # type: ignore[arg-type]  # not asked
    assert (len(found) == 1) is is_taken
    assert is_taken or "names another video" in notes[0]


# --- streams in pieces


def pieces(folder: Path, pitch: int) -> tuple[bytes, list[bytes]]:
    """Return a playlist and its pieces."""
    folder.mkdir()
    source = f"sine=frequency={pitch}:duration=8"
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, "-c:a", "aac"]
    command += ["-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "i.m3u8"]
    subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL)
    count = len(list(folder.glob("*.ts")))
    return (folder / "i.m3u8").read_bytes(), [
        (folder / f"i{k}.ts").read_bytes() for k in range(count)
    ]


def offer(server: Server, playlist: bytes, parts: list[bytes], *, lacking: int = -1) -> None:
    server.answers["/i.m3u8"] = Answer(playlist, "application/vnd.apple.mpegurl")
    for number, part in enumerate(parts):
        is_there = number != lacking
        answer = Answer(part, "video/mp2t") if is_there else Answer(status=404)
        server.answers[f"/i{number}.ts"] = answer


@pytest.mark.parametrize("state", ["as it is", "no list", "empty list", "whole, not renamed"])
def test_pieces_that_a_killed_run_left_do_not_get_into_another_upload(
    server: Server, tmp_path: Path, state: str
) -> None:
    playlist, older = pieces(tmp_path / "a", 300)
    _, newer = pieces(tmp_path / "b", 500)
    offer(server, playlist, older, lacking=3)
    with pytest.raises(FetchError):
        get(f"{server.url}/i.m3u8", tmp_path)
    (part,) = (tmp_path / "work").glob("*/*.part")
    (listed,) = (tmp_path / "work").glob("*/*.ytdl")
    if state == "empty list":
        listed.write_bytes(b"")
    elif state != "as it is":
        listed.unlink()
    if state == "whole, not renamed":
        part.write_bytes(b"".join(older))
    offer(server, playlist, newer)
    (found,) = get(f"{server.url}/i.m3u8", tmp_path)
    assert found.sound.read_bytes() == b"".join(newer)
    assert not list((tmp_path / "work").iterdir())


def test_progress_of_a_second_stream_in_pieces_is_its_own(server: Server, tmp_path: Path) -> None:
    playlist, parts = pieces(tmp_path / "a", 300)
    offer(server, playlist, parts)
    stages: list[str] = []
    for _ in range(2):
        fetch(
            f"{server.url}/i.m3u8#/talk/{len(stages)}",
            tmp_path / "out",
            work=tmp_path / "work",
            measure=measure_sound,
            options=FetchOptions(patience=QUICK),
            progress=lambda stage, _done, total: stages.append(f"{stage} {total >= 0}"),
        )
    assert set(stages) == {"fetch True"}


# --- subtitles that came later


def test_subtitles_that_needed_a_login_come_with_the_cookies(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(subtitles_need_login=True)
    (first,) = get(PART_8, tmp_path)
    assert first.subtitles == ()
    before = len(site.requests)
    assert get(PART_8, tmp_path)[0].subtitles == ()  # without cookies nothing is asked
    assert len(site.requests) == before

    jar = tmp_path / "cookies.txt"
    secret = "\t".join((".bilibili.com", "TRUE", "/", "TRUE", "2000000000", "SESSDATA", "very"))
    jar.write_text(f"# Netscape HTTP Cookie File\n{secret}\n", encoding="utf-8")
    (second,) = get(PART_8, tmp_path, cookies=jar)
    assert [path.name.split(".")[-2] for path in second.subtitles] == ["ai-zh", "zh-Hant"]
    assert second.notes == ()
    assert second.sound == first.sound
    assert not any(".m4s" in request.path for request in site.requests[before:])
    before = len(site.requests)
    assert get(PART_8, tmp_path, cookies=jar)[0].subtitles == second.subtitles
    assert len(site.requests) == before


def test_a_sound_that_is_there_does_not_need_the_site(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(subtitles_need_login=True)
    get(PART_8, tmp_path)
    site.faults = Faults(geo_block=True, pagelist_fails=99)
    jar = tmp_path / "cookies.txt"
    jar.write_text("# Netscape HTTP Cookie File\n", encoding="utf-8")
    (found,) = get(PART_8, tmp_path, cookies=jar)
    assert found.sound.read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    assert any("cannot be asked for now" in note for note in found.notes)
