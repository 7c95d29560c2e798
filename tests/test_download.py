"""What the user typed, what is kept, and what is checked: the parts of a fetch, one by one."""

from __future__ import annotations

import json
import multiprocessing
import stat
import string
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.download import (
    ALL_PARTS,
    Chapter,
    FetchOptions,
    KeptFile,
    Kind,
    Metadata,
    Parts,
    compose_metadata,
    hide_secrets,
    name_key,
    parse_address,
    parse_metadata,
    parse_parts,
    parse_rate,
)
from subtools.download.folders import (
    name_file,
    open_private,
    publish,
    reserved,
    safe_ending,
    write_whole,
)
from subtools.download.observing import (
    find_asked_uploads,
    find_spares,
    find_trouble,
    find_upload,
)
from subtools.download.verifying import (
    check_container,
    check_duration,
    check_roughly,
    check_size,
    check_stated,
)
from subtools.errors import FetchError, OutputError, SubtoolsError

BVID = "BV1zE421N7UJ"
PAGE = f"https://www.bilibili.com/video/{BVID}"
IDS = st.text(string.ascii_letters + string.digits, min_size=10, max_size=10).map("BV".__add__)

# --- what the user typed


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (BVID, PAGE),
        (f"  {BVID}\n".strip("\n"), PAGE),
        ("bv1zE421N7UJ", PAGE),
        ("Bv1zE421N7UJ?p=8", f"{PAGE}?p=8"),
        (f"{BVID}/?p=08", f"{PAGE}?p=8"),
        (f"{PAGE}/?spm_id_from=333.788&vd_source=abc&p=8", f"{PAGE}?p=8"),
        (f"https://m.bilibili.com/video/{BVID}?p=2&share_source=copy_web#t=5", f"{PAGE}?p=2"),
        (f"http://bilibili.com/video/{BVID}", PAGE),
        (f"HTTPS://WWW.BILIBILI.COM/video/{BVID}", PAGE),
        (f"www.bilibili.com/video/{BVID}", PAGE),
        (f"m.bilibili.com/s/video/{BVID}?p=3", f"{PAGE}?p=3"),
        (f"https://www.bilibili.com/festival/x?bvid={BVID}&p=4", f"{PAGE}?p=4"),
        (f"https://player.bilibili.com/player.html?aid=1&bvid={BVID}&page=5", f"{PAGE}?p=5"),
        (f"https://b23.tv/{BVID}?p=6", f"{PAGE}?p=6"),
        (f"{PAGE}?p=1&p=7", f"{PAGE}?p=7"),
        (f"{PAGE}?p=", PAGE),
        ("av170001", "https://www.bilibili.com/video/av170001"),
        ("AV0170001?p=2", "https://www.bilibili.com/video/av170001?p=2"),
        ("https://www.bilibili.com/video/av170001/", "https://www.bilibili.com/video/av170001"),
        (f"【圆桌讨论-哔哩哔哩】 {PAGE}?p=8", f"{PAGE}?p=8"),
    ],
)
def test_every_way_to_name_a_video_of_bilibili_is_understood(text: str, url: str) -> None:
    found = parse_address(text)
    assert found.kind is Kind.BILIBILI
    assert found.url == url


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://b23.tv/AbCdEfG", Kind.SHORT),
        ("b23.tv/AbCdEfG", Kind.SHORT),
        ("http://bili2233.cn/x1", Kind.SHORT),
        ("【標題】 https://b23.tv/AbCdEfG", Kind.SHORT),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", Kind.OTHER),
        ("https://example.org/talk.mp3", Kind.OTHER),
        ("https://www.bilibili.com/bangumi/play/ep21495", Kind.OTHER),
        ("https://space.bilibili.com/1/lists/2?type=season", Kind.OTHER),
        ("https://notbilibili.com/video/" + BVID, Kind.OTHER),
        ("https://bilibili.com.evil.example/video/" + BVID, Kind.OTHER),
        ("talk.mp3", Kind.FILE),
        ("C:/talks/talk.mp3", Kind.FILE),
        ("./BV1", Kind.FILE),
        ("file:///tmp/a%20b.mp3", Kind.FILE),
    ],
)
def test_other_sites_short_links_and_files_are_told_apart(text: str, kind: Kind) -> None:
    assert parse_address(text).kind is kind


def test_a_file_address_is_its_path() -> None:
    assert parse_address("file:///tmp/a%20b.mp3").path == Path("/tmp/a b.mp3")


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "a\x00b", "ftp://example.org/a.mp3", "rtmp://example.org/a", "https://"),
        *("file://server/share/a.mp3", "https://[::1", "https://example.org:port/"),
        *(f"{PAGE}?p=0", f"{PAGE}?p=-1", f"{PAGE}?p=x", f"{BVID}?p=1e3", "https://" + "a" * 5000),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(FetchError):
        parse_address(text)


