"""Log odds of a mark after a word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from subtools.core import Seconds
from subtools.prose.detecting import MarksKind
from subtools.prose.english import favour_clause, favour_sentence
from subtools.prose.features import Piece, place_features, sentence_features, size_feature
from subtools.prose.pauses import LONG, SHORTEST, Pauses
from subtools.prose.pieces import Group
from subtools.prose.questions import is_chinese_question
from subtools.prose.tokens import SENTENCE_MARKS, Token, pause_after

IMPOSSIBLE = -1e6
_CERTAIN = 20.0
# A recogniser parts clauses where they part, mostly.
_WRITTEN, _SURELY_WRITTEN, _NOT_WRITTEN = 4.5, 7.0, -4.0
_STOP, _COMMA = 4.0, -3.0  # of a careful document
_HEARD, _NOT_HEARD = 3.5, -1.0
_HEARD_END, _HEARD_COMMA = 3.0, -1.5
_CLAUSE_BIAS = 1.6  # and part clauses sooner
_SENTENCE_BIAS = 1.0  # people who speak end sentences sooner than reviewers who write
_LOWERCASE = -4.0  # where sentences begin with capitals
_RARE = -2.0  # inside Latin terms, and between a number and what it counts
# What opens a sentence in speech, which reviews hardly have: to greet, to count, to turn.
# Sources: the discourse markers in Li and Thompson (1981), and in 王力, 現代漢語語法.
_SPOKEN_OPENERS = frozenset(
    [
        "首先",
        "其次",
        "接下来",
        "最后",
        "另外",
        "那么",
        "所以",
        "但是",
        "不过",
        "然后",
        "好的",
        "好",
        "谢谢",
        "感谢",
        "欢迎",
        "请",
        "请问",
        "那",
        "同时",
        "而且",
        "其实",
        "除此之外",
        "总之",
        "因此",
        "下面",
    ]
)
_OPENS_SENTENCE, _OPENS_CLAUSE = 0.8, 0.8
_COUNTS = frozenset(["第一", "第二", "第三", "第四", "第五"])
_ASKS = 2.0  # 嗎, and 呢 after a question
_HESITATES = frozenset("呃唔")
_GOES_ON = -4.0  # 呃，
# Words that need something after them: conjunctions, prepositions, what introduces what is said.
_NEVER_LAST = frozenset(
    (
        *("说", "就是说", "也就是说", "就是", "像", "好像", "包括", "比如", "比如说", "例如"),
        *("因为", "所以", "如果", "但是", "然后", "那么", "而且", "或者", "以及", "还", "也", "就"),
        *("都", "才", "把", "被", "在", "和", "跟", "对于", "关于", "的话", "时候", "来说"),
        *("可能", "其实", "甚至", "觉得", "认为", "我觉得", "这种", "那种", "这个", "那个", "一个"),
    )
)
_ANSWERS = frozenset(("好的", "是的", "没错", "对的"))
_LONGEST_ANSWER = 2  # words: 好 的
_BEFORE = {"对": frozenset(("然后", "就", "所以", "其实", "因为", "但是", "而且", "那"))}
_ANSWERED = 12.0  # 好的，那東老師呢
_TOPIC = -1.5  # 大模型的能力呢，


@dataclass(frozen=True, slots=True)
class Slot:
    """A word and the place after it.

    Attributes:
        group: The word.
        token: Its last token.
        following: The token after the place; None at the end of a speech.
        heard: The mark a recogniser set there; None where it heard other words.
        is_asked: Whether a recogniser was asked at all.
    """

    group: Group
    token: Token
    following: Token | None
    heard: str | None
    is_asked: bool

    @property
    def piece(self) -> Piece:
        """The word, as weights know it."""
        return self.group.piece

    @property
    def size(self) -> int:
        """How long the word is, in characters; Latin words count as two."""
        return self.group.last - self.group.first if self.token.is_han else 2

    @property
    def written(self) -> str:
        """The word, as far as it is Chinese."""
        return self.piece.text if self.token.is_han else self.token.core

    @property
    def pause(self) -> Seconds | None:
        """The silence after it."""
        return None if self.following is None else pause_after(self.token, self.following)

    @property
    def is_surely_end(self) -> bool:
        """Whether a question or exclamation mark stands there: no machine strews these."""
        return any(mark in "？！?!" for mark in self.token.mark)

    @property
    def is_written(self) -> bool:
        """Whether the document parts the words: by a mark, or a space where Chinese has none."""
        is_han = self.token.is_han and self.following is not None and self.following.is_han
        return bool(self.token.mark or (is_han and self.token.space))

    @property
    def is_latin_both_sides(self) -> bool:
        """Whether there is a Latin word on both sides."""
        return self.following is not None and not (self.token.is_han or self.following.is_han)

    @property
    def is_whole(self) -> bool:
        """Whether nothing can be set there: ``GPT-4``, ``3.5``, before a closing word."""
        if self.following is None or self.token.mark or self.token.space:
            return False
        return self.is_latin_both_sides or bool(self.token.head and self.token.head[-1] in "-/.'_")


@dataclass(frozen=True, slots=True)
class Judge:
    """What is known of a whole talk.

    Attributes:
        kind: How the document's marks came about.
        pauses: How long it rests.
        lowercase: Words that are also written without a capital.
        is_cased: Whether sentences begin with capitals.
    """

    kind: MarksKind
    pauses: Pauses
    lowercase: frozenset[str]
    is_cased: bool

    def clause_odds(self, slot: Slot, following: Slot) -> float:
        """Return the log odds of a mark between two words, how far it is from others aside."""
        if slot.is_surely_end:
            return _CERTAIN
        if slot.is_whole:
            return IMPOSSIBLE
        return (
            self._clause_words(slot, following)
            + self.pauses.favour_mark(slot.pause)
            + self._document_odds(slot)
            + _heard_odds(slot)
        )

    @staticmethod
    def answer_odds(slots: Sequence[Slot]) -> tuple[float, ...]:
        """Return what is added after the first words of a speech, if they answer another's."""
        added = []
        for count in range(1, min(len(slots), _LONGEST_ANSWER + 1)):
            text = "".join(slot.piece.text for slot in slots[:count])
            is_answer = text in _ANSWERS or slots[count].piece.text in _BEFORE.get(text, ())
            added.append(_ANSWERED if is_answer else 0.0)
        return tuple(added)

    @staticmethod
    def size_odds(size: int) -> float:
        """Return what the length of a clause, in characters, adds to that."""
        return _weigh("clause", (size_feature(size),))

    def sentence_odds(
        self, clause: Sequence[Slot], following: Sequence[Slot], length: int
    ) -> float:
        """Return the log odds of a sentence end between two clauses.

        Args:
            clause: The one before.
            following: The one after.
            length: Characters of the whole sentence, up to there.
        """
        slot = clause[-1]
        if slot.is_surely_end:
            return _CERTAIN
        return (
            self._sentence_words(clause, following, length)
            + self.pauses.favour_end(slot.pause)
            + self._document_end_odds(slot)
            + _heard_end_odds(slot)
        )

    def ends_anyway(self, slot: Slot) -> bool:
        """Return whether a sentence ends after ``slot`` even if its words would go on."""
        is_written = self.kind is MarksKind.CAREFUL and slot.token.is_end
        return slot.is_surely_end or is_written or (slot.pause or 0.0) >= LONG

    def _document_odds(self, slot: Slot) -> float:
        if self.kind is MarksKind.MISSING:
            return 0.0
        if not slot.is_written:
            return _NOT_WRITTEN
        is_sure = slot.is_latin_both_sides or not slot.token.mark  # a space between characters
        return _SURELY_WRITTEN if is_sure else _WRITTEN

    def _document_end_odds(self, slot: Slot) -> float:
        """Return what full stops say that were set with care."""
        if self.kind is not MarksKind.CAREFUL or not slot.token.mark:
            return 0.0
        return _STOP if slot.token.is_end else _COMMA

    def _clause_words(self, slot: Slot, following: Slot) -> float:
        if slot.is_latin_both_sides:
            capital = self._opens_with_capital(slot)
            after = following.token.core
            return favour_clause(slot.token.core, after, opens_with_capital=capital)
        odds = _CLAUSE_BIAS + _weigh("clause", place_features(slot.piece, following.piece))
        if following.piece.text in _SPOKEN_OPENERS:
            odds += _OPENS_CLAUSE
        is_counted = slot.piece.tag == "m" and following.piece.tag in {"m", "q"}
        return odds + (_RARE if is_counted else 0.0)

    def _sentence_words(
        self, clause: Sequence[Slot], following: Sequence[Slot], length: int
    ) -> float:
        slot, opening = clause[-1], following[0]
        if slot.is_latin_both_sides:
            capital = self._opens_with_capital(slot)
            odds = favour_sentence(opening.token.core, opens_with_capital=capital)
            return odds + (_LOWERCASE if self.is_cased and opening.token.core.islower() else 0.0)
        before, after = ([s.piece for s in part] for part in (clause, following))
        odds = _SENTENCE_BIAS + _weigh("sentence", sentence_features(before, after, length))
        if _opens_in_speech(following):
            odds += _OPENS_SENTENCE
        if len(clause) == 1 and slot.token.core in _HESITATES:
            return _GOES_ON
        if slot.token.core == "呢":
            asks = is_chinese_question(("".join(s.written for s in clause),))
            return odds + (_ASKS if asks else _TOPIC)
        if slot.piece.text in _NEVER_LAST:
            return odds + _GOES_ON
        return odds + (_ASKS if slot.token.core in {"嗎", "吗"} else 0.0)

    def _opens_with_capital(self, slot: Slot) -> bool:
        """Tell whether a word follows that has a capital only here."""
        core = slot.following.core if slot.following else ""
        return core[:1].isupper() and core not in {"I"} and core.lower() in self.lowercase


def _opens_in_speech(clause: Sequence[Slot]) -> bool:
    text = clause[0].piece.text
    if text in _COUNTS:  # 第二，...; but not 第二天
        return len(clause) < 2 or bool(clause[0].token.mark or (clause[0].pause or 0) >= SHORTEST)
    return text in _SPOKEN_OPENERS


def _heard_odds(slot: Slot) -> float:
    if not slot.is_asked or slot.heard is None:
        return 0.0
    return _HEARD if slot.heard else _NOT_HEARD


def _heard_end_odds(slot: Slot) -> float:
    if not slot.is_asked or not slot.heard:
        return 0.0
    return _HEARD_END if slot.heard[-1] in SENTENCE_MARKS else _HEARD_COMMA


def _weigh(task: str, names: Sequence[str]) -> float:
    weights = _weights()[task]
    return sum(weights.get(name, 0.0) for name in names)


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    text = (resources.files("subtools.prose") / "weights.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded
