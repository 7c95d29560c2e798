"""Six jobs, killed three times: nothing lost, nothing done twice, the same bytes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from subtools.core import Audio
from tests.batches import (
    count_made,
    count_wasted,
    cut_clip,
    find_leftovers,
    kill_group,
    read_events,
    read_library,
    start_batch,
    write_manifest,
)
from tests.commands import subtools

_KILLS = 3
_RECOGNISED = 4  # the number of the job without a document


@pytest.fixture(scope="module")
def manifest(
    clip_sound: Audio, clip_reference: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("cuts")
    cuts = cut_clip(clip_sound.samples, clip_reference, folder / "cuts", 6, seconds=6.0)
    return write_manifest(folder / "manifest.csv", cuts, recognised=[_RECOGNISED])


@pytest.mark.model
def test_a_run_that_is_killed_again_and_again_ends_with_the_bytes_of_one_that_was_not(
    manifest: Path,
) -> None:
    undisturbed, killed = manifest.parent / "undisturbed", manifest.parent / "killed"
    done = subtools("batch", manifest, "-o", undisturbed, "--workers", "2")
    assert done.status == 0, done.stderr
    for number in range(_KILLS):
        run = start_batch(manifest, "-o", killed, "--workers", "1")
        await_made(killed, more_than=6 * (number + 1))
        kill_group(run)
        assert len(list((killed / ".subtools" / "jobs").glob("*.json"))) == 6  # `why` knows them
    assert not (killed / "report.json").exists()
    done = subtools("batch", manifest, "-o", killed, "--workers", "1")
    assert done.status == 0, done.stderr
    assert read_library(killed) == read_library(undisturbed)
    assert max(count_made(killed).values()) == 1
    assert count_wasted(killed) == 0
    assert find_leftovers(killed) == []
    assert json.loads((killed / "report.json").read_text("utf-8"))["counts"]["done"] == 6


def await_made(library: Path, *, more_than: int) -> None:
    """Wait until so many steps are made, and the next is under way."""
    for _ in range(1200):
        if (library / ".subtools" / "journal.jsonl").exists():
            events = [event["event"] for event in read_events(library)]
            if events.count("made") > more_than and events[-1] == "begun":
                return
        time.sleep(0.05)
    raise AssertionError("nothing goes on")
