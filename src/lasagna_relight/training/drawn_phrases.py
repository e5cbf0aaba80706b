"""The phrases that readers of words are taught, without end: drawn, written ones changed, prose."""

from __future__ import annotations

import pydoc_data.topics
import random
import re
from collections.abc import Iterator, Sequence

import torch

from lasagna_relight.relit.captions import LightingPhrase, lighting_phrase
from lasagna_relight.training.phrase_changes import changed


def drawn_phrases(
    draws: torch.Generator,
    written: Sequence[LightingPhrase],
    *,
    written_share: float,
    undirected_share: float,
    prose_share: float,
) -> Iterator[LightingPhrase]:
    """Phrases from the grammar of captions, and ``written`` ones as somebody else may put them.

    Args:
        draws: of everything that is drawn.
        written: phrases that were written one by one.
        written_share: of all phrases, how many are written ones; without any it has no meaning.
        undirected_share: of the grammar's, how many name no direction.
        prose_share: of all others than the written, how many are prose that says nothing of light.
    """
    aside = [phrase for phrase in written if phrase.direction is None]
    prose = _prose()
    titles = tuple(" ".join(prose[i : i + 1 + i % 2]) for i in range(0, len(prose), 3))
    while True:
        draw = torch.rand((), generator=draws).item() if written else 1.0
        if draw < written_share:
            rng = random.Random(int(torch.randint(2**62, (), generator=draws)))
            yield changed(rng.choice(written), rng, aside)
        elif torch.rand((), generator=draws) < prose_share:
            yield _prose_phrase(prose, draws)
        else:
            yield lighting_phrase(draws, undirected_share, titles)


def _prose() -> list[str]:
    """Words of English prose at hand on every machine: Python's own documentation of itself."""
    text = " ".join(pydoc_data.topics.topics[key] for key in sorted(pydoc_data.topics.topics))
    return re.findall(r"[A-Za-z][a-z'-]+", text)


def _prose_phrase(prose: list[str], draws: torch.Generator) -> LightingPhrase:
    rng = random.Random(int(torch.randint(2**62, (), generator=draws)))
    start, length = rng.randrange(len(prose) - 16), rng.randint(2, 14)
    return LightingPhrase(text=" ".join(prose[start : start + length]), direction=None)
