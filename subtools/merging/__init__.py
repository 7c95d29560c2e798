"""Reference words and recognised words: times carried over, differences found.

The document is the truth about *what* is written, the recogniser about *when* something
was heard. Both are spelled in phones and aligned globally; a word of the document takes
the time of what stands against it. Words that nothing stands against get a time only
inside a short gap that has room for them; all others stay without one and are reported.
Works in every language the recogniser knows.
"""

from subtools.core import Alignment, Finding, Recognition, Span, Transcript
from subtools.merging.pairing import pair_phones
from subtools.merging.reporting import (
    find_unwritten,
    report_disagreements,
    report_unheard,
    report_unwritten,
)
from subtools.merging.spelling import spell_talk
from subtools.merging.timing import fill_gaps, time_heard_words
from subtools.spans import report_unrecognised

__all__ = ["ALIGNER", "merge_recognition"]

ALIGNER = "recognition"


def merge_recognition(transcript: Transcript, recognition: Recognition) -> Alignment:
    """Return ``transcript`` with the times at which ``recognition`` heard its words.

    The text is never changed: joined, the words are the document's body.
    """
    talk = spell_talk(transcript, recognition)
    pairing = pair_phones(talk)
    words, fillings = fill_gaps(talk, pairing, time_heard_words(talk, pairing))
    placed = [span for filling in fillings for span in filling.spans]
    unwritten = find_unwritten(talk, pairing, fillings)
    findings = [
        *report_unheard(talk, words, unwritten),
        *report_disagreements(talk, fillings),
        *report_unwritten(talk, unwritten),
        *report_unrecognised([*talk.heard_words, *placed], talk.speech),
    ]
    return Alignment(
        transcript=transcript.with_words(words),
        findings=tuple(sorted(findings, key=_place)),
        language=recognition.language,
        aligner=ALIGNER,
    )


def _place(finding: Finding) -> tuple[Span, tuple[int, int]]:
    return finding.span or Span(0.0, 0.0), finding.offsets or (0, 0)
