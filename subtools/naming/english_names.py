"""Where English speech names people, and what shows that a word with a capital is a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from subtools.naming.first_names import FIRST_NAMES, NO_NAMES
from subtools.naming.likeness import Spelling, likeness
from subtools.naming.mentions import Occurrence
from subtools.naming.passage import Passage

WORD = r"[A-Z][a-zà-ÿ]*(?:['’-][A-Z][a-zà-ÿ]+|-[a-zà-ÿ]+|[A-Z][a-zà-ÿ]+)*"
FULL = rf"{WORD}(?: (?:[A-Z]\. )?(?:(?:van|von|de|da|del|der|den|la|bin|al) ){{0,2}}{WORD}){{0,2}}"
TITLE = r"(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Sir|Judge|Senator|Doctor)\.?"
SELF_NAME = r"(?:\b[Mm]y name(?: is|['’]s)|\b[Cc]all me)"
SELF = rf"(?:{SELF_NAME}|\bI['’]m|\bI am|\b[Tt]his is)"
CALL = (
    r"(?:\bover to|\bturn to|\bback to|\bhear from|\bstart with|\bbegin with|\bbring in"
    r"|\bgo to|\bgo with|\bask|\bwelcome|\babout you,|\bhow about|\bwhat about"
    r"|\bquestion (?:for|to)|\bjoin(?:ed)? (?:me|us|by)|\bplease,?|\bnext(?: up)?(?: is)?"
    r"|\bhand (?:it|this|over)(?: over)? to|\bfloor is yours,|\bthoughts,|\byou,)"
)
THANK = (
    r"(?:\b[Tt]hank you(?: so much| very much)?|\b[Tt]hanks(?: so much| a lot| very much)?"
    r"|\b[Ww]ell said|\b[Gg]reat point)"
)
GREET = r"(?:\b[Hh]ello|\b[Hh]i|\b[Hh]ey|\b[Ww]elcome(?: back)?|\b[Gg]ood (?:morning|evening))"
_GUEST = (
    r"(?:\bguests?(?: \w+){0,3}|\bpanell?ists?(?: \w+){0,3}|\bjoined by|\bwith (?:me|us) (?:is|are)"
    r"|\bco-host|\bI have|\b[Ww]e have|\bnext to (?:him|her) is|\bfinally|\bour(?: \w+){1,3})"
)
_OPENS_SENTENCE = r"(?:^|[.?!] |\b(?:And|So|But|Now|Okay|OK|Great|Right|Well|Yes|Sure|Good),? )"
THIRD_PERSON = r"(?:will|did|does|do|is|are|was|has|had|would|can)? ?(?:he|she|it|they)\b"


@dataclass(frozen=True, slots=True)
class _Sign:
    """A way of speaking that shows a name.

    Attributes:
        pattern: It, with the name in a group of that name.
        weight: How much it shows; ``_ENOUGH`` in all make a name.
    """

    pattern: re.Pattern[str]
    weight: int


_ENOUGH = 2  # one strong sign, or two weak ones at different places
_SIGNS = (
    _Sign(re.compile(rf"{SELF_NAME},? (?:(?:the )?{TITLE} )?(?P<name>{FULL})"), 2),
    _Sign(re.compile(rf"\b(?P<title>{TITLE}) (?P<name>{FULL})(?!['’])"), 2),
    _Sign(re.compile(rf"{THANK},? (?:to )?(?P<name>{FULL})(?=[,.?!;:]|$| and\b| for\b)"), 2),
    _Sign(re.compile(rf"{GREET},? (?P<name>{FULL})(?=[,.?!;:]|$| and\b)"), 2),
    _Sign(re.compile(rf"\b(?P<name>{FULL}), (?:thanks|thank you|welcome|over to you)\b"), 1),
    _Sign(  # Daniel, what do you think?
        re.compile(
            rf"(?:{_OPENS_SENTENCE}|, )(?P<name>{FULL}),? (?!you know)"
            r"(?:[^.?!,]{0,40}[ ])?(?:you|your|yours)\b"
        ),
        2,
    ),
    _Sign(  # And Daniel, is that so?
        re.compile(rf"{_OPENS_SENTENCE}(?P<name>{FULL}), (?!{THIRD_PERSON})[^.?!]{{2,90}}\?"),
        2,
    ),
    _Sign(  # what do you think, Daniel?
        re.compile(rf"\b(?:you|your)\b[^.?!]{{0,60}}, (?P<name>{FULL})[.?!]"),
        2,
    ),
    _Sign(re.compile(rf"{_GUEST},? (?P<name>{WORD} {FULL})(?=[,.;]| and\b| from\b| of\b)"), 2),
    _Sign(re.compile(rf", (?P<name>{FULL})[.?!](?=\s|$)"), 1),
    _Sign(re.compile(rf"\bI(?:['’]m| am) (?P<name>{WORD} {FULL})(?=[,.]| from\b| at\b| and\b)"), 2),
)
_LIKELY = (  # a name only if it is a first name, or shown to be one elsewhere
    re.compile(
        rf"{SELF},? (?P<name>{FULL})(?=[,.]|$| from\b| here\b| speaking\b| at\b| in\b| and\b)"
    ),
    re.compile(rf"(?i:{CALL}) (?P<name>{FULL})(?=[,.?!;:]|$| and\b)"),
    re.compile(rf", (?P<name>{FULL})[.?!]"),
    re.compile(rf"\b(?P<name>{FULL})(?=,| (?:has )?(?:said|mentioned|pointed|made|raised)\b)"),
    re.compile(rf"(?:{_GUEST}|\bis|\band|\bfrom) (?P<name>{FULL})(?=[,.;]| and\b| from\b| of\b)"),
)
# My dog, Rex: who is spoken of.
APPOSED = re.compile(r"\b(?:my|our|his|her|their|a|an|the) (?:[\w-]+ )?[\w-]+, $", re.IGNORECASE)


def find_english_names(passage: Passage, header: str) -> Iterator[Occurrence]:
    """Yield every place where a person is named; some overlap.

    A word with a capital is a name if it is spoken to, thanked, greeted or has a title, or if
    it is a known first name in a place for names.

    Args:
        passage: What is said.
        header: What the document calls itself.
    """
    names: dict[str, Spelling] = {}
    for name, title in _shown_names(passage.text, header):
        for spelling in _spellings(name, title):
            names.setdefault(spelling.text, spelling)
    names |= {s.text: s for s in list(_same_sounding(passage.text, list(names.values())))}
    for text, spelling in names.items():
        for match in re.finditer(rf"(?<![\w]){re.escape(text)}(?![\w])", passage.text):
            if not passage.is_cut(match.start(), match.end()):
                yield Occurrence(match.start(), match.end(), spelling)


def _shown_names(text: str, header: str) -> Iterator[tuple[str, str]]:
    """Yield (name, title) of those that are people; the shortest forms may come too."""
    shown: dict[str, set[int]] = {}
    titled: list[tuple[str, str]] = []
    for sign in _SIGNS:
        for part in (header, text):
            for match in sign.pattern.finditer(part):
                name = _bare(match["name"])
                if not name or APPOSED.search(
                    part[max(0, match.start("name") - 40) : match.start("name")]
                ):
                    continue
                places = shown.setdefault(name, set())
                places.update(range(match.start(), match.start() + sign.weight))
                titled.append((name, match.groupdict().get("title") or ""))
    people = {
        name
        for name, places in shown.items()
        if len(places) >= _ENOUGH and _is_proper(name, f"{header}. {text}")
    }
    first = {part for name in people for part in name.split(" ")[:1]}
    last = {part for name in people for part in name.split(" ")[1:]}
    yield from ((name, title) for name, title in titled if name in people)
    for pattern in _LIKELY:
        for part in (header, text):
            for match in pattern.finditer(part):
                name = _bare(match["name"])
                head = name.split(" ")[0]
                if head.casefold() in FIRST_NAMES or head in first or (name in last):
                    yield name, ""


def _is_proper(name: str, text: str) -> bool:
    """Tell whether a word has its capital inside of sentences too: Lovely, thank you."""
    is_known = " " in name or name.casefold() in FIRST_NAMES
    return is_known or bool(re.search(rf"(?:[\w,] |{TITLE} ){re.escape(name)}\b", text))


def _bare(name: str) -> str:
    """Return ``name`` without words around it that are none; empty if nothing is left."""
    parts = name.split(" ")
    while parts and _is_no_name(parts[0]):
        parts.pop(0)
    stop = next((k for k, part in enumerate(parts) if _is_no_name(part)), len(parts))
    parts = parts[:stop]
    while parts and parts[-1].islower():
        parts.pop()
    if any(
        len(part) < 2 or (part.isupper() and len(part) > 1) for part in parts if part[-1] != "."
    ):
        return ""
    return " ".join(parts)


def _is_no_name(part: str) -> bool:
    folded = part.casefold().replace("’", "'").rstrip(".")
    return folded in NO_NAMES or re.fullmatch(TITLE, part) is not None


def _spellings(name: str, title: str) -> Iterator[Spelling]:
    """Yield the ways in which the bearer of ``name`` may be called."""
    parts = name.split(" ")
    folded = [part.casefold() for part in parts]
    bare = title.rstrip(".").casefold()
    if len(parts) == 1:
        family, given = (folded[0], "") if title else ("", folded[0])
        yield Spelling(f"{title} {parts[0]}".strip(), family, given, bare)
        return
    yield Spelling(name, folded[-1], folded[0])
    if title:
        yield Spelling(f"{title} {name}", folded[-1], folded[0], bare)
    yield Spelling(parts[0], "", folded[0])
    for other in {title, "Professor", "Dr.", "Mr.", "Ms.", "Mrs."} - {""}:
        yield Spelling(f"{other} {parts[-1]}", folded[-1], "", other.rstrip(".").casefold())


def _same_sounding(text: str, names: list[Spelling]) -> Iterator[Spelling]:
    """Yield words that are written otherwise than a known first name but said the same."""
    known = {spelling.text for spelling in names}
    given = {s.given for s in names if s.given and not s.family}
    for word in sorted(set(re.findall(rf"(?<![\w]){WORD}(?![\w])", text)) - known):
        folded = word.casefold()
        alike = (g for g in given if g[0] == folded[0] or {g[0], folded[0]} <= set("ckjgs"))
        if folded not in NO_NAMES and any(likeness(folded, g) == 1.0 for g in alike):
            yield Spelling(word, "", folded)
