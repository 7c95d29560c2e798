"""Text against text: character and word error rates, as counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from subtools.lexicon import split_words
from subtools.matching import EditCounts, count_edits
from subtools.metrics.summary import finite
from subtools.phonetics import fold_text


@dataclass(frozen=True, slots=True)
class TextScore:
    """How a text differs from the true one.

    Punctuation, spaces, case, width, and Traditional against Simplified do not count.

    Attributes:
        characters: Edits of letters and digits.
        words: Edits of words; in scripts without spaces, a character is a word.
    """

    characters: EditCounts
    words: EditCounts

    @property
    def cer(self) -> float:
        """Character errors per true character; above 1 where much was added."""
        return self.characters.rate

    @property
    def wer(self) -> float:
        """Word errors per true word; above 1 where much was added."""
        return self.words.rate

    def as_dict(self) -> dict[str, Any]:
        """Return counts and rates as plain data for JSON."""
        rates = {"cer": self.cer, "wer": self.wer}
        plain: dict[str, Any] = finite(rates | asdict(self))
        return plain


def score_text(reference: str, hypothesis: str) -> TextScore:
    """Return how ``hypothesis`` differs from ``reference``, the true text.

    >>> score = score_text("我們做 Scaling Law。", "我们做scanning law")
    >>> score.characters.errors, score.words.errors, score.wer
    (2, 1, 0.2)
    """
    return TextScore(
        count_edits(fold_text(reference), fold_text(hypothesis)),
        count_edits(_fold_words(reference), _fold_words(hypothesis)),
    )


def _fold_words(text: str) -> list[str]:
    """Return the folded words of ``text``, those without a letter or digit left out."""
    words = split_words(text)
    folded = {word: fold_text(word) for word in set(words)}  # a talk repeats its words
    return [folded[word] for word in words if folded[word]]
