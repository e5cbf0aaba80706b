"""Teaches the large reader, as a whole, from MiniLM's weights on.

``python -m lasagna_relight.training.piece_reader FOLDER --minilm MINILM --phrases PHRASES`` writes
``vocabulary.txt``, ``piece_reader.safetensors.zst`` (4 bits a weight) and ``piece_training.jsonl``.
From ``--round-from STEP`` on, the weights are rounded to 4 bits in each step as the file will round
them (straight-through estimator; Bengio et al., arXiv 1308.3432), and learn to bear it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from lasagna_relight.language.belief import DirectionBelief, believed_in_batches
from lasagna_relight.language.piece_reader import WEIGHTS_NAME, PieceReader
from lasagna_relight.language.pieces import PieceBatch, piece_batch
from lasagna_relight.priors.weight_files import as_of_4_bits, fits_4_bits, write_weights
from lasagna_relight.relit.captions import LightingPhrase
from lasagna_relight.seeding import generator
from lasagna_relight.training.averaging import update_average
from lasagna_relight.training.belief_loss import ReaderStep, belief_loss, share_right
from lasagna_relight.training.command import CHECKPOINT_STEPS, run_as_command
from lasagna_relight.training.drawn_phrases import drawn_phrases
from lasagna_relight.training.minilm import go_on_with, reader_from_minilm, write_vocabulary
from lasagna_relight.training.written_phrases import (
    WrittenPhrase,
    read_written_phrases,
    taught_and_kept_back,
)

SORTED_TOGETHER = 1024
"""Phrases that are drawn at once and put into batches by length."""

DRAWN_FOR_VOCABULARY = 60_000
WRITTEN_COUNT = 20
"""A written phrase counts as much for the vocabulary as so many drawn ones."""


@dataclass(frozen=True, kw_only=True)
class PieceRecipe:
    """Settings of the training; the model card has those of the shipped weights."""

    seed: int = 0
    steps: int = 8000
    pieces_in_batch: int = 1024
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    final_share: float = 0.02
    weight_decay: float = 0.01
    warmup_steps: int = 200
    written_share: float = 0.7
    undirected_share: float = 0.22
    prose_share: float = 0.02
    average_decay: float = 0.998
    round_from: int | None = None
    """The step from which on weights are rounded to 4 bits in each step; None: never."""

    def rate_share(self, step: int) -> float:
        """Of the learning rates, at ``step``: a linear warm-up, then a linear fall to the end."""
        falling = 1 - step / self.steps
        rising = min(1.0, (step + 1) / self.warmup_steps)
        return rising * (self.final_share + (1 - self.final_share) * falling)


def train_pieces(
    recipe: PieceRecipe, reader: PieceReader, written: Sequence[LightingPhrase]
) -> Iterator[ReaderStep]:
    """Trains ``reader`` in place, in bfloat16 over float32 weights, one step at a time."""
    head = {id(p) for part in (reader.key, reader.value, reader.read) for p in part.parameters()}
    head.add(id(reader.query))
    groups = [
        {"params": [p for p in reader.parameters() if (id(p) in head) == is_head], "base": rate}
        for is_head, rate in ((False, recipe.learning_rate), (True, recipe.head_learning_rate))
    ]
    optimizer = torch.optim.AdamW(
        groups, weight_decay=recipe.weight_decay, betas=(0.9, 0.98), fused=True
    )
    started = time.monotonic()
    for index, phrases in enumerate(islice(_batches(recipe, reader, written), recipe.steps)):
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * recipe.rate_share(index)
        reader.train()
        batch = piece_batch(reader.pieces.lists([phrase.text for phrase in phrases]))
        rounded = recipe.round_from is not None and index >= recipe.round_from
        # the other kernels go backward many times slower on a CPU
        with torch.autocast("cpu", torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
            belief = _as_rounded(reader, batch) if rounded else reader(batch)
        loss = belief_loss(belief, phrases)
        loss.total.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        yield loss.of_step(index, time.monotonic() - started)


def _as_rounded(reader: PieceReader, batch: PieceBatch) -> DirectionBelief:
    """What the reader believes with weights of 4 bits; gradients pass as if they were not."""
    weights: dict[str, Tensor] = {
        name: weight + (as_of_4_bits(weight.detach()) - weight.detach())
        if fits_4_bits(weight)
        else weight
        for name, weight in reader.named_parameters()
    }
    return torch.func.functional_call(reader, weights, (batch,))


def _batches(
    recipe: PieceRecipe, reader: PieceReader, written: Sequence[LightingPhrase]
) -> Iterator[list[LightingPhrase]]:
    """Batches of phrases of like length, each of about ``pieces_in_batch`` pieces."""
    draws = generator(recipe.seed, "pieces")
    rng = random.Random(recipe.seed)
    phrases = drawn_phrases(
        draws,
        written,
        written_share=recipe.written_share,
        undirected_share=recipe.undirected_share,
        prose_share=recipe.prose_share,
    )
    while True:
        some = list(islice(phrases, SORTED_TOGETHER))
        lengths = map(len, reader.pieces.lists([phrase.text for phrase in some]))
        batches: list[list[LightingPhrase]] = [[]]
        for length, _, phrase in sorted(zip(lengths, range(len(some)), some, strict=True)):
            if (len(batches[-1]) + 1) * length > recipe.pieces_in_batch and batches[-1]:
                batches.append([])
            batches[-1].append(phrase)
        rng.shuffle(batches)
        yield from batches


def save_reader(reader: PieceReader, folder: Path) -> None:
    """Writes the weights, 4 bits each, beside the vocabulary in ``folder``."""
    write_weights(reader.state_dict(), folder / WEIGHTS_NAME, bits=4, force=True)


def _vocabulary_texts(written: Sequence[WrittenPhrase]) -> Iterator[tuple[str, int]]:
    for phrase in written:
        yield phrase.text, WRITTEN_COUNT
    drawn = drawn_phrases(
        generator(7, "vocabulary"), (), written_share=0, undirected_share=0.2, prose_share=0
    )
    for phrase in islice(drawn, DRAWN_FOR_VOCABULARY):
        yield phrase.text, 1


def main() -> None:
    """Trains, reports each fiftieth step and saves the averaged weights."""
    defaults = PieceRecipe()
    parser = argparse.ArgumentParser(
        description=main.__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minilm", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--phrases", type=Path, required=True, help="folder of *.tsv")
    parser.add_argument("--start", type=Path, help="folder of a reader to go on with")
    parser.add_argument("--vocabulary", type=int, default=10_500, help="pieces that are kept")
    parser.add_argument("--steps", type=int, default=defaults.steps, help="steps of training")
    parser.add_argument("--pieces", type=int, default=defaults.pieces_in_batch, help="in a batch")
    parser.add_argument(
        "--rate",
        type=float,
        default=defaults.learning_rate,
        help="of learning",
    )
    parser.add_argument(
        "--head-rate",
        type=float,
        default=defaults.head_learning_rate,
        help="of learning, of the head",
    )
    parser.add_argument(
        "--share",
        type=float,
        default=defaults.written_share,
        help="of written phrases",
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, help="of all that is drawn")
    parser.add_argument(
        "--round-from", type=int, metavar="STEP", help="train with weights of 4 bits from here on"
    )
    arguments = parser.parse_args()
    recipe = PieceRecipe(
        seed=arguments.seed,
        steps=arguments.steps,
        pieces_in_batch=arguments.pieces,
        learning_rate=arguments.rate,
        head_learning_rate=arguments.head_rate,
        written_share=arguments.share,
        round_from=arguments.round_from,
    )
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    taught, kept_back = taught_and_kept_back(read_written_phrases(arguments.phrases))
    write_vocabulary(arguments.minilm, _vocabulary_texts(taught), arguments.vocabulary, folder)
    torch.manual_seed(recipe.seed)
    reader = reader_from_minilm(arguments.minilm, folder)
    if arguments.start:
        go_on_with(reader, folder, arguments.start)
    average = deepcopy(reader).eval().requires_grad_(False)
    with (folder / "piece_training.jsonl").open("w") as log:
        log.write(json.dumps(asdict(recipe)) + "\n")
        for step in train_pieces(recipe, reader, [phrase.as_taught for phrase in taught]):
            update_average(average, reader, step=step.index, decay=recipe.average_decay)
            done = step.index + 1
            if done % 50 == 0 or done == recipe.steps:
                log.write(json.dumps(asdict(step)) + "\n")
            if done % CHECKPOINT_STEPS == 0 or done == recipe.steps:
                save_reader(average, folder)
                texts = [phrase.text for phrase in kept_back]
                belief = believed_in_batches(PieceReader.pretrained(folder).believe, texts)
                right = share_right(belief, kept_back)
                log.write(json.dumps({"index": step.index, "kept_back_right": right}) + "\n")
            log.flush()


if __name__ == "__main__":
    run_as_command(main)
