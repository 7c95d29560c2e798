"""Whole fetches from the emulated Bilibili: the right bytes, or an error that says why."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from subtools.download import (
    ALL_PARTS,
    Fetched,
    FetchOptions,
    Limits,
    Parts,
    Patience,
    fetch,
    parse_parts,
    plan_parts,
)
from subtools.errors import FetchError, OutputError, SubtoolsError
from subtools.media import find_ffmpeg
from subtools.media.measuring import measure_sound
from tests.bilibili import (
    BEST_FORMAT,
    CONFERENCE,
    FOR_EVER,
    HOSTILE_TITLES,
    MEMBERS,
    MIDDLE_FORMAT,
    TALK,
    VIDEOS,
    Faults,
    OtherFile,
    Page,
    Site,
    Video,
    emulated_bilibili,
    titled,
)
from tests.conftest import DATA, ROOT

PART_8 = f"{CONFERENCE.bvid}?p=8"
QUICK = Patience(pause=0.01, silence=0.7)
KEY = f"{CONFERENCE.bvid}_p8"
STREAMS = ".m4s"
SECRET = "very-secret-session"
SHORT = Video(
    bvid="BV1aa411c7mD",
    aid=170_099,
    title="三段",
    owner="某某",
    pages=tuple(Page(cid=52_000_000 + n, part=f"第{n}段", duration=2 + n) for n in (1, 2, 3)),
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site, to which the environment leads, and nowhere else."""
    folder = tmp_path / "authority"
    folder.mkdir()
    others = (
        OtherFile("talks.example", "/talk.opus", "audio/ogg", CLIP.read_bytes()),
        OtherFile("talks.example", "/page.html", "text/html", b"<title>nothing</title>"),
    )
    with emulated_bilibili(folder, videos=(*VIDEOS, SHORT), other_files=others) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


CLIP = DATA / "clip" / "clip.opus"


def get(
    address: str, tmp_path: Path, options: FetchOptions | None = None, **more: Any
) -> tuple[Fetched, ...]:
    options = options or FetchOptions(patience=QUICK, limits=Limits(page=4 << 20))
    return fetch(
        address,
        tmp_path / "out",
        work=tmp_path / "work",
        measure=measure_sound,
        options=options,
        **more,
    )


def is_right(fetched: Fetched, site: Site) -> bool:
    metadata = fetched.metadata
    assert metadata is not None
    assert metadata.part is not None
    served = site.bytes_of(metadata.id, metadata.part, int(metadata.sound.format))
    return fetched.sound.read_bytes() == served


def streams_asked(site: Site) -> list[str]:
    return [request.path for request in site.requests if STREAMS in request.path]


def leftovers(tmp_path: Path) -> list[str]:
    unfinished = [p.name for p in (tmp_path / "work").rglob("*")]
    return unfinished + [p.name for p in (tmp_path / "out").glob(".*")]


# --- when all goes well


def test_a_part_arrives_byte_for_byte_with_all_that_is_known(site: Site, tmp_path: Path) -> None:
    (fetched,) = get(PART_8, tmp_path)
    assert fetched.sound.read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    assert [p.name for p in (tmp_path / "out").glob("*.m4a")] == [f"圆桌讨论 [{KEY}].m4a"]
    assert fetched.metadata_file is not None
    known = json.loads(fetched.metadata_file.read_text(encoding="utf-8"))
    expected = {
        "id": CONFERENCE.bvid,
        "aid": CONFERENCE.aid,
        "cid": CONFERENCE.pages[7].cid,
        "title": CONFERENCE.title,
        "part": 8,
        "part_title": "圆桌讨论",
        "parts": 12,
        "uploader": CONFERENCE.owner,
        "upload_date": "2024-06-14",
        "tags": list(CONFERENCE.tags),
        "url": f"https://www.bilibili.com/video/{PART_8}",
    }
    assert {name: known[name] for name in expected} == expected
    assert [chapter["title"] for chapter in known["chapters"]] == ["開場", "問答 <1>"]
    assert known["duration"] == pytest.approx(CONFERENCE.pages[7].duration, abs=0.1)
    assert [(s["language"], s["by_machine"]) for s in known["subtitles"]] == [
        *(("ai-zh", True), ("zh-Hant", False))
    ]
    assert "首先我想问" in fetched.subtitles[0].read_text(encoding="utf-8")
    assert fetched.danmaku is not None
    assert "前排" in fetched.danmaku.read_text(encoding="utf-8")
    assert leftovers(tmp_path) == []
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert modes == {0o600}


