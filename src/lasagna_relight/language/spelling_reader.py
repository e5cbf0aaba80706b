"""The small reader: a head over the text encoder's token states, which are made of letter groups.

It knows few words and forgives every slip of the fingers, in any script.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import Tensor, nn

from lasagna_relight.language.belief import DirectionBelief
from lasagna_relight.language.encoder import (
    STATE_WIDTH,
    TextStates,
    TransformerLayer,
    weights_folder,
)
from lasagna_relight.language.tokenizer import BUCKETS
from lasagna_relight.priors.weight_files import read_weights

WEIGHTS_NAME = "reader.safetensors.zst"

SPELLED_WIDTH = 64
"""Width of the reader's own table of letter groups and words."""


class SpellingReader(nn.Module):
    """Token states to a belief about the light.

    A table of the reader's own adds what the encoder, which is older, never learned of the tokens'
    letters; two transformer layers go on from the encoder's; a recurrent pass in both
    directions relates the tokens (which side is denied, which is the shadow's); learned queries
    gather from both views of them; a small network answers.
    """

    def __init__(self, queries: int = 4, hidden: int = 192) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, SPELLED_WIDTH, mode="sum")
        nn.init.normal_(self.table.weight, std=0.3)
        self.widen = nn.Linear(SPELLED_WIDTH, STATE_WIDTH, bias=False)
        nn.init.zeros_(self.widen.weight)
        self.layers = nn.ModuleList(_layer_that_changes_nothing() for _ in range(2))
        self.order = nn.GRU(STATE_WIDTH, STATE_WIDTH, batch_first=True, bidirectional=True)
        seen = 3 * STATE_WIDTH
        self.query = nn.Parameter(torch.randn(queries, STATE_WIDTH) / math.sqrt(STATE_WIDTH))
        self.key = nn.Linear(seen, STATE_WIDTH)
        self.value = nn.Linear(seen, STATE_WIDTH)
        self.dropout = nn.Dropout(0.0)  # training sets its share
        self.read = nn.Sequential(
            nn.Linear(queries * STATE_WIDTH, hidden), nn.GELU(), nn.Linear(hidden, 5)
        )

    @classmethod
    def pretrained(cls, path: Path | None = None) -> SpellingReader:
        """The reader that ships with the package, or the one saved at ``path``; frozen."""
        reader = cls()
        reader.load_state_dict(read_weights(path or weights_folder() / WEIGHTS_NAME))
        return reader.eval().requires_grad_(False)

    def forward(self, states: TextStates) -> DirectionBelief:
        own = self.dropout(states.tokens + self._spelled(states))
        for layer in self.layers:
            own = layer(own, states.mask)
        own = self.dropout(own)
        tokens = torch.cat((own, self._ordered(own, states.mask)), dim=-1)
        scores = torch.einsum("qw,blw->bql", self.query, self.key(tokens))
        scores = scores.masked_fill(~states.mask[:, None, :], -math.inf)
        seen = scores.softmax(-1) @ self.value(tokens)
        return DirectionBelief.of_outputs(self.read(self.dropout(seen.flatten(1))))

    def _spelled(self, states: TextStates) -> Tensor:
        """What the reader's own table says of the tokens; 0 for states of another encoder."""
        batch, mask = states.spelled, states.mask
        if batch is None:
            return torch.zeros_like(states.tokens)
        device = self.query.device
        looked_up = self.table(
            batch.rows.to(device),
            batch.offsets.to(device),
            per_sample_weights=batch.weights.to(device),
        )
        return self.widen(looked_up).view(*mask.shape, -1) * mask[..., None]

    def _ordered(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """The recurrent pass over ``tokens``; prompts of one length need no packing."""
        if mask.all():
            return self.order(tokens)[0]
        packed = nn.utils.rnn.pack_padded_sequence(
            tokens, mask.sum(1).cpu(), batch_first=True, enforce_sorted=False
        )
        ordered, _ = nn.utils.rnn.pad_packed_sequence(
            self.order(packed)[0], batch_first=True, total_length=tokens.shape[1]
        )
        return ordered


def _layer_that_changes_nothing() -> TransformerLayer:
    layer = TransformerLayer(STATE_WIDTH, heads=4, hidden=3 * STATE_WIDTH)
    with torch.no_grad():
        for last in (layer.attended, layer.feed_forward[-1]):
            for parameter in last.parameters():
                parameter.zero_()
    return layer
