"""Words about colors as the states that the color prior attends to.

A token brings what the package's text encoder looks up for it (fixed letter groups, so any word
will do), and, where it ends a color word, that color in L*a*b*: the value of a color word is known
as the value of a number is, and what must be learned is whose color it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from lasagna_relight.language.colors import color_words, lab
from lasagna_relight.language.encoder import TransformerLayer, shipped_encoder
from lasagna_relight.language.tokenizer import tokenize

TABLE_WIDTH = 96
COLOR_FEATURES = 5
"""One where a color word ends; its L*a*b*, scaled; one inside of a color word."""

MOST_WORDS = 24
"""Tokens that are kept, the start sign among them."""

STATE_WIDTH = 64
"""Of what the prior attends to; the last ``COLOR_FEATURES`` are those of the token."""

WordFeatures = Float[Tensor, "*batch 24 features"]
"""Looked-up values, color features and a one on tokens; zeros behind the last token."""

WORD_WIDTH = TABLE_WIDTH + COLOR_FEATURES + 1


class ColorWords(nn.Module):
    """Features of words to states, zeros behind the last word; about 80,000 parameters."""

    def __init__(self, layers: int = 2) -> None:
        super().__init__()
        width = STATE_WIDTH
        self.widen = nn.Linear(WORD_WIDTH, width)
        self.position = nn.Parameter(0.1 * torch.randn(MOST_WORDS, width))
        self.neighbors = nn.Conv1d(width, width, 5, padding=2, groups=width)
        self.layers = nn.ModuleList(TransformerLayer(width, 4, 2 * width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.narrow = nn.Linear(width, width - COLOR_FEATURES)

    def forward(self, features: WordFeatures) -> Float[Tensor, "batch 24 width"]:
        """States of words; all zero where there are none."""
        mask: Bool[Tensor, "batch 24"] = features[..., -1] > 0
        seen = mask.clone()
        seen[:, 0] = True  # a row must attend to something
        states = self.widen(features) * mask[..., None]
        states = states + self.neighbors(states.transpose(1, 2)).transpose(1, 2)
        states = states + self.position
        for layer in self.layers:
            states = layer(states, seen)
        states = self.narrow(self.norm(states))
        colors = features[..., TABLE_WIDTH : TABLE_WIDTH + COLOR_FEATURES]
        return torch.cat([states, colors], -1) * mask[..., None]


def word_features(sentences: Sequence[str]) -> WordFeatures:
    """Features of sentences, one row for each; an empty one is zeros but for its start sign."""
    rows = torch.zeros(len(sentences), MOST_WORDS, WORD_WIDTH)
    for row, sentence in zip(rows, sentences, strict=True):
        tokens = tokenize(sentence)[:MOST_WORDS]
        for index, token in enumerate(tokens):
            row[index, :TABLE_WIDTH] = _looked_up(token.rows, token.weights)
            row[index, -1] = 1
        for word in color_words(sentence):
            if word.last + 1 >= MOST_WORDS:
                break
            for piece in range(word.first, word.last + 1):
                row[piece + 1, TABLE_WIDTH + 4] = 1
            lightness, a, b = lab(torch.tensor(word.rgb).numpy()).tolist()
            scaled = torch.tensor([1.0, lightness / 50 - 1, a / 50, b / 50])
            row[word.last + 1, TABLE_WIDTH : TABLE_WIDTH + 4] = scaled
    return rows


@lru_cache(maxsize=16384)
def _looked_up(rows: tuple[int, ...], weights: tuple[float, ...]) -> Tensor:
    table = shipped_encoder().table.weight
    return (table[list(rows)] * torch.tensor(weights)[:, None]).sum(0)
