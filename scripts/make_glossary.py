"""Make the starter glossary, ``subtools/glossary/terms.tsv``, of public lists.

    python -m scripts.make_glossary fetch build/glossary
    python -m scripts.make_glossary make build/glossary --lists build/lists
    python -m scripts.make_glossary check REF.json   # no wrong form of a corpus is in it

``fetch`` needs npm and pip. The two lists of ``--lists`` are files of public repositories,
which SOURCES.md names. Needs wordfreq (`pip install -e .[training]`).

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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
_HAN = re.compile("[\u3400-\u9fff]")
_CODE = re.compile(  # names of classes, not of models; abbreviations in the plural
    r"_|^[A-Z]{2,}s$|(Model|Encoder|Decoder|Backbone|Generation|Wrapper\w*|Registers|QFormer|Dense\w*)$"
    r"|For[A-Z]|ncoder decoder|(?<=[a-z0-9])(Vision|Audio|Text|Video|Speech)\b|With[A-Z]"
)
# Zipf units (log10 of how often in a billion words), by wordfreq.
_COMMON = 4.0  # a word so frequent is never a term: model, window
_USUAL = 3.3  # so frequent, it needs two lists
_KNOWN = 1.8  # a word of a list of software that is rarer is known to few
_KNOWN_CAPITALS = 2.8  # the same for abbreviations, of which there are more
_KNOWN_IN_SCIENCE = 1.0  # the same for words of data science: softmax has 1.3
_COMMON_HAN = 4.6  # 模型 has 4.9, 算法 4.4
_COMMON_CEDICT = 4.2  # the same where only the dictionary says that it is of computing
_SCIENCES = re.compile(
    r"\((computing|artificial intelligence|machine learning|programming|Internet)\b"
    r"|\b(neural net|machine learning|deep learning|artificial intelligence|algorithm|softwares?"
    r"|(computer|of) hardware|semiconductor|integrated circuit|microchip|supercomputer"
    r"|microprocessor|database|dataset|data mining|operating system|programming language"
    r"|source code|compiler|encryption|bandwidth|computing|computer|robotics"
    r"|speech recognition|cloud comput"
    r"|search engine|machine translation|natural language|big data|blockchain|open.source"
    r"|virtual reality|augmented reality|self-driving|Turing|parameters?|matrix|tensor"
    r"|(linear|logistic) regression|back ?propagation)\b|^(gradient|corpus)$",
)
_PEOPLE = re.compile(
    r"\b(computer|software|Internet|IT)\b.*\b(scientist|executive|pioneer|program?mer)"
    r"|\bmathematician\b"
    r"|\b(found|CEO\b|chairman|entrepreneur|magnate).*\b(Internet|software|computers?|Tesla"
    r"|SpaceX|Microsoft|Apple|Facebook|Google|Alibaba|Tencent|Baidu|Huawei|Amazon|NetEase"
    r"|Foxconn|JD\.com|Xiaomi|Nvidia|OpenAI|Meituan|ByteDance|Lenovo|technology)\b"
)
_FIRMS = re.compile(
    r"\b(Internet|software|computer|electronics?|semiconductor|technolog|e-commerce|telecom"
    r"|search engine|social (media|network)|microblog|smartphone|mobile phone|AI|video.sharing)"
    r".*\b(compan|corporation|manufactur|site|brand|portal|service|firm|platform|app\b)"
)
_LATIN = re.compile(r"(?=.*[A-Za-z]{2})[A-Za-z0-9][A-Za-z0-9 .+#&'·-]{1,31}")
_OF_AI = frozenset({"ai-terms-fun", "ai-glossary-zh", "@lobehub/icons", "transformers", "lm-eval"})
_OF_SOFTWARE = frozenset({"linguist-languages", "@cspell/dict-software-terms"})
_OF_TERMS = frozenset({"ai-terms-fun", "ai-glossary-zh", "transformers"})
_MANY = 4  # lists that have a common word as a name: Google
_SPELLING = frozenset({"@lobehub/icons", "simple-icons", "linguist-languages"})
_NOT = re.compile(r"\b(slang|coll\.|archaic|fig\.|old|variant of|idiom|see\b|surname|county|city)")


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
    rules = Rules(read_english(archives), _words_of_glosses(found.values()))
    kept = {key: candidates for key, candidates in found.items() if rules.accept(candidates)}
    terms = [_join(candidates, taiwanese) for candidates in kept.values()]
    return sorted(terms, key=lambda term: (term.name.casefold(), term.name))


def _join_plurals(found: dict[str, list[Candidate]]) -> None:
    """Count who lists a plural among those who list the singular."""
    for key in [key for key in found if key.endswith("s") and key[:-1] in found]:
        if found[key][0].name.isascii() and len(key) > 4:
            found[key[:-1]].extend(found.pop(key))


def _words_of_glosses(found: Iterable[list[Candidate]]) -> frozenset[str]:
    """Return the English words with which CC-CEDICT explains those of computing."""
    glosses = (c.gloss for several in found for c in several if c.gloss and _is_of_computing(c))
    return frozenset(word for gloss in glosses for word in re.findall("[a-z]+", gloss))


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


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a candidate a term.

    Attributes:
        english: Words of a dictionary.
        glosses: Words that explain computing.
    """

    english: frozenset[str]
    glosses: frozenset[str]

    def accept(self, candidates: Sequence[Candidate]) -> bool:
        """Tell whether what some lists have is a term."""
        name, sources = candidates[0].name, frozenset(c.source for c in candidates)
        if _HAN.search(name):
            return _is_chinese_term(candidates)
        if not _LATIN.fullmatch(name) or _CODE.search(name):
            return False
        if re.search("[ -]", name):
            return bool(sources & _OF_AI)
        return self._accept_word(name, sources)

    def _accept_word(self, name: str, sources: frozenset[str]) -> bool:
        frequency, several = _frequency(name), sources - {"@cspell/dict-companies"}
        is_word = name.lower() in self.english
        if is_word and frequency >= _COMMON:
            return len(several) >= _MANY
        if is_word or frequency >= _USUAL:
            return len(name) > 2 and len(several) >= (2 if sources & _OF_TERMS else 3)
        is_name = len(several) >= 2 and frequency >= _KNOWN
        if sources & _OF_AI or (is_name and several - _OF_SOFTWARE):
            return True
        return self._is_of_software(name, several, frequency)

    def _is_of_software(self, name: str, sources: frozenset[str], frequency: float) -> bool:
        """Tell whether a word that only lists of software have is known beyond them."""
        if not sources & {"@cspell/dict-software-terms", "@cspell/dict-data-science"}:
            return False
        if name.isupper():
            return len(name) >= 3 and frequency >= _KNOWN_CAPITALS
        if "@cspell/dict-data-science" in sources:
            return name.isalpha() and len(name) > 5 and frequency >= _KNOWN_IN_SCIENCE
        if name.islower():
            return name in self.glosses and len(name) > 4
        return name.istitle() and frequency >= _KNOWN


