"""A person's decisions as changes to a document as it is now; what does not fit is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from subtools.core import Alignment, Correction, Decision, Edit, EditKind, Seconds
from subtools.revising.anchoring import CLEARER, LEAST_ALIKE, Anchorage, Candidate, distance
from subtools.revising.changes import Change, Offsets
from subtools.revising.giving import Gift, widen_to_clauses, words_within
from subtools.timecode import compose_clock

# s from where it was, the whole document moved: a sentence that is said again comes later than
# that, and two alignments of one text hardly differ by so much.
NEAR: Seconds = 8.0
AGREEING = 3  # edits and landmarks that must have moved alike for the whole document to have moved
TOGETHER: Seconds = 2.0  # s within which they have
NEARER: Seconds = 3.0  # s by which one of two like places must be nearer


@dataclass(frozen=True, slots=True)
class Unfit:
    """An edit that belongs nowhere in the document as it is.

    Attributes:
        number: Which, from 1.
        edit: The edit.
        reason: Why it was not made, in words.
    """

    number: int
    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What edits come to.

    Attributes:
        changes: Of the text, in its order.
        names: New names of speakers by what they are called now.
        done: How many edits the document agrees with already.
        unfit: The edits that were not made.
        gifts: Stretches that other speakers say; their offsets count before the changes.
    """

    changes: tuple[Change, ...]
    names: dict[str, str]
    done: int
    unfit: tuple[Unfit, ...]
    gifts: tuple[Gift, ...] = ()


def resolve_edits(
    alignment: Alignment, edits: Sequence[Edit], corrections: Sequence[Correction] = ()
) -> Resolution:
    """Return what ``edits`` and the corrections that are safe change in ``alignment``.

    What a person decided goes before: a correction whose words an edit is about is not made.
    A rejected correction that was made already is taken back.

    Args:
        alignment: The document, whatever has become of it since the edits were made.
        edits: In any order.
        corrections: Of this document; those with the decision ``apply`` are made.

    Raises:
        ValueError: If a correction is of another text.
    """
    _check_corrections(alignment.transcript.body, corrections)
    anchorage = Anchorage(alignment.transcript.words)
    shift = _find_shift(anchorage, edits)
    made = _Made()
    numbered = list(enumerate(edits, start=1))
    for number, edit in numbered:
        if edit.kind is EditKind.TURN:  # before names, which go by who speaks where
            _give(alignment, anchorage, number, edit, shift, made)
    for number, edit in numbered:
        if edit.kind is not EditKind.TURN:
            _resolve(anchorage, number, edit, shift, made)
    for correction in corrections:
        if correction.decision is Decision.APPLY and not made.is_taken(correction.offsets):
            made.change(correction.offsets, correction.after)
    changes = tuple(sorted(made.changes, key=lambda change: change.offsets))
    unfit = tuple(sorted(made.unfit, key=lambda one: one.number))
    return Resolution(changes, made.names, made.done, unfit, tuple(made.gifts))


