"""What a language model sent back, to answers: what is not in form is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subtools.adviser.prompting import compose_options
from subtools.core import Answer, Question
from subtools.lexicon import clean_name

_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n\s*```\s*", re.DOTALL)
_LONGER = 8  # characters that a suggestion may have more than twice what is written
_MOST_TOKENS = 10_000_000  # of a request; whoever counts more counts something else


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer.

    Attributes:
        answers: One for each question that was asked; None where nothing of use came.
        tokens: What the server counted; None if it did not.
        problem: Why there is no answer at all; empty if there is.
    """

    answers: tuple[Answer | None, ...]
    tokens: int | None = None
    problem: str = ""


def read_reply(
    body: bytes, questions: Sequence[Question], *, reverse: bool, may_suggest: bool
) -> Reply:
    """Return what ``body`` answers.

    Args:
        body: A chat completion, as the server sent it.
        questions: As they were asked.
        reverse: Whether the options stood in the other order.
        may_suggest: Whether words count that were no option.
    """
    nothing: tuple[Answer | None, ...] = (None,) * len(questions)
    completion = _parse(body)
    if completion is None:
        return Reply(nothing, problem="what came back is no chat completion")
    tokens = _read_tokens(completion)
    content, problem = _read_content(completion)
    found = _parse(content.encode("utf-8", "replace")) if content else None
    if found is None:
        return Reply(nothing, tokens, problem or "the answer is not in the form asked for")
    entries = _read_entries(found, len(questions))
    answers = (
        _read_answer(entries[number], question, reverse=reverse, may_suggest=may_suggest)
        if number in entries
        else None
        for number, question in enumerate(questions, start=1)
    )
    return Reply(tuple(answers), tokens)


def agree(one: Answer | None, other: Answer | None) -> Answer | None:
    """Return what two answers to the same question both say.

    >>> agree(Answer(1), Answer(1)), agree(Answer(1), Answer(None)), agree(Answer(1), None)
    (Answer(choice=1, suggestion=''), None, None)
    """
    return one if one == other else None


def _parse(body: bytes) -> dict[str, Any] | None:
    text = body.decode("utf-8", "replace")
    fenced = _FENCED.fullmatch(text)
    try:
        parsed = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):  # also of a number with too many digits
        return None
    return parsed if isinstance(parsed, dict) else None


def _read_tokens(completion: Mapping[str, Any]) -> int | None:
    usage = completion.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return _whole(tokens, _MOST_TOKENS) or None


def _read_content(completion: Mapping[str, Any]) -> tuple[str, str]:
    """Return what the model wrote, or why it did not."""
    choices = completion.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return "", "what came back is no chat completion"
    if message.get("refusal"):
        return "", "the model refused"
    if choice.get("finish_reason") in {"length", "content_filter"}:
        return "", f"the answer was cut off ({choice['finish_reason']})"
    content = message.get("content")
    return (content, "") if isinstance(content, str) else ("", "the model said nothing")


def _read_entries(found: Mapping[str, Any], questions: int) -> dict[int, Mapping[str, Any]]:
    """Return the entries by their number; a number that comes twice answers nothing."""
    listed = found.get("answers")
    entries = (
        [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    )
    numbers = [_whole(entry.get("id"), questions) for entry in entries]
    return {
        number: entry
        for number, entry in zip(numbers, entries, strict=True)
        if number and numbers.count(number) == 1
    }


def _read_answer(
    entry: Mapping[str, Any], question: Question, *, reverse: bool, may_suggest: bool
) -> Answer | None:
    options, said = compose_options(question), entry.get("said")
    if may_suggest and entry.get("option") is None and isinstance(said, str):
        suggestion = _check_suggestion(said, options)
        return Answer(None, suggestion) if suggestion else None
    number = _whole(entry.get("option"), len(options))
    if not number:
        return None
    place = len(options) - number if reverse else number - 1
    return Answer(place - 1 if place else None)


def _check_suggestion(said: str, options: Sequence[str]) -> str:
    """Return words that may have been said; empty for those that cannot."""
    name = clean_name(said)
    is_short = len(name) <= 2 * len(options[0]) + _LONGER
    is_new = all(name.casefold() != option.casefold() for option in options)
    return name if is_short and is_new and any(map(str.isalnum, name)) else ""


def _whole(value: object, last: int) -> int:
    """Return a number from 1 to ``last``, also one written as text; 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 4:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 1 <= value <= last else 0