def test_a_second_run_asks_for_nothing(site: Site, tmp_path: Path) -> None:
    (first,) = get(PART_8, tmp_path)
    asked = len(site.requests)
    for address in (PART_8, f"av{CONFERENCE.aid}?p=8", f"https://m.bilibili.com/video/{PART_8}"):
        (again,) = get(address, tmp_path)
        assert (again.sound, again.metadata) == (first.sound, first.metadata)
        assert (first.is_new, again.is_new) == (True, False)
    assert len(site.requests) == asked


def test_a_sound_that_was_changed_since_is_fetched_again(site: Site, tmp_path: Path) -> None:
    (first,) = get(PART_8, tmp_path)
    with first.sound.open("r+b") as file:
        file.write(b"damaged")
    (again,) = get(PART_8, tmp_path)
    assert again.is_new
    assert is_right(again, site)


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.bilibili.com/video/{PART_8}",
        f"https://m.bilibili.com/video/{PART_8}&share_source=copy_web",
        f"http://www.bilibili.com/video/bv{PART_8[2:]}",
        f"av{CONFERENCE.aid}?p=8",
        f"https://www.bilibili.com/video/av{CONFERENCE.aid}/?p=8",
        "https://b23.tv/eight",
        "【圆桌】 http://bili2233.cn/eight",
        f"https://b23.tv/{PART_8}",
    ],
)
def test_every_address_of_a_part_leads_to_its_bytes(
    site: Site, tmp_path: Path, address: str
) -> None:
    site.short_links["eight"] = f"https://www.bilibili.com/video/{PART_8}"
    (fetched,) = get(address, tmp_path)
    assert fetched.metadata is not None
    assert fetched.metadata.key == KEY
    assert is_right(fetched, site)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("https://b23.tv/round", "leads nowhere.*open it in a browser"),
        ("file:///etc/passwd", "leads nowhere.*open it in a browser"),
        ("ftp://talks.example/talk.opus", "a redirect to ftp: is not followed.*in a browser"),
        ("https://talks.example/talk.opus", "to talks.example is not followed.*in a browser"),
    ],
)
def test_a_short_link_leads_to_its_own_site_only(
    site: Site, tmp_path: Path, target: str, message: str
) -> None:
    site.short_links["round"] = target
    with pytest.raises(FetchError, match=message):
        get("https://b23.tv/round", tmp_path)
    assert site.asked("talks.example") == []


@pytest.mark.usefixtures("site")
def test_a_short_link_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="leads nowhere"):
        get("https://b23.tv/gone", tmp_path)


