"""The merge itself; ``merge_recognition`` is the way in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, groupby

import numpy as np

from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    Recognition,
    Seconds,
    Span,
    Transcript,
    Word,
)
from subtools.lexicon import clause_ranges
from subtools.matching import pair_symbols
from subtools.merging.spelling import PHONE, Indices, phone_times, spell_words, usual_durations
from subtools.phonetics import spell_phones

ALIGNER = "recognition"

HEARD_WORD = 0.5  # share of a word's phones that must agree for it to count as heard
# Share of a clause's phones that must agree for it to count as heard: on phone strings,
# spoken clauses agree by 0.88 in the median, clauses of another text by 0.29 at the most.
HEARD_CLAUSE = 0.45
SHORT_RUN = 0.6  # s: three syllables, as much as a recogniser swallows in fluent speech
LONGEST_GAP = 8.0  # s across which times are interpolated at the most
LEAST_ROOM, MOST_ROOM = 0.35, 3.0  # time there is, over the time the words usually take
REPORTED_RUN = 1.2  # s: six syllables, from which a disagreement is worth a look


def merge_recognition(transcript: Transcript, recognition: Recognition) -> Alignment:
    """Return ``transcript`` with the times at which ``recognition`` heard its words.

    The text is never changed: joined, the words are the document's body.
    """
    return _Merger(transcript, recognition).merge()


class _Merger:
    """One merge: the arrays that its steps share.

    Attributes:
        partner: For each reference phone, the heard phone it stands against; -1 none.
        agrees: For each reference phone, whether its partner is equal.
        onset, offset: Times of the heard phones, in seconds.
        taken: For each heard phone, whether some of the text stands against it.
    """

    def __init__(self, transcript: Transcript, recognition: Recognition) -> None:
        self.transcript = transcript
        self.recognition = recognition
        self.heard_words = recognition.words
        self.words = list(transcript.words)
        self.clauses = _clauses(transcript)
        self.clause_of = [clause for clause in self.clauses for _ in clause]
        self.offsets = list(accumulate((len(word.text) for word in self.words), initial=0))
        language = recognition.language
        self.written = spell_words(
            [
                phones
                for paragraph in transcript.paragraphs
                for phones in spell_phones([word.text for word in paragraph.words], language)
            ]
        )
        self.heard = spell_words(
            [
                phones
                for segment in recognition.segments
                for phones in spell_phones([word.text for word in segment], language)
            ]
        )
        self.usual = usual_durations(self.words, self.written)
        self.onset, self.offset = phone_times(self.heard_words, self.heard)
        self._pair()
        self.findings: list[Finding] = []

    def merge(self) -> Alignment:
        """Return the alignment."""
        for index in range(len(self.words)):
            self.words[index] = self._time_word(index)
        for run in self._untimed_runs():
            self._fill_run(run)
        for run in self._untimed_runs():
            self.findings.append(self._report_unheard(run))
        self.findings += self._report_unwritten()
        findings = sorted(self.findings, key=lambda f: (f.span or Span(0, 0), f.offsets or (0, 0)))
        return Alignment(
            transcript=self.transcript.with_words(self.words),
            findings=tuple(findings),
            language=self.recognition.language,
            aligner=ALIGNER,
        )

    def _pair(self) -> None:
        """Align the phones; pairs in clauses that agree no better than by chance are none."""
        written, heard = np.array(self.written.phones), np.array(self.heard.phones)
        self.partner = np.full(len(written), -1)
        self.agrees = np.zeros(len(written), bool)
        pairs = pair_symbols(self.written.phones, self.heard.phones)
        self.partner[pairs[:, 0]] = pairs[:, 1]
        self.agrees[pairs[:, 0]] = written[pairs[:, 0]] == heard[pairs[:, 1]]
        for clause in self.clauses:
            phones = self.written.of(clause)
            if not self._is_likely(phones):
                self.partner[phones], self.agrees[phones] = -1, False
        self.taken = np.zeros(len(heard), bool)
        self.taken[self.partner[self.partner >= 0]] = True

    def _is_likely(self, phones: slice) -> bool:
        """Tell whether a clause agrees with what was heard better than by chance.

        A clause that finds its sounds scattered over a far longer stretch does not.
        """
        partners = self.partner[phones][self.agrees[phones]]
        if not len(partners):
            return False
        stretch = max(len(self.partner[phones]), int(partners[-1] - partners[0]) + 1)
        return len(partners) >= HEARD_CLAUSE * stretch

    def _time_word(self, index: int) -> Word:
        """Return the word with its time and confidence, if it was heard."""
        phones = self.written.of(range(index, index + 1))
        agrees, partner = self.agrees[phones], self.partner[phones]
        if not len(agrees) or agrees.mean() < HEARD_WORD:
            return self.words[index]
        partner = partner[partner >= 0]
        start, end = float(self.onset[partner[0]]), float(self.offset[partner[-1]])
        if end <= start:
            return self.words[index]
        probability = self._probability(partner)
        confidence = float(agrees.mean()) * (1 + probability) / 2
        return replace(self.words[index], span=Span(start, end), confidence=round(confidence, 3))

    def _probability(self, heard_phones: Indices) -> float:
        owners = np.searchsorted(self.heard.first, heard_phones, side="right") - 1
        return float(np.mean([self.heard_words[owner].probability for owner in owners]))

    def _untimed_runs(self) -> Iterator[range]:
        """Yield the index ranges of consecutive words without a time."""
        for untimed, group in groupby(enumerate(self.words), key=lambda pair: pair[1].span is None):
            if untimed:
                indices = [index for index, _ in group]
                yield range(indices[0], indices[-1] + 1)

    def _fill_run(self, run: range) -> None:
        """Give the words of ``run`` times, as far as the sound has room for them."""
        slot, between = self._find_slot(run)
        if slot is not None and self._fits(run, slot):
            self._spread(run, slot)
            self.taken[between] = True
            if self._usual(run) >= REPORTED_RUN:
                self.findings.append(self._report_disagreement(run, slot, between))
            return
        for piece in self._split_at_clauses(run):
            neighbour = self._neighbour_in_clause(piece)
            if neighbour is not None and self._usual(piece) <= SHORT_RUN:
                self._squeeze(piece, neighbour)

    def _find_slot(self, run: range) -> tuple[Span | None, slice]:
        """Return where ``run`` would have been spoken, and the phones heard there."""
        before = self._partners_of(run.start - 1)
        after = self._partners_of(run.stop)
        first = int(before[-1]) + 1 if len(before) else 0
        last = int(after[0]) if len(after) else len(self.onset)
        between = slice(first, max(first, last))
        if last > first and self.offset[last - 1] > self.onset[first]:
            return Span(float(self.onset[first]), float(self.offset[last - 1])), between
        return self._speech_in(self._gap(run)), between

    def _partners_of(self, index: int) -> Indices:
        if not 0 <= index < len(self.words):
            return np.zeros(0, np.int64)
        partner = self.partner[self.written.of(range(index, index + 1))]
        return np.asarray(partner[partner >= 0], np.int64)

    def _gap(self, run: range) -> Span:
        """Return the time between the timed words around ``run``."""
        before = self.words[run.start - 1].span if run.start else None
        after = self.words[run.stop].span if run.stop < len(self.words) else None
        start = before.end if before else 0.0
        return Span(start, max(start, after.start if after else self._end_of_speech()))

    def _end_of_speech(self) -> Seconds:
        return self.recognition.speech[-1].end if self.recognition.speech else 0.0

    def _speech_in(self, gap: Span) -> Span | None:
        """Return the part of ``gap`` from the first to the last speech in it."""
        speech = self.recognition.speech
        first = bisect_right(speech, gap.start, key=lambda span: span.end)
        last = bisect_left(speech, gap.end, key=lambda span: span.start)
        if first >= last:
            return None
        return Span(max(gap.start, speech[first].start), min(gap.end, speech[last - 1].end))

    def _usual(self, run: range) -> Seconds:
        """Return how long the words of ``run`` usually take."""
        return float(self.usual[run.start : run.stop].sum())

    def _fits(self, run: range, slot: Span) -> bool:
        usual = self._usual(run)
        longest = min(LONGEST_GAP, MOST_ROOM * usual)
        return 0 < LEAST_ROOM * usual <= slot.duration <= longest

    def _spread(self, run: range, slot: Span) -> None:
        """Share ``slot`` among the words of ``run``, by their phones."""
        weights = [self._usual(range(index, index + 1)) or PHONE for index in run]
        borders = slot.start + slot.duration * np.cumsum([0, *weights]) / sum(weights)
        for index, start, end in zip(run, borders, borders[1:], strict=False):
            self.words[index] = replace(self.words[index], span=Span(float(start), float(end)))

    def _split_at_clauses(self, run: range) -> Iterator[range]:
        start = run.start
        while start < run.stop:
            stop = min(run.stop, self.clause_of[start].stop)
            yield range(start, stop)
            start = stop

    def _neighbour_in_clause(self, piece: range) -> int | None:
        """Return the timed word next to ``piece`` in the same clause, the earlier first."""
        clause = self.clause_of[piece.start]
        for index in (piece.start - 1, piece.stop):
            if index in clause and self.words[index].span is not None:
                return index
        return None

    def _squeeze(self, piece: range, neighbour: int) -> None:
        """Let ``piece``, swallowed in fluent speech, share the time of its neighbour."""
        span, confidence = self.words[neighbour].span, self.words[neighbour].confidence
        if span is not None:
            self._spread(range(min(neighbour, piece.start), max(neighbour + 1, piece.stop)), span)
            self.words[neighbour] = replace(self.words[neighbour], confidence=confidence)

    def _report_unheard(self, run: range) -> Finding:
        gap = self._gap(run)
        usual = self._usual(run)
        reason = (
            f"nothing like these words was heard; they need about {usual:.1f} s, "
            f"and there are {gap.duration:.1f} s between the words around them"
            if usual
            else "nothing in it can be spoken"
        )
        return self._finding(FindingKind.NOT_IN_AUDIO, run, reason, gap)

    def _report_disagreement(self, run: range, slot: Span, between: slice) -> Finding:
        heard = self._heard_text(between)
        reason = f"heard here: {heard!r}" if heard else "speech here that was not recognised"
        return self._finding(FindingKind.MISHEARD, run, f"{reason}; times are interpolated", slot)

    def _finding(self, kind: FindingKind, run: range, reason: str, span: Span) -> Finding:
        text = "".join(word.text for word in self.words[run.start : run.stop])
        return Finding(kind, text, reason, span, (self.offsets[run.start], self.offsets[run.stop]))

    def _heard_text(self, phones: slice) -> str:
        """Return what was heard, from whole words."""
        if phones.stop <= phones.start:
            return ""
        first, last = np.searchsorted(self.heard.first, [phones.start, phones.stop - 1], "right")
        return "".join(word.text for word in self.heard_words[first - 1 : last]).strip()

    def _report_unwritten(self) -> Iterator[Finding]:
        """Yield what was heard where nothing of the text stands."""
        words = self.heard_words
        free = [
            not self.taken[a:b].any()
            for a, b in zip(self.heard.first, self.heard.first[1:], strict=False)
        ]
        for is_free, group in groupby(range(len(words)), key=lambda index: free[index]):
            run = list(group)
            heard = words[run[0] : run[-1] + 1]
            if is_free and heard[-1].end - heard[0].start >= REPORTED_RUN:
                yield Finding(
                    FindingKind.NOT_IN_TEXT,
                    "".join(word.text for word in heard).strip(),
                    "heard, but the document has nothing here",
                    Span(heard[0].start, heard[-1].end),
                )


def _clauses(transcript: Transcript) -> tuple[range, ...]:
    """Return the clauses of the whole transcript, as ranges of its words."""
    clauses: list[range] = []
    first = 0
    for paragraph in transcript.paragraphs:
        own = clause_ranges([word.text for word in paragraph.words])
        clauses += [range(first + clause.start, first + clause.stop) for clause in own]
        first += len(paragraph.words)
    return tuple(clauses)
