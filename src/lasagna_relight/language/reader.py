"""How words are read: where the light that they ask for stands, and how sure that is.

Directions in numbers are read by rules (`exact`), all other words by the reader: a head over the
text encoder's token states. It gives a von Mises-Fisher distribution over directions (mean and
concentration) and the probability that a direction is named at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.errors import DirectionError
from lasagna_relight.language.encoder import (
    STATE_WIDTH,
    TextEncoder,
    TextStates,
    TransformerLayer,
    shipped_encoder,
    weights_folder,
)
from lasagna_relight.language.exact import exact_direction
from lasagna_relight.language.frames import UNSURE, left_is_unsure
from lasagna_relight.language.horizon import above_horizon
from lasagna_relight.language.tokenizer import BUCKETS, normalized
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.weight_files import read_weights

NAMED_THRESHOLD = 0.5
"""Words are refused below this probability that they name a direction.

Set on the development lists and the written phrases that were taught: 0.45 to 0.6 do about as well.
"""

EXAMPLES = '"light from the left", "sun low on the right", "backlit from the upper left"'
CONFIDENT_WITHIN_DEG = 45.0

SPELLED_WIDTH = 64
"""Width of the reader's own table of letter groups and words."""


@dataclass(frozen=True, kw_only=True)
class LightReading:
    """What a prompt says about the light.

    ``confidence`` is the probability that a direction is named and that it lies within 45 degrees
    of ``direction``; 1 where numbers say it, less where the left may be somebody's own.
    """

    direction: LightDirection
    nearest_name: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class DirectionBelief:
    """What the reader believes of several prompts."""

    mean: Float[Tensor, "batch 3"]
    """Unit vectors."""
    concentration: Float[Tensor, " batch"]
    """The kappa of a von Mises-Fisher distribution, positive."""
    named_logit: Float[Tensor, " batch"]
    """Log odds that a direction is named."""

    @property
    def named(self) -> Float[Tensor, " batch"]:
        """Probability that a direction is named."""
        return self.named_logit.sigmoid()

    @property
    def confidence(self) -> Float[Tensor, " batch"]:
        """Probability of a named direction within 45 degrees of the mean.

        The mass of a von Mises-Fisher cap: (1 - exp(-k (1 - cos a))) / (1 - exp(-2 k)).
        """
        k = self.concentration
        cap = 1 - math.cos(math.radians(CONFIDENT_WITHIN_DEG))
        return self.named * torch.expm1(-k * cap) / torch.expm1(-2 * k)


class LightReader(nn.Module):
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
    def pretrained(cls, path: Path | None = None) -> LightReader:
        """The reader that ships with the package, or the one saved at ``path``; frozen."""
        reader = cls()
        reader.load_state_dict(read_weights(path or weights_folder() / "reader.safetensors"))
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
        out = self.read(self.dropout(seen.flatten(1)))
        return DirectionBelief(
            mean=nn.functional.normalize(out[:, :3], dim=-1),
            concentration=out[:, 3].clamp(-3, 5).exp(),
            named_logit=out[:, 4],
        )

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


@lru_cache(maxsize=1)
def shipped_reader() -> LightReader:
    """The package's own reader, loaded once."""
    return LightReader.pretrained()


def read_light(prompt: str, encoder: TextEncoder | None = None) -> LightReading:
    """Where the light of ``prompt`` stands.

    ``encoder`` is the package's own unless given. Left is always the picture's left; of several
    lights the main one is read.

    Raises:
        DirectionError: the words name no direction.
    """
    reading = read_lights([prompt], encoder)[0]
    if reading is None:
        raise no_direction(prompt)
    return reading


def read_lights(
    prompts: Sequence[str], encoder: TextEncoder | None = None
) -> list[LightReading | None]:
    """One reading for each of ``prompts``; None where the words name no direction."""
    readings = [_exact(prompt) for prompt in prompts]
    others = [i for i, reading in enumerate(readings) if reading is None]
    if not others:
        return readings
    encoder = encoder or shipped_encoder()
    with torch.inference_mode():
        belief = shipped_reader()(encoder.encode([prompts[i] for i in others]))
    for i, mean, confidence, named in zip(
        others,
        belief.mean.tolist(),
        belief.confidence.tolist(),
        belief.named.tolist(),
        strict=True,
    ):
        if named >= NAMED_THRESHOLD:
            x, y, z = mean
            words = normalized(prompts[i])
            sure = UNSURE if left_is_unsure(words) else 1.0
            direction = above_horizon(words, LightDirection.from_vector((x, y, z)))
            readings[i] = _reading(direction, sure * confidence)
    return readings


def no_direction(prompt: str) -> DirectionError:
    """The error for words that name no direction: one line, with examples."""
    shown = " ".join(prompt.split())
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return DirectionError(f'"{shown}" does not say where the light comes from: try {EXAMPLES}')


def _exact(prompt: str) -> LightReading | None:
    direction = exact_direction(prompt)
    return None if direction is None else _reading(direction, 1.0)


def _reading(direction: LightDirection, confidence: float) -> LightReading:
    return LightReading(
        direction=direction, nearest_name=direction.nearest_name, confidence=confidence
    )
