"""The shipped networks in memory, ready to run."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Any

from subtools.errors import ModelError

_ERRORS_ONLY = 3  # onnxruntime's levels run from 0, everything, to 4, fatal


def load_session(name: str, *, threads: int | None = None) -> Any:
    """Return an onnxruntime session of the network ``name`` that ships with subtools.

    Args:
        name: File in this package.
        threads: Processor threads, no more than there are cores; None means all.

    Raises:
        ModelError: If the file is missing or damaged.
    """
    file = resources.files(__package__).joinpath(name)
    try:
        return open_session(file.read_bytes(), threads=threads)
    except (OSError, ValueError) as error:
        raise ModelError(
            "the shipped voice model is missing or damaged",
            hint="install subtools again: pip install --force-reinstall --no-deps subtools",
            path=Path(str(file)),
        ) from error


def open_session(network: bytes, *, threads: int | None = None) -> Any:
    """Return an onnxruntime session of ``network``, on the processor, quiet.

    Raises:
        ValueError: If it is no ONNX file that onnxruntime can run.
    """
    _keep_onnxruntime_offline()
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    failures = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf)
    try:
        return onnxruntime.InferenceSession(
            network, _options(threads), providers=["CPUExecutionProvider"]
        )
    except failures as error:
        raise ValueError(f"no network that can be run: {error}") from error


def _options(threads: int | None) -> Any:
    import onnxruntime

    cores = os.cpu_count() or 1
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(threads or cores, cores)
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.use_deterministic_compute = True
    options.enable_mem_pattern = False  # sounds differ in length: one would be kept for each
    # Threads that wait in a loop for one another: 32 instead of 19 ms of processor time for
    # 1.5 s of sound where other programs run beside (two threads on two cores).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _keep_onnxruntime_offline() -> None:
    """Switch off the telemetry of onnxruntime.

    Its packages report to their maker over the network and keep a session file
    in the temporary folder (since 2026), unless this is set before the first import.
    Source: github.com/microsoft/onnxruntime, pull request 27379, "Add POSIX telemetry".
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