def test_a_number_becomes_the_id_that_its_page_names(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(pagelist_of_ids=True)
    (fetched,) = get(f"av{CONFERENCE.aid}?p=8", tmp_path)
    assert is_right(fetched, site)


def test_the_only_part_needs_no_number(site: Site, tmp_path: Path) -> None:
    (fetched,) = get(TALK.bvid, tmp_path)
    assert is_right(fetched, site)
    asked = len(site.requests)
    get(TALK.bvid, tmp_path)
    assert len(site.requests) == asked


def test_of_several_parts_one_must_be_named(site: Site, tmp_path: Path) -> None:
    with pytest.raises(
        FetchError, match=r"12 parts, and none is named: 1 開幕致辭; 2 .*--parts all"
    ):
        get(CONFERENCE.bvid, tmp_path)
    assert streams_asked(site) == []


@pytest.mark.parametrize(("parts", "numbers"), [("all", (1, 2, 3)), ("1,3", (1, 3)), ("2", (2,))])
def test_parts_are_fetched_as_chosen(
    site: Site, tmp_path: Path, parts: str, numbers: tuple[int, ...]
) -> None:
    stages: set[str] = set()
    options = FetchOptions(parts=parse_parts(parts), patience=QUICK)
    fetched = get(SHORT.bvid, tmp_path, options, progress=lambda stage, *_: stages.add(stage))
    assert [f.metadata.part for f in fetched if f.metadata] == list(numbers)
    assert all(is_right(f, site) for f in fetched)
    assert stages == ({f"fetch P{n}" for n in numbers} if len(numbers) > 1 else {"fetch"})
    asked = len(site.requests)
    assert get(SHORT.bvid, tmp_path, options)[0].sound == fetched[0].sound
    assert len(site.requests) == asked


def test_a_part_that_is_not_there_is_never_another_one(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"no part 99 \(there are parts 1 to 12\)"):
        get(f"{CONFERENCE.bvid}?p=99", tmp_path)
    assert streams_asked(site) == []
    assert not (tmp_path / "out").exists()


def test_a_collection_is_fetched_as_chosen(site: Site, tmp_path: Path) -> None:
    season = site.collection
    address = f"https://space.bilibili.com/{season.mid}/lists/{season.season}?type=season"
    with pytest.raises(FetchError, match="2 parts, and none is named"):
        get(address, tmp_path)
    (fetched,) = get(address, tmp_path, FetchOptions(parts=parse_parts("2"), patience=QUICK))
    assert fetched.metadata is not None
    assert fetched.metadata.id == TALK.bvid
    assert is_right(fetched, site)


def test_the_parts_of_a_video_are_listed(site: Site) -> None:
    plans = plan_parts(CONFERENCE.bvid, options=FetchOptions(patience=QUICK))
    assert [(p.number, p.title, p.duration) for p in plans] == [
        (n, page.part, page.duration) for n, page in enumerate(CONFERENCE.pages, start=1)
    ]
    assert plans[7].url == f"https://www.bilibili.com/video/{PART_8}"
    assert streams_asked(site) == []


def test_the_picture_is_a_file_of_its_own(site: Site, tmp_path: Path) -> None:
    (alone,) = get(PART_8, tmp_path)
    assert alone.video is None
    (both,) = get(PART_8, tmp_path, FetchOptions(video=True, patience=QUICK))
    assert both.video is not None
    assert both.metadata is not None
    assert both.metadata.video is not None
    name = int(both.metadata.video.format)
    assert both.video.read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, name)
    assert is_right(both, site)
    assert leftovers(tmp_path) == []


@pytest.mark.usefixtures("site")
def test_subtitles_and_danmaku_can_be_left_out(tmp_path: Path) -> None:
    options = FetchOptions(subtitles=False, danmaku=False, patience=QUICK)
    (fetched,) = get(PART_8, tmp_path, options)
    assert (fetched.subtitles, fetched.danmaku, fetched.notes) == ((), None, ())


def test_progress_ends_with_all_bytes(site: Site, tmp_path: Path) -> None:
    told: list[tuple[str, float, float]] = []
    get(PART_8, tmp_path, progress=lambda *step: told.append(step))
    size = len(site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT))
    assert told[-1] == ("fetch", size, size)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


# --- other sites and files


def test_a_file_of_this_machine_stays_where_it_is(tmp_path: Path) -> None:
    for address in (str(CLIP), CLIP.as_uri()):
        (fetched,) = get(address, tmp_path)
        assert fetched.sound == CLIP
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FetchError, match="no file"):
        get("no such talk.mp3", tmp_path)


def test_a_file_on_another_site_arrives_byte_for_byte(site: Site, tmp_path: Path) -> None:
    (fetched,) = get("https://talks.example/talk.opus", tmp_path)
    assert fetched.sound.read_bytes() == CLIP.read_bytes()
    asked = len(site.requests)
    (again,) = get("https://talks.example/talk.opus", tmp_path)
    assert again.sound == fetched.sound
    assert len(site.requests) == asked


def test_sound_in_pieces_is_joined_as_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "sine=duration=7", "-c:a", "aac"]
    subprocess.run([*command, "-f", "hls", "-hls_time", "3", made / "talk.m3u8"], check=True)
    kinds = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}
    others = [
        OtherFile("talks.example", f"/{p.name}", kinds[p.suffix], p.read_bytes())
        for p in sorted(made.iterdir())
    ]
    pieces = b"".join(file.body for file in others if file.path.endswith(".ts"))
    with emulated_bilibili(made, other_files=others) as site:
        for name, value in site.environment.items():
            monkeypatch.setenv(name, value)
        (fetched,) = get("https://talks.example/talk.m3u8", tmp_path)
    assert fetched.sound.read_bytes() == pieces
    assert leftovers(tmp_path) == []