class _Made:
    """Collects what edits come to."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.taken: list[Offsets] = []  # where a person has decided
        self.names: dict[str, str] = {}
        self.gifts: list[Gift] = []
        self.given: list[Gift] = []  # those that the document agrees with already, too
        self.done = 0
        self.unfit: list[Unfit] = []

    def is_taken(self, offsets: Offsets) -> bool:
        """Tell whether a person has decided about some of these characters."""
        return any(a < offsets[1] and offsets[0] < b for a, b in self.taken)

    def change(self, offsets: Offsets, after: str) -> bool:
        """Note a change, unless another one touches its characters."""
        if any(c.offsets[0] < offsets[1] and offsets[0] < c.offsets[1] for c in self.changes):
            return False
        self.changes.append(Change(offsets, after))
        self.taken.append(offsets)
        return True


def _resolve(anchorage: Anchorage, number: int, edit: Edit, shift: Seconds, made: _Made) -> None:
    if edit.kind in {EditKind.CHECKED, EditKind.LANDMARK}:
        made.done += edit.kind is EditKind.CHECKED
        return
    if edit.kind is EditKind.SPEAKER and not edit.before:
        made.names[edit.speaker or ""] = edit.after
        return
    place = _choose(anchorage, edit, shift)
    if isinstance(place, str):
        made.unfit.append(Unfit(number, edit, place))
    elif edit.kind is EditKind.SPEAKER:
        _rename(anchorage, number, edit, place, made)
    elif place.is_done is (edit.kind is not EditKind.REJECT):
        made.taken.append(place.offsets)
        made.done += 1
    elif not made.change(place.offsets, edit.before if place.is_done else edit.after):
        made.unfit.append(Unfit(number, edit, "another edit changes the same words"))


def _give(
    alignment: Alignment,
    anchorage: Anchorage,
    number: int,
    edit: Edit,
    shift: Seconds,
    made: _Made,
) -> None:
    """Note which clauses somebody else says."""
    start = _choose(anchorage, edit, shift)
    end = start if edit.until is None else _choose(anchorage, edit.until, shift)
    if isinstance(start, str) or isinstance(end, str):
        made.unfit.append(Unfit(number, edit, start if isinstance(start, str) else str(end)))
        return
    if end.offsets[1] < start.offsets[0]:
        made.unfit.append(Unfit(number, edit, "its end is now before its beginning"))
        return
    whole = min(start.offsets[0], end.offsets[0]), max(start.offsets[1], end.offsets[1])
    gift = Gift(widen_to_clauses(alignment.transcript, whole), edit.after)
    made.given.append(gift)
    words = alignment.transcript.words
    if {words[k].speaker for k in words_within(words, gift.offsets)} == {edit.after}:
        made.done += 1
    else:
        made.gifts.append(gift)


def _rename(anchorage: Anchorage, number: int, edit: Edit, place: Candidate, made: _Made) -> None:
    said = Counter(word.speaker for word in anchorage.words_at(place.offsets))
    name = said.most_common(1)[0][0]
    if name is None:
        made.unfit.append(Unfit(number, edit, "nobody is known to say these words"))
    elif name == edit.after or _was_given(made, place.offsets, name):
        made.done += 1
    elif made.names.get(name, edit.after) != edit.after:
        made.unfit.append(Unfit(number, edit, f"{name} is called {made.names[name]} already"))
    else:
        made.names[name] = edit.after


def _was_given(made: _Made, offsets: Offsets, name: str) -> bool:
    """Tell whether somebody says these words only because a person said so."""
    return any(
        gift.speaker == name and gift.offsets[0] <= offsets[0] and offsets[1] <= gift.offsets[1]
        for gift in made.given
    )


def _choose(anchorage: Anchorage, edit: Edit, shift: Seconds) -> Candidate | str:
    """Return the one place that ``edit`` belongs to, or why there is none."""
    found = anchorage.find(edit, NEAR, shift)
    if not found or found[0].alike < LEAST_ALIKE:
        return _explain(anchorage, edit)
    best = found[0]
    rivals = [
        place
        for place in found[1:]
        if place.alike > max(best.alike - CLEARER, LEAST_ALIKE)
        and not _touch(place.offsets, best.offsets)
    ]
    return _nearest([best, *rivals], edit, shift) if rivals else best


def _explain(anchorage: Anchorage, edit: Edit) -> str:
    """Return why there is no place for ``edit``."""
    anywhere = [place for place in anchorage.find(edit, inf, 0.0) if not place.is_done]
    if not anywhere:
        return "its text is not there any more"
    if anywhere[0].alike < LEAST_ALIKE:
        return "its text is there, but what stood around it is not"
    return f"it fits only at {compose_clock(anywhere[0].time or 0.0)}, and was made elsewhere"


def _nearest(places: Sequence[Candidate], edit: Edit, shift: Seconds) -> Candidate | str:
    """Return the place that is clearly the nearest in time."""
    ordered = sorted(places, key=lambda place: distance(place, edit, shift))
    first, second = (distance(place, edit, shift) for place in ordered[:2])
    if edit.time is None or second - first < NEARER:
        return f"it fits in {len(places)} places"
    return ordered[0]


def _touch(a: Offsets, b: Offsets) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _find_shift(anchorage: Anchorage, edits: Iterable[Edit]) -> Seconds:
    """Return by how much the whole document was moved in time since ``edits`` were made."""
    moves = sorted(_moves(anchorage, edits))
    if len(moves) < AGREEING:
        return 0.0
    middle = median(moves)
    together = [move for move in moves if abs(move - middle) <= TOGETHER]
    return median(together) if 2 * len(together) > len(moves) else 0.0


def _moves(anchorage: Anchorage, edits: Iterable[Edit]) -> Iterator[Seconds]:
    """Yield how far each edit has moved that fits in one place only, and exactly."""
    for edit in edits:
        well = anchorage.find_exact(edit) if edit.before else ()
        if not well or edit.time is None or well[0].time is None:
            continue
        if all(_touch(place.offsets, well[0].offsets) for place in well[1:]):
            yield well[0].time - edit.time


def _check_corrections(body: str, corrections: Sequence[Correction]) -> None:
    for correction in corrections:
        first, last = correction.offsets
        if body[first:last] != correction.before:
            raise ValueError(f"{correction.before!r} does not stand at {first}")
