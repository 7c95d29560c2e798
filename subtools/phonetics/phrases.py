"""Which Chinese characters are written together as words."""

from __future__ import annotations

from functools import cache


def is_written_together(pair: str) -> bool:
    """Tell whether two Simplified characters stand side by side in some word or idiom.

    Names may do so too: it is a doubt about a name, not a proof against it.

    Source: pypinyin's phrase table, some 47,000 words.

    >>> is_written_together("武术"), is_written_together("车间"), is_written_together("志豪")
    (True, True, False)
    """
    return pair in _pairs()


@cache
def _pairs() -> frozenset[str]:
    from pypinyin.phrases_dict import phrases_dict

    return frozenset(w[k : k + 2] for w in phrases_dict for k in range(len(w) - 1))
