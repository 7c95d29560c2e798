"""The options of commands that may ask a language model."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from subtools.adviser import KEY_VARIABLE, LanguageModel, Limits, read_endpoint
from subtools.core import Progress, no_progress
from subtools.errors import AdviserError

LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="URL",
        help="Ask a language model about doubtful stretches: an API as OpenAI's, as "
        f"http://localhost:11434/v1. The key is read from {KEY_VARIABLE}.",
    ),
]
LlmModelOption = Annotated[
    str | None,
    typer.Option("--model-name", metavar="NAME", help="What the API calls the model."),
]
LlmBudgetOption = Annotated[
    int,
    typer.Option(
        "--llm-budget", min=0, metavar="TOKENS", help="Stop asking it after so many tokens."
    ),
]
LLM_BUDGET = Limits().tokens


def open_adviser(
    url: str | None,
    model: str | None,
    budget: int = LLM_BUDGET,
    *,
    progress: Progress = no_progress,
) -> LanguageModel | None:
    """Return the language model that the options name; None if they name none.

    Raises:
        AdviserError: If the options do not go together, or the address is none.
    """
    if url is None:
        if model is not None:
            raise AdviserError("--model-name needs --llm URL", hint="say where the model is")
        return None
    limits = replace(Limits(), tokens=budget)
    return LanguageModel(read_endpoint(url, model or ""), limits, progress=progress)
