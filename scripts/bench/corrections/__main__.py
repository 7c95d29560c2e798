"""Cleaning against what was said: `python -m scripts.bench.corrections FOLDER...`.

A folder holds documents of which every word is known, as `python -m scripts.bench.truths`
makes them: `NAME.words.json`, `NAME.ref.json` and the sound, side by side or in folders of
their own. What is found is kept below `--results`, a folder for each document, and is not
found again; corrections of another origin can be put there:
`RESULTS/NAME/all.corrections.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from scripts.bench.corrections.running import ALL, NO_GLOSSARY, Cleaner, ablations, measure_cost
from scripts.bench.corrections.talks import (
    Talk,
    apply_all,
    error_rate,
    find_talks,
    merge_naively,
)
from scripts.bench.measuring import Row
from scripts.bench.report import Column, compose_table, describe_machine
from subtools.core import Decision
from subtools.glossary import starter_glossary
from subtools.metrics import CorrectionScore, Kind, Share, score_corrections

_HEAD = """Right is what leaves, where it stands, what was said there; whole words and numbers are
compared, script, spaces, case and number form folded. Terms have Latin letters, or are listed as
terms or names of the talk or by the glossary that ships. What is shown is applied, proposed, or
another reading beside one of those. In brackets the 95 % interval (Wilson), in per cent.
"""
_PER = 500  # clauses


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables as Markdown."""
    options = parse_options(arguments)
    groups = {path.name: list(find_talks(path)) for path in options.folders}
    if not any(groups.values()):
        sys.exit("no NAME.words.json with NAME.ref.json and a sound in these folders")
    cleaners = {t.name: Cleaner(t, options.results / t.name) for ts in groups.values() for t in ts}
    print(f"{describe_machine()}.\n\n{_HEAD}")
    rows = list(_measure(groups, cleaners, [ALL, NO_GLOSSARY]))
    print(_titled("Corrections", compose_table(rows, _COLUMNS)))
    print(_titled("Character error rate, %", compose_table(list(_rates(groups, cleaners)), _RATES)))
    if options.ablations:
        everybody = {"all documents": [talk for talks in groups.values() for talk in talks]}
        rows = list(_measure(everybody, cleaners, [ALL, NO_GLOSSARY, *ablations()], each=False))
        print(_titled("What each kind of evidence adds", compose_table(rows, _COLUMNS)))
    if options.cost:
        print(_titled("Cost", compose_table(list(_costs(groups)), _COSTS)))
    if options.errors:
        print("\n".join(_list_errors(cleaners, options.errors)))
    if options.json:
        scores = {n: _score(c, ALL).as_dict() for n, c in cleaners.items()}
        options.json.write_text(json.dumps(scores, ensure_ascii=False, indent=1), "utf-8")


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        "python -m scripts.bench.corrections",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("folders", nargs="+", type=Path, help="of documents; each has a line of its own")
    add("--results", type=Path, required=True, help="what is found is kept here")
    add("--ablations", action="store_true", help="without each kind of evidence, and each alone")
    add("--cost", action="store_true", help="time of aligning and of cleaning, as commands")
    add("--errors", type=int, default=0, metavar="N", help="list N of each kind of error a talk")
    add("--json", type=Path, metavar="FILE", help="write the scores here")
    return parser.parse_args(arguments)


def _titled(title: str, table: str) -> str:
    return f"## {title}\n\n{table}"


def _score(cleaner: Cleaner, variant: Any) -> CorrectionScore:
    talk = cleaner.talk
    return score_corrections(talk.body, cleaner.clean(variant), talk.truth, terms=_listed())


@cache
def _listed() -> tuple[str, ...]:
    return tuple(name for term in starter_glossary().terms for name in term.names)


def _measure(
    groups: dict[str, list[Talk]],
    cleaners: dict[str, Cleaner],
    variants: Sequence[Any],
    *,
    each: bool = True,
) -> Iterator[Row]:
    """Yield a row for each document and way to clean, and for each folder."""
    for group, talks in groups.items():
        for variant in variants:
            total = CorrectionScore()
            for talk in talks:
                score = _score(cleaners[talk.name], variant)
                total += score
                if each:
                    yield {"name": talk.name, "variant": variant.name, "score": score}
            if talks and (len(talks) > 1 or not each):
                yield {"name": f"**{group}**", "variant": variant.name, "score": total}


