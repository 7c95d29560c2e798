"""Parts of works on disk: what is kept, and what goes when there is too much."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from subtools.keeping import KeptWork

LONG_AGO = 40 * 86_400.0  # s


def keep(folder: Path, name: str, size: int, *, used: float) -> Path:
    """Keep ``size`` characters in a work that was used ``used`` seconds ago; return its folder."""
    before = set(folder.glob("*"))
    KeptWork(folder, name)(name).write("whole", "x" * size)
    (made,) = set(folder.glob("*")) - before
    moment = time.time() - used
    os.utime(made, (moment, moment))
    return made


@pytest.mark.parametrize(
    ("most", "left"),
    [
        (100_000, "abc"),  # there is room
        (9_000, "bc"),  # one is too much
        (5_000, "c"),
        (10, ""),
    ],
)
def test_what_was_used_longest_ago_goes_until_the_rest_fits(
    tmp_path: Path, most: int, left: str
) -> None:
    works = {name: keep(tmp_path, name, 4_000, used=LONG_AGO - k) for k, name in enumerate("abc")}
    KeptWork(tmp_path).make_room(most)
    assert "".join(name for name, folder in works.items() if folder.exists()) == left


def test_of_two_that_must_go_the_older_one_does_not_stay_for_being_small(tmp_path: Path) -> None:
    sizes = {"oldest": 1_000, "older": 6_000, "newer": 4_000}
    works = {
        name: keep(tmp_path, name, size, used=LONG_AGO - k)
        for k, (name, size) in enumerate(sizes.items())
    }
    KeptWork(tmp_path).make_room(5_500)
    assert [name for name, folder in works.items() if folder.exists()] == ["newer"]


def test_what_is_in_use_stays_however_large(tmp_path: Path) -> None:
    old = keep(tmp_path, "old", 4_000, used=LONG_AGO)
    lately = keep(tmp_path, "lately", 4_000, used=60.0)
    own = keep(tmp_path, "own", 4_000, used=LONG_AGO)
    work = KeptWork(tmp_path)
    assert work("own").read("whole") == "x" * 4_000
    work.make_room(10)
    assert [folder.exists() for folder in (old, lately, own)] == [False, True, True]
    assert time.time() - own.stat().st_mtime < 60, "it counts as used now"


def test_without_a_folder_there_is_room(tmp_path: Path) -> None:
    KeptWork(tmp_path / "none").make_room(10)
