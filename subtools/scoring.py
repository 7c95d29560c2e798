"""What ``subtools score`` measures: a result against a reference, both as files."""

from __future__ import annotations


class Scores: ...


def score_files(a, b): ...
