"""A short share of scripts/load_service.py: good and bad clients at once, and nothing left."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.load_service import DEEDS, do_silent, do_slow, measure


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are counted in /proc")
def test_good_and_bad_clients_at_once_get_right_answers_and_leave_nothing(tmp_path: Path) -> None:
    deeds = tuple(pair for pair in DEEDS if pair[0] not in {do_slow, do_silent})  # tested apart
    found = measure(12, 3.0, 7, tmp_path / "library", deeds)
    assert found["wrong"] == []
    assert found["requests"] > 30
    assert found["status_calls"] > 0
