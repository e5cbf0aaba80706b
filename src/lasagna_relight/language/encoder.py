"""The text encoder: a prompt becomes one state per token, for the reader and for the prior.

A small transformer (pre-norm; Vaswani et al., arXiv 1706.03762) over hashed letter groups. Its
weights ship inside the package and are trained by ``lasagna_relight.training.words``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from lasagna_relight.language.tokenizer import BUCKETS, MAX_TOKENS, NUMBER_FEATURES, tokenize
from lasagna_relight.priors.weight_files import read_weights

ENCODER_NAME = "encoder.safetensors.zst"

STATE_WIDTH = 128
"""Width of a token's state; priors are trained against it."""


@dataclass(frozen=True, kw_only=True)
class TokenBatch:
    """Prompts as tensors: a flat list of table rows with weights and one offset for each token."""

    rows: Tensor
    weights: Tensor
    offsets: Tensor
    numbers: Float[Tensor, "batch length features"]
    mask: Bool[Tensor, "batch length"]


@dataclass(frozen=True, kw_only=True)
class TextStates:
    """States of the tokens of several prompts, padded to the longest; ``mask``: True on tokens.

    ``spelled``: the tokens themselves, where the states come from our own encoder.
    """

    tokens: Float[Tensor, "batch length width"]
    mask: Bool[Tensor, "batch length"]
    spelled: TokenBatch | None = None


def token_batch(prompts: Sequence[str]) -> TokenBatch:
    """``prompts`` tokenized and padded to the longest of them."""
    batch = [tokenize(prompt) for prompt in prompts]
    length = max(map(len, batch))
    rows: list[int] = []
    weights: list[float] = []
    offsets: list[int] = []
    numbers = torch.zeros(len(batch), length, NUMBER_FEATURES)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    for i, tokens in enumerate(batch):
        for token in tokens:
            offsets.append(len(rows))
            rows.extend(token.rows)
            weights.extend(token.weights)
        offsets.extend([len(rows)] * (length - len(tokens)))
        numbers[i, : len(tokens)] = torch.tensor([token.number for token in tokens])
        mask[i, : len(tokens)] = True
    return TokenBatch(
        rows=torch.tensor(rows),
        weights=torch.tensor(weights),
        offsets=torch.tensor(offsets),
        numbers=numbers,
        mask=mask,
    )


class TransformerLayer(nn.Module):
    """Self-attention and a feed-forward part, each on normalized states, each added."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.norm_feed_forward = nn.LayerNorm(width)
        self.feed_forward = nn.Sequential(
            nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width)
        )

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = states.shape
        query, key, value = (
            self.query_key_value(self.norm_attention(states))
            .view(batch, length, 3, self.heads, width // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        attended = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask[:, None, None, :]
        )
        states = states + self.attended(attended.transpose(1, 2).reshape(batch, length, width))
        return states + self.feed_forward(self.norm_feed_forward(states))


class TextEncoder(nn.Module):
    """Prompts to token states, ``STATE_WIDTH`` wide; about 1.3 million parameters."""

    def __init__(self, table_width: int = 96, layers: int = 3, heads: int = 4) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, table_width, mode="sum", include_last_offset=False)
        nn.init.normal_(self.table.weight, std=0.5)
        self.widen = nn.Linear(table_width, STATE_WIDTH)
        self.number = nn.Linear(NUMBER_FEATURES, STATE_WIDTH, bias=False)
        self.position = nn.Parameter(0.1 * torch.randn(MAX_TOKENS, STATE_WIDTH))
        self.neighbors = nn.Conv1d(STATE_WIDTH, STATE_WIDTH, 3, padding=1, groups=STATE_WIDTH)
        self.layers = nn.ModuleList(
            TransformerLayer(STATE_WIDTH, heads, 3 * STATE_WIDTH) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(STATE_WIDTH)

    @classmethod
    def pretrained(cls, path: Path | None = None) -> TextEncoder:
        """The encoder that ships with the package, or the one saved at ``path``; frozen."""
        encoder = cls()
        encoder.load_state_dict(read_weights(path or weights_folder() / ENCODER_NAME))
        return encoder.eval().requires_grad_(False)

    @property
    def width(self) -> int:
        return STATE_WIDTH

    def encode(self, prompts: Sequence[str]) -> TextStates:
        """Token states of ``prompts``: (batch, length, 128), length at most 48.

        An empty prompt has one token, the start sign; ``prompts`` may not be empty.
        """
        return self(token_batch(prompts))

    def forward(self, batch: TokenBatch) -> TextStates:
        device = self.position.device
        mask = batch.mask.to(device)
        looked_up = self.table(
            batch.rows.to(device),
            batch.offsets.to(device),
            per_sample_weights=batch.weights.to(device),
        ).view(*mask.shape, -1)
        states = self.widen(looked_up) + self.number(batch.numbers.to(device))
        states = states * mask[..., None]
        states = states + self.neighbors(states.transpose(1, 2)).transpose(1, 2)
        states = states + self.position[: mask.shape[1]]
        for layer in self.layers:
            states = layer(states, mask)
        return TextStates(tokens=self.norm(states) * mask[..., None], mask=mask, spelled=batch)


def weights_folder() -> Path:
    """Where the package keeps the weights of the encoder and of the reader."""
    return Path(str(resources.files("lasagna_relight"))) / "data" / "words"


@lru_cache(maxsize=1)
def shipped_encoder() -> TextEncoder:
    """The package's own encoder, loaded once."""
    return TextEncoder.pretrained()
