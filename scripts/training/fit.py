"""Fits the classifier to the features, with PyTorch on the processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from subtools.phonetics import PHONES

WIDTH = 160
TAPS = {"context": 7, "wider_context": 7}
BATCH = 4  # scenes
LEARNING_RATE = 2e-3
EDGE = 50  # frames of 10 ms at a window's ends, where the encoder lacks context
TWO_VOICES = 0.3  # weight of that question beside the phones


class Classifier(nn.Module):
    """The network of ``subtools.acoustics``, in PyTorch."""

    def __init__(self, mean: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)
        self.input = nn.Linear(len(mean), WIDTH)
        self.context = nn.Conv1d(WIDTH, WIDTH, TAPS["context"], padding="same")
        self.wider_context = nn.Conv1d(WIDTH, WIDTH, TAPS["wider_context"], padding="same")
        self.output = nn.Linear(WIDTH, 2 * (len(PHONES) + 1))
        self.drop = nn.Dropout(0.1)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return (scenes, 2 n, classes + 1) for inputs (scenes, n, width)."""
        hidden = torch.relu(self.input(self.drop((inputs - self.mean) * self.scale)))
        for layer in (self.context, self.wider_context):
            context = torch.relu(layer(self.drop(hidden).transpose(1, 2)).transpose(1, 2))
            hidden = hidden + context
        return self.output(hidden).reshape(len(inputs), -1, len(PHONES) + 1)


class Features:
    """All features of one name, in memory as half floats."""

    def __init__(self, folder: Path, name: str) -> None:
        files = [np.load(path) for path in sorted(folder.glob(f"{name}-*.npz"))]
        mels = np.concatenate([file["mels"] for file in files])
        states = np.concatenate([file["states"] for file in files])
        pairs = mels.reshape(*states.shape[:2], -1)
        self.inputs = torch.from_numpy(np.concatenate([states, pairs], axis=2))
        self.labels = torch.from_numpy(np.concatenate([f["labels"] for f in files])).long()
        two = np.concatenate([file["two_voices"] for file in files])
        self.two_voices = torch.from_numpy(two).float()
        self.labels[:, :EDGE] = self.labels[:, -EDGE:] = -1

    def __len__(self) -> int:
        return len(self.inputs)


def fit(features: Features, held_out: Features, epochs: int, seed: int = 1) -> Classifier:
    """Return the classifier fitted to ``features``; prints how it does on ``held_out``."""
    torch.manual_seed(seed)
    sample = features.inputs[:: max(1, len(features) // 100)].float().flatten(0, 1)
    model = Classifier(sample.mean(0), 1.0 / (sample.std(0) + 1e-3))
    steps = epochs * (len(features) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(features))
        for first in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[first : first + BATCH]
            inputs = _disturb(features.inputs[chosen].float(), model)
            loss = _loss(model(inputs), features.labels[chosen], features.two_voices[chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {describe(model, held_out)}", flush=True)
    model.eval()
    return model


def _disturb(inputs: Tensor, model: Classifier) -> Tensor:
    """Return inputs whose bands are louder or softer, tilted, or not there at all."""
    bands = inputs.shape[2] - 512
    inputs = inputs.clone()
    tilt = torch.linspace(-1, 1, bands // 2).repeat(2)
    change = 0.15 * torch.randn(len(inputs), 1, 1) + 0.1 * torch.randn(len(inputs), 1, 1) * tilt
    inputs[:, :, 512:] += change
    absent = torch.rand(len(inputs)) < 0.15
    inputs[absent, :, 512:] = model.mean[512:]
    return inputs


def _loss(outputs: Tensor, labels: Tensor, two_voices: Tensor) -> Tensor:
    phones = nn.functional.cross_entropy(
        outputs[..., :-1].flatten(0, 1), labels.flatten(), ignore_index=-1, label_smoothing=0.02
    )
    both = nn.functional.binary_cross_entropy_with_logits(outputs[..., -1], two_voices)
    return phones + TWO_VOICES * both


def describe(model: Classifier, features: Features) -> str:
    """Return in words how often the likeliest class is the right one."""
    model.eval()
    right, known, loss = 0, 0, 0.0
    for first in range(0, len(features), BATCH):
        part = slice(first, first + BATCH)
        with torch.no_grad():
            outputs = model(features.inputs[part].float())
        labels = features.labels[part]
        is_known = labels >= 0
        right += int((outputs[..., :-1].argmax(2)[is_known] == labels[is_known]).sum())
        known += int(is_known.sum())
        loss += float(_loss(outputs, labels, features.two_voices[part])) * BATCH
    return f"{right / known:.4f} of the frames right, loss {loss / len(features):.4f}"


def save_weights(model: Classifier, path: Path) -> None:
    """Write the weights as half floats, as ``subtools.acoustics`` reads them."""
    layers = {"mean": model.mean.numpy(), "scale": model.scale.numpy()}
    for name in ("input", "context", "wider_context", "output"):
        weight = getattr(model, name).weight.detach()
        matrix = weight.T if weight.ndim == 2 else weight.permute(2, 1, 0).flatten(0, 1)
        layers[f"{name}.weight"] = matrix.contiguous().numpy()
        layers[f"{name}.bias"] = getattr(model, name).bias.detach().numpy()
    half = {name: value.astype(np.float16) for name, value in layers.items()}
    half["mean"], half["scale"] = layers["mean"], layers["scale"]
    np.savez_compressed(path, **half)
