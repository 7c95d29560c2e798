"""Make the starter glossary, ``subtools/glossary/terms.tsv``, of public lists.

    python -m scripts.make_glossary fetch build/glossary
    python -m scripts.make_glossary make build/glossary --lists build/lists
    python -m scripts.make_glossary check REF.json   # no wrong form of a corpus is in it

``fetch`` needs npm and pip. The folder of ``--lists`` has checkouts of the public repositories
that SOURCES.md names. Needs wordfreq (`pip install -e .[training]`).

Nothing here knows a word that some recogniser got wrong. A candidate is a term by rules:

* Latin: neither a word of a dictionary nor frequent in English. A name that is also such a
  word (Claude, Whisper) needs two or three lists that have it, a common word four.
* Chinese: more than one character, not among the common words of Chinese; of CC-CEDICT only
  words whose first sense is of computing, or names whose first sense is of its companies
  and people.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from scripts.glossary_rules import COMMON, Rules, english_zipf, is_of_computing, words_of_glosses
from scripts.glossary_sources import (
    PACKAGES,
    Archives,
    Candidate,
    read_candidates,
    read_english,
    read_taiwanese,
)
from subtools.core import Term
from subtools.glossary import fold_name, starter_glossary
from subtools.phonetics import simplify
from subtools.phonetics.mandarin import read_syllables

_TARGET = Path(__file__).parent.parent / "subtools" / "glossary" / "terms.tsv"
_SPELLING = frozenset({"@lobehub/icons", "simple-icons", "linguist-languages"})


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("step", choices=("fetch", "make", "check"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--lists", type=Path, default=Path("build/lists"))
    options = parser.parse_args()
    if options.step == "fetch":
        fetch_packages(options.path)
    elif options.step == "make":
        terms = make_terms(Archives(options.path), options.lists)
        _TARGET.write_text(compose_terms(terms), encoding="utf-8")
        print(f"{len(terms)} terms in {_TARGET}")
    else:
        sys.exit(check_terms(options.path))


def fetch_packages(folder: Path) -> None:
    """Download the packages that are read, in their versions, into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for registry, name, version in PACKAGES:
        if registry == "npm":
            command = ["npm", "pack", "--silent", f"{name}@{version}"]
        else:
            command = ["pip", "download", "-q", "--no-deps", f"{name}=={version}"]
        subprocess.run(command, cwd=folder, check=True)


def make_terms(archives: Archives, lists: Path) -> list[Term]:
    """Return the terms, sorted by name: one for all spellings that fold to the same."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in read_candidates(archives, lists):
        found[fold_name(candidate.name)].append(candidate)
    _join_plurals(found)
    taiwanese = _simplify_all(read_taiwanese(archives))
    rules = Rules(read_english(archives), words_of_glosses(found.values()))
    kept = {key: candidates for key, candidates in found.items() if rules.accept(candidates)}
    terms = [_join(candidates, taiwanese, kept) for candidates in kept.values()]
    return sorted(terms, key=lambda term: (term.name.casefold(), term.name))


def _join_plurals(found: dict[str, list[Candidate]]) -> None:
    """Count who lists a plural among those who list the singular."""
    for key in [key for key in found if key.endswith("s") and key[:-1] in found]:
        if found[key][0].name.isascii() and len(key) > 4:
            found[key[:-1]].extend(found.pop(key))


def compose_terms(terms: Iterable[Term]) -> str:
    """Return the file: a line a term, see ``starter.parse_terms``."""
    rows = (
        "\t".join((term.name, "|".join(term.aliases), "|".join(term.sounds), term.source))
        for term in terms
    )
    return "\n".join(("# name\taliases\tsounds\tsource", *rows, ""))


def check_terms(path: Path) -> int:
    """Return how many wrong forms of ``path`` are in the glossary, and print them.

    Args:
        path: JSON with ``corrections``, each with ``seed`` (wrong) and ``spoken`` (right).
    """
    corrections = json.loads(path.read_text(encoding="utf-8"))["corrections"]
    wrong = {fold_name(c["seed"]) for c in corrections} - {
        fold_name(c["spoken"]) for c in corrections
    }
    names = {fold_name(name): term for term in starter_glossary().terms for name in term.names}
    bad = sorted(wrong & names.keys())
    for form in bad:
        print(f"{form}: {names[form]}")
    print(f"{len(wrong)} wrong forms, {len(bad)} of them in {len(names)} names")
    return len(bad)


def _join(
    candidates: Sequence[Candidate],
    taiwanese: dict[str, tuple[str, ...]],
    kept: Container[str],
) -> Term:
    """Return one term for its spellings; lists of names say best how one is written."""
    spelled = next((c.name for c in candidates if c.source in _SPELLING), candidates[0].name)
    name = candidates[0].name if any(map(str.isupper, candidates[0].name)) else spelled
    used = [c for c in candidates if c.source != "CC-CEDICT" or is_of_computing(c)]
    aliases = dict.fromkeys(alias for c in used for alias in _aliases(c))
    aliases.update(dict.fromkeys(taiwanese.get(name, ())))
    others = tuple(
        alias
        for alias in aliases
        if fold_name(alias) != fold_name(name) and (fold_name(alias) in kept or _is_telling(alias))
    )
    pinyins = {c.pinyin.lower(): _unusual_sound(name, c.pinyin) for c in candidates if c.pinyin}
    sounds = tuple(filter(None, pinyins.values())) if len(pinyins) == 1 else ()
    return Term(name, others, sounds, ", ".join(dict.fromkeys(c.source for c in used)))


def _aliases(candidate: Candidate) -> Iterator[str]:
    """Yield other names: those of the list, and what CC-CEDICT translates with."""
    yield from candidate.aliases
    gloss = re.sub(r"\([^)]*\)", "", candidate.gloss).strip()
    head = re.split(r"[,;(]", gloss)[0].strip() if candidate.pinyin[:1].isupper() else gloss
    if head and head.count(" ") < 4 and re.fullmatch(r"[A-Za-z][\w .&'-]+", head):
        yield re.sub("^(to|a|an|the) ", "", " ".join(head.split()))


def _is_telling(name: str) -> bool:
    """Tell whether another name says which term it is of: "slow" does not say 卡顿."""
    return not name.isascii() or " " in name or english_zipf(name) < COMMON


def _unusual_sound(name: str, pinyin: str) -> str:
    """Return ``pinyin`` where the name is not read so anyway."""
    toneless = re.sub(r"[0-9·]", "", pinyin.lower()).replace("u:", "v").split()
    usual = [syllable for _, syllable in read_syllables(name)]
    return " ".join(pinyin.lower().split()) if toneless and usual != toneless else ""


def _simplify_all(pairs: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {simplify(word): tuple(map(simplify, others)) for word, others in pairs.items()}


if __name__ == "__main__":
    main()
