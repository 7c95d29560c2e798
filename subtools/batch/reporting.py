"""What became of a batch, as ``report.json``: the same for the same results, whenever made."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from subtools.batch.values import Counts, Ending, Plain, State

FORMAT, VERSION = "subtools.batch-report", 1
_COUNTED = [field.name for field in fields(Counts)]


def compose_report(endings: Sequence[Ending], library: Path) -> str:
    """Return the report of a batch: no clock, no machine, no count of tries stands in it.

    Args:
        endings: What became of its jobs.
        library: Where the report will be; files are named as seen from there.
    """
    counts = Counter(ending.state.value for ending in endings)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "counts": {state.value: counts[state.value] for state in State},
        "seconds_of_sound": round(sum(ending.seconds or 0.0 for ending in endings), 3),
        **asdict(add_counts(endings)),
        "jobs": [_describe(ending, library) for ending in endings],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()  # as JSON escapes what is no text


def read_counts(facts: Mapping[str, Plain]) -> Counts | None:
    """Return what the facts of a job's last step say of its text; None if they say nothing."""
    found = {name: facts.get(name) for name in _COUNTED}
    counts = {name: count for name, count in found.items() if isinstance(count, int)}
    return Counts(**counts) if len(counts) == len(found) else None


def add_counts(endings: Sequence[Ending]) -> Counts:
    """Return the counts of all jobs together."""
    known = [asdict(ending.counts) for ending in endings if ending.counts is not None]
    return Counts(**{name: sum(one[name] for one in known) for name in _COUNTED})


def all_went_well(endings: Sequence[Ending]) -> bool:
    """Return whether every job is done."""
    return all(ending.state is State.DONE for ending in endings)


def _describe(ending: Ending, library: Path) -> dict[str, Any]:
    job, failure = ending.job, ending.failure
    return {
        "name": job.name,
        "source": _seen_from(library, job.source),
        "part": job.part,
        "state": ending.state.value,
        "step": failure.kind.value if failure and failure.kind else None,
        "error": failure.error if failure else None,
        "seconds": ending.seconds,
        **(asdict(ending.counts) if ending.counts else dict.fromkeys(_COUNTED)),
        "files": {f"{job.name}/{name}": digest for name, digest in sorted(ending.files.items())},
    }


def _seen_from(library: Path, source: str) -> str:
    """Return a file as seen from ``library``, so that both can be moved; an address as it is."""
    if not Path(source).is_absolute():
        return source
    try:
        return Path(os.path.relpath(source, library)).as_posix()
    except ValueError:  # on another drive
        return source