def test_a_piece_that_is_gone_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "authority").mkdir()
    playlist = b"#EXTM3U\n#EXTINF:3,\ngone.ts\n#EXT-X-ENDLIST\n"
    listed = OtherFile("talks.example", "/a.m3u8", "application/vnd.apple.mpegurl", playlist)
    with emulated_bilibili(tmp_path / "authority", other_files=[listed]) as site:
        for name, value in site.environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(FetchError):
            get("https://talks.example/a.m3u8", tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("site")
def test_a_page_without_sound_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no sound is known to be there"):
        get("https://talks.example/page.html", tmp_path)


# --- each fault alone

RECOVERED: list[dict[str, Any]] = [
    {"cut_connection": 1},
    {"cut_connection": FOR_EVER, "cut_after": 60_000},
    {"cut_connection": 2, "no_range": True},
    {"cut_connection": 1, "no_length": True, "no_range": True, "no_sizes": True},
    {"stall": 5.0, "stall_times": 1},
    {"slow": 400_000},
    {"no_range": True},
    {"no_length": True},
    {"no_sizes": True},
    {"html_body": 1},
    {"http_403_expired": 1},
    {"http_403_expired": 2},
    {"requests_per_address": 1, "cut_connection": 3},
    {"dead_first_host": True},
    {"silent_first_host": 5.0},
    {"http_412": 1},
    {"http_412": 3},
    {"needs_buvid": True},
    {"risk_page": 1},
    {"minus_352": 1},
    {"minus_352": FOR_EVER},
    {"playurl_412": FOR_EVER},
    {"opaque": True},
    {"voucher": FOR_EVER},
    {"pagelist_fails": 2},
    {"pagelist_empty": 2},
    {"pagelist_first": 1},
    {"stale_keys": 1},
    {"stale_keys": 2, "no_playinfo": True},
    {"view_fails": FOR_EVER},
    {"playinfo_of_part_1": True},
    {"no_playinfo": True},
    {"missing_part": 3},
    {"missing_part": 12},
    {"mobile_stays": True},
    {"http_503": 3},
]

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"short_body": 0.5}, "where the site states"),
    ({"short_body": 0.99, "no_sizes": True}, "cut short"),
    ({"short_body": 0.0}, "416"),
    ({"damaged": True}, "damaged"),
    ({"stream_of_part": 7}, "where the site states"),
    ({"stream_of_part": 7, "no_sizes": True}, "10.0 s where the site states 11.0 s"),
    ({"html_body": FOR_EVER}, "text/html instead of sound"),
    ({"http_403_expired": FOR_EVER}, "refuse to send.*--cookies"),
    ({"dead_hosts": True}, "unreachable"),
    ({"stream_url": "file:///etc/passwd"}, "no sound to be fetched"),
    ({"http_412": FOR_EVER}, "risk control, HTTP 412.*--cookies.*VPN makes it worse"),
    ({"risk_page": FOR_EVER}, "risk control, captcha"),
    ({"minus_352": FOR_EVER, "no_playinfo": True}, "risk control, -352"),
    ({"minus_352": FOR_EVER, "playinfo_of_part_1": True}, "another part"),
    ({"minus_352": FOR_EVER, "opaque": True}, "another part"),
    ({"playurl_412": FOR_EVER, "no_playinfo": True}, "risk control, HTTP 412"),
    ({"playurl_code": -404, "no_playinfo": True}, "no such video"),
    ({"playurl_code": -10403, "no_playinfo": True}, "-10403 抱歉您所在地区不可观看.*--proxy"),
    ({"playurl_code": 87008, "no_playinfo": True}, "87008 .*充电.*supporters.*--cookies"),
    ({"pagelist_fails": FOR_EVER}, "-504"),
    ({"pagelist_empty": FOR_EVER}, "makes no sense"),
    ({"pagelist_first": FOR_EVER}, "1 of the 12 parts that its page names"),
    ({"missing_part": 8}, "there is no part 8"),
    ({"geo_block": True}, "--proxy"),
    ({"huge_json": 5 << 20}, "too large"),
]


@pytest.mark.parametrize("fault", RECOVERED, ids=str)
def test_after_a_fault_that_passes_the_bytes_are_right(
    site: Site, tmp_path: Path, fault: dict[str, Any]
) -> None:
    site.faults = Faults(**fault)
    (fetched,) = get(PART_8, tmp_path)
    assert fetched.metadata is not None
    assert fetched.metadata.sound.format == str(BEST_FORMAT)
    assert is_right(fetched, site)
    assert leftovers(tmp_path) == []


def test_an_old_video_in_one_file_gives_that_file(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(no_dash=True, no_sizes=True)
    (fetched,) = get(PART_8, tmp_path, FetchOptions(video=True, patience=QUICK))
    assert fetched.video == fetched.sound
    assert is_right(fetched, site)


@pytest.mark.parametrize(("fault", "message"), REFUSED, ids=str)
def test_a_fault_that_stays_is_an_error_and_never_a_sound(
    site: Site, tmp_path: Path, fault: dict[str, Any], message: str
) -> None:
    site.faults = Faults(**fault)
    with pytest.raises(FetchError, match=message):
        get(PART_8, tmp_path)
    assert not (tmp_path / "out").exists()
    site.faults = Faults()
    (fetched,) = get(PART_8, tmp_path)
    assert is_right(fetched, site)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("seed", range(12))
def test_three_faults_together_give_the_right_bytes_or_an_error(
    site: Site, tmp_path: Path, seed: int
) -> None:
    choices = [*RECOVERED, *(fault for fault, _ in REFUSED)]
    together: dict[str, Any] = {}
    for fault in random.Random(seed).sample(choices, 3):
        together |= fault
    site.faults = Faults(**together)
    try:
        (fetched,) = get(PART_8, tmp_path)
    except SubtoolsError as error:
        assert str(error)
        assert not (tmp_path / "out").exists()
    else:
        assert is_right(fetched, site)


@pytest.mark.parametrize("parts", [None, ALL_PARTS])
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"pagelist_fails": FOR_EVER}, "-504"),
        ({"pagelist_first": FOR_EVER}, "1 of the 3 parts"),
    ],
)
def test_a_failed_list_of_parts_never_makes_a_video_of_one_part(
    site: Site, tmp_path: Path, fault: dict[str, Any], message: str, parts: Parts | None
) -> None:
    site.faults = Faults(**fault)
    with pytest.raises(FetchError, match=message):
        get(SHORT.bvid, tmp_path, FetchOptions(parts=parts, patience=QUICK))
    assert streams_asked(site) == []


