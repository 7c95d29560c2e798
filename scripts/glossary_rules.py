"""What makes a word that some list has a term of the starter glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from scripts.glossary_sources import Candidate

_HAN = re.compile("[\u3400-\u9fff]")
_CODE = re.compile(  # names of classes, not of models; abbreviations in the plural
    r"_| \+ |^[A-Z]{2,}s$|\w(Model|Encoder|Decoder|Backbone|Generation|Wrapper\w*|Registers)$"
    r"|\w(QFormer|Dense\w*)$|For[A-Z]|ncoder decoder|With[A-Z]"
    r"|(?<=[a-z0-9])(Vision|Audio|Text|Video|Speech)\b"
)
# Zipf units (log10 of how often in a billion words), by wordfreq.
COMMON = 4.0  # a word so frequent is never a term: model, window
_USUAL = 3.3  # so frequent, it needs two lists
_KNOWN = 1.8  # a word of a list of software that is rarer is known to few
_KNOWN_CAPITALS = 2.8  # the same for abbreviations, of which there are more
_KNOWN_IN_SCIENCE = 1.0  # the same for words of data science: softmax has 1.3
_COMMON_HAN = 4.6  # 模型 has 4.9, 算法 4.4
_COMMON_IN_ONE = 4.2  # the same where only one list has the word, or only the dictionary
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
_OF_TERMS = frozenset({"ai-llm-glossary", "ai-terms-fun", "ai-glossary-zh", "transformers"})
_OF_AI = _OF_TERMS | {"@lobehub/icons", "lm-eval"}
_OF_SOFTWARE = frozenset({"linguist-languages", "@cspell/dict-software-terms"})
_MANY = 4  # lists that have a common word as a name: Google
_NOT = re.compile(r"\b(slang|coll\.|archaic|fig\.|old|variant of|idiom|see\b|surname|county|city)")


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
        frequency, several = english_zipf(name), sources - {"@cspell/dict-companies"}
        is_word = name.lower() in self.english
        if is_word and frequency >= COMMON:
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
    lists = {c.source for c in candidates if c.source != "CC-CEDICT"}
    if len(lists) > 1 or (lists and len(name) > 2):
        return True
    is_rare = frequency < _COMMON_IN_ONE
    return is_rare and (bool(lists) or any(map(is_of_computing, candidates)))


def is_of_computing(candidate: Candidate) -> bool:
    """Tell whether the first sense that CC-CEDICT has is one of computing."""
    gloss = candidate.gloss
    if _NOT.search(gloss) or not re.search("[\u3400-\u9fff]{2}", candidate.name):
        return False
    if candidate.pinyin[0].isupper():
        return bool(_FIRMS.search(gloss) or _PEOPLE.search(gloss))
    return bool(_SCIENCES.search(gloss))


def words_of_glosses(found: Iterable[list[Candidate]]) -> frozenset[str]:
    """Return the English words with which CC-CEDICT explains those of computing."""
    glosses = (c.gloss for several in found for c in several if c.gloss and is_of_computing(c))
    return frozenset(word for gloss in glosses for word in re.findall("[a-z]+", gloss))


def english_zipf(word: str) -> float:
    """Return how frequent ``word`` is in English, in Zipf units."""
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def _frequency_han(word: str) -> float:
    return _frequencies_han().get(word, 0.0)


@cache
def _frequencies_han() -> dict[str, float]:
    from math import log10

    from wordfreq import get_frequency_dict

    return {word: 9 + log10(share) for word, share in get_frequency_dict("zh").items()}
