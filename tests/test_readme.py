"""The README is run: its Python, and what it says about the commands."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"


@pytest.mark.model
def test_the_python_of_the_readme_does_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert result.attempted >= 5
    assert result.failed == 0


def test_every_command_stands_in_the_readme() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", COMMANDS], capture_output=True, encoding="utf-8", check=True
    )
    text = README.read_text(encoding="utf-8")
    commands = shown.stdout.split()
    assert len(commands) >= 5
    assert [c for c in commands if f"`subtools {c} " not in text] == []


COMMANDS = """
from subtools.cli import load_commands
print(*(command.name for command in load_commands().registered_commands))
"""


def test_the_documents_link_to_files_that_are_there() -> None:
    for document in [README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