@given(IDS, st.integers(1, 99999), st.sampled_from(["www.", "m.", ""]))
def test_an_address_leads_to_the_id_and_part_it_was_made_of(
    bvid: str, part: int, host: str
) -> None:
    found = parse_address(f"https://{host}bilibili.com/video/{bvid}/?p={part}")
    assert (found.bvid, found.part, found.aid) == (bvid, part, None)
    assert parse_address(found.url) == found


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_clear_error(text: str) -> None:
    try:
        found = parse_address(text)
    except FetchError:
        return
    assert (found.kind is Kind.FILE) == (found.path is not None)
    assert found.kind is Kind.FILE or found.url.lower().startswith(("http://", "https://"))


def test_no_password_is_shown() -> None:
    assert hide_secrets("https://me:pass@example.org/x?y=1#z") == "https://example.org/x?y=1"
    assert "hunter2" not in repr(FetchOptions(proxy="http://me:hunter2@localhost:1"))


# --- parts and rates


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("8", (8,)), ("1,3-5", (1, 3, 4, 5)), (" 2 - 3 , 1", (1, 2, 3)), ("all", tuple(range(1, 13)))],
)
def test_parts_are_chosen_in_the_order_of_the_site(text: str, numbers: tuple[int, ...]) -> None:
    assert parse_parts(text).choose(range(1, 13)) == numbers


@pytest.mark.parametrize("text", ["", "0", "5-3", "1,,2", "a", "1-", "-1", "1;2", "9999999"])
def test_what_names_no_parts_is_refused(text: str) -> None:
    with pytest.raises(FetchError, match="names no parts"):
        parse_parts(text)


def test_a_part_that_is_not_there_is_an_error_that_says_which_are() -> None:
    with pytest.raises(FetchError, match=r"no part 99 \(there are parts 1 to 12\)"):
        Parts(((99, 99),)).choose(range(1, 13))
    with pytest.raises(FetchError, match=r"no part 3 \(there are parts 1, 2, 4\)"):
        Parts(((1, 999_999),)).choose([1, 2, 4])
    assert ALL_PARTS.choose([1, 2, 4]) == (1, 2, 4)


def test_rates_are_read_with_their_units() -> None:
    assert [parse_rate(t) for t in ("100", "1k", "1.5M", "2MB/s")] == [
        *(100, 1024, 1.5 * 2**20, 2 * 2**20)
    ]
    for text in ("", "0", "fast", "-1", "1T", "nan"):
        with pytest.raises(FetchError):
            parse_rate(text)


# --- metadata

LINES = st.text(max_size=20)
FILES = st.builds(KeptFile, LINES, st.integers(0, 2**40), LINES, LINES, LINES, LINES, st.booleans())
SECONDS = st.floats(0, 1e6, allow_nan=False)
METADATA = st.builds(
    Metadata,
    *([LINES] * 5),
    FILES,
    part=st.none() | st.integers(1, 999),
    aid=st.none() | st.integers(1),
    duration=st.none() | SECONDS,
    tags=st.lists(LINES).map(tuple),
    chapters=st.lists(st.builds(Chapter, LINES, SECONDS, st.none() | SECONDS)).map(tuple),
    video=st.none() | FILES,
    subtitles=st.lists(FILES, max_size=3).map(tuple),
    danmaku=st.none() | FILES,
    notes=st.lists(LINES).map(tuple),
)


@given(METADATA)
def test_metadata_come_back_as_they_went(metadata: Metadata) -> None:
    assert parse_metadata(compose_metadata(metadata)) == metadata


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"version": 99},
        {"sound": None},
        {"sound": {"name": 5, "size": 1, "sha256": ""}},
        {"tags": None},
        {"title": 3},
        {"unknown": 1},
        {"subtitles": [{}]},
    ],
)
def test_damaged_metadata_are_an_error(change: dict[str, Any]) -> None:
    whole = json.loads(compose_metadata(Metadata("k", "u", "s", "i", "t", KeptFile("n", 1, "s"))))
    with pytest.raises(FetchError, match="no metadata"):
        parse_metadata(json.dumps({**whole, **change}))


@given(st.text(max_size=50))
def test_any_text_is_metadata_or_an_error(text: str) -> None:
    with pytest.raises(FetchError):
        parse_metadata(text)


# --- names and places


