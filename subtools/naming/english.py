"""Where English speech names people, and what it says about who bears the name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from subtools.naming.likeness import Spelling, likeness
from subtools.naming.mandarin_names import Passage
from subtools.naming.mentions import Context, Kind, Occurrence

JOINERS = frozenset({"and", "&", ", and", "or"})

_WORD = r"[A-Z][a-zà-ÿ]*(?:['’-][A-Z]?[a-zà-ÿ]+|[A-Z][a-zà-ÿ]+)*"
_FULL = rf"{_WORD}(?: (?:[A-Z]\. )?{_WORD}){{0,2}}"
_TITLE = r"(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Sir|Judge|Senator|Doctor)\.?"
_SELF = r"(?:\b[Mm]y name(?: is|['’]s)|\bI['’]m|\bI am|\b[Tt]his is|\b[Cc]all me)"
_CALL = (
    r"(?:\bover to|\bturn to|\bback to|\bhear from|\bstart with|\bbegin with|\bbring in"
    r"|\bgo to|\bgo with|\bask|\bwelcome|\babout you|\bhow about|\bwhat about"
    r"|\bquestion (?:for|to)|\bjoin(?:ed)? (?:me|us|by)|\bplease|\bnext(?: up)?(?: is)?"
    r"|\bhand (?:it|this|over)(?: over)? to|\bfloor is yours|\bthoughts|\byou)"
)
_THANK = (
    r"(?:\b[Tt]hank you(?: so much| very much)?|\b[Tt]hanks(?: so much| a lot| very much)?"
    r"|\b[Ww]ell said|\b[Gg]reat point)"
)
_SAID = (
    r"(?:just |already |also |has |had |was |really |rightly )*(?:said|says|mentioned|mentions"
    r"|pointed|raised|described|talked|talking|argued|suggested|put it|noted|made the point"
    r"|brought up|explained|saying|touched)"
)
_ADDRESS = r"what|how|do|would|could|can|go|please|you|your|why|where|tell|is|are|did|I"
_DISCOVER = (
    re.compile(rf"{_SELF},? (?:(?:the )?{_TITLE} )?(?P<name>{_FULL})"),
    re.compile(rf"(?P<title>{_TITLE}) (?P<name>{_FULL})"),
    re.compile(rf"(?i:{_CALL}|{_THANK}),? (?P<name>{_FULL})(?=[,.?!;:]|$| and\b)"),
    re.compile(rf"\b(?P<name>{_FULL}), (?:{_ADDRESS})\b"),
    re.compile(
        rf"\b(?P<name>{_FULL})(?:['’]s (?:point|question|comment|idea|example|view)| {_SAID}\b)"
    ),
)
_SELF_BEFORE = re.compile(rf"{_SELF},? (?:the )?$")
_CALL_BEFORE = re.compile(rf"{_CALL},? (?:(?:our|the)(?: \w+){{0,4}} )?$", re.IGNORECASE)
_THANK_BEFORE = re.compile(rf"{_THANK},? (?:to )?$", re.IGNORECASE)
_AGREE_BEFORE = re.compile(
    r"\b(?:agree with|disagree with|echo|like|as|unlike|build on|building on|to add to|add to"
    r"|following|what"
    r"|point(?: that)?|from what|heard)(?: what)? $",
    re.IGNORECASE,
)
_ANSWER_AFTER = re.compile(
    r"^[,.?!:;—–-]* ?(?:and )?(?:what(?!['’]s been)|how|do you|would you|could you|can you"
    r"|go ahead|please|your|you|why|where"
    r"|tell us|any (?:thoughts|comments)|over to|is (?:there|that|it)|are you"
    r"|did you|have you|take it"
    r"|the floor|maybe you|want to|care to|first)\b",
    re.IGNORECASE,
)
_QUESTION_AFTER = re.compile(r"^(?:['’]s)? ?(?:question|asked|was asking|asks)", re.IGNORECASE)
_SAID_AFTER = re.compile(rf"^(?:['’]s (?:point|comment|idea|example|view|talk|argument)| {_SAID})")
_YOU = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
_MARK = re.compile(r"[.?!,;:]")
_INTRODUCES = re.compile(
    r"\b(?:joined by|with (?:us|me)|we have|panel(?:ists)?|guests?|introduce|are|from left|on my)"
    r"\b[^.?!]*$",
    re.IGNORECASE,
)
_REST = 220  # characters: a question to somebody may take so long after the name

# Words with a capital that are nobody's name.
_NO_NAMES_LIST = """
i a an and are as at ask be both but by can could did do does english chinese american british
french german japanese indian european everyone everybody exactly first fine for from given go
god good got great have he hello here hey hi his how i'm if in is it its just let like look
ma'am maybe me monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december my next no not now of oh ok
okay on one or our part people perhaps please professor doctor really right same second she
sir so sorry sure thank thanks that the their them then there these they this those to today
tomorrow two very was we well what when where which while who why will with would yeah yes yet
you your folks all guys team ladies gentlemen ai gpu gpt internet web google microsoft openai
apple amazon meta facebook twitter university institute china america europe audience chair
moderator panel lord christ jesus since still some speaking again also although any because
before after absolutely actually another each even every finally honestly however indeed
instead last lastly many more most much often only other otherwise personally question
questions third
"""
_NO_NAMES = frozenset(_NO_NAMES_LIST.split())


def find_english_names(passage: Passage, header: str) -> Iterator[Occurrence]:
    """Yield every place where a person is named; some overlap.

    Args:
        passage: What is said.
        header: What the document calls itself.
    """
    names: dict[str, Spelling] = {}
    for text in (header, passage.text):
        for pattern in _DISCOVER:
            for match in pattern.finditer(text):
                for spelling in _spellings(match["name"], _group(match, "title")):
                    names.setdefault(spelling.text, spelling)
    names |= {s.text: s for s in list(_same_sounding(passage.text, list(names.values())))}
    for text, spelling in names.items():
        for match in re.finditer(rf"(?<![\w]){re.escape(text)}(?![\w])", passage.text):
            if not any(match.start() < border < match.end() for border in passage.borders):
                yield Occurrence(match.start(), match.end(), spelling)


def read_frame(context: Context) -> tuple[Kind, float]:
    """Return what a name in ``context`` says, and how clearly, 0..1.

    >>> read_frame(Context("Great. What about you, ", "?", True))
    (<Kind.HANDOVER: 'is asked to speak'>, 1.0)
    """
    before, after = context.before[-120:], context.after[:_REST]
    if _SELF_BEFORE.search(before):
        is_start = len(context.before) <= _REST
        return (
            (Kind.INTRODUCTION, 1.0) if is_start or "name" in before[-14:] else (Kind.MENTION, 1.0)
        )
    if _THANK_BEFORE.search(before):
        return Kind.THANKS, 1.0
    if _QUESTION_AFTER.match(after):
        return Kind.QUESTION, 0.8
    if _SAID_AFTER.match(after) or (
        _AGREE_BEFORE.search(before) and not _ANSWER_AFTER.match(after)
    ):
        return Kind.REPORT, 1.0
    is_listed = _INTRODUCES.search(before) and not _ANSWER_AFTER.match(after)
    if is_listed and _MARK.search(after) and after.strip(" .,!?"):
        return Kind.MENTION, 1.0
    return _read_address(context, before, after)


def _read_address(context: Context, before: str, after: str) -> tuple[Kind, float]:
    """Tell whether the name is asked to speak."""
    is_over = not after.strip(" .,!?;:")
    if _CALL_BEFORE.search(before):
        return Kind.HANDOVER, 1.0
    is_vocative = before[-2:] in {", ", ". ", "? ", "! "} or not before or is_over
    if _ANSWER_AFTER.match(after) and after[:1] in ",.?!:;—–- " and after[:1]:
        return Kind.HANDOVER, 1.0 if after[0] in ",:.?!" else 0.4
    if is_over and context.is_last:
        return Kind.HANDOVER, 0.9 if is_vocative else 0.5
    if (
        context.is_last
        and is_vocative
        and after[:1] in {",", "."}
        and _YOU.search(after)
        and "?" in after
    ):
        return Kind.HANDOVER, 0.9
    return Kind.MENTION, 1.0


def _group(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


def _spellings(name: str, title: str) -> Iterator[Spelling]:
    """Yield the ways in which the bearer of ``name`` may be called."""
    parts = [part for part in name.split(" ") if not part.endswith(".")]
    while parts and parts[0].casefold().replace("’", "'") in _NO_NAMES:
        parts.pop(0)
    stop = next((k for k, p in enumerate(parts) if p.casefold() in _NO_NAMES), len(parts))
    parts = parts[:stop]
    if not parts or any(len(part) < 2 or part.isupper() for part in parts) or _is_title(parts[0]):
        return
    folded = [part.casefold() for part in parts]
    bare = title.rstrip(".").casefold()
    if len(parts) == 1:
        family, given = (folded[0], "") if title else ("", folded[0])
        yield Spelling(f"{title} {parts[0]}".strip(), family, given, bare)
        return
    yield Spelling(" ".join(parts), folded[-1], folded[0])
    if title:
        yield Spelling(f"{title} {' '.join(parts)}", folded[-1], folded[0], bare)
        yield Spelling(f"{title} {parts[-1]}", folded[-1], "", bare)
    yield Spelling(parts[0], "", folded[0])


def _is_title(word: str) -> bool:
    return re.fullmatch(_TITLE, word) is not None


def _same_sounding(text: str, names: list[Spelling]) -> Iterator[Spelling]:
    """Yield words that are written otherwise than a known first name but said the same."""
    known = {spelling.text for spelling in names}
    given = {s.given for s in names if s.given and not s.family}
    for word in sorted(set(re.findall(rf"(?<![\w]){_WORD}(?![\w])", text)) - known):
        folded = word.casefold()
        alike = (g for g in given if g[0] == folded[0] or {g[0], folded[0]} <= set("ckjgs"))
        if folded not in _NO_NAMES and any(likeness(folded, g) == 1.0 for g in alike):
            yield Spelling(word, "", folded)