def _is_chinese_term(candidates: Sequence[Candidate]) -> bool:
    name, frequency = candidates[0].name, _frequency_han(candidates[0].name)
    if not 2 <= len(name) <= 12 or name[0] == "仅" or frequency >= _COMMON_HAN:
        return False
    if any(c.source != "CC-CEDICT" for c in candidates):
        return True
    return frequency < _COMMON_CEDICT and any(map(_is_of_computing, candidates))


def _is_of_computing(candidate: Candidate) -> bool:
    gloss = candidate.gloss
    if _NOT.search(gloss) or not re.search("[\u3400-\u9fff]{2}", candidate.name):
        return False
    if candidate.pinyin[0].isupper():
        return bool(_FIRMS.search(gloss) or _PEOPLE.search(gloss))
    return bool(_SCIENCES.search(gloss))


def _join(candidates: Sequence[Candidate], taiwanese: dict[str, tuple[str, ...]]) -> Term:
    """Return one term for its spellings; lists of names say best how one is written."""
    spelled = next((c.name for c in candidates if c.source in _SPELLING), candidates[0].name)
    name = candidates[0].name if any(map(str.isupper, candidates[0].name)) else spelled
    used = [c for c in candidates if c.source != "CC-CEDICT" or _is_of_computing(c)]
    aliases = dict.fromkeys(alias for c in used for alias in _aliases(c))
    aliases.update(dict.fromkeys(taiwanese.get(name, ())))
    others = tuple(alias for alias in aliases if fold_name(alias) != fold_name(name))
    pinyins = {c.pinyin.lower(): _unusual_sound(name, c.pinyin) for c in candidates if c.pinyin}
    sounds = tuple(filter(None, pinyins.values())) if len(pinyins) == 1 else ()
    return Term(name, others, sounds, ", ".join(dict.fromkeys(c.source for c in used)))


def _aliases(candidate: Candidate) -> Iterator[str]:
    """Yield other names: those of the list, and what CC-CEDICT translates with."""
    yield from candidate.aliases
    gloss = re.sub(r"\([^)]*\)", "", candidate.gloss).strip()
    head = re.split(r"[,;(]", gloss)[0].strip() if candidate.pinyin[:1].isupper() else gloss
    if head and head.count(" ") < 4 and re.fullmatch(r"[A-Za-z][\w .&'-]+", head):
        english = re.sub("^(to|a|an|the) ", "", head)
        if " " in english or _frequency(english) < _COMMON:  # of 卡顿, "slow" says nothing
            yield english


def _unusual_sound(name: str, pinyin: str) -> str:
    """Return ``pinyin`` where the name is not read so anyway."""
    toneless = re.sub(r"[0-9·]", "", pinyin.lower()).replace("u:", "v").split()
    usual = [syllable for _, syllable in read_syllables(name)]
    return " ".join(pinyin.lower().split()) if toneless and usual != toneless else ""


def _simplify_all(pairs: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {simplify(word): tuple(map(simplify, others)) for word, others in pairs.items()}


def _frequency(word: str) -> float:
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def _frequency_han(word: str) -> float:
    return _frequencies_han().get(word, 0.0)


@cache
def _frequencies_han() -> dict[str, float]:
    from math import log10

    from wordfreq import get_frequency_dict

    return {word: 9 + log10(share) for word, share in get_frequency_dict("zh").items()}


if __name__ == "__main__":
    main()