def _rates(groups: dict[str, list[Talk]], cleaners: dict[str, Cleaner]) -> Iterator[Row]:
    for talks in groups.values():
        for talk in talks:
            heard = cleaners[talk.name].hear()
            body = talk.body[: talk.truth.clauses[-1].doc[1]]
            texts = {
                "document": body,
                "recognition": heard,
                "merged": merge_naively(body, heard),
                "cleaned": apply_all(body, cleaners[talk.name].clean(ALL)),
            }
            yield {"name": talk.name} | {
                name: f"{100 * error_rate(talk.spoken, text):.2f}" for name, text in texts.items()
            }


def _costs(groups: dict[str, list[Talk]]) -> Iterator[Row]:
    for talks in groups.values():
        for talk in talks:
            document = talk.words.with_name(f"{talk.name}.doc.txt")
            aligned, cleaned = measure_cost(talk, document)
            yield {
                "name": talk.name,
                "aligned": f"{aligned:.1f}",
                "cleaned": f"{cleaned:.1f}",
                "ratio": f"{cleaned / aligned:.1f}",
                "real time": f"{cleaned / talk.truth.duration:.3f}",
            }


def _list_errors(cleaners: dict[str, Cleaner], most: int) -> Iterator[str]:
    for name, cleaner in cleaners.items():
        score = _score(cleaner, ALL)
        wrong = [one for one in score.judged if not one.is_right]
        for decision in (Decision.APPLY, Decision.PROPOSE):
            for one in [o for o in wrong if o.correction.decision is decision][:most]:
                change = one.correction
                state = "was right" if one.was_right else "was wrong too"
                why = "; ".join(f"{e.kind.value} {e.weight:+.1f}" for e in change.evidence)
                yield (
                    f"{name} {decision.value} wrongly ({one.kind.value}): {change.before} -> "
                    f"{change.after} {change.score:.3f} ({state}) [{why}]"
                )
        missed = [repair for repair in score.repairs if not repair.is_found]
        for repair in missed[:most]:
            yield (
                f"{name} missed ({repair.kind.value}): "
                f"{repair.misheard.written} -> {repair.misheard.spoken}"
            )


def _precision(decision: Decision, kind: Kind | None = None) -> Any:
    return lambda row: str(row["score"].precision(decision, kind))


def _recall(kind: Kind | None, *, proposed: bool = False, shown: bool = False) -> Any:
    return lambda row: str(row["score"].recall(kind, proposed=proposed, shown=shown))


def _made_wrong(row: Row) -> str:
    share: Share = row["score"].clauses
    return f"{share.hits}/{share.total} = {_PER * share.value:.1f}" if share.total else "-"


def _named(name: str) -> Column:
    return name, lambda row: str(row[name])


_COLUMNS: list[Column] = [
    _named("name"),
    _named("variant"),
    ("applied right", _precision(Decision.APPLY)),
    ("… terms", _precision(Decision.APPLY, Kind.TERM)),
    ("… homophones", _precision(Decision.APPLY, Kind.HOMOPHONE)),
    ("terms mended", _recall(Kind.TERM)),
    ("… or proposed", _recall(Kind.TERM, proposed=True)),
    ("… or shown", _recall(Kind.TERM, shown=True)),
    ("homophones mended", _recall(Kind.HOMOPHONE)),
    ("… or proposed", _recall(Kind.HOMOPHONE, proposed=True)),
    ("… or shown", _recall(Kind.HOMOPHONE, shown=True)),
    ("others mended", _recall(Kind.OTHER)),
    ("… or proposed", _recall(Kind.OTHER, proposed=True)),
    ("… or shown", _recall(Kind.OTHER, shown=True)),
    ("proposals right", _precision(Decision.PROPOSE)),
    (f"right clauses made wrong, per {_PER}", _made_wrong),
]
_RATES: list[Column] = [_named(n) for n in ("name", "document", "recognition", "merged", "cleaned")]
_COSTS: list[Column] = [_named(n) for n in ("name", "aligned", "cleaned", "ratio", "real time")]

if __name__ == "__main__":
    main()