def test_the_best_track_that_may_be_had_is_taken(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(login_only_track=True)
    (fetched,) = get(PART_8, tmp_path)
    assert fetched.metadata is not None
    assert fetched.metadata.sound.format == str(MIDDLE_FORMAT)
    assert is_right(fetched, site)


@pytest.mark.parametrize(
    ("fault", "languages", "note"),
    [
        ({"no_subtitles": True}, [], None),
        ({"subtitles_need_login": True}, [], "only to those who log in"),
        ({"subtitles_fail": 1}, ["ai-zh", "zh-Hant"], None),
        ({"subtitles_fail": FOR_EVER}, [], "subtitles cannot be fetched"),
        ({"wrong_ai_subtitle": True}, ["zh-Hant"], "ai-zh left out: its address names another"),
    ],
    ids=str,
)
def test_without_subtitles_the_sound_goes_on_and_a_note_says_so(
    site: Site, tmp_path: Path, fault: dict[str, Any], languages: list[str], note: str | None
) -> None:
    site.faults = Faults(**fault)
    (fetched,) = get(PART_8, tmp_path)
    assert is_right(fetched, site)
    assert fetched.metadata is not None
    assert [kept.language for kept in fetched.metadata.subtitles] == languages
    assert any(note in n for n in fetched.notes) if note else fetched.notes == ()


# --- secrets and hostile names


def cookies(tmp_path: Path) -> Path:
    path = tmp_path / "cookies.txt"
    line = f".bilibili.com\tTRUE\t/\tTRUE\t4000000000\tSESSDATA\t{SECRET}\n"
    path.write_text(f"# Netscape HTTP Cookie File\n{line}")
    return path


def test_a_video_for_members_needs_cookies_which_stay_secret(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="log in: --cookies"):
        get(MEMBERS.bvid, tmp_path)
    path = cookies(tmp_path)
    before = path.read_bytes()
    (fetched,) = get(MEMBERS.bvid, tmp_path, FetchOptions(cookies=path, patience=QUICK))
    assert is_right(fetched, site)
    assert path.read_bytes() == before
    kept = [p for folder in ("out", "work") for p in (tmp_path / folder).rglob("*") if p.is_file()]
    assert kept
    assert not any(SECRET.encode() in p.read_bytes() for p in kept)
    to_streams = [r for r in site.requests if STREAMS in r.path]
    assert to_streams
    assert not any(SECRET in str(r.headers) for r in to_streams)


def test_no_cookie_is_in_an_error(
    site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site.faults = Faults(http_412=FOR_EVER)
    with pytest.raises(FetchError) as caught:
        get(PART_8, tmp_path, FetchOptions(cookies=cookies(tmp_path), patience=QUICK))
    printed = capfd.readouterr()
    assert SECRET not in f"{caught.value!r} {caught.value} {printed.out} {printed.err}"
    assert (printed.out, printed.err) == ("", "")


@pytest.mark.parametrize(
    "text", [f".bilibili.com\tTRUE\t/\t{SECRET}", f'[{{"SESSDATA": "{SECRET}"}}]', None]
)
@pytest.mark.usefixtures("site")
def test_cookies_that_cannot_be_read_are_an_error_that_does_not_quote_them(
    tmp_path: Path, text: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cookies.txt"
    if text is not None:
        path.write_text(f"# Netscape HTTP Cookie File\n{text}\n")
    with pytest.raises(FetchError, match="cookies") as caught:
        get(PART_8, tmp_path, FetchOptions(cookies=path, patience=QUICK))
    printed = capfd.readouterr()
    assert SECRET not in f"{caught.value} {printed.out} {printed.err}"


@pytest.mark.usefixtures("site")
def test_a_browser_that_is_not_here_is_an_error(tmp_path: Path) -> None:
    for name in ("no-such-browser", "firefox:no-such-profile"):
        with pytest.raises(FetchError, match=f"cookies of {name}"):
            get(PART_8, tmp_path, FetchOptions(cookies_from_browser=name, patience=QUICK))


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=lambda title: title[:6].encode().hex())
def test_no_title_writes_outside_the_folder(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "authority").mkdir()
    video = titled(SHORT, title)
    with emulated_bilibili(tmp_path / "authority", videos=[video]) as site:
        for name, value in site.environment.items():
            monkeypatch.setenv(name, value)
        (fetched,) = get(f"{SHORT.bvid}?p=2", tmp_path)
        assert is_right(fetched, site)
    assert fetched.metadata is not None
    assert fetched.sound.resolve().parent == (tmp_path / "out").resolve()
    names = {p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*")}
    assert names == {"authority", "out", "work"}


def test_a_certificate_of_a_stranger_is_refused(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchError, match=r"certificate is not trusted.*SSL_CERT_FILE"):
        get(PART_8, tmp_path)
    assert site.requests == []


def test_the_proxy_that_is_named_is_used(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in site.environment:
        if name.lower().endswith("_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
    (fetched,) = get(PART_8, tmp_path, FetchOptions(proxy=site.proxy, patience=QUICK))
    assert is_right(fetched, site)


def test_what_is_ours_hides_nothing_of_yt_dlp() -> None:
    from yt_dlp import YoutubeDL

    from subtools.download.opening import Opener

    ours = {name for name in vars(Opener) if not name.startswith("__")}
    with Opener(FetchOptions(), sleep=time.sleep) as opener, YoutubeDL({"quiet": True}) as theirs:
        kept = set(vars(opener)) - set(vars(theirs)) - {"cookiejar"}
        assert ours & set(dir(theirs)) == {
            *("build_request_director", "close", "save_cookies", "urlopen")
        }
    assert kept & set(dir(YoutubeDL)) == set()
    assert kept == {
        *("answers", "refusal", "is_unreachable", "warnings"),
        *("_options", "_sleep", "_kept", "_unread"),
    }


# --- killed, continued, twice at once

FETCH = """
import sys
from pathlib import Path
from subtools.download import FetchOptions, Patience, fetch
from subtools.media import find_ffmpeg
from subtools.media.measuring import measure_sound
out, work, address = sys.argv[1:]
options = FetchOptions(patience=Patience(pause=0.01, silence=5))
(found,) = fetch(address, Path(out), work=Path(work), measure=measure_sound, options=options)
print(found.is_new)
"""


def start(tmp_path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", FETCH, str(tmp_path / "out"), str(tmp_path / "work"), PART_8]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_run_is_continued_and_ends_with_the_same_bytes(
    site: Site, tmp_path: Path, seed: int
) -> None:
    site.faults = Faults(slow=250_000)  # about a second
    chance = random.Random(seed)
    process = start(tmp_path)
    deadline = time.monotonic() + 30
    while not site.requests and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 1.8))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    site.faults = Faults()
    (fetched,) = get(PART_8, tmp_path)
    assert is_right(fetched, site)
    assert leftovers(tmp_path) == []
    assert len(list((tmp_path / "out").glob("*.m4a"))) == 1


def test_what_a_killed_run_left_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    whole = site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    begin(tmp_path, whole[:200_000], len(whole))
    (fetched,) = get(PART_8, tmp_path)
    assert is_right(fetched, site)
    (request,) = [r for r in site.requests if STREAMS in r.path]
    assert request.headers["range"] == f"bytes={200_000 - 4096}-"


def test_what_was_left_when_all_was_done_is_tidied_up(site: Site, tmp_path: Path) -> None:
    (first,) = get(PART_8, tmp_path)
    begin(tmp_path, b"left", 5)
    (tmp_path / "work" / f"{KEY}.lock").touch()
    asked = len(site.requests)
    (again,) = get(PART_8, tmp_path)
    assert again.sound == first.sound
    assert len(site.requests) == asked
    assert leftovers(tmp_path) == []


def begin(tmp_path: Path, content: bytes, whole: int, stream: int = BEST_FORMAT) -> None:
    """Leave what a killed run would."""
    place = tmp_path / "work" / KEY
    place.mkdir(parents=True)
    (place / f"sound-{stream}.{whole}.part").write_bytes(content)


@pytest.mark.parametrize("sizes", [True, False])
@pytest.mark.parametrize("kind", ["garbage", "other format", "older upload", "longer", "whole"])
def test_a_stale_beginning_never_gets_into_the_sound(
    site: Site, tmp_path: Path, kind: str, sizes: bool
) -> None:
    site.faults = Faults(no_sizes=not sizes)
    right = site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    stale = {
        "garbage": random.Random(0).randbytes(100_000),
        "other format": site.bytes_of(CONFERENCE.bvid, 8, MIDDLE_FORMAT)[:100_000],
        "older upload": right[:50_000],
        "longer": right + b"more",
        "whole": right,
    }[kind]
    begin(tmp_path, stale, len(right))
    if kind == "older upload":
        site.faults = Faults(upload=2, no_sizes=not sizes)
    (fetched,) = get(PART_8, tmp_path)
    assert is_right(fetched, site)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("where", ["publish", "compose_metadata"])
def test_a_disk_that_is_full_at_the_end_leaves_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fail(*_: object) -> None:
        raise OutputError("cannot be written: No space left on device")

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    with monkeypatch.context() as patch, pytest.raises(OutputError, match="No space left"):
        patch.setattr(f"subtools.download.making.{where}", fail)
        get(PART_8, tmp_path, FetchOptions(video=True, patience=QUICK))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    asked = len(streams_asked(site))
    (fetched,) = get(PART_8, tmp_path, FetchOptions(video=True, patience=QUICK))
    assert is_right(fetched, site)
    assert len(streams_asked(site)) <= asked + 2  # the ends are compared, no more
    assert leftovers(tmp_path) == []


def test_two_runs_at_once_fetch_once(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(slow=250_000)
    runs = [start(tmp_path) for _ in range(2)]
    results = [run.communicate(timeout=60) for run in runs]
    assert sorted(out.strip() for out, _ in results) == ["False", "True"], results
    assert len(streams_asked(site)) == 1
    assert leftovers(tmp_path) == []
    assert next((tmp_path / "out").glob("*.m4a")).read_bytes() == site.bytes_of(
        CONFERENCE.bvid, 8, BEST_FORMAT
    )
