"""Where a mark belongs in English speech, by the words beside it.

Log odds set by hand from what grammars say of these words, not fitted: conjunctions and
discourse markers open clauses, articles and prepositions lean on what follows.
"""

from __future__ import annotations

from collections.abc import Mapping

_CLAUSE_BIAS, _SENTENCE_BIAS = -3.0, -1.5
_OPENS_CLAUSE = frozenset(
    [
        "and",
        "but",
        "or",
        "so",
        "because",
        "which",
        "if",
        "when",
        "while",
        "although",
        "though",
        "unless",
        "until",
        "whereas",
        "who",
        "where",
        "then",
        "now",
        "well",
        "okay",
        "yes",
        "no",
        "right",
    ]
)
_OPENS_SENTENCE: Mapping[str, float] = {
    **dict.fromkeys(
        ["so", "now", "well", "okay", "ok", "but", "right", "yes", "yeah", "then"], 1.5
    ),
    **dict.fromkeys(["thank", "thanks", "good", "hello", "hi", "welcome", "let", "please"], 2.0),
    **dict.fromkeys(["first", "second", "third", "finally", "what", "how", "why"], 1.2),
    **dict.fromkeys(
        ["i", "we", "you", "they", "he", "she", "it", "this", "that", "there", "these"], 1.0
    ),
    **dict.fromkeys(["the", "a", "in", "my", "our", "his", "her", "their", "some"], 0.5),
    "and": 0.3,
    **dict.fromkeys(
        [
            "because",
            "which",
            "who",
            "or",
            "while",
            "where",
            "of",
            "to",
            "until",
            "unless",
            "although",
        ],
        -2.0,
    ),
}
_LEANS_ON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "into",
        "and",
        "or",
        "but",
        "if",
        "which",
        "who",
        "as",
        "than",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "am",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "not",
        "i",
        "we",
        "he",
        "she",
        "they",
        "my",
        "your",
        "his",
        "its",
        "our",
        "their",
        "this",
        "these",
        "very",
        "so",
    ]
)
_QUESTION_OPENERS = frozenset(
    [
        "what",
        "how",
        "why",
        "when",
        "where",
        "who",
        "whom",
        "whose",
        "which",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "can",
        "could",
        "would",
        "will",
        "should",
        "shall",
        "may",
        "might",
        "have",
        "has",
        "am",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "can't",
        "won't",
    ]
)
_ASKING_AFTER = frozenset(
    [
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "it",
        "this",
        "that",
        "there",
        "the",
        "your",
        "our",
        "my",
    ]
)
_WH = frozenset(["what", "how", "why", "when", "where", "who", "whom", "whose", "which"])
_BEFORE_QUESTION = frozenset(["so", "and", "but", "well", "now", "okay", "right", "then", "or"])
_LONGEST_CALL = 3  # words: "So, Tom Becker, can you ..."
_FOLLOWS_CAPITAL = 4.0  # log odds; a word with a capital that elsewhere has none


def favour_clause(before: str, after: str, *, opens_with_capital: bool) -> float:
    """Return the log odds of a mark between two English words."""
    left, right = before.casefold(), after.casefold()
    lean = -4.0 if left in _LEANS_ON else 0.0
    opening = 1.5 if right in _OPENS_CLAUSE else 0.0
    start = max(0.0, _OPENS_SENTENCE.get(right, 0.0)) / 2
    capital = _FOLLOWS_CAPITAL if opens_with_capital else 0.0
    return _CLAUSE_BIAS + lean + max(opening, start) + capital


def favour_sentence(after: str, *, opens_with_capital: bool) -> float:
    """Return the log odds that a mark before an English word ends a sentence."""
    capital = _FOLLOWS_CAPITAL if opens_with_capital else 0.0
    return _SENTENCE_BIAS + _OPENS_SENTENCE.get(after.casefold(), 0.0) + capital


def is_english_question(clauses: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether a sentence asks, by the word order of its last two clauses.

    >>> is_english_question((("Maria",), ("what", "do", "you", "think")))
    True
    >>> is_english_question((("what", "we", "did", "was", "simple"),))
    False
    """
    return any(map(_asks, clauses[-2:]))


def _asks(clause: tuple[str, ...]) -> bool:
    for place in range(min(_LONGEST_CALL + 1, len(clause))):
        if _is_inverted([word.casefold() for word in clause[place:]]):
            return True
        if clause[place].casefold() not in _BEFORE_QUESTION and not clause[place][:1].isupper():
            return False  # not a name that is called, nor a word that leads on
    return False


def _is_inverted(words: list[str]) -> bool:
    if len(words) < 2 or words[0] not in _QUESTION_OPENERS:
        return False
    if words[0] not in _WH:
        return words[1] in _ASKING_AFTER
    asked = words[1:4] if words[0] in {"how", "which", "whose"} else words[1:2]
    if words[0] == "who":
        return len(words) > 2 and words[1] not in _ASKING_AFTER
    return any(word in _QUESTION_OPENERS - _WH for word in asked)
