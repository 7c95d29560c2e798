"""The service by HTTP: what it takes, what it refuses, and that nothing is left of either."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.errors import OutputError
from subtools.service import Limits, Policy
from subtools.service.asking import clean_file_name, is_local
from subtools.service.guarding import host_name
from subtools.service.records import Records
from subtools.service.schemas import HealthAnswer, JobAnswer, ListAnswer
from subtools.service.values import Course, Stand, Ticket
from tests.serving import SMALL, SOUND, TOKEN, Served, serving

TOKENS = Policy(token=TOKEN, hosts=frozenset({"box"}), is_local=False)


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = replace(SMALL, waiting=1000)
    with serving(tmp_path_factory.mktemp("open") / "library", limits=limits) as served:
        yield served


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("guarded") / "library", policy=TOKENS) as served:
        yield served


def code_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(answer.json()) == {"code", "message", "hint"}
    return answer.status_code, answer.json()["code"]


# --- a job


def test_a_job_is_taken_waits_is_done_and_its_results_are_served(open_house: Served) -> None:
    answer = open_house.ask(
        files={"document": ("a.txt", "大家好".encode())}, data={"language": "zh", "speakers": ""}
    )
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == job["url"]
    assert (job["state"], job["title"], job["error"]) == ("waiting", "talk.wav", "")
    folder = open_house.library / job["folder"]
    assert (folder / "source/media/talk.wav").read_bytes() == SOUND
    assert (folder / "source/document/a.txt").read_text("utf-8") == "大家好"
    ticket = open_house.finish(**{"talk.srt": "1\n", "talk.html": "<p>"})
    assert ticket.cells == {
        "language": "zh",
        "source": "media/talk.wav",
        "document": "document/a.txt",
    }
    done = open_house.client.get(job["url"]).json()
    assert (done["state"], done["seconds"]) == ("done", 10.0)
    assert done["page"].endswith("/files/talk.html")
    for file in done["files"]:
        got = open_house.client.get(file["url"])
        assert (got.status_code, len(got.content)) == (200, file["size"])
    page = open_house.client.get(done["page"])
    assert page.headers["content-type"].startswith("text/html")
    subtitles = open_house.client.get(done["files"][0]["url"])
    assert subtitles.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in subtitles.headers["content-security-policy"]


def test_the_page_of_a_talk_finds_its_sound_and_may_seek_in_it(open_house: Served) -> None:
    job = open_house.ask().json()
    open_house.finish(**{"talk.html": "<p>"})
    sound = open_house.client.get(
        f"{job['url']}/files/source/media/talk.wav", headers={"Range": "bytes=0-3"}
    )
    assert (sound.status_code, sound.content) == (206, b"RIFF")
    assert sound.headers["content-disposition"].startswith("inline")


def test_what_was_uploaded_is_never_served_as_a_page(open_house: Served) -> None:
    files = {"media": ("evil.html", b"<script>alert(1)</script>")}
    job = open_house.ask(files=files).json()
    open_house.finish()
    got = open_house.client.get(f"{job['url']}/files/source/media/evil.html")
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment")


def test_an_address_and_a_text_are_taken_as_json_and_as_a_form(open_house: Served) -> None:
    for sent in ({"json": {"address": "BV1zE421N7UJ?p=8", "transcript": "大家好", "speakers": 2}},):
        job = open_house.client.post("/api/jobs", **sent).json()  # type: ignore[arg-type]
        ticket = open_house.finish()
        assert ticket.cells["source"] == "https://www.bilibili.com/video/BV1zE421N7UJ?p=8"
        assert ticket.cells["speakers"] == "2"
        text = open_house.library / job["folder"] / "source/document/transcript.txt"
        assert text.read_text("utf-8") == "大家好"


def test_a_document_whose_header_names_the_video_is_enough(open_house: Served) -> None:
    text = "# 圓桌 - P8 - BV1zE421N7UJ\n\n大家好。\n"
    answer = open_house.client.post("/api/jobs", files={"document": ("t.txt", text.encode())})
    assert answer.status_code == 202, answer.text
    assert "BV1zE421N7UJ" in open_house.finish().cells["source"]


def test_two_talks_of_one_name_have_two_folders(open_house: Served) -> None:
    names = {open_house.ask(files={"media": ("same.wav", SOUND)}).json()["folder"] for _ in "ab"}
    assert names == {"same", "same-2"}
    open_house.finish()
    open_house.finish()


def test_a_browser_without_our_script_is_sent_back_to_the_page(open_house: Served) -> None:
    answer = open_house.ask(headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    open_house.finish()


def test_progress_is_told_as_it_changes(open_house: Served) -> None:
    job = open_house.ask().json()
    heard: list[dict[str, object]] = []

    def listen() -> None:
        with open_house.client.stream("GET", f"{job['url']}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            heard.extend(json.loads(line[6:]) for line in lines)

    listener = threading.Thread(target=listen)
    listener.start()
    await_that(lambda: bool(heard))
    ticket = open_house.desk.take()
    assert ticket is not None
    open_house.desk.move(ticket, steps=("decode", "align"), stage="decode", done=1.0, total=2.0)
    await_that(lambda: heard[-1]["state"] == "running")
    open_house.desk.finish(ticket, stand=Stand.DONE)
    listener.join(20)
    assert [one["state"] for one in heard][0::2] == ["waiting", "done"]
    assert heard[1]["progress"] == {
        "share": 0.25,
        "stage": "decode",
        "steps": ["decode", "align"],
        "finished": [],
        "note": "",
    }


def test_answers_are_as_their_description_says(open_house: Served) -> None:
    job = open_house.ask().json()
    ticket = open_house.desk.take()
    assert ticket is not None
    open_house.desk.move(ticket, steps=("decode",), stage="decode")
    running = open_house.client.get(job["url"]).text
    open_house.desk.finish(ticket, stand=Stand.DONE, files={"talk.html": 3}, seconds=1.5)
    done = open_house.client.get(job["url"]).text
    for text in (running, done):
        assert JobAnswer.model_validate_json(text, strict=True, extra="forbid")
    listed = open_house.client.get("/api/jobs").text
    assert ListAnswer.model_validate_json(listed, strict=True, extra="forbid")
    health = open_house.client.get("/api/health").text
    assert HealthAnswer.model_validate_json(health, strict=True, extra="forbid")


def test_the_share_of_a_job_counts_its_steps_alike() -> None:
    course = Course(("a", "b", "c", "d"), frozenset({"a"}), "b", 1, 2)
    assert course.share == 0.375
    assert Course().share == 0


# --- what is refused


@pytest.mark.parametrize(
    ("files", "data", "status", "code"),
    [
        ({}, {"language": "zh"}, 422, "bad_value"),
        ({"media": ("a.wav", b"")}, {}, 422, "bad_value"),
        ({"media": ("a.wav", SOUND)}, {"address": "BV1zE421N7UJ"}, 422, "bad_value"),
        ({"media": ("a.wav", SOUND)}, {"language": "klingon"}, 422, "bad_value"),
        ({"media": ("a.wav", SOUND)}, {"style": "../../rules.toml"}, 422, "bad_value"),
        ({"media": ("a.wav", SOUND)}, {"outputs": "exe"}, 422, "bad_value"),
        ({"media": ("a.wav", SOUND)}, {"speakers": "-1"}, 422, "bad_value"),
        ({"media": ("a.wav", SOUND)}, {"model": "/etc/passwd"}, 422, "unknown_field"),
        ({"media": ("a.wav", SOUND)}, {"document": "/etc/passwd"}, 422, "unknown_field"),
        ({"document": ("a.txt", b"no header")}, {}, 422, "bad_value"),
        ({"media": ("a.wav", bytes(200_001))}, {}, 413, "too_large"),
        ({"media": ("a.wav", bytes(5_000_000))}, {}, 413, "too_large"),
        ({"media": ("a.wav", SOUND), "document": ("a.txt", bytes(20_001))}, {}, 413, "too_large"),
        ({"media": ("a.wav", SOUND)}, {"language": "x" * 20_000}, 413, "too_large"),
        ({"media": ("a.wav", SOUND)}, {f"f{k}": "x" for k in range(40)}, 400, "bad_form"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_and_nothing_is_kept(
    open_house: Served,
    files: dict[str, tuple[str, bytes]],
    data: dict[str, str],
    status: int,
    code: str,
) -> None:
    before = len(open_house.desk.list())
    answer = open_house.client.post("/api/jobs", data=data, files=files or {"x": ("", b"")})
    assert code_of(answer)[0] == status, answer.text
    assert code in {code_of(answer)[1], "bad_value"}
    assert str(open_house.library) not in answer.text
    assert open_house.incoming() == []
    assert len(open_house.desk.list()) == before
    assert open_house.client.get("/api/health").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        *("file:///etc/passwd", "/etc/passwd", "talk.wav", "ftp://example.org/a.mp3", ""),
        *("http://127.0.0.1/a.mp3", "http://localhost:8000/", "http://[::1]/", "http://nas/a.mp3"),
        *("http://192.168.0.1/", "http://169.254.169.254/latest", "http://printer.local/a"),
        *("https://me:pw@10.0.0.1/a.mp3", "http://0.0.0.0/"),
    ],
)
def test_only_addresses_of_the_public_web_are_taken(open_house: Served, address: str) -> None:
    answer = open_house.client.post("/api/jobs", json={"address": address})
    assert answer.status_code == 422
    assert open_house.incoming() == []


def test_addresses_of_the_local_network_are_taken_if_the_owner_says_so(tmp_path: Path) -> None:
    with serving(tmp_path / "library", private=True) as served:
        answer = served.client.post("/api/jobs", json={"address": "http://127.0.0.1/a.mp3"})
        assert answer.status_code == 202


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 10_000, "application/json", 400),
        (b'{"address": {"a": 1}}', "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
            "multipart/form-data; boundary=x",
            400,
        ),
        (b"nonsense" * 100, "multipart/form-data; boundary=x", 400),
        (b"", f"multipart/form-data; boundary={'x' * 300}", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    open_house: Served, body: bytes, kind: str, status: int
) -> None:
    answer = open_house.client.post("/api/jobs", content=body, headers={"Content-Type": kind})
    assert code_of(answer)[0] == status
    assert open_house.incoming() == []


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "..%2f..%2fsource%2fdocument%2fa.txt",
        "%2e%2e/%2e%2e/report.json",
        "source/document/a.txt",
        "source/../talk.srt",
        "/etc/passwd",
        "talk.srt/",
        "talk.srt%00.html",
        "..\\talk.srt",
        "",
    ],
)
def test_no_path_leads_out_of_a_jobs_results(open_house: Served, path: str) -> None:
    files = {"document": ("a.txt", b"x")}
    job = open_house.ask(files=files).json()
    open_house.finish(**{"talk.srt": "1\n"})
    head = f"GET {job['url']}/files/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = open_house.speak(head.encode())
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 307")), answer


@pytest.mark.parametrize("name", ["../../evil.wav", "..\\..\\evil.wav", "/etc/evil.wav", ".."])
def test_a_name_that_leads_elsewhere_is_cleaned(open_house: Served, name: str) -> None:
    job = open_house.ask(files={"media": (name, SOUND)}).json()
    ticket = open_house.finish()
    path = open_house.library / job["folder"] / "source" / ticket.cells["source"]
    assert path.read_bytes() == SOUND
    assert path.resolve().is_relative_to(open_house.library.resolve())


@given(st.text(max_size=200))
def test_a_cleaned_name_is_the_name_of_a_file(name: str) -> None:
    clean = clean_file_name(name, "talk")
    assert clean
    assert Path(clean).name == clean
    assert clean not in {".", ".."}
    assert len(clean.encode()) <= 120
    assert not set(clean) & set('/\\:*?"<>|\x00\n')


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/jobs/nope", 404),
        ("GET", f"/api/jobs/{'0' * 32}/events", 404),
        ("POST", f"/api/jobs/{'0' * 32}/cancel", 404),
        ("DELETE", f"/api/jobs/{'0' * 32}", 404),
        ("PUT", "/api/jobs", 405),
        ("OPTIONS", "/api/jobs", 405),
        ("GET", "/api/jobs?limit=0", 422),
        ("GET", "/api/jobs?limit=x", 422),
        ("GET", "/static/..%2fvalues.py", 404),
        ("GET", "/docs", 404),
    ],
)
def test_errors_have_one_form(open_house: Served, method: str, path: str, status: int) -> None:
    assert code_of(open_house.client.request(method, path))[0] == status


# --- the queue


def test_no_more_jobs_wait_than_may(tmp_path: Path) -> None:
    with serving(tmp_path / "library", limits=replace(SMALL, waiting=2)) as served:
        assert [served.ask().status_code for _ in range(3)] == [202, 202, 429]
        refused = served.ask()
        assert code_of(refused) == (429, "queue_full")
        assert int(refused.headers["retry-after"]) > 0
        served.finish()
        assert served.ask().status_code == 202


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked_to_stop(
    tmp_path: Path,
) -> None:
    with serving(tmp_path / "library") as served:
        first, second = served.ask().json(), served.ask().json()
        assert served.client.get(second["url"]).json()["ahead"] == 1
        assert served.client.post(f"{second['url']}/cancel").json()["state"] == "cancelled"
        running = served.desk.take()
        assert running is not None
        assert code_of(served.client.delete(first["url"])) == (409, "is_running")
        assert served.desk.stopping(running) == 0
        assert served.client.post(f"{first['url']}/cancel").status_code == 202
        assert served.desk.stopping(running) == 2
        served.desk.finish(running, stand=Stand.WAITING)
        assert served.client.get(first["url"]).json()["state"] == "cancelled"
        assert code_of(served.client.post(f"{first['url']}/cancel")) == (409, "is_over")


def test_a_deleted_job_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "library") as served:
        job = served.ask().json()
        served.finish(**{"talk.srt": "1\n"})
        assert served.client.delete(job["url"]).status_code == 204
        assert served.client.get(job["url"]).status_code == 404
        assert served.client.get("/api/jobs").json() == {"jobs": [], "total": 0}
        assert [ticket.id for ticket in served.forgotten] == [job["id"]]
        left = [p for p in (tmp_path / "library").rglob("*") if p.is_file() and p.name != "lock"]
        assert [path.name for path in left] == ["all"]  # the lock of the library


def test_jobs_outlive_the_service_in_their_order(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with serving(library) as served:
        urls = [served.ask().json()["url"] for _ in range(3)]
        served.finish(**{"talk.srt": "1\n"})
        assert served.desk.take() is not None  # it runs when the power fails
        for folder in ("0" * 32, "f" * 32):
            (served.desk.records.incoming / folder).mkdir()
    with serving(library) as served:
        states = [served.client.get(url).json()["state"] for url in urls]
        assert states == ["done", "waiting", "waiting"]
        assert [served.client.get(url).json()["ahead"] for url in urls] == [0, 0, 1]
        assert served.incoming() == []
        assert served.client.get(f"{urls[0]}/files/talk.srt").text == "1\n"


def test_a_job_that_the_disk_refused_does_not_come_back_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_records: Records, ticket: Ticket) -> None:
        raise OutputError("the disk is full", path=ticket.name)

    library = tmp_path / "library"
    with serving(library) as served:
        monkeypatch.setattr(Records, "settle", refuse)
        assert served.ask().status_code == 507
        monkeypatch.undo()
    with serving(library) as served:
        assert served.client.get("/api/jobs").json()["total"] == 0


def test_a_power_failure_between_two_moves_loses_no_job(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with serving(library) as served:
        first, second = served.ask().json(), served.ask().json()
        records = served.desk.records
        ticket = served.desk.find(first["id"])
        (library / first["folder"] / "source").rename(records.incoming / first["id"])
        (library / first["folder"]).rmdir()
        records.save(replace(served.desk.find(second["id"]), stand=Stand.DELETING))
    with serving(library) as served:
        assert (library / ticket.name / "source/media/talk.wav").read_bytes() == SOUND
        assert served.client.get(second["url"]).status_code == 404
        assert not (library / second["folder"]).exists()


# --- slow, rude and gone


IMPATIENT = replace(SMALL, silence=0.3, upload=1.2, request=0.3, waiting=100)
HEAD = (
    "POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    '--x\r\nContent-Disposition: form-data; name="media"; filename="a.wav"\r\n\r\n'
)


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("impatient")
    with serving(folder / "library", limits=IMPATIENT) as served:
        yield served


def test_an_upload_that_stops_is_given_up(impatient: Served) -> None:
    answer = impatient.speak(HEAD.encode() + b"RI")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in answer
    assert impatient.incoming() == []


def test_an_upload_that_trickles_is_given_up(impatient: Served) -> None:
    with closing(socket.create_connection(("127.0.0.1", impatient.port), 10)) as wire:
        wire.sendall(HEAD.encode())
        for _ in range(40):
            try:
                wire.sendall(b"x")
            except OSError:
                break
            time.sleep(0.05)
        assert wire.recv(100).startswith(b"HTTP/1.1 408")
    await_that(lambda: impatient.incoming() == [])


@pytest.mark.parametrize("start", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_request_that_never_ends_its_head_is_hung_up_on(impatient: Served, start: bytes) -> None:
    with suppress(ConnectionResetError):  # that is hanging up, too
        assert impatient.speak(start) == b""


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing(impatient: Served) -> None:
    for _ in range(20):
        with closing(socket.create_connection(("127.0.0.1", impatient.port), 10)) as wire:
            wire.sendall(HEAD.encode() + b"RIFF")
    await_that(lambda: impatient.incoming() == [] and impatient.desk.counts()["uploads"] == 0)
    assert impatient.client.get("/api/health").status_code == 200


@pytest.mark.parametrize(
    "rubbish",
    [b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000, b"\r\n" * 40_000],
)
def test_what_is_no_http_is_hung_up_on(impatient: Served, rubbish: bytes) -> None:
    try:
        answer = impatient.speak(rubbish)
    except (ConnectionResetError, BrokenPipeError):
        answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert impatient.client.get("/api/health").status_code == 200


def test_refused_clients_leave_no_descriptors(impatient: Served) -> None:
    def count() -> int:
        there = Path("/proc/self/fd")
        return len(list(there.iterdir())) if there.exists() else 0

    impatient.client.get("/api/health")
    before = count()
    for _ in range(8):
        httpx.post(f"{impatient.address}/api/jobs", files={"media": ("a", bytes(300_000))})
        impatient.speak(HEAD.replace("boundary=x", "").encode())
    await_that(lambda: count() <= before + 2)


def await_that(is_so: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


# --- who is let in


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "192.168.0.7", "", "a@localhost"]
)
def test_only_by_its_own_names_a_local_service_is_asked(open_house: Served, host: str) -> None:
    answer = open_house.client.get("/api/jobs", headers={"Host": host})
    assert code_of(answer) == (421, "wrong_host")


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:9", "[::1]:80", "LocalHost:8000", "127.0.0.2:8"]
)
def test_by_a_tunnel_it_is_asked_at_another_port(open_house: Served, host: str) -> None:
    assert open_house.client.get("/api/jobs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_other_site_changes_anything(open_house: Served, headers: dict[str, str]) -> None:
    assert code_of(open_house.ask(headers=headers)) == (403, "other_origin")
    gone = open_house.client.delete("/api/jobs/x", headers=headers)
    assert code_of(gone) == (403, "other_origin")


def test_our_own_page_does_and_nobody_is_told_to_share(open_house: Served) -> None:
    answer = open_house.ask(headers={"Origin": open_house.address})
    assert answer.status_code == 202
    assert not [name for name in answer.headers if name.startswith("access-control")]
    open_house.finish()


@pytest.mark.parametrize("given_token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "大", "Bearer"])
def test_without_the_token_nothing_is_told(guarded: Served, given_token: str) -> None:
    headers = {"Authorization": f"Bearer {given_token}".encode()} if given_token else {}
    for path in ("/api/jobs", "/api/health", "/openapi.json", "/api/jobs/x/files/a"):
        assert code_of(guarded.client.get(path, headers=headers)) == (401, "no_token")  # type: ignore[arg-type]
    assert guarded.ask(headers=headers).status_code == 401
    page = guarded.client.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")


def test_with_the_token_a_program_comes_in(guarded: Served) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert guarded.client.get("/api/jobs", headers=headers).status_code == 200


def test_a_token_may_be_in_any_script(tmp_path: Path) -> None:
    token = "只有我們知道的密碼一二三四五六七八"
    headers = {"Authorization": f"Bearer {token}".encode()}
    with serving(tmp_path / "library", policy=Policy(token=token)) as served:
        assert served.client.get("/api/jobs", headers=headers).status_code == 200  # type: ignore[arg-type]
        other = {"Authorization": f"Bearer {token[:-1]}".encode()}
        assert served.client.get("/api/jobs", headers=other).status_code == 401  # type: ignore[arg-type]


def test_a_browser_logs_in_and_keeps_no_token(guarded: Served) -> None:
    with httpx.Client(base_url=guarded.address) as browser:
        wrong = browser.post("/login", data={"token": "wrong"})
        assert wrong.status_code == 403
        assert 'role="alert" class="error" >' in wrong.text
        assert browser.post("/login", data={"token": TOKEN}).status_code == 303
        assert browser.get("/").status_code == 200
        (cookie,) = browser.cookies.jar
        assert TOKEN not in str(cookie.value)
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "strict"


def test_other_machines_ask_by_number_or_by_a_name_that_was_allowed(guarded: Served) -> None:
    for host, status in [("192.168.0.7:80", 401), ("box", 401), ("evil.example", 421)]:
        answer = guarded.client.get("/api/jobs", headers={"Host": host})
        assert answer.status_code == status


def test_the_token_is_not_in_what_is_printed_of_a_policy() -> None:
    assert TOKEN not in repr(TOKENS)


@given(st.text(max_size=50))
def test_a_host_name_has_no_port_and_no_user(host: str) -> None:
    assert not set(host_name(host)) & set("@/")


def test_names_of_the_local_network_are_told_by_their_looks() -> None:
    assert is_local("10.1.2.3")
    assert is_local("fd00::1")
    assert not is_local("2606:4700::1111")
    assert not is_local("www.bilibili.com")


# --- its description


def test_every_address_is_described_with_its_refusals(open_house: Served) -> None:
    found = open_house.client.get("/openapi.json").json()
    assert sorted(found["paths"]) == [
        "/api/health",
        "/api/jobs",
        "/api/jobs/{job}",
        "/api/jobs/{job}/cancel",
        "/api/jobs/{job}/events",
        "/api/jobs/{job}/files/{name}",
    ]
    calls = [call for path in found["paths"].values() for call in path.values()]
    assert all(call["summary"] for call in calls)
    assert all("ProblemAnswer" in json.dumps(call["responses"]["401"]) for call in calls)
    assert "example" in found["components"]["schemas"]["JobAnswer"]
    body = found["paths"]["/api/jobs"]["post"]["requestBody"]["content"]
    assert set(body) == {"multipart/form-data", "application/json"}
    assert "media" in body["multipart/form-data"]["schema"]["properties"]


def test_limits_are_for_talks_of_hours() -> None:
    assert Limits().media >= 4 << 30
    assert Limits().waiting >= 100
