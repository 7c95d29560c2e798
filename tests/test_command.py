"""The console command, in the second before it can do anything."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import subtools_command
from tests.commands import environment

SLOW = "import time\nprint('loading', flush=True)\ntime.sleep(60)\n"
SLOW_COMMANDS = f"""
def load_asked():
    try:
        {"; ".join(SLOW.splitlines())}
    except KeyboardInterrupt:
        print("an import that tells it otherwise")

main = print
"""
NO_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="signals reach a child otherwise")


def start(folder: Path, code: str = SLOW, *, ignores: bool = False) -> subprocess.Popen[str]:
    """Start the command beside a package that takes a minute to load."""
    package = folder / "subtools"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "cli.py").write_text(code, encoding="utf-8")
    before = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " if ignores else ""
    folders = f"sys.path[:0] = [{str(folder)!r}, {str(Path(subtools_command.__file__).parent)!r}]"
    begin = f"import sys; {folders}; {before}from subtools_command import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", begin],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment({}),
    )


def wait_until_it_loads(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"


@NO_SIGNALS
@pytest.mark.parametrize("code", [SLOW, SLOW_COMMANDS])
def test_an_interrupt_while_it_loads_ends_it_without_a_traceback(tmp_path: Path, code: str) -> None:
    process = start(tmp_path, code)
    wait_until_it_loads(process)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stderr == "error: interrupted; nothing was written\n"


@NO_SIGNALS
def test_who_ignores_interrupts_goes_on_ignoring_them(tmp_path: Path) -> None:
    process = start(tmp_path, ignores=True)
    wait_until_it_loads(process)
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    process.kill()
    process.communicate()


def test_the_command_that_is_installed_begins_there_and_works() -> None:
    (script,) = entry_points(group="console_scripts", name="subtools")
    assert script.value == "subtools_command:main"
    command = [sys.executable, "-c", "from subtools_command import main; main()", "--version"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.startswith("subtools ")
