"""One step done: its inputs found, its work called, its result put at its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from subtools.batch import work_on_cleaning, work_on_results, work_on_sound, work_on_words
from subtools.batch.results import LostError, Results
from subtools.batch.tools import Tools
from subtools.batch.values import Done, Kind, Plain, Step
from subtools.batch.work_on_sound import Bench
from subtools.core import Progress, no_progress
from subtools.errors import DocumentError
from subtools.store import explain_write, hash_file

Work = Callable[[Bench], Mapping[str, Plain]]

WORK: Mapping[Kind, Work] = {
    Kind.FETCH: work_on_sound.fetch_sound,
    Kind.DECODE: work_on_sound.decode_sound,
    Kind.ENCODE: work_on_sound.encode_sound,
    Kind.SITE: work_on_words.try_site_texts,
    Kind.RECOGNISE: work_on_sound.recognise_sound,
    Kind.ALIGN: work_on_words.align_words,
    Kind.DIARIZE: work_on_sound.diarize_sound,
    Kind.NAME: work_on_results.name_voices,
    Kind.TOPICS: work_on_results.find_topics,
    Kind.CLEAN: work_on_cleaning.clean_words,
    Kind.OUTPUTS: work_on_results.write_results,
}


def run_step(
    step: Step,
    inputs: Mapping[str, Step],
    results: Results,
    tools: Tools,
    progress: Progress = no_progress,
) -> Done:
    """Return the result of ``step``: the one there is, or a new one.

    Args:
        step: What to do.
        inputs: The steps whose results it takes, by what they are to it.
        results: Where results are kept.
        tools: Models, and ways to the world.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If it cannot be done.
    """
    if found := results.find(step):
        return found
    given = {role: _find(results, before) for role, before in inputs.items()}
    with results.drafting(step) as draft:
        try:
            facts = WORK[step.kind](Bench(step, given, draft, tools, progress))
        except OSError as error:
            raise explain_write(error, Path(error.filename or draft)) from error
        _check_unchanged(step)
        return results.publish(step, draft, facts)


def _check_unchanged(step: Step) -> None:
    """Refuse a result of files that are not what they were when their hashes were taken.

    Raises:
        DocumentError: Naming the file.
    """
    for role, name in step.files.items():
        path, expected = Path(name), step.settings.get(role)
        if step.kind is not Kind.OUTPUTS and hash_file(path) != expected:
            hint = "start the batch again"
            raise DocumentError("this file was changed while it was read", hint=hint, path=path)


def _find(results: Results, step: Step) -> Done:
    found = results.take(step)
    if found is None:
        raise LostError(f"the result of {step.kind} is gone or damaged")
    return found
