"""Results are written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.errors import OutputError
from subtools.store import check_outputs, hash_file, work_folder, write_outputs

needs_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and limits")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below ``folder``, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def run_python(code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in its own process."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


# --- writing


@given(st.dictionaries(st.sampled_from("abc"), st.text() | st.binary(), max_size=3))
def test_what_is_written_is_read_back(
    tmp_path_factory: Any, outputs: dict[str, str | bytes]
) -> None:
    folder = tmp_path_factory.mktemp("round", numbered=True)
    write_outputs({folder / name: content for name, content in outputs.items()})
    expected = {n: c if isinstance(c, bytes) else c.encode() for n, c in outputs.items()}
    assert contents(folder) == expected


def test_text_is_utf8_and_its_line_ends_stay(tmp_path: Path) -> None:
    write_outputs({tmp_path / "a.srt": "字幕\n第二行\n"})
    assert (tmp_path / "a.srt").read_bytes() == "字幕\n第二行\n".encode()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_outputs({tmp_path / "new" / "deep" / "a.srt": "x"})
    assert contents(tmp_path) == {"new/deep/a.srt": b"x"}


def test_a_new_file_has_the_permissions_the_user_wants(tmp_path: Path) -> None:
    write_outputs({tmp_path / "ours": "x"})
    (tmp_path / "theirs").write_text("x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode


def test_a_name_as_long_as_the_disk_allows_is_written(tmp_path: Path) -> None:
    longest = tmp_path / ("長" * 83 + ".srt")  # 253 of the 255 bytes of common file systems
    check_outputs([longest], force=False)
    write_outputs({longest: "x"})
    assert longest.read_text() == "x"


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b.srt").write_text("mine")
    with pytest.raises(OutputError, match=r"b\.srt.*--force"):
        write_outputs({tmp_path / "a.srt": "new", tmp_path / "b.srt": "new"})
    assert contents(tmp_path) == {"b.srt": b"mine"}


def test_force_overwrites(tmp_path: Path) -> None:
    (tmp_path / "b.srt").write_text("mine")
    write_outputs({tmp_path / "a.srt": "new", tmp_path / "b.srt": "new"}, force=True)
    assert contents(tmp_path) == {"a.srt": b"new", "b.srt": b"new"}


def intrude_late(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let someone else make ``b`` when our ``a`` and ``b`` are ready to get their names."""

    def sync_and_intrude(_: int) -> None:
        if len(list(folder.glob("*.part"))) == 2:
            (folder / "b").write_text("theirs")

    monkeypatch.setattr(os, "fsync", sync_and_intrude)


def test_a_file_that_appears_while_we_write_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intrude_late(tmp_path, monkeypatch)
    with pytest.raises(OutputError, match=r"b: the file exists already.*--force"):
        write_outputs({tmp_path / "a": "ours", tmp_path / "b": "ours"})
    assert contents(tmp_path) == {"b": b"theirs"}


def without_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path, existing: Path) -> None:
        if not existing.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))  # what FAT answers on Linux

    monkeypatch.setattr(Path, "hardlink_to", refuse)


def test_a_disk_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_hard_links(monkeypatch)
    write_outputs({tmp_path / "a": "1", tmp_path / "b": "2"})
    with pytest.raises(OutputError, match="--force"):
        write_outputs({tmp_path / "new": "1", tmp_path / "b": "2"})
    write_outputs({tmp_path / "a": "3"}, force=True)
    assert contents(tmp_path) == {"a": b"3", "b": b"2"}


def test_a_late_intruder_is_kept_on_a_disk_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_hard_links(monkeypatch)
    intrude_late(tmp_path, monkeypatch)
    with pytest.raises(OutputError, match=r"b: the file exists already.*--force"):
        write_outputs({tmp_path / "a": "ours", tmp_path / "b": "ours"})
    assert contents(tmp_path) == {"b": b"theirs"}


# --- failing and being interrupted


def interrupt_at(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, *, call: int, after: bool
) -> None:
    """Raise KeyboardInterrupt before or after the given call (from 1) of ``owner.name``."""
    real: Callable[..., Any] = getattr(owner, name)
    calls: list[int] = []

    def interrupted(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == call and not after:
            raise KeyboardInterrupt
        try:
            return real(*arguments)
        finally:
            if len(calls) == call:
                raise KeyboardInterrupt

    monkeypatch.setattr(owner, name, interrupted)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize(
    ("owner", "name", "force"),
    [
        (os, "fsync", False),
        (os, "fsync", True),
        (Path, "hardlink_to", False),  # gives new files their names
        (Path, "hardlink_to", True),  # keeps what is replaced
        (Path, "replace", True),
    ],
)
def test_an_interruption_at_any_step_leaves_all_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    call: int,
    after: bool,
    force: bool,
) -> None:
    if force:
        (tmp_path / "a").write_text("old a")
        (tmp_path / "c").write_text("old c")
    before = contents(tmp_path)
    outputs = {tmp_path / letter: f"new {letter}" for letter in "abc"}
    interrupt_at(monkeypatch, owner, name, call=call, after=after)
    with pytest.raises(KeyboardInterrupt):
        write_outputs(outputs, force=force)
    assert contents(tmp_path) == before


def test_a_file_that_cannot_be_replaced_puts_back_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ac":
        (tmp_path / name).write_text(f"old {name}")
    before, replace = contents(tmp_path), Path.replace

    def replace_unless_open(path: Path, target: Path) -> Path:
        if target.name == "c":  # Windows, while a player shows it
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_unless_open)
    with pytest.raises(OutputError, match="c: cannot be written: no permission"):
        write_outputs({tmp_path / name: "new" for name in "abc"}, force=True)
    assert contents(tmp_path) == before


