"""What a fetch does on the network: secrets, redirects, packed answers, other people's code."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.download import Fetched, FetchOptions, Limits, Patience, fetch, parse_address
from subtools.download.clearing import list_unfinished
from subtools.download.explaining import explain
from subtools.download.folders import held, remove_leftovers, reserved, tidy
from subtools.download.handling import _Unpacked
from subtools.download.opening import Opener
from subtools.errors import FetchError
from subtools.media import measure_sound
from tests.bilibili import BEST_FORMAT, CONFERENCE, Faults, emulated_bilibili
from tests.conftest import DATA
from tests.web import Answer, Server, serving

CLIP = (DATA / "clip" / "clip.opus").read_bytes()
QUICK = Patience(pause=0.01, silence=5.0, tries=2)
SECRET = "very-secret"
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS),  # without its header
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        yield running


def get(address: str, tmp_path: Path, limits: Limits = Limits()) -> Fetched:  # noqa: B008 - frozen
    options = FetchOptions(patience=QUICK, limits=limits)
    (found,) = fetch(
        address, tmp_path / "out", work=tmp_path / "work", measure=measure_sound, options=options
    )
    return found


# --- secrets and redirects


def test_a_password_stays_on_the_server_it_is_for(server: Server, tmp_path: Path) -> None:
    with serving() as other:
        other.answers["/a.opus"] = Answer(CLIP)
        server.answers["/a.opus"] = Answer(status=302, headers={"Location": f"{other.url}/a.opus"})
        address = server.url.replace("//", f"//me:{SECRET}@")
        found = get(f"{address}/a.opus", tmp_path)
        assert found.sound.read_bytes() == CLIP
        assert any("authorization" in headers for _, headers in server.asked)
        assert not any("authorization" in headers for _, headers in other.asked)
    assert found.metadata_file is not None
    assert SECRET not in found.metadata_file.read_text(encoding="utf-8")


def test_a_password_goes_along_on_its_own_server(server: Server, tmp_path: Path) -> None:
    server.answers["/old.opus"] = Answer(status=302, headers={"Location": "/new.opus"})
    server.answers["/new.opus"] = Answer(CLIP)
    get(f"{server.url.replace('//', '//me:pass@')}/old.opus", tmp_path)
    assert [path for path, headers in server.asked if "authorization" in headers][:2] == [
        "/old.opus",
        "/new.opus",
    ]


@pytest.mark.parametrize("scheme", ["ftp", "file", "data"])
def test_redirects_leave_the_web_nowhere(server: Server, tmp_path: Path, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        place = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/etc/passwd"
        server.answers["/a.opus"] = Answer(status=302, headers={"Location": place})
        with pytest.raises(FetchError):
            get(f"{server.url}/a.opus", tmp_path)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize(
    "proxy", ["socks9://h:1", "http://", "http://h:99999", f"https://me:{SECRET}@h:1", "://x"]
)
def test_what_is_no_proxy_is_refused_without_being_quoted(tmp_path: Path, proxy: str) -> None:
    with pytest.raises(FetchError, match="no address of a proxy") as caught:
        fetch(
            "https://talks.example/a.mp3",
            tmp_path,
            work=tmp_path,
            measure=measure_sound,
            options=FetchOptions(proxy=proxy),
        )
    assert SECRET not in str(caught.value)


def test_messages_name_no_password_whatever_is_in_it() -> None:
    error = explain(OSError(f"cannot reach http://me:hun/ter@{SECRET}@h:1 now"), "")
    assert SECRET not in str(error)
    assert "hun" not in str(error)


# --- packed answers


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACK)), st.integers(1, 4000))
def test_what_was_packed_comes_back_in_pieces_of_any_size(
    body: bytes, packing: str, size: int
) -> None:
    packed = PACK[packing](body)
    source = _Unpacked(BytesIO(packed), packing.strip())  # type: ignore[arg-type]  # read alike
    pieces = list(iter(lambda: source.read(size), b""))
    assert b"".join(pieces) == body
    assert all(len(piece) <= size for piece in pieces)


def test_what_follows_a_packed_body_is_not_read() -> None:
    source = _Unpacked(BytesIO(gzip.compress(b"answer") + b"junk"), "gzip")  # type: ignore[arg-type]
    assert source.read() == b"answer"


@pytest.mark.parametrize("packed", [gzip.compress(b"answer" * 50)[:-4], b"no gzip at all"])
def test_a_packed_answer_that_is_damaged_is_none(packed: bytes) -> None:
    with pytest.raises(OSError, match="packed answer"):
        _Unpacked(BytesIO(packed), "gzip").read()  # type: ignore[arg-type]


def test_a_small_answer_that_unpacks_to_a_huge_one_is_refused_in_time(
    server: Server, tmp_path: Path
) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    headers = {"Content-Encoding": "gzip"}
    server.answers["/page"] = Answer(bomb, "text/html", headers=headers)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="too large"):
            get(f"{server.url}/page", tmp_path, Limits(page=1 << 20))
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_a_sound_that_is_packed_on_the_way_arrives_as_it_is(server: Server, tmp_path: Path) -> None:
    headers = {"Content-Encoding": "gzip"}
    server.answers["/a.opus"] = Answer(gzip.compress(CLIP), headers=headers)
    assert get(f"{server.url}/a.opus", tmp_path).sound.read_bytes() == CLIP


def test_an_answer_packed_in_a_way_nobody_asked_for_is_an_error(
    server: Server, tmp_path: Path
) -> None:
    headers = {"Content-Encoding": "br"}
    server.answers["/a.opus"] = Answer(CLIP, headers=headers)
    with pytest.raises(FetchError, match="packed as br"):
        get(f"{server.url}/a.opus", tmp_path)


def test_a_stream_without_a_stated_length_stops_at_the_limit_once(
    server: Server, tmp_path: Path
) -> None:
    server.answers["/a.opus"] = Answer(CLIP, is_sized=False)
    with pytest.raises(FetchError, match="larger"):
        get(f"{server.url}/a.opus", tmp_path, Limits(sound=100_000))
    ranges = [headers for _, headers in server.asked if "range" in headers]
    assert len(ranges) == 1


@pytest.mark.parametrize("packing", ["", "gzip", "deflate", "raw"])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_pages_and_answers_may_come_packed_and_in_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str, is_chunked: bool
) -> None:
    faults = Faults(packed=packing, chunked=is_chunked)
    with emulated_bilibili(tmp_path, faults=faults) as site:
        for name, value in site.environment.items():
            monkeypatch.setenv(name, value)
        found = get(f"{CONFERENCE.bvid}?p=8", tmp_path)
        assert found.sound.read_bytes() == site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
    assert len(found.subtitles) == 2
    assert found.danmaku is not None
    assert found.danmaku.read_text(encoding="utf-8").lstrip().startswith("<")
    assert found.notes == ()


# --- other people's code


def test_requests_are_made_in_one_way_whatever_is_installed() -> None:
    with Opener(FetchOptions(), sleep=time.sleep) as opener:
        assert list(opener._request_director.handlers) == ["Careful"]


def test_plugins_of_the_user_are_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "was run"
    plugin = tmp_path / "config/yt-dlp/plugins/mine/yt_dlp_plugins/extractor/mine.py"
    plugin.parent.mkdir(parents=True)
    plugin.write_text(
        "from yt_dlp.extractor.common import InfoExtractor\n"
        f"open({str(marker)!r}, 'w').close()\n"
        "class MinePluginIE(InfoExtractor):\n    _VALID_URL = 'mine:.*'\n",
        encoding="utf-8",
    )
    program = (
        "import time\n{extra}from yt_dlp import YoutubeDL\n"
        "from subtools.download import FetchOptions\n"
        "from subtools.download.opening import Opener\n{use}\n"
    )
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}
    ours = program.format(extra="", use="Opener(FetchOptions(), sleep=time.sleep).close()")
    subprocess.run([sys.executable, "-c", ours], env=env, check=True, timeout=60)
    assert not marker.exists()
    theirs = program.format(extra="", use="YoutubeDL({'quiet': True}).close()")
    subprocess.run([sys.executable, "-c", theirs], env=env, check=True, timeout=60)
    assert marker.exists(), "the plugin is one that yt-dlp itself runs"


def test_no_program_is_run_for_the_scripts_of_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yt_dlp.extractor.common import InfoExtractor
    from yt_dlp.extractor.openload import PhantomJSwrapper
    from yt_dlp.utils import ExtractorError

    program = tmp_path / "phantomjs"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'was run'}\necho 2.1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    opener = Opener(FetchOptions(), sleep=time.sleep)
    with opener, pytest.raises(ExtractorError, match="PhantomJS"):
        PhantomJSwrapper(InfoExtractor(opener))
    assert not (tmp_path / "was run").exists()


# --- pages


def test_a_page_that_is_called_a_stream_is_no_surprise(server: Server) -> None:
    server.answers["/video"] = Answer(b"<html>", "application/octet-stream")
    with Opener(FetchOptions(patience=QUICK), sleep=time.sleep) as opener:
        opener.visit(f"{server.url}/video")
        assert opener.answers == []


@pytest.mark.parametrize(
    ("reason", "is_refusal"),
    [
        *(("Asterisk is not supported", False), ("no risky business", False)),
        *(("HTTP Error 412: Precondition Failed", True), ("got -352 from the API", True)),
    ],
)
def test_risk_control_is_told_from_other_words(reason: str, is_refusal: bool) -> None:
    from yt_dlp.utils import YoutubeDLError

    assert ("risk control" in str(explain(YoutubeDLError(reason), ""))) is is_refusal


@pytest.mark.parametrize(
    "text",
    [
        "看 https://b23.tv/abc，很好",
        "【講座】https://b23.tv/abc",
        "「講座」 https://b23.tv/abc」。",
        "【圓桌-嗶哩嗶哩】 https://b23.tv/abc",
    ],
)
def test_the_address_is_found_in_what_an_app_shares(text: str) -> None:
    assert parse_address(text).url == "https://b23.tv/abc"


# --- work folders


def test_what_is_there_is_not_waited_for(tmp_path: Path) -> None:
    with reserved(tmp_path, "BV1zE421N7UJ_p8") as place:
        (place / "video.part").write_bytes(b"x")
        assert [(u.key, u.size, u.is_running) for u in list_unfinished(tmp_path)] == [
            ("BV1zE421N7UJ_p8", 1, True)
        ]
        tidy(tmp_path, tmp_path / "out", "BV1zE421N7UJ_p8")  # would wait for ever
        assert (place / "video.part").exists()


def test_who_waits_for_another_run_is_told(tmp_path: Path) -> None:
    waits: list[str] = []
    ready = threading.Event()

    def other() -> None:
        with reserved(tmp_path, "k"):
            ready.set()
            time.sleep(0.5)

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait()
    with reserved(tmp_path, "k", waiting=lambda: waits.append("waiting")):
        assert waits
    thread.join()
    with held(tmp_path, "k") as is_ours:
        assert is_ours


def test_only_leftovers_of_the_same_talk_are_removed(tmp_path: Path) -> None:
    mine, other = (tmp_path / f".subtools-youtube-{n}-0123abcd.part" for n in ("abc", "abc-def"))
    mine.touch()
    other.touch()
    remove_leftovers(tmp_path, "youtube-abc")
    assert (mine.exists(), other.exists()) == (False, True)
