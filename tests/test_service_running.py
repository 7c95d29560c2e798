"""The service as a user starts it: a talk goes in, subtitles come out, and nothing is lost."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from subtools.cli import load_commands
from subtools.core import Audio
from tests.batches import count_made, count_wasted, cut_clip, find_leftovers, read_library
from tests.commands import subtools
from tests.serving import TOKEN, Running, close_pipes, kill_service, start_service
from tests.web import Answer, serving


@contextmanager
def started(library: Path, *arguments: str, env: dict[str, str] | None = None) -> Iterator[Running]:
    running = start_service(library, "--workers", "1", *arguments, env=env)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            kill_service(running)
        close_pipes(running)


def post(running: Running, sound: Path, text: str, name: str = "talk.wav") -> str:
    files = {"media": (name, sound.read_bytes()), "document": ("talk.txt", text.encode())}
    answer = httpx.post(f"{running.address}api/jobs", files=files, data={"language": "zh"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["url"])


@pytest.mark.model
def test_a_talk_goes_in_and_subtitles_come_out_though_the_service_is_killed(
    clip_sound: Audio, clip_reference: Path, tmp_path: Path
) -> None:
    (cut,) = cut_clip(clip_sound.samples, clip_reference, tmp_path / "cuts", 1, seconds=10.0)
    library = tmp_path / "library"
    with started(library) as running:
        url = post(running, cut.sound, cut.text)
        second = post(running, cut.sound, cut.text, "broken.wav")
        assert running.get(second)["ahead"] <= 1
        running.await_job(url, lambda job: "encode" in (job["progress"] or {}).get("finished", ()))
        kill_service(running)
    with started(library, "--grace", "0") as running:
        running.await_job(url, lambda job: "align" in (job["progress"] or {}).get("finished", ()))
        assert running.stop(signal.SIGTERM) == 0
    with started(library) as running:
        job = running.await_job(url, lambda job: job["state"] in {"done", "failed"})
        assert (job["state"], job["error"]) == ("done", "")
        names = {"talk.srt", "talk.vtt", "talk.chapters.vtt", "talk.html", "words.json"}
        assert {file["name"] for file in job["files"]} == names
        text = httpx.get(f"{running.address}{url[1:]}/files/talk.srt").text
        assert "首先我想問各位嘉賓" in text
        page = httpx.get(running.address + job["page"][1:]).text
        assert 'src="./source/media/talk.wav"' in page
        running.await_job(second, lambda job: job["state"] == "done")  # the same sound again
        assert running.stop() == 0
    assert find_leftovers(library) == []
    assert (library / "talk/talk.srt").read_text("utf-8") == text
    assert len(read_library(library)) == 2 * (len(names) + 2)
    with started(library) as running:
        for gone in (url, second):
            assert httpx.delete(running.address + gone[1:]).status_code == 204
        assert running.stop() == 0
    assert list((library / ".subtools/results").rglob("*.json")) == []
    assert max(count_made(library).values()) == 1
    assert count_wasted(library) == 0
    assert read_library(library) == {}


def test_a_job_that_fails_says_why_and_the_next_one_is_begun(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.wav"
    rubbish.write_bytes(b"RIFF" + bytes(5000))
    with started(tmp_path / "library") as running:
        jobs = [post(running, rubbish, "大家好。") for _ in range(2)]
        for url in jobs:
            job = running.await_job(url, lambda job: job["state"] == "failed")
            assert "decode" in job["error"]
            assert str(tmp_path) not in job["error"]
        assert running.get("api/health")["running"] == 0
        assert running.stop(signal.SIGTERM) == 0


def test_a_name_that_leads_into_the_local_network_is_not_fetched(tmp_path: Path) -> None:
    with serving() as site, started(tmp_path / "library") as running:
        site.answers["/a.ogg"] = Answer(b"x")
        address = f"{site.url.replace('127.0.0.1', '0x7f.1')}/a.ogg"  # looks like any name
        answer = httpx.post(f"{running.address}api/jobs", json={"address": address})
        job = running.await_job(answer.json()["url"], lambda job: job["state"] == "failed")
        assert "local network" in job["error"]
        assert site.asked == []
        assert running.stop() == 0


def test_a_library_that_is_in_use_and_a_port_that_is_taken_are_said(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with started(library) as running:
        port = running.address.rstrip("/").rsplit(":", 1)[1]
        other = subtools("serve", library, "--port", "0")
        assert (other.status, "another batch is at work there" in other.stderr) == (1, True)
        other = subtools("serve", tmp_path / "other", "--port", port)
        assert (other.status, "give another --port" in other.stderr) == (1, True)
        assert running.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "0.0.0.0"), "a token is needed"),
        (("--host", "0.0.0.0", "--token", "short"), "shorter than 16 characters"),
        (("--max-upload", "many"), "--max-upload"),
    ],
)
def test_what_would_be_careless_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = CliRunner().invoke(
        load_commands(["serve"]), ["serve", str(tmp_path / "library"), *arguments]
    )
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())
    assert not (tmp_path / "library").exists()


def test_the_token_comes_from_the_environment_and_is_never_printed(tmp_path: Path) -> None:
    env = {"SUBTOOLS_TOKEN": TOKEN}
    with started(tmp_path / "library", "--host", "0.0.0.0", env=env) as running:
        assert httpx.get(f"{running.address}api/jobs").status_code == 401
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert httpx.get(f"{running.address}api/jobs", headers=headers).status_code == 200
        httpx.post(f"{running.address}login", data={"token": TOKEN[:-1]})
        assert running.stop() == 0
        _, printed = running.process.communicate()
        assert TOKEN[:-1] not in printed
        assert "Traceback" not in printed
    for path in (tmp_path / "library").rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()
    assert json.dumps(env)
