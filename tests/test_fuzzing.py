"""A small share of ``scripts.fuzz_formats``: every reader takes whatever comes."""

from __future__ import annotations

import random

import pytest

from scripts.fuzz_formats import compose_seeds, fuzz_reader, mutate
from subtools.formats import FORMATS, Format, format_for

READERS = [known for known in FORMATS if known.parse]


@pytest.mark.parametrize("known", READERS, ids=lambda known: known.name)
def test_mutated_files_are_read_or_refused(known: Format) -> None:
    tally = fuzz_reader(known, range(200), seed=2)
    # How long a file took says nothing on a busy machine; a hang is an exception.
    assert [failure for failure in tally.failures if ": took " not in failure] == []
    assert tally.read
    assert tally.read + tally.refused == 200


@pytest.mark.parametrize("known", READERS, ids=lambda known: known.name)
def test_the_files_that_mutation_begins_with_are_those_of_the_reader(known: Format) -> None:
    seeds = compose_seeds(known)
    assert known.parse is not None
    assert any(known.parse(seed).cues for seed in seeds[:2])


def test_a_mutated_file_is_the_same_each_time() -> None:
    seeds = compose_seeds(format_for("srt"))
    first, second = (mutate(seeds[0], seeds, random.Random("1:srt:7")) for _ in range(2))
    assert first == second != seeds[0]
