"""How words are read: where the light that they ask for stands, and how sure that is.

Directions in numbers are read by rules (`exact`), all other words by two readers whose beliefs are
pooled: a large one over word pieces (`piece_reader`) and a small one over letters
(`spelling_reader`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch

from lasagna_relight.errors import DirectionError
from lasagna_relight.language.belief import (
    DirectionBelief,
    believed_in_batches,
    pooled,
)
from lasagna_relight.language.encoder import ENCODER_NAME, TextEncoder, shipped_encoder
from lasagna_relight.language.exact import exact_direction
from lasagna_relight.language.frames import UNSURE, left_is_unsure
from lasagna_relight.language.horizon import above_horizon
from lasagna_relight.language.piece_reader import WEIGHTS_NAME as LARGE_NAME
from lasagna_relight.language.piece_reader import PieceReader
from lasagna_relight.language.spelling_reader import WEIGHTS_NAME as SMALL_NAME
from lasagna_relight.language.spelling_reader import SpellingReader
from lasagna_relight.language.tokenizer import normalized, well_formed
from lasagna_relight.light_direction import LightDirection

NAMED_THRESHOLD = 0.55
"""Words are refused below this probability that they name a direction.

Set on the written phrases kept back from training: 0.5 to 0.6 do about as well.
"""

EXAMPLES = '"light from the left", "sun low on the right", "backlit from the upper left"'

LARGE_WEIGHT = 0.7
"""The large reader's weight in the pool; the small one has the rest. Set as the threshold is."""


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
class LightReaders:
    """The two readers, and the encoder that the small one reads from."""

    encoder: TextEncoder
    small: SpellingReader
    large: PieceReader

    @classmethod
    def pretrained(cls, folder: Path | None = None) -> LightReaders:
        """Those that ship with the package; from ``folder`` what is saved in it."""
        own = {
            name: folder / name
            for name in (ENCODER_NAME, SMALL_NAME, LARGE_NAME)
            if folder and (folder / name).is_file()
        }
        encoder = own.get(ENCODER_NAME)
        return cls(
            encoder=TextEncoder.pretrained(encoder) if encoder else shipped_encoder(),
            small=SpellingReader.pretrained(own.get(SMALL_NAME)),
            large=PieceReader.pretrained(folder if LARGE_NAME in own else None),
        )

    @torch.inference_mode()
    def believe(self, prompts: Sequence[str]) -> DirectionBelief:
        """What both together believe of one or more ``prompts``, without the rules."""

        def of_some(some: list[str]) -> DirectionBelief:
            beliefs = self.large.believe(some), self.small(self.encoder.encode(some))
            return pooled(beliefs, (LARGE_WEIGHT, 1 - LARGE_WEIGHT))

        return believed_in_batches(of_some, prompts)


@lru_cache(maxsize=1)
def shipped_readers() -> LightReaders:
    """The package's own readers, loaded once."""
    return LightReaders.pretrained()


def read_light(prompt: str) -> LightReading:
    """Where the light of ``prompt`` stands.

    Left is always the picture's left; of several lights the main one is read.

    Raises:
        DirectionError: the words name no direction.
    """
    reading = read_lights([prompt])[0]
    if reading is None:
        raise no_direction(prompt)
    return reading


def read_lights(prompts: Sequence[str]) -> list[LightReading | None]:
    """One reading for each of ``prompts``; None where the words name no direction."""
    readings = [_exact(prompt) for prompt in prompts]
    others = [i for i, reading in enumerate(readings) if reading is None]
    if not others:
        return readings
    belief = shipped_readers().believe([prompts[i] for i in others])
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
    shown = " ".join(well_formed(prompt).split())
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return DirectionError(f'"{shown}" does not say where the light comes from: try {EXAMPLES}')


def _exact(prompt: str) -> LightReading | None:
    direction = exact_direction(prompt)
    return None if direction is None else _reading(direction, 1.0)


def _reading(direction: LightDirection, confidence: float) -> LightReading:
    return LightReading(
        direction=direction, nearest_name=direction.nearest_name, confidence=confidence
    )
