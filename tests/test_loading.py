"""Of many commands only the one that is wanted is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from subtools.cli import load_commands
from subtools.cli.loading import HOMES
from subtools.cli.panels import PANELS
from tests.commands import environment, subtools

LOADED = """
import sys
from subtools.cli import load_commands
load_commands([sys.argv[1]])
print(*(name for name in sys.modules if name.startswith("subtools.cli.")))
"""


def test_every_command_has_a_home_and_a_panel() -> None:
    app = load_commands()
    groups = [group.typer_instance for group in app.registered_groups]
    named = [command.name for command in app.registered_commands]
    named += [group.info.name for group in groups if group is not None]
    assert sorted(map(str, named)) == sorted(HOMES)
    assert sorted(name for names in PANELS.values() for name in names) == sorted(HOMES)


@pytest.mark.parametrize("name", ["convert", "cache"])
def test_a_command_loads_no_other_one(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, name], capture_output=True, encoding="utf-8", check=True
    )
    homes = {f"subtools.cli.{home}" for home in HOMES.values()}
    assert homes & set(done.stdout.split()) == {f"subtools.cli.{HOMES[name]}"}


def test_what_is_no_command_is_told_with_what_it_may_have_been() -> None:
    shown = subtools("captoin", "talk.txt")
    assert shown.status == 2
    assert "No such command 'captoin'" in shown.stderr
    assert "caption" in shown.stderr


def test_a_shell_is_told_all_commands() -> None:
    asked = {"_SUBTOOLS_COMPLETE": "complete_bash", "COMP_WORDS": "subtools ca", "COMP_CWORD": "1"}
    done = subprocess.run(
        [Path(sys.executable).with_name("subtools")],
        capture_output=True,
        encoding="utf-8",
        env=environment(asked),
    )
    assert done.stdout.split() == ["caption", "cache"]
