"""What ``subtools score`` measures: a result against a reference, both as files."""

from __future__ import annotations