@needs_posix
def test_a_real_interrupt_signal_leaves_nothing_behind(tmp_path: Path) -> None:
    done = run_python(
        """
        import os, signal, sys
        from pathlib import Path
        from subtools.store import write_outputs
        sync = os.fsync
        def sync_then_interrupt(descriptor):
            sync(descriptor)
            os.kill(os.getpid(), signal.SIGINT)
        os.fsync = sync_then_interrupt
        write_outputs({Path(sys.argv[1], "a.srt"): "x" * 100_000})
        """,
        tmp_path,
    )
    assert done.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in done.stderr
    assert contents(tmp_path) == {}


@needs_posix
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "b.srt").write_text("old")
    done = run_python(
        """
        import resource, sys
        from pathlib import Path
        from subtools.errors import OutputError
        from subtools.store import write_outputs
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        folder = Path(sys.argv[1])
        try:
            write_outputs({folder / "a.srt": "x", folder / "b.srt": "x" * 60_000}, force=True)
        except OutputError as error:
            sys.exit(str(error))
        """,
        tmp_path,
    )
    assert done.returncode == 1
    assert "b.srt: cannot be written: the file is larger than allowed here" in done.stderr
    assert contents(tmp_path) == {"b.srt": b"old"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "no permission"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_refusal_of_the_system_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, reason: str
) -> None:
    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match=reason) as caught:
        write_outputs({tmp_path / "a.srt": "x"})
    assert caught.value.path == tmp_path / "a.srt"
    assert caught.value.hint
    assert contents(tmp_path) == {}


# --- looking before the work begins


def test_writable_places_pass_and_nothing_is_left(tmp_path: Path) -> None:
    check_outputs([tmp_path / "a.srt", tmp_path / "new" / "deep" / "b.srt"], force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_name_without_a_folder_is_one_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check_outputs([Path("a.srt")], force=False)
    write_outputs({Path("a.srt"): "x"})
    assert contents(tmp_path) == {"a.srt": b"x"}


def refusal(path: Path, *, force: bool = False) -> str:
    """Return how check_outputs refuses ``path``; write_outputs must refuse it too."""
    with pytest.raises(OutputError):
        write_outputs({path: "x"}, force=force)
    with pytest.raises(OutputError) as caught:
        check_outputs([path], force=force)
    assert caught.value.path == path
    assert caught.value.hint
    return str(caught.value)


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("mine")
    assert "--force" in refusal(tmp_path / "a.srt")
    check_outputs([tmp_path / "a.srt"], force=True)
    assert contents(tmp_path) == {"a.srt": b"mine"}


def test_a_dangling_link_is_an_existing_file(tmp_path: Path) -> None:
    (tmp_path / "a.srt").symlink_to(tmp_path / "nowhere")
    assert "--force" in refusal(tmp_path / "a.srt")
    write_outputs({tmp_path / "a.srt": "x"}, force=True)
    assert (tmp_path / "a.srt").read_text() == "x"


def test_a_folder_is_not_overwritten_even_with_force(tmp_path: Path) -> None:
    assert "this is a folder" in refusal(tmp_path, force=True)


@needs_posix
def test_a_device_is_not_replaced_even_with_force() -> None:
    assert "not a regular file" in refusal(Path(os.devnull), force=True)
    assert not Path(os.devnull).is_file()


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "a file, not a folder" in refusal(tmp_path / "file" / "new" / "a.srt")


def test_a_name_too_long_is_refused(tmp_path: Path) -> None:
    assert "too long" in refusal(tmp_path / ("長" * 200 + ".srt"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc on this system")
def test_a_folder_that_takes_no_files_is_refused() -> None:
    assert "cannot be written" in refusal(Path("/proc/self/a.srt"))  # not even root may


@needs_posix
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    tmp_path.chmod(0o755)
    done = run_python(
        """
        import os, sys
        from pathlib import Path
        from subtools.errors import OutputError
        from subtools.store import check_outputs
        folder = Path(sys.argv[1])
        os.chdir(folder)  # the folders above may be closed to others
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)  # root may write anywhere
        try:
            check_outputs([Path("locked/a.srt")], force=False)
        except OutputError as error:
            sys.exit(str(error))
        """,
        tmp_path,
    )
    assert "locked/a.srt: cannot be written: no permission" in done.stderr, done


# --- the work folder and hashes


def test_the_work_folder_is_gone_after_an_interruption() -> None:
    with pytest.raises(KeyboardInterrupt), work_folder() as folder:
        (folder / "big.pcm").write_bytes(b"x")
        raise KeyboardInterrupt
    assert not folder.exists()


def test_each_run_has_its_own_work_folder() -> None:
    with work_folder() as first, work_folder() as second:
        assert first != second
        assert list(first.iterdir()) == []


def test_an_error_inside_the_work_folder_stays_what_it_is() -> None:
    with pytest.raises(FileNotFoundError), work_folder() as folder:
        (folder / "missing").read_text()


def test_no_place_for_a_work_folder_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(OutputError, match="TMPDIR"), work_folder():
        pass


@given(st.binary())
def test_a_file_has_the_hash_of_its_bytes(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.mktemp("hash", numbered=True) / "file"
    path.write_bytes(content)
    assert hash_file(path) == hashlib.sha256(content).hexdigest()
