"""Fixtures for all tests, and the option that turns a skip into a failure."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from subtools.core import Audio
from subtools.media import load_audio

settings.register_profile("dev", max_examples=60, deadline=None)
settings.register_profile(  # the same examples each time; `make fuzz` looks for new ones
    "ci",
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("fuzz", max_examples=1000, deadline=None)

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fail-on-skip", action="store_true", help="count a skipped test as failed")


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as shells start what is behind a `&`
        signal.signal(signal.SIGINT, signal.default_int_handler)  # commands under test inherit it
    chosen = "ci" if config.getoption("--fail-on-skip") else "dev"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", chosen))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not session.config.getoption("--fail-on-skip"):
        return
    if exitstatus == pytest.ExitCode.OK and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def clip_audio() -> Path:
    """The bundled panel clip: 226 s, 4 speakers."""
    return DATA / "clip" / "clip.opus"


@pytest.fixture(scope="session")
def clip_document() -> Path:
    """The transcript of the clip, with the errors an ASR made."""
    return DATA / "clip" / "clip.doc.txt"


@pytest.fixture(scope="session")
def clip_reference() -> Path:
    """What is really said in the clip, and when."""
    return DATA / "clip" / "clip.ref.json"


@pytest.fixture(scope="session")
def clip_sound(clip_audio: Path, tmp_path_factory: pytest.TempPathFactory) -> Audio:
    """The clip, decoded."""
    return load_audio(clip_audio, tmp_path_factory.mktemp("sound") / "clip.s16")
