"""What decides a step: settings that are set, hashes, versions of the packages it rests on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.metadata import distribution, version
from importlib.resources.abc import Traversable
from pathlib import Path

from subtools.batch.values import Job, Kind, Plain, Step
from subtools.download import Kind as AddressKind
from subtools.download import parse_address
from subtools.errors import MediaError
from subtools.media import ffmpeg_version
from subtools.pipeline import DECIDING_PACKAGES
from subtools.talks import find_address, is_address

FFMPEG = "ffmpeg"  # a program, and no package
CHECKOUT = "checkout"  # the code of subtools, where it may change without its version
_PACKAGES: Mapping[Kind, tuple[str, ...]] = {
    Kind.FETCH: (),  # bytes are bytes
    Kind.DECODE: (FFMPEG, "av"),
    Kind.ENCODE: ("faster-whisper", "ctranslate2", "numpy"),
    Kind.SITE: DECIDING_PACKAGES[1:],
    Kind.RECOGNISE: ("faster-whisper", "ctranslate2", "onnxruntime", "tokenizers", "numpy"),
    Kind.ALIGN: ("numpy", "pypinyin", "opencc", "cn2an", "num2words", "rapidfuzz"),
    Kind.DIARIZE: ("onnxruntime", "kaldi-native-fbank", "numpy"),
    Kind.NAME: ("numpy", "pypinyin", "opencc", "rapidfuzz"),
    Kind.TOPICS: ("numpy", "rjieba", "opencc"),
    Kind.CLEAN: (*DECIDING_PACKAGES[1:], "rjieba", "pyspellchecker"),
    Kind.OUTPUTS: (*DECIDING_PACKAGES[1:], "budoux", "rjieba", "pysrt", "pysubs2", "webvtt-py"),
}
# Networks that ship with subtools: a checkout may have others under the same version.
_SHIPPED: Mapping[Kind, tuple[str, ...]] = {  # packages with what a kind of step knows
    Kind.ENCODE: ("subtools.acoustics",),
    Kind.SITE: ("subtools.acoustics",),
    Kind.DIARIZE: ("subtools.voices",),
    Kind.CLEAN: ("subtools.acoustics", "subtools.ngrams", "subtools.glossary"),
}
# By these CTranslate2 and MKL choose how they multiply, which shows in the last digits.
# Source: docs/environment_variables.md of CTranslate2; "Conditional Numerical Reproducibility"
# in the guide of oneMKL.
_KERNELS = ("CT2_FORCE_CPU_ISA", "CT2_USE_MKL", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS")
_WEIGHTS = (".npz", ".onnx", ".tsv")
_CODE = (".py", ".js", ".css", ".html", ".json")


def find_source(job: Job) -> str:
    """Return the path or address of the sound of ``job``, with its part.

    Raises:
        SubtoolsError: If nothing says which it is, or a part is named where there are none.
    """
    source = job.source
    if not source:
        if job.document is None:
            raise MediaError("there is no sound", hint="name a file or an address as its source")
        source = find_address(job.document)
    if not is_address(source):
        if job.part is not None and not Path(source).exists():
            return source  # that it is not there will be said
        return source
    if job.part is None:
        return source
    address = parse_address(source)
    if address.kind is not AddressKind.BILIBILI:
        hint = "give each video its own address"
        raise MediaError("only videos of Bilibili have parts", hint=hint, path=None)
    return f"{address.bvid or address.url}?p={job.part}"


def make_step(
    kind: Kind,
    settings: Mapping[str, Plain],
    inputs: Mapping[str, Step] | None = None,
    files: Mapping[str, Path | str | None] | None = None,
) -> Step:
    """Return a step without what is not set: a new setting changes no address as long as it is."""
    said = {name: value for name, value in settings.items() if value is not None}
    read = {role: str(path) for role, path in (files or {}).items() if path is not None}
    addresses = {role: before.address for role, before in (inputs or {}).items()}
    return Step(kind, said | _versions(kind), addresses, read)


def find_version(name: str) -> str:
    """Return the version of a package, of ffmpeg, or of a checkout, that would be used here.

    Raises:
        MediaError: If ffmpeg is wanted and there is none.
        PackageNotFoundError: If there is no such package.
    """
    if name == CHECKOUT:
        return find_checkout()
    return ffmpeg_version() if name == FFMPEG else version(name)


@cache
def find_checkout() -> str:
    """Return a hash of the code of a checkout, which keeps its version; empty if it is none."""
    origin = json.loads(distribution("subtools").read_text("direct_url.json") or "{}")
    is_checkout = origin.get("dir_info", {}).get("editable", False)
    return hash_code(resources.files("subtools")) if is_checkout else ""


def hash_code(folder: Traversable) -> str:
    """Return a short hash of all modules below ``folder``, with their names.

    What pages are made of is code, too, and so are small tables; networks are not.
    """
    told = hashlib.sha256()
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(_CODE):
            told.update(f"{entry.name}\0".encode() + entry.read_bytes() + b"\0")
        elif entry.is_dir() and entry.name.isidentifier() and entry.name != "__pycache__":
            told.update(f"{entry.name}/{hash_code(entry)}\0".encode())
    return told.hexdigest()[:12]


@cache
def _versions(kind: Kind) -> dict[str, Plain]:
    found: dict[str, Plain] = {
        f"version {name}": find_version(name) for name in ("subtools", *_PACKAGES[kind])
    }
    if kind is not Kind.FETCH and find_checkout():  # what is fetched is the same for any code
        found[f"version {CHECKOUT}"] = find_checkout()
    for package in _SHIPPED.get(kind, ()):
        found[f"shipped {package}"] = hash_shipped(package)
    return found


@cache
def hash_shipped(package: str) -> str:
    """Return a hash of the networks and tables that ship in ``package``."""
    files = sorted(resources.files(package).iterdir(), key=lambda file: file.name)
    told = hashlib.sha256()
    for file in files:
        if file.name.endswith(_WEIGHTS):
            told.update(hashlib.sha256(file.read_bytes()).digest())
    return told.hexdigest()


def machine_of(job: Job) -> dict[str, Plain]:
    """Return what of the machine decides a heavy step of ``job``."""
    device = job.device
    return {
        "threads": job.threads,
        "device": device.kind,
        "compute_type": device.compute_type,
        "batch": device.batch,
        **{f"environment {name}": os.environ.get(name) for name in _KERNELS},
    }


def foreign_versions(align: Step) -> dict[str, Plain]:
    """Return the versions of the package whose aligner ``align`` uses, as its job records them."""
    prefix = "foreign version "
    return {
        f"version {name.removeprefix(prefix)}": value
        for name, value in align.settings.items()
        if name.startswith(prefix)
    }


def origin_of(steps: Iterable[Step]) -> dict[str, Step]:
    """Return the step that fetched the sound, as an input; nothing for a file of the user's."""
    fetch = first_step(Kind.FETCH, steps)
    return {} if fetch is None else {"fetch": fetch}


def first_step(kind: Kind, steps: Iterable[Step]) -> Step | None:
    """Return the first of ``steps`` that is of ``kind``; None if none is."""
    return next((step for step in steps if step.kind is kind), None)


def find_step(kind: Kind, steps: Iterable[Step]) -> Step:
    """Return the first of ``steps`` that is of ``kind``."""
    return next(step for step in steps if step.kind is kind)
