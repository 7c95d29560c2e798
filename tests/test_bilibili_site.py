"""The emulated Bilibili as an unchanged yt-dlp sees it when nothing goes wrong."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from yt_dlp.extractor.bilibili import BilibiliBaseIE
from yt_dlp.utils import DownloadError

from subtools.media import probe_media
from tests.bilibili import (
    BASE_FORMAT,
    BEST_FORMAT,
    COLLECTION,
    CONFERENCE,
    HOSTILE_TITLES,
    MEMBERS,
    MIDDLE_FORMAT,
    SERIES,
    TALK,
    Faults,
    OtherFile,
    Site,
    emulated_bilibili,
    titled,
)
from tests.bilibili.clients import (
    API_HOST,
    BROWSER,
    PART_8,
    VIDEO,
    best,
    call,
    download,
    extract,
    log_in,
    visit,
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(BilibiliBaseIE, "_wbi_key_cache", {})  # one for the whole process
    with emulated_bilibili(tmp_path) as running:
        enter(running, monkeypatch)
        yield running


def enter(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in site.environment.items():
        monkeypatch.setenv(name, value)


def test_a_part_is_fetched_byte_for_byte(site: Site) -> None:
    got = download(site, PART_8)
    assert got.info["id"] == f"{CONFERENCE.bvid}_p8"
    assert got.info["title"] == f"{CONFERENCE.title} p08 圆桌讨论"
    assert got.info["uploader"] == CONFERENCE.owner
    assert got.info["tags"] == list(CONFERENCE.tags)
    assert got.info["upload_date"] == "20240614"
    assert [chapter["title"] for chapter in got.info["chapters"]] == ["開場", "問答 <1>"]
    assert got.body == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    assert got.info["filesize"] == len(got.body)
    assert probe_media(got.path).duration == pytest.approx(11, abs=0.1)


def test_each_part_and_format_has_sound_of_its_own(site: Site) -> None:
    bodies = {
        site.bytes_of(CONFERENCE.bvid, part, f)
        for part in (1, 2)
        for f in (BASE_FORMAT, BEST_FORMAT)
    }
    assert len(bodies) == 4


def test_the_formats_of_the_site_are_listed(site: Site) -> None:
    formats = {f["format_id"]: f for f in extract(site, PART_8)["formats"]}
    assert {str(f) for f in (BASE_FORMAT, MIDDLE_FORMAT, BEST_FORMAT)} < formats.keys()
    assert formats["30032"]["acodec"] == "none"
    assert formats["30280"]["vcodec"] == "none"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.bilibili.com/video/{CONFERENCE.bvid}/?p=8",
        f"http://www.bilibili.com/video/{CONFERENCE.bvid}?p=8",
        f"https://www.bilibili.com/video/av{CONFERENCE.aid}?p=8",
        f"https://bilibili.com/video/{CONFERENCE.bvid}?p=8",
        f"https://m.bilibili.com/video/{CONFERENCE.bvid}?p=8",
        "https://b23.tv/eight",
        "https://bili2233.cn/eight",
    ],
)
def test_every_kind_of_address_leads_to_the_part(site: Site, address: str) -> None:
    site.short_links["eight"] = PART_8
    assert extract(site, address)["id"] == f"{CONFERENCE.bvid}_p8"


def test_a_mobile_page_that_stays_mobile_is_beyond_yt_dlp(site: Site) -> None:
    site.faults = Faults(mobile_stays=True)
    with pytest.raises(DownloadError, match="Unsupported URL"):
        extract(site, f"https://m.bilibili.com/video/{CONFERENCE.bvid}?p=8")


def test_a_video_of_one_part_has_no_part_in_its_id(site: Site) -> None:
    got = download(site, f"{VIDEO}/{TALK.bvid}")
    assert got.info["id"] == TALK.bvid
    assert got.body == site.bytes_of(TALK.bvid, 1, BEST_FORMAT)


def test_a_video_of_many_parts_is_a_list(site: Site) -> None:
    found = extract(site, f"{VIDEO}/{CONFERENCE.bvid}", extract_flat=True)
    assert [entry["url"][-4:] for entry in found["entries"]][-2:] == ["p=11", "p=12"]


def test_a_collection_is_a_list_of_videos(site: Site) -> None:
    address = f"https://space.bilibili.com/{COLLECTION.mid}/lists/{COLLECTION.season}?type=season"
    found = extract(site, address, extract_flat=True)
    assert found["title"] == COLLECTION.title
    assert [entry["id"] for entry in found["entries"]] == list(COLLECTION.bvids)


def test_an_episode_of_a_series_is_fetched(site: Site) -> None:
    got = download(site, f"https://www.bilibili.com/bangumi/play/ep{SERIES.first_episode + 1}")
    assert got.info["title"] == "2 轉折"
    assert got.body == site.bytes_of(SERIES.bvid, 2, BEST_FORMAT)


def test_a_season_is_a_list_of_episodes(site: Site) -> None:
    address = f"https://www.bilibili.com/bangumi/play/ss{SERIES.first_episode // 10}"
    assert len(extract(site, address, extract_flat=True)["entries"]) == len(SERIES.pages)


def test_subtitles_come_with_their_text(site: Site) -> None:
    subtitles = extract(site, PART_8, writesubtitles=True)["subtitles"]
    assert "首先我想问" in subtitles["ai-zh"][0]["data"]
    assert "首先我想問" in subtitles["zh-Hant"][0]["data"]
    assert "danmaku" in subtitles


def test_danmaku_are_xml_whatever_they_hold(site: Site) -> None:
    page = CONFERENCE.pages[7]
    _, packed = visit(f"https://comment.bilibili.com/{page.cid}.xml")
    rows = ET.fromstring(zlib.decompress(packed, -zlib.MAX_WBITS)).iter("d")
    assert [row.text for row in rows] == [line.text for line in page.danmaku]
    assert site.asked("comment.bilibili.com", f"/{page.cid}.xml")


def test_a_file_of_another_site_can_be_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = OtherFile("podcast.example", "/talk.mp3", "audio/mpeg", b"ID3" + bytes(500_000))
    with emulated_bilibili(tmp_path, other_files=(file,)) as site:
        enter(site, monkeypatch)
        assert visit("https://podcast.example/talk.mp3") == (200, file.body)
        site.faults = Faults(cut_connection=2, cut_after=200_000)  # the first is a look at it
        assert download(site, "https://podcast.example/talk.mp3").body == file.body
        assert "range" in site.requests[-1].headers


def test_cookies_of_a_visitor_are_kept(site: Site) -> None:
    site.faults = Faults(needs_buvid=True)
    assert extract(site, PART_8)["formats"]
    assert all(request.cookies["buvid3"] for request in site.asked(API_HOST))


def test_a_signature_is_really_checked(site: Site) -> None:
    page = CONFERENCE.pages[7]
    query = f"bvid={CONFERENCE.bvid}&cid={page.cid}&fnval=4048&wts=1&w_rid={'0' * 32}"
    assert call(f"/x/player/wbi/playurl?{query}")["code"] == -403
    assert site.asked(API_HOST, "/x/player/wbi/playurl")


def test_what_is_asked_is_kept(site: Site) -> None:
    extract(site, PART_8)
    page = site.requests[0]
    assert (page.method, page.host, page.path) == ("GET", "www.bilibili.com", PART_8[24:])
    assert "Mozilla" in page.headers["user-agent"]


def test_a_foreign_host_is_refused_and_fails_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stray() -> None:
        with emulated_bilibili(tmp_path) as site:
            enter(site, monkeypatch)
            with pytest.raises(OSError, match="403"):
                visit("https://example.org/")
            assert visit("http://example.net/")[0] == 403

    with pytest.raises(AssertionError, match=r"example\.org:443.*example\.net"):
        stray()


def test_without_its_authority_the_site_is_not_trusted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        visit(PART_8)
    with pytest.raises(DownloadError, match="CERTIFICATE_VERIFY_FAILED"):
        extract(site, PART_8)


def test_only_members_see_what_is_for_members(site: Site, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="registered users"):
        download(site, f"{VIDEO}/{MEMBERS.bvid}")
    got = download(site, f"{VIDEO}/{MEMBERS.bvid}", cookiefile=str(log_in(tmp_path)))
    assert got.body == site.bytes_of(MEMBERS.bvid, 1, BEST_FORMAT)


def test_a_video_that_is_not_there_is_said_to_be_gone(site: Site) -> None:
    with pytest.raises(DownloadError, match="deleted or geo-restricted"):
        extract(site, f"{VIDEO}/BV1xx411c7mD")


def test_streams_check_referer_signature_range_and_age(site: Site) -> None:
    address = best(extract(site, PART_8))["url"]
    whole = site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    tail = f"bytes={len(whole) - 5}-"
    assert visit(address) == (200, whole)
    assert visit(address, BROWSER | {"Range": "bytes=10-19"}) == (206, whole[10:20])
    assert visit(address, BROWSER | {"Range": tail}) == (206, whole[-5:])
    assert visit(address, BROWSER | {"Range": "bytes=-7"}) == (206, whole[-7:])
    assert visit(address, BROWSER | {"Range": f"bytes={len(whole)}-"})[0] == 416
    assert visit(address, {"User-Agent": "Mozilla/5.0"})[0] == 403
    assert visit(address.replace("upsig=", "upsig=0"))[0] == 403
    assert visit(address.replace("deadline=1", "deadline=2"))[0] == 403


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_hostile_titles_reach_the_client_whole(site: Site, title: str) -> None:
    site.videos = (titled(TALK, title),)
    assert extract(site, f"{VIDEO}/{TALK.bvid}")["title"] == title


def test_the_site_can_be_left_while_a_client_waits(tmp_path: Path) -> None:
    with emulated_bilibili(tmp_path) as site:
        client = socket.create_connection(("127.0.0.1", urlsplit(site.proxy).port or 0), timeout=5)
        client.sendall(b"CONNECT www.bilibili.com:443 HTTP/1.1\r\n\r\n")
        assert b" 200 " in client.recv(99)
    with client:
        client.settimeout(5)
        while client.recv(99):
            pass
