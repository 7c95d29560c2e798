"""Terms that a text itself shows: its names and technical words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from subtools.core import Glossary, Term
from subtools.glossary.merging import fold_name
from subtools.persons import COMMON_SURNAMES, COMPOUND_SURNAMES, FUNCTION_SURNAMES, TITLES
from subtools.phonetics import simplify
from subtools.phrasing import tag_words

_LONGEST = 4  # words of a term; a longer run of Latin words is a sentence
_CHINESE = 0.2  # Han characters a Latin word, from which a text is Chinese
_HAN = re.compile("[\u3400-\u9fff]")
# GPT-4, C++, node.js, fine-tuning; a full stop or a hyphen belongs to what follows at once.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.'’_-](?=[A-Za-z0-9])[A-Za-z0-9]+)*[+#]{0,2}")
_GAP = re.compile(r"[ \t]")
_SENTENCE = re.compile(r"(?:^|[.!?。！？:：\n\"“「])\s*$")
# Bounded, as a text may be one long run of any of these.
_ADDRESS = re.compile(
    r"\b[A-Za-z][A-Za-z+.-]{1,9}://[!-~]+|\bwww\.[!-~]+|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
)
_QUOTED = re.compile("《([^《》\n]{2,20})》|“([^“”\n]{2,12})”|「([^「」\n]{2,12})」")
# Words that make no term in a Chinese talk, nor begin or end one.
_FILLING_WORDS = (
    "a about after again all also am an and any are as at be because been but by can could did "
    "do does don't even ever fine for from get go good got great had has have he her here hello "
    "hi him his how i i'm if in into is it it's its just know let let's like maybe me more much "
    "my never no not now of oh ok okay on one only or other our out over please really right "
    "said say see she should so some such than thank thanks that that's the their them then "
    "there these they thing things think this those to too two up us use very was way we well "
    "were what when where which who why will with would wow yeah yes you your bye sorry sure"
)
_FILLING = frozenset(_FILLING_WORDS.split())
_OFTEN_BORNE = frozenset("于古向季常文白")  # words as well, but 白岩松 and 于海洋 are people
_SURNAMES = (
    COMMON_SURNAMES - FUNCTION_SURNAMES | {name[0] for name in COMPOUND_SURNAMES} | _OFTEN_BORNE
)
_MOST_OF_NAME = 4  # characters


def mine_terms(
    text: str, source: str, *, least: int = 2, known: Glossary | None = None
) -> tuple[Term, ...]:
    """Return names and technical words of ``text``, the most frequent first.

    These are Latin words and compounds that are more than English in passing, names of
    people, and what stands in quotation marks. What a recogniser heard wrongly several
    times is among them: a term of the document itself is a weak witness.

    Args:
        text: A document, a title, an uploader's description.
        source: Which of them; becomes ``Term.source``.
        least: How often a term must be there: 1 for a title, where every name counts.
        known: Terms that need not be found again.

    >>> [term.name for term in mine_terms("用 vLLM 推理，vLLM 很快", "document")]
    ['vLLM']
    """
    if least < 1:
        raise ValueError("least must be positive")
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    alone: Counter[str] = Counter()  # how often each is there, and not as a part of another
    found = list(_find_names(text))
    for name, _ in found:
        spelled[fold_name(name)][name] += 1
    for name, whole in found:
        alone[fold_name(name)] += not whole or spelled[fold_name(whole)].total() < least
    for name in (name for term in (known.terms if known else ()) for name in term.names):
        spelled.pop(fold_name(name), None)
    kept = [key for key, names in spelled.items() if names.total() >= least and alone[key]]
    kept.sort(key=lambda key: -spelled[key].total())
    return tuple(Term(spelled[key].most_common(1)[0][0], source=source) for key in kept)


def _find_names(text: str) -> Iterator[tuple[str, str]]:
    """Yield names, each with the longer one that it is part of, if there is one."""
    text = _ADDRESS.sub("\n", text)  # an uploader's links say nothing of the talk
    yield from _find_latin(text)
    yield from ((name, "") for name in _find_people(text))
    for match in _QUOTED.finditer(text):
        if _HAN.search(match.group()):
            yield next(filter(None, match.groups())).strip(), ""


def _find_latin(text: str) -> Iterator[tuple[str, str]]:
    words = list(_WORD.finditer(text))
    is_chinese = len(_HAN.findall(text)) > _CHINESE * len(words)
    for run in _split_runs(text, words):
        marked = [_is_marked(text, match) for match in run]
        if is_chinese and len(run) <= _LONGEST:
            spoken = [match.group().casefold() not in _FILLING for match in run]
            yield from _compounds(run, spoken, marked)
        else:
            yield from _compounds(run, marked, marked)


def _split_runs(text: str, words: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Yield the words that only a space parts."""
    run: list[re.Match[str]] = []
    for word in words:
        if run and not _GAP.fullmatch(text[run[-1].end() : word.start()]):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_marked(text: str, match: re.Match[str]) -> bool:
    """Tell whether a word is written like a name: vLLM, GPT-4, and Kubernetes in a sentence."""
    word = match.group()
    if any(map(str.isdecimal, word)) or any(map(str.isupper, word[1:])) or word[-1] in "+#":
        return True
    begins = _SENTENCE.search(text[max(0, match.start() - 3) : match.start()])
    is_apart = not _WORD.match(text[match.end() : match.end() + 2].lstrip(" "))
    return word[0].isupper() and (not begins or is_apart) and word.casefold() not in _FILLING


def _compounds(
    run: Sequence[re.Match[str]], used: Sequence[bool], marked: Sequence[bool]
) -> Iterator[tuple[str, str]]:
    """Yield the stretches of words in use, and the marked words in them."""
    for is_used, group in groupby(range(len(run)), key=lambda place: used[place]):
        places = list(group)
        names = [run[place].group() for place in places]
        if not is_used or len(places) > _LONGEST:
            continue
        whole = " ".join(names) if len(set(map(fold_name, names))) > 1 else ""
        if whole:
            yield whole, ""
        single = [name for name, place in zip(names, places, strict=True) if marked[place]]
        for name in single if whole else names:
            if len(name) > 1:
                yield name, whole


def _find_people(text: str) -> Iterator[str]:
    """Yield names of people: three characters and more, or two between marks."""
    for word in tag_words(simplify(text)) if _HAN.search(text) else ():
        name = word.text
        for title in TITLES:
            name = name.removesuffix(title)
        last = word.start + len(name)
        if word.tag != "nr" or not 1 < len(name) <= _MOST_OF_NAME or name[0] not in _SURNAMES:
            continue
        around = text[max(0, word.start - 1) : word.start] + text[last : last + 1]
        if len(name) > 2 or (name[0] != name[1] and not any(map(_HAN.match, around))):  # not 谢谢
            yield text[word.start : last]
