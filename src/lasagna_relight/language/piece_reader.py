"""The large reader: a pretrained transformer over word pieces, and a head that reads the light.

The transformer is that of MiniLM (Wang et al., arXiv 2002.10957; post-norm, as BERT's): it knows
English from the web, and was then taught to read lights as a whole
(``lasagna_relight.training.piece_reader``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from lasagna_relight.language.belief import DirectionBelief
from lasagna_relight.language.encoder import weights_folder
from lasagna_relight.language.pieces import MOST_PIECES, PieceBatch, WordPieces
from lasagna_relight.priors.weight_files import read_weights

WIDTH = 384
LAYERS = 6
HEADS = 12
NORM_EPSILON = 1e-12
"""BERT's."""

VOCABULARY_NAME = "vocabulary.txt"
WEIGHTS_NAME = "piece_reader.safetensors.zst"


class PieceLayer(nn.Module):
    """Self-attention and a feed-forward part, each added, then normalized."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.norm_attention = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.norm_feed_forward = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = states.shape
        query, key, value = (
            self.query_key_value(states)
            .view(batch, length, 3, HEADS, width // HEADS)
            .permute(2, 0, 3, 1, 4)
        )
        attended = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask[:, None, None, :]
        )
        attended = self.attended(attended.transpose(1, 2).reshape(batch, length, width))
        states = self.norm_attention(states + attended)
        passed = self.down(nn.functional.gelu(self.up(states)))
        return self.norm_feed_forward(states + self.dropout(passed))


class PieceReader(nn.Module):
    """Word pieces to a belief about the light; about 15 million parameters.

    Learned queries gather from the transformer's states; a small network answers.
    """

    def __init__(self, pieces: WordPieces, *, queries: int = 4, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = pieces
        self.table = nn.Embedding(len(pieces), WIDTH)
        self.position = nn.Parameter(0.02 * torch.randn(MOST_PIECES, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.layers = nn.ModuleList(PieceLayer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.query = nn.Parameter(torch.randn(queries, WIDTH) / math.sqrt(WIDTH))
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, 128)
        self.read = nn.Sequential(nn.Linear(queries * 128, 256), nn.GELU(), nn.Linear(256, 5))

    @classmethod
    def pretrained(cls, folder: Path | None = None) -> PieceReader:
        """The reader that ships with the package, or the one saved in ``folder``; frozen."""
        folder = folder or weights_folder()
        reader = cls(WordPieces(folder / VOCABULARY_NAME))
        reader.load_state_dict(read_weights(folder / WEIGHTS_NAME))
        return reader.eval().requires_grad_(False)

    @torch.inference_mode()
    def believe(self, prompts: Sequence[str]) -> DirectionBelief:
        """What it believes of one or more ``prompts``."""
        return self(self.pieces.batch(prompts))

    def forward(self, batch: PieceBatch) -> DirectionBelief:
        device = self.query.device
        ids, mask = batch.ids.to(device), batch.mask.to(device)
        states = self.dropout(self.norm(self.table(ids) + self.position[: ids.shape[1]]))
        for layer in self.layers:
            states = layer(states, mask)
        scores = torch.einsum("qw,blw->bql", self.query, self.key(states)).float()
        shares = scores.masked_fill(~mask[:, None, :], -math.inf).softmax(-1)
        seen = shares.to(states.dtype) @ self.value(states)
        return DirectionBelief.of_outputs(self.read(self.dropout(seen.flatten(1))).float())
