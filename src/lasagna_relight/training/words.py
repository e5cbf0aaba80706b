"""Teaches the text encoder and the small reader, from phrases that the grammar of captions draws.

``python -m lasagna_relight.training.words FOLDER`` writes ``encoder.safetensors.zst``,
``reader.safetensors.zst`` and ``training.jsonl``. ``--encoder FILE`` keeps an encoder as it
is and teaches a reader only; ``--reader FILE`` goes on with one; ``--phrases FOLDER`` mixes in
written phrases; ``--mean-from STEP`` saves a mean of checkpoints. The model card beside the
shipped weights has the commands that made them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import nn

from lasagna_relight.language.belief import DirectionBelief
from lasagna_relight.language.encoder import ENCODER_NAME, TextEncoder, TokenBatch, token_batch
from lasagna_relight.language.spelling_reader import WEIGHTS_NAME as READER_NAME
from lasagna_relight.language.spelling_reader import SpellingReader
from lasagna_relight.language.tokenizer import tokenize
from lasagna_relight.priors.weight_files import read_weights, write_weights
from lasagna_relight.relit.captions import LightingPhrase
from lasagna_relight.seeding import generator
from lasagna_relight.training.averaging import update_average
from lasagna_relight.training.belief_loss import ReaderStep, belief_loss, share_right
from lasagna_relight.training.command import CHECKPOINT_STEPS, run_as_command
from lasagna_relight.training.drawn_phrases import drawn_phrases
from lasagna_relight.training.written_phrases import (
    WrittenPhrase,
    read_written_phrases,
    taught_and_kept_back,
)


@dataclass(frozen=True, kw_only=True)
class WordsRecipe:
    """Settings of the training; the model card has those of the shipped weights."""

    seed: int = 0
    steps: int = 4000
    batch_size: int = 128
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.01
    warmup_steps: int = 100
    undirected_share: float = 0.17
    prose_share: float = 0.03
    written_share: float = 0.0
    """Of the phrases, how many are written ones, changed: the rest is drawn from the grammar."""
    whole_word_dropout: float = 0.1
    token_dropout: float = 0.0
    """Share of the tokens that are silenced altogether, their numbers excepted."""
    state_dropout: float = 0.0
    """Share of the reader's states that are silenced."""
    average_decay: float = 0.998


@dataclass(frozen=True, kw_only=True)
class WordsModel:
    """What is trained: the encoder and its reader."""

    encoder: TextEncoder
    reader: SpellingReader

    @classmethod
    def fresh(cls, seed: int) -> WordsModel:
        """Random weights that depend on ``seed`` alone."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return cls(encoder=TextEncoder(), reader=SpellingReader())

    def believe(self, batch: TokenBatch) -> DirectionBelief:
        return self.reader(self.encoder(batch))

    def average(self) -> WordsModel:
        """A copy for :meth:`follow`."""
        return WordsModel(encoder=deepcopy(self.encoder), reader=deepcopy(self.reader))

    def follow(self, trained: WordsModel, *, step: int, decay: float) -> None:
        """Moves this average of weights toward those ``trained`` so far; frozen ones stay."""
        for mean, module in ((self.encoder, trained.encoder), (self.reader, trained.reader)):
            if any(parameter.requires_grad for parameter in module.parameters()):
                update_average(mean, module, step=step, decay=decay)

    def join(self, other: WordsModel, *, count: int) -> None:
        """Makes this mean of ``count`` weights one of ``count + 1``, ``other`` among them."""
        for mean, module in ((self.encoder, other.encoder), (self.reader, other.reader)):
            for into, value in zip(mean.parameters(), module.parameters(), strict=True):
                into.data.lerp_(value.data, 1 / (count + 1))

    def save(self, folder: Path) -> None:
        """Both as ``*.safetensors.zst``, 8 bits a weight."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, module in ((ENCODER_NAME, self.encoder), (READER_NAME, self.reader)):
            weights = {key: tensor.detach() for key, tensor in module.state_dict().items()}
            write_weights(weights, folder / name, bits=8, force=True)


def train_words(
    recipe: WordsRecipe, model: WordsModel, written: Sequence[LightingPhrase] = ()
) -> Iterator[ReaderStep]:
    """Trains ``model`` in place, one step at a time; frozen parameters stay as they are.

    ``written``: phrases that were written one by one, for ``recipe.written_share``.

    The rate does not fall, for the average of the weights (:meth:`WordsModel.follow`) does as much:
    a run that is stopped is the same as one of so many steps.
    """
    taught = [
        parameter
        for module in (model.encoder, model.reader)
        for parameter in module.parameters()
        if parameter.requires_grad
    ]
    optimizer = torch.optim.AdamW(
        taught, lr=recipe.learning_rate, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
    )
    model.reader.dropout.p = recipe.state_dropout
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min(1.0, (i + 1) / recipe.warmup_steps)
    )
    draws = generator(recipe.seed, "words")
    started = time.monotonic()
    for index, phrases in zip(range(recipe.steps), _batches(recipe, draws, written), strict=False):
        batch = token_batch([phrase.text for phrase in phrases])
        batch = _without_some_whole_words(batch, recipe.whole_word_dropout, draws)
        batch = _without_some_tokens(batch, recipe.token_dropout, draws)
        loss = belief_loss(model.believe(batch), phrases)
        optimizer.zero_grad(set_to_none=True)
        loss.total.backward()
        nn.utils.clip_grad_norm_(taught, 1.0)
        optimizer.step()
        schedule.step()
        yield loss.of_step(index, time.monotonic() - started)