@given(st.text(max_size=300), st.sampled_from(["m4a", "ai-zh.srt", "json"]))
def test_no_title_leads_out_of_the_folder(title: str, ending: str) -> None:
    name = name_file(title, f"{BVID}_p8", ending)
    assert Path(name).name == name
    assert "\\" not in name
    assert not name.startswith((".", "-", "~", " "))
    assert name.endswith(f"[{BVID}_p8].{ending}")
    assert len(name.encode()) <= 255
    assert name.isprintable()


@given(st.text(max_size=80), st.text(min_size=1, max_size=80), st.none() | st.integers(1, 999))
def test_keys_are_plain_and_tell_videos_apart(site: str, video: str, part: int | None) -> None:
    key = name_key(site, video, part)
    assert set(key) <= set(string.ascii_letters + string.digits + "-_")
    assert key != name_key(site, video + "x", part)
    assert key != name_key(site, video, (part or 0) + 1)
    assert len(key) < 90


@pytest.mark.parametrize("ending", ["exe", "sh", "../x", "", None, "m4a.exe", "desktop", "html"])
def test_only_sound_and_video_keep_their_ending(ending: str | None) -> None:
    assert safe_ending(ending) == "media"
    assert safe_ending("M4A") == "m4a"


def test_files_are_for_the_user_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", b"{}", "key")
    with open_private(tmp_path / "b", append=False) as file:
        file.write(b"sound")
    publish(tmp_path / "b", tmp_path / "new folder" / "b.m4a", "key")
    for path in (tmp_path / "a.json", tmp_path / "new folder" / "b.m4a"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_publishing_twice_leaves_one_file_and_no_leftovers(tmp_path: Path) -> None:
    with open_private(tmp_path / "part", append=False) as file:
        file.write(b"sound")
    target = tmp_path / "out" / "a.m4a"
    for _ in range(2):
        publish(tmp_path / "part", target, "key")
    assert [path.name for path in target.parent.iterdir()] == ["a.m4a"]
    assert target.read_bytes() == b"sound"


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError), reserved(tmp_path / "file", "key"):
        pass
    with pytest.raises(OutputError):
        write_whole(tmp_path / "file" / "a.json", b"", "key")


def hold(work: Path, log: Path, name: str) -> None:
    with reserved(work, "key"):
        with log.open("a") as file:
            file.write(f"{name} in\n")
        time.sleep(0.3)
        with log.open("a") as file:
            file.write(f"{name} out\n")


def test_two_runs_take_turns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=hold, args=(tmp_path / "w", log, str(n))) for n in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    steps = log.read_text().split()
    assert steps[1::2] == ["in", "out"] * 3
    assert steps[::4] == steps[2::4]
    assert list((tmp_path / "w").iterdir()) == []


# --- what the site says


def test_the_upload_is_read_from_the_address_of_a_stream() -> None:
    folder = "https://xy1.mcdn.bilivideo.cn:4483/upgcxcode/25/08/171776208"
    assert find_upload(f"{folder}/171776208_nb2-1-30280.m4s?e=x") == 171776208
    assert find_upload(f"{folder}/171776208-1-30280.m4s") == 171776208
    assert find_upload("https://example.org/talk.mp3") is None


def test_the_upload_of_an_unusual_address_is_one_of_the_video() -> None:
    folder = "https://a.bilivideo.com/audio"
    uploads = (1_582_682_264, 1_582_682_301)
    assert find_upload(f"{folder}/1582682301.m4s?cid=1582682264", uploads) == 1_582_682_301
    assert find_upload(f"{folder}/30280/x.m4s", (30280, *uploads)) is None
    assert find_upload(f"{folder}/1582682301/1582682264.m4s", uploads) is None
    assert find_upload(f"{folder}/1582682301.m4s") is None


def test_which_upload_was_asked_for_is_read_from_the_requests() -> None:
    api = "https://api.bilibili.com/x/player"
    asked = [f"{api}/wbi/playurl?bvid=x&cid=12", f"{api}/v2?cid=13", f"{api}/wbi/playurl?a=1"]
    assert find_asked_uploads([(url, b'{"code": 0}') for url in asked]) == (12, 0)
    assert find_asked_uploads([(url, b'{"code": -352}') for url in asked]) == ()


def test_spare_addresses_are_found_in_answers_and_in_pages() -> None:
    stream = {"baseUrl": "https://a/1", "backupUrl": ["https://b/1", 5]}
    lossless = {"base_url": "https://a/2", "backup_url": ["https://b/2"]}
    playinfo = {"data": {"dash": {"audio": [stream], "flac": {"audio": lossless}}}}
    found = {"https://a/1": ("https://b/1",), "https://a/2": ("https://b/2",)}
    page = f"<script>window.__playinfo__={json.dumps(playinfo)};(function(){{}})</script>"
    for body in (json.dumps(playinfo), page):
        assert find_spares([("https://www.bilibili.com/video/x", body.encode())]) == found
    assert find_spares([("https://example.org/", page.encode())]) == {}
    assert find_spares([("https://www.bilibili.com/", b"window.__playinfo__={")]) == {}


