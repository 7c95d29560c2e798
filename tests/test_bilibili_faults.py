"""Each fault of the emulated Bilibili, by its effect on an unchanged yt-dlp.

Where the result is wrong here, it is wrong with plain yt-dlp on the real site too: these are
the cases that fetching must notice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from yt_dlp.extractor.bilibili import BilibiliBaseIE
from yt_dlp.utils import DownloadError

from subtools.media import probe_media
from tests.bilibili import (
    BEST_FORMAT,
    CONFERENCE,
    FOR_EVER,
    MIDDLE_FORMAT,
    SERIES,
    STREAM_HOSTS,
    Faults,
    Site,
    emulated_bilibili,
)
from tests.bilibili.clients import (
    API_HOST,
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
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def true_bytes(site: Site, part: int = 8, format_id: int = BEST_FORMAT) -> bytes:
    return site.bytes_of(CONFERENCE.bvid, part, format_id)


# Wrong results of plain yt-dlp, exit status 0 each


def test_a_short_body_is_taken_for_the_whole(site: Site) -> None:
    site.faults = Faults(short_body=0.5)
    got = download(site, PART_8)
    assert len(got.body) == len(true_bytes(site)) // 2
    assert got.info["filesize"] == len(true_bytes(site))


def test_a_cut_body_without_a_length_is_taken_for_the_whole(site: Site) -> None:
    site.faults = Faults(cut_connection=1, no_length=True)
    assert download(site, PART_8).body == true_bytes(site)[: site.faults.cut_after]


def test_part_99_of_12_gets_the_sound_of_part_1(site: Site) -> None:
    got = download(site, f"{VIDEO}/{CONFERENCE.bvid}?p=99")
    assert got.info["id"] == f"{CONFERENCE.bvid}_p99"
    assert got.body == true_bytes(site, part=1)


def test_a_refused_playurl_falls_back_to_the_page(site: Site) -> None:
    site.faults = Faults(minus_352=FOR_EVER)
    assert download(site, PART_8).body == true_bytes(site)
    site.faults = Faults(minus_352=FOR_EVER, playinfo_of_part_1=True)
    assert download(site, PART_8, overwrites=True).body == true_bytes(site, part=1)


def test_one_failed_pagelist_makes_a_collection_its_first_part(site: Site) -> None:
    site.faults = Faults(pagelist_fails=1)
    assert "entries" not in extract(site, f"{VIDEO}/{CONFERENCE.bvid}")
    assert len(extract(site, f"{VIDEO}/{CONFERENCE.bvid}", extract_flat=True)["entries"]) == 12


def test_a_missing_part_moves_all_that_follow(site: Site) -> None:
    site.faults = Faults(missing_part=3)
    assert download(site, PART_8).body == true_bytes(site, part=9)


def test_a_stream_of_another_part_is_taken_as_it_is(site: Site) -> None:
    site.faults = Faults(stream_of_part=2)
    assert download(site, PART_8).body == true_bytes(site, part=2)


def test_a_damaged_stream_is_taken_as_it_is(site: Site) -> None:
    site.faults = Faults(damaged=True)
    got = download(site, PART_8)
    assert len(got.body) == len(true_bytes(site))
    assert got.body != true_bytes(site)


def test_a_page_of_html_is_taken_for_sound(site: Site) -> None:
    site.faults = Faults(html_body=1)
    assert b"<html>" in download(site, PART_8).body


def test_a_stale_part_file_is_resumed_into_garbage(site: Site) -> None:
    whole = download(site, PART_8)
    stale = bytes(1000)
    whole.path.with_name(f"{whole.path.name}.part").write_bytes(stale)
    whole.path.unlink()
    assert download(site, PART_8).body == stale + true_bytes(site)[1000:]


def test_a_new_upload_differs_under_the_same_ids(site: Site) -> None:
    before = true_bytes(site)
    site.faults = Faults(upload=2)
    assert true_bytes(site) != before
    assert best(extract(site, PART_8))["filesize"] == len(true_bytes(site))


def test_a_wrong_ai_subtitle_is_taken_as_it_is(site: Site) -> None:
    site.faults = Faults(wrong_ai_subtitle=True)
    assert "雞蛋" in extract(site, PART_8, writesubtitles=True)["subtitles"]["ai-zh"][0]["data"]
    (asked,) = site.asked("aisubtitle.hdslb.com")
    assert str(CONFERENCE.pages[7].cid) not in asked.path


def test_the_text_of_another_video_can_have_the_right_address(site: Site) -> None:
    site.faults = Faults(wrong_ai_text=True)
    subtitles = extract(site, PART_8, writesubtitles=True)["subtitles"]
    assert "雞蛋" in subtitles["ai-zh"][0]["data"]
    assert "雞蛋" not in subtitles["zh-Hant"][0]["data"]
    (asked,) = site.asked("aisubtitle.hdslb.com")
    assert f"{CONFERENCE.aid}{CONFERENCE.pages[7].cid}" in asked.path


# What the site does, and how plain yt-dlp takes it


def test_risk_control_ends_yt_dlp_at_once(site: Site) -> None:
    site.faults = Faults(http_412=1)
    with pytest.raises(DownloadError, match="412"):
        extract(site, PART_8)
    assert extract(site, PART_8)["formats"]
    site.faults = Faults(http_412=FOR_EVER, http_412_hosts=(API_HOST,))
    with pytest.raises(DownloadError, match="412"):
        extract(site, PART_8)


def test_a_page_that_asks_for_a_captcha_is_recognised(site: Site) -> None:
    site.faults = Faults(risk_page=1)
    with pytest.raises(DownloadError, match="rate limit"):
        extract(site, PART_8)


@pytest.mark.parametrize(
    "faults",
    [
        Faults(voucher=FOR_EVER),
        Faults(minus_352=FOR_EVER, no_playinfo=True),
        Faults(stale_keys=FOR_EVER, no_playinfo=True),
    ],
)
def test_without_streams_there_is_an_error(site: Site, faults: Faults) -> None:
    site.faults = faults
    with pytest.raises(DownloadError, match="No video formats"):
        extract(site, PART_8)


def test_dead_addresses_live_again_when_asked_for_anew(site: Site) -> None:
    site.faults = Faults(http_403_expired=1)
    with pytest.raises(DownloadError, match="403"):
        download(site, PART_8)
    assert download(site, PART_8).body == true_bytes(site)


def test_an_address_can_die_in_the_middle(site: Site) -> None:
    site.faults = Faults(requests_per_address=1, cut_connection=1)
    with pytest.raises(DownloadError, match="403"):
        download(site, PART_8)
    assert download(site, PART_8).body == true_bytes(site)


def test_yt_dlp_knows_no_backup_of_a_dead_host(site: Site) -> None:
    site.faults = Faults(dead_first_host=True)
    with pytest.raises(DownloadError, match="502"):
        download(site, PART_8)
    assert not [r for r in site.requests if r.host in STREAM_HOSTS]


def test_a_silent_host_is_a_time_out(site: Site) -> None:
    site.faults = Faults(silent_first_host=60)
    with pytest.raises(DownloadError, match="timed out"):
        download(site, PART_8, socket_timeout=0.2)


def test_backup_addresses_serve_the_same_bytes(site: Site) -> None:
    first, *others = addresses_in_page()
    site.faults = Faults(dead_first_host=True)
    assert [visit(address) for address in others] == [(200, true_bytes(site))] * 2
    with pytest.raises(OSError, match="502"):
        visit(first)
    site.faults = Faults(dead_hosts=True)
    with pytest.raises(OSError, match="502"):
        visit(others[1])


@pytest.mark.parametrize(
    "faults",
    [
        Faults(cut_connection=2),
        Faults(cut_connection=1, no_range=True),
        Faults(http_503=2),
        Faults(stall=0.2),
        Faults(slow=2_000_000),
        Faults(no_range=True),
        Faults(no_length=True),
        Faults(no_sizes=True),
    ],
)
def test_what_yt_dlp_can_cope_with(site: Site, faults: Faults) -> None:
    site.faults = faults
    got = download(site, PART_8)
    assert got.body == true_bytes(site)
    assert (got.info.get("filesize") is None) is faults.no_sizes


def test_a_long_stall_is_a_time_out(site: Site) -> None:
    site.faults = Faults(stall=60)
    assert download(site, PART_8, socket_timeout=0.3).body == true_bytes(site)
    assert len([r for r in site.requests if r.host in STREAM_HOSTS]) == 2


def test_a_geo_block_looks_like_a_deleted_video(site: Site) -> None:
    site.faults = Faults(geo_block=True)
    with pytest.raises(DownloadError, match="geo-restricted"):
        extract(site, PART_8)
    with pytest.raises(DownloadError, match="restricted"):
        extract(site, f"https://www.bilibili.com/bangumi/play/ep{SERIES.first_episode}")


def test_the_best_track_can_be_for_members_only(site: Site, tmp_path: Path) -> None:
    site.faults = Faults(login_only_track=True)
    assert best(extract(site, PART_8))["format_id"] == str(MIDDLE_FORMAT)
    assert best(extract(site, PART_8, cookiefile=str(log_in(tmp_path))))["format_id"] == str(
        BEST_FORMAT
    )


def test_old_videos_have_one_file_with_sound_and_picture(site: Site) -> None:
    site.faults = Faults(no_dash=True)
    got = download(site, PART_8)
    assert got.info["format_id"] == "16"
    assert got.body == true_bytes(site, format_id=16)
    assert probe_media(got.path).tracks


@pytest.mark.parametrize("faults", [Faults(no_subtitles=True), Faults(subtitles_need_login=True)])
def test_there_may_be_no_subtitles(site: Site, faults: Faults) -> None:
    site.faults = faults
    assert list(extract(site, PART_8, writesubtitles=True)["subtitles"]) == ["danmaku"]


def test_failing_subtitles_end_yt_dlp(site: Site) -> None:
    site.faults = Faults(subtitles_fail=FOR_EVER)
    assert list(extract(site, PART_8, writesubtitles=True)["subtitles"]) == ["danmaku"]
    assert extract(site, PART_8)["chapters"] is None
    page = CONFERENCE.pages[7]
    lists = f"/x/player/wbi/v2?bvid={CONFERENCE.bvid}&cid={page.cid}"
    assert call(lists)["code"] == -500
    site.faults = Faults()
    text = call(lists)["data"]["subtitle"]["subtitles"][0]["subtitle_url"]
    site.faults = Faults(subtitles_fail=1)
    assert visit(f"https:{text}")[0] == 502
    assert visit(f"https:{text}")[0] == 200


def test_details_can_fail_and_come_back(site: Site) -> None:
    site.faults = Faults(view_fails=1)
    address = f"/x/web-interface/view?aid={CONFERENCE.aid}"
    assert call(address)["code"] == -504
    details = call(address)["data"]
    assert details["bvid"] == CONFERENCE.bvid
    assert [page["part"] for page in details["pages"]] == [page.part for page in CONFERENCE.pages]


def test_a_json_answer_can_be_huge(site: Site) -> None:
    site.faults = Faults(huge_json=3_000_000)
    _, body = visit(f"https://{API_HOST}/x/player/pagelist?bvid={CONFERENCE.bvid}")
    assert len(body) > 3_000_000
    assert json.loads(body)["code"] == 0


def test_a_stream_address_can_be_of_any_kind(site: Site) -> None:
    site.faults = Faults(stream_url="file:///etc/hostname")
    assert best(extract(site, PART_8))["url"] == "file:///etc/hostname"


def addresses_in_page() -> list[str]:
    """Return the addresses of the best sound that the page of part 8 holds."""
    _, _, script = visit(PART_8)[1].decode().partition("window.__playinfo__=")
    streams, _ = json.JSONDecoder().raw_decode(script)
    sound = streams["data"]["dash"]["audio"][0]
    return [sound["baseUrl"], *sound["backupUrl"]]
