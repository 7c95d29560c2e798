"""The environment stable-ts runs in: made once, in the user's cache folder."""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from subtools.media import find_ffmpeg
from subtools.places import cache_folder

STABLE_TS = "2.19.1"
OPENAI_WHISPER = "20250625"  # the newest that this stable-ts takes
TORCH = "2.13.0"
# The same versions as subtools uses, so that the same weights run on the same engine.
SHARED = ("faster-whisper", "ctranslate2", "onnxruntime", "numpy", "av")
_OTHERS = ("tqdm", "more-itertools", "numba", "tiktoken")
# stable-ts imports torchaudio at once but needs it only to resample and to filter, which
# it is not asked to do here; there is none for this torch.
_STUB = '"""Stands in for torchaudio, of which nothing is used here."""\n'


def stable_python() -> Path:
    """Return the Python that has stable-ts, its environment made if need be.

    Raises:
        subprocess.CalledProcessError: If something cannot be installed.
    """
    folder = bench_cache() / f"stable-ts-{STABLE_TS}-torch-{TORCH}-{sys.version_info[1]}"
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = binaries / "python"
    complete = folder / ".complete"
    if not complete.exists():
        print(f"making the environment of stable-ts in {folder} (once)", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        _install(python)
        _put_stub(python)
        _link_ffmpeg(binaries)
        complete.touch()
    return python


def bench_cache() -> Path:
    """Return the folder that keeps what the benchmark needs between runs."""
    return cache_folder() / "bench"


def _install(python: Path) -> None:
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    shared = [f"{name}=={version(name)}" for name in SHARED]
    # The build without CUDA is a tenth of the size; PIP_EXTRA_INDEX_URL may name where it is.
    if subprocess.run([*pip, f"torch=={TORCH}+cpu"], check=False, capture_output=True).returncode:
        subprocess.run([*pip, f"torch=={TORCH}"], check=True)
    subprocess.run([*pip, *shared, *_OTHERS], check=True)
    # Without what they ask for: torchaudio, and a triton for graphics cards.
    packages = [f"stable-ts=={STABLE_TS}", f"openai-whisper=={OPENAI_WHISPER}"]
    subprocess.run([*pip, "--no-deps", *packages], check=True)


def _put_stub(python: Path) -> None:
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([str(python), "-c", where], check=True, capture_output=True, text=True)
    folder = Path(done.stdout.strip(), "torchaudio")
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text(_STUB, encoding="utf-8")


def _link_ffmpeg(binaries: Path) -> None:
    """Put ffmpeg where stable-ts looks for it: under this very name, on the PATH."""
    link = binaries / "ffmpeg"
    if not link.exists():
        link.symlink_to(find_ffmpeg())
