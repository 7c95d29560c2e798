"""Build the wheel and use it as a stranger would: fresh environment, other folder, no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIP = ROOT / "tests" / "data" / "clip"
CONSTRAINTS = str(ROOT / "constraints.txt")
RESULTS = ("clip.srt", "clip.vtt", "words.json", "clip.html")


def main() -> None:
    """Build, install, subtitle the clip, and look at what came out."""
    with tempfile.TemporaryDirectory(prefix="subtools-wheel-") as name:
        folder = Path(name)
        wheel = build_wheel(folder / "dist")
        print(f"{wheel.name}: {megabytes(wheel.stat().st_size)}", flush=True)
        scripts = install(wheel, folder / "env")
        print(f"installed with all it needs: {megabytes(size(folder / 'env'))}", flush=True)
        try_out(scripts, folder / "elsewhere")
    print("the wheel works outside the checkout")


def build_wheel(folder: Path) -> Path:
    """Return the wheel, built into ``folder`` with the pinned build tools."""
    # The constraints reach pip's own build environment only by --build-constraint.
    pins = ["--build-constraint", CONSTRAINTS]
    pip(Path(sys.executable), "wheel", "--no-deps", "--wheel-dir", str(folder), *pins, str(ROOT))
    (wheel,) = folder.glob("subtools-*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Return the folder with the commands of a new environment that has ``wheel``."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip(scripts / "python", "install", "--constraint", CONSTRAINTS, str(wheel))
    return scripts


def pip(python: Path, command: str, *arguments: str) -> None:
    """Run pip quietly."""
    options = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([str(python), "-m", "pip", command, *options, *arguments], check=True)


def try_out(scripts: Path, folder: Path) -> None:
    """Subtitle a copy of the clip in ``folder``, with a cache of its own."""
    folder.mkdir()
    for file in ("clip.doc.txt", "clip.opus"):
        shutil.copy(CLIP / file, folder)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["SUBTOOLS_CACHE"] = str(folder / "cache")
    subtools = str(scripts / "subtools")
    caption = ["caption", "clip.doc.txt", "--audio", "clip.opus", "--output-dir", "out"]
    page = ["page", "out/words.json", "--media", "clip.opus", "--force"]
    for arguments in (["--version"], caption, page):
        subprocess.run([subtools, *arguments], cwd=folder, env=environment, check=True)
    missing = [name for name in RESULTS if not size(folder / "out" / name)]
    if missing:
        sys.exit(f"`subtools caption` and `subtools page` wrote no {', '.join(missing)}")


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; 0 if there is nothing."""
    files = [path, *path.rglob("*")]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def megabytes(count: int) -> str:
    """Return a size for people."""
    return f"{count / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
