"""Write constraints.txt anew: the newest versions that install together, by name and number."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Versions tested together. Made by `make constraints`.\n"


def main() -> None:
    """Install the project into a fresh environment and write down what came."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = "Scripts" if sys.platform == "win32" else "bin"
        python = str(Path(folder, scripts, "python"))
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--upgrade", "pip", "hatchling"], check=True)
        subprocess.run([*pip, "install", "--quiet", f"{ROOT}[dev]"], check=True)
        frozen = subprocess.check_output([*pip, "freeze", "--all"], text=True)
    # setuptools is whatever venv brings on this Python; nothing here needs it at run time.
    pins = [pin for pin in frozen.splitlines() if " @ " not in pin]
    pins = [pin for pin in pins if not pin.startswith("setuptools=")]
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(pins)} packages")


if __name__ == "__main__":
    main()