@pytest.mark.parametrize(
    ("host", "body", "trouble"),
    [
        ("api.bilibili.com", '{"code": 0, "data": []}', ""),
        ("api.bilibili.com", '{"code": -352}', "-352"),
        ("api.bilibili.com", '{"code": -504}', "answer -504"),
        ("api.bilibili.com", '{"code": -404}', ""),
        ("api.bilibili.com", "<html>", "no JSON"),
        ("api.bilibili.com", "[" * 100_000, "no JSON"),
        ("api.bilibili.com", '{"code": 0, "data": {"v_voucher": "x"}}', "captcha"),
        ("api.bilibili.com", '{"code": 0, "data": {"v_voucher": "x", "dash": {"a": 1}}}', ""),
        ("www.bilibili.com", "window._riskdata_ = {}", "captcha"),
        ("www.bilibili.com", "window.__INITIAL_STATE__={};", ""),
        ("example.org", '{"code": -352}', ""),
    ],
)
def test_refusals_with_status_200_are_noticed(host: str, body: str, trouble: str) -> None:
    assert find_trouble(f"https://{host}/x", body.encode()) == trouble


# --- whole and right


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


def index(*lengths: int, version: int = 0) -> bytes:
    width = 8 if version else 4
    head = bytes([version, 0, 0, 0]) + bytes(8) + bytes(2 * width) + bytes(2)
    entries = b"".join(length.to_bytes(4, "big") + bytes(8) for length in lengths)
    return box(b"sidx", head + len(lengths).to_bytes(2, "big") + entries)


PIECE = box(b"moof", b"x" * 10) + box(b"mdat", b"y" * 30)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("version", [0, 1])
def test_a_whole_file_passes(tmp_path: Path, version: int) -> None:
    pieces = index(len(PIECE), len(PIECE), version=version) + PIECE * 2
    for content in (pieces, PIECE, b""):
        check_container(write(tmp_path / "a", box(b"ftyp", b"iso5") + content), url="")
    check_container(write(tmp_path / "a", b"ID3"), url="")


def test_a_file_cut_short_anywhere_is_noticed(tmp_path: Path) -> None:
    start = box(b"ftyp", b"iso5")
    whole = start + index(len(PIECE), len(PIECE)) + PIECE * 2
    for length in range(len(start) + 1, len(whole)):
        with pytest.raises(FetchError, match="cut short"):
            check_container(write(tmp_path / "a", whole[:length]), url="")


def test_the_size_must_be_the_stated_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a", b"12345")
    check_size(path, stated=5, url="")
    check_size(path, stated=None, url="")
    for stated in (4, 6):
        with pytest.raises(FetchError, match="5 bytes where"):
            check_size(path, stated=stated, url="")
    with pytest.raises(FetchError, match="nothing"):
        check_size(write(tmp_path / "b", b""), stated=None, url="")


def test_the_length_must_be_the_stated_one() -> None:
    check_duration(11.03, exact=11.016, rounded=11, url="")
    check_duration(3601.0, exact=3600.0, rounded=None, url="")
    check_duration(11.9, exact=None, rounded=11, url="")
    check_duration(11.9, exact=None, rounded=None, url="")
    for measured in (10.03, 12.03, 5.5, 0.0):
        with pytest.raises(FetchError, match="where the site states"):
            check_duration(measured, exact=11.016, rounded=11, url="")
    with pytest.raises(FetchError):
        check_duration(3590.0, exact=3600.0, rounded=3600, url="")


def test_what_other_sites_state_is_about_right() -> None:
    check_roughly(58.0, stated=60.0, url="")
    check_roughly(90.0, stated=60.0, url="")
    check_roughly(90.0, stated=None, url="")
    with pytest.raises(FetchError):
        check_roughly(50.0, stated=60.0, url="")


def test_streams_of_another_length_than_the_part_are_refused() -> None:
    check_stated(11.016, 11.0, url="")
    check_stated(None, 11.0, url="")
    with pytest.raises(FetchError, match=r"4\.0 s for a part of 11 s"):
        check_stated(4.0, 11.0, url="")


def test_an_error_of_a_fetch_carries_its_address_and_what_helps() -> None:
    error = FetchError("it is gone", url="https://example.org/", hint="look elsewhere")
    assert isinstance(error, SubtoolsError)
    assert str(error) == "https://example.org/: it is gone (look elsewhere)"
    assert str(FetchError("it is gone")) == "it is gone"
