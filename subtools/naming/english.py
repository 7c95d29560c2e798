"""What English speech around a name says about who bears it."""

from __future__ import annotations

import re

from subtools.naming.english_names import APPOSED, CALL, GREET, SELF, SELF_NAME, THANK, THIRD_PERSON
from subtools.naming.mentions import Context, Kind

JOINERS = frozenset({"and", "&", ", and", "or"})

_SAID = (
    r"(?:just |already |also |has |had |was |really |rightly )*(?:said|says|mentioned|mentions"
    r"|pointed|raised|described|talked|talking|argued|suggested|put it|noted|made the point"
    r"|brought up|explained|saying|touched)"
)
_SELF_BEFORE = re.compile(rf"{SELF},? (?:the )?$")
_SELF_NAME_BEFORE = re.compile(rf"{SELF_NAME},? (?:the )?$")
_SELF_AFTER = re.compile(r"^(?:[,.]|$| from\b| here\b| speaking\b| at\b| in\b| and\b)")
_GREET_BEFORE = re.compile(rf"{GREET},? $")
_WELCOMED_BEFORE = re.compile(
    r"\b(?:please|let us|let['’]s|join me in|help me|like to|pleased to|happy to)"
    r" welcom(?:e|ing)(?: our(?: \w+){1,3})?,? $",
    re.IGNORECASE,
)
# Wishes and farewells call nobody, and are as often for the absent: Get well soon, Tom.
_WISHED_BEFORE = re.compile(
    r"(?:\bget well(?: soon)?|\b(?:love|miss|thinking of) you(?: all| too| so much)?"
    r"|\bgood ?(?:night|bye)|\bbye|\bfarewell|\bsee you(?: \w+){0,3}|\brest in peace"
    r"|\bhappy \w+|\bcongratulations|\bcongrats|\bcheers|\bgood luck|\bsafe travels"
    r"|\b(?:shout[- ]?out|hello|hi|greetings|wishes|regards) to),? (?:to )?$",
    re.IGNORECASE,
)
# Whoever is last of a list is not called by it: Please welcome Ann, Bob and Carl.
_LISTED_BEFORE = re.compile(r"[A-Z][\w'’-]+(?:,|,? (?:and|or|&)) $")
_LISTED_AFTER = re.compile(r"^(?:,|,? (?:and|or|&)) [A-Z]")
# What follows who is only spoken of: Plato, he said; Tom will call; Anna's husband.
_SPOKEN_OF_AFTER = re.compile(
    rf"^(?:,? {THIRD_PERSON}|['’]s?\b"
    r"| (?:will|did|does|is(?! recogni)|was|has|had|can|could|would|left|came|went|who|and I)\b"
    r"(?! (?:you|your)\b))"
)
_CALL_BEFORE = re.compile(
    rf"(?:{CALL}|\brecogni[sz]es(?: the \w+(?: from [A-Z]\w+)?,)?),? "
    r"(?:(?:our|the)(?: \w+){0,4} )?$",
    re.IGNORECASE,
)
_THANK_BEFORE = re.compile(rf"{THANK},? (?:to )?$", re.IGNORECASE)
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
    r"|anything|let me|the floor|maybe you|want to|care to|first)\b",
    re.IGNORECASE,
)
_RECOGNISED = re.compile(r"^ is recogni[sz]ed")
_ASKED_AFTER = re.compile(r"^, [^.?!]{2,90}\?")  # Daniel, a last word on that?
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
_OPENING = 80  # characters: what is still the opening of a turn


def read_frame(context: Context) -> tuple[Kind, float]:
    """Return what a name in ``context`` says, and how clearly, 0..1.

    >>> read_frame(Context("Great. What about you, ", "?", True))
    (<Kind.HANDOVER: 'is asked to speak'>, 1.0)
    """
    before, after = context.before[-120:], context.after[:_REST]
    if _SELF_BEFORE.search(before):
        return _read_introduction(context, before, after)
    if _THANK_BEFORE.search(before):
        return Kind.THANKS, 1.0
    if _QUESTION_AFTER.match(after):
        return Kind.QUESTION, 0.8
    if _SAID_AFTER.match(after) or (
        _AGREE_BEFORE.search(before) and not _ANSWER_AFTER.match(after)
    ):
        return Kind.REPORT, 1.0
    is_apposed = APPOSED.search(before) and not after.startswith("?")
    is_wished = _WISHED_BEFORE.search(before) and not _ANSWER_AFTER.match(after)
    if _SPOKEN_OF_AFTER.match(after) or is_apposed or is_wished:
        return Kind.MENTION, 1.0
    if _WELCOMED_BEFORE.search(before) and not _LISTED_AFTER.match(after):
        return Kind.HANDOVER, 1.0
    if _GREET_BEFORE.search(before):
        return Kind.GREETING, 1.0
    is_listed = _INTRODUCES.search(before) and not _ANSWER_AFTER.match(after)
    if is_listed and _MARK.search(after) and after.strip(" .,!?"):
        return Kind.MENTION, 1.0
    return _read_address(context, before, after)


def _read_introduction(context: Context, before: str, after: str) -> tuple[Kind, float]:
    """Tell whether it is the speaker who bears the name: at the start, or said outright."""
    is_outright = bool(_SELF_NAME_BEFORE.search(before)) and not after.startswith(("'", "’"))
    is_start = len(context.before) <= _REST and bool(_SELF_AFTER.match(after))
    return (Kind.INTRODUCTION if is_outright or is_start else Kind.MENTION), 1.0


def _read_address(context: Context, before: str, after: str) -> tuple[Kind, float]:
    """Tell whether the name is asked to speak."""
    is_over = not after.strip(" .,!?;:")
    if _CALL_BEFORE.search(before):
        return Kind.HANDOVER, 1.0
    is_vocative = before[-2:] in {", ", ". ", "? ", "! "} or not before or is_over
    if _RECOGNISED.match(after):
        return Kind.HANDOVER, 1.0
    is_next = after[:1] in set(",?:;—–- ") or (after[:1] in set(".!") and is_vocative)
    if _ANSWER_AFTER.match(after) and is_next:
        return Kind.HANDOVER, 0.4 if after[0] == " " else 1.0
    is_listed = _LISTED_BEFORE.search(before) and "?" not in after
    if is_over and context.is_last and not is_listed:
        return Kind.HANDOVER, 0.9 if is_vocative else 0.5
    if (
        context.is_last
        and is_vocative
        and after[:1] in {",", "."}
        and ((_YOU.search(after) and "?" in after) or _ASKED_AFTER.match(after))
    ):
        return Kind.HANDOVER, 0.9
    if before.endswith(", ") and after[:1] in {".", "!"} and len(context.before) <= _OPENING:
        return Kind.THANKS, 0.7  # That is a useful point, Helen.
    return Kind.MENTION, 1.0
