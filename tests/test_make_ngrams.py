"""The script that makes the table of word sequences of an ARPA file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scripts.make_ngrams import read_arpa, tabulate
from subtools.ngrams import NGRAMS_STEP

ARPA = r"""
\data\
ngram 1=4
ngram 2=3
ngram 3=1

\1-grams:
-6.0	<unk>	0
-1.0	的	-0.5
-2.0	病人	-0.25
-3.0	卡拉OK	0

\2-grams:
-0.5	的 病人	-0.1
-1.5	病人 的	0
-0.5	的 卡拉OK	0

\3-grams:
-0.25	的 病人 的

\end\
"""


@pytest.fixture
def arpa(tmp_path: Path) -> Path:
    path = tmp_path / "small.arpa"
    path.write_text(ARPA, encoding="utf-8")
    return path


def test_sequences_of_han_words_are_read_in_nats(arpa: Path) -> None:
    found = read_arpa(arpa)
    assert list(found.words) == ["的", "病人"]
    assert list(found.pairs) == [("的", "病人"), ("病人", "的")]
    assert found.triples == pytest.approx({("的", "病人", "的"): -0.5756}, abs=1e-4)


def test_the_table_has_words_by_likelihood_and_keys_as_gaps(arpa: Path) -> None:
    table = tabulate(read_arpa(arpa))
    assert table["words"].tobytes().decode() == "的\n病人"
    assert table["sounds"].tobytes().decode() == "de\nbing ren"
    assert np.cumsum(table["pair_steps"]).tolist() == [1, 2]  # 的 病人, 病人 的
    assert np.cumsum(table["triple_steps"]).tolist() == [0]  # the first pair, 的
    costs = table["costs"].astype(float) * NGRAMS_STEP
    assert costs.tolist() == pytest.approx([2.303, 4.605], abs=NGRAMS_STEP / 2)