def _without_some_whole_words(
    batch: TokenBatch, share: float, draws: torch.Generator
) -> TokenBatch:
    """``batch`` with the whole-word row of some tokens silenced: letter groups must carry them."""
    dropped = batch.offsets[torch.rand(len(batch.offsets), generator=draws) < share]
    weights = batch.weights.clone()
    weights[dropped[dropped < len(weights)]] = 0
    return replace(batch, weights=weights)


def _without_some_tokens(batch: TokenBatch, share: float, draws: torch.Generator) -> TokenBatch:
    """``batch`` with all rows of some tokens silenced: the others must carry the meaning."""
    kept = (torch.rand(len(batch.offsets), generator=draws) >= share).to(batch.weights.dtype)
    ends = torch.cat((batch.offsets[1:], torch.tensor([len(batch.rows)])))
    return replace(batch, weights=batch.weights * kept.repeat_interleave(ends - batch.offsets))


def _batches(
    recipe: WordsRecipe, draws: torch.Generator, written: Sequence[LightingPhrase]
) -> Iterator[list[LightingPhrase]]:
    """Batches of phrases of one length in tokens: none is padded."""
    waiting: defaultdict[int, list[LightingPhrase]] = defaultdict(list)
    for phrase in drawn_phrases(
        draws,
        written,
        written_share=recipe.written_share,
        undirected_share=recipe.undirected_share,
        prose_share=recipe.prose_share,
    ):
        length = len(tokenize(phrase.text))
        waiting[length].append(phrase)
        if len(waiting[length]) == recipe.batch_size:
            yield waiting.pop(length)


def _going_on(fresh: SpellingReader, path: Path) -> SpellingReader:
    """``fresh`` with the weights at ``path``; a part that they lack begins by changing nothing."""
    lacking, unknown = fresh.load_state_dict(read_weights(path), strict=False)
    if unknown or any(name.split(".")[0] not in ("layers", "table", "widen") for name in lacking):
        raise ValueError(f"{path} holds no weights of a light reader: {[*unknown, *lacking]}")
    return fresh


def _share_right(model: WordsModel, phrases: Sequence[WrittenPhrase]) -> float:
    with torch.inference_mode():
        return share_right(model.believe(token_batch([phrase.text for phrase in phrases])), phrases)


def main() -> None:
    """Trains, reports each fiftieth step to ``training.jsonl`` and saves the averaged weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=WordsRecipe.steps)
    parser.add_argument("--batch", type=int, default=WordsRecipe.batch_size)
    parser.add_argument("--rate", type=float, default=WordsRecipe.learning_rate)
    parser.add_argument("--seed", type=int, default=WordsRecipe.seed)
    parser.add_argument("--encoder", type=Path, help="keep this encoder, teach a reader only")
    parser.add_argument("--reader", type=Path, help="start from this reader")
    parser.add_argument("--phrases", type=Path, help="folder of written phrases, *.tsv")
    parser.add_argument("--share", type=float, default=0.4, help="of written phrases in a batch")
    parser.add_argument("--dropout", type=float, default=0.0, help="of the reader's states")
    parser.add_argument("--token-dropout", type=float, default=0.0, help="of whole tokens")
    parser.add_argument("--undirected", type=float, default=WordsRecipe.undirected_share)
    parser.add_argument("--average", type=float, default=WordsRecipe.average_decay)
    parser.add_argument(
        "--mean-from",
        type=int,
        metavar="STEP",
        help=f"save the mean of the averages after each {CHECKPOINT_STEPS} steps from this one on",
    )
    arguments = parser.parse_args()
    written, kept_back = (
        taught_and_kept_back(read_written_phrases(arguments.phrases))
        if arguments.phrases
        else ([], [])
    )
    recipe = WordsRecipe(
        seed=arguments.seed,
        written_share=arguments.share if written else 0.0,
        steps=arguments.steps,
        learning_rate=arguments.rate,
        batch_size=arguments.batch,
        state_dropout=arguments.dropout,
        token_dropout=arguments.token_dropout,
        undirected_share=arguments.undirected,
        average_decay=arguments.average,
    )
    torch.manual_seed(recipe.seed)
    model = WordsModel.fresh(recipe.seed)
    if arguments.encoder:
        model = replace(model, encoder=TextEncoder.pretrained(arguments.encoder))
    if arguments.reader:
        model = replace(model, reader=_going_on(model.reader, arguments.reader))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    average, mean = model.average(), model.average()
    joined = 0
    with (arguments.folder / "training.jsonl").open("w") as log:
        log.write(json.dumps(asdict(recipe)) + "\n")
        for step in train_words(recipe, model, [phrase.as_taught for phrase in written]):
            average.follow(model, step=step.index, decay=recipe.average_decay)
            if step.index % 50 == 0 or step.index == recipe.steps - 1:
                log.write(json.dumps(asdict(step)) + "\n")
                log.flush()
            done = step.index + 1
            if done % CHECKPOINT_STEPS == 0 or done == recipe.steps:
                saved = average
                if arguments.mean_from is not None and done >= arguments.mean_from:
                    mean.join(average, count=joined)
                    saved, joined = mean, joined + 1
                saved.save(arguments.folder)
                if kept_back:
                    right = _share_right(saved, kept_back)
                    log.write(json.dumps({"index": step.index, "kept_back_right": right}) + "\n")
                    log.flush()


if __name__ == "__main__":
    run_as_command(main)
