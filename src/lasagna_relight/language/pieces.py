"""Prompts as word pieces: the tokens of the large reader, from a vocabulary file.

WordPiece as BERT has it (Devlin et al., arXiv 1810.04805, section 3), by the tokenizers library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Bool, Int
from tokenizers import BertWordPieceTokenizer
from torch import Tensor

from lasagna_relight.language.tokenizer import well_formed

MOST_PIECES = 96
"""Pieces that are kept, signs at both ends among them; a longer prompt loses its middle."""


@dataclass(frozen=True, kw_only=True)
class PieceBatch:
    """Prompts as rows of a vocabulary, padded to the longest; ``mask``: True on pieces."""

    ids: Int[Tensor, "batch length"]
    mask: Bool[Tensor, "batch length"]


class WordPieces:
    """A vocabulary of word pieces: a file with one on each line."""

    def __init__(self, vocabulary: Path) -> None:
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size()

    def lists(self, prompts: Sequence[str]) -> list[list[int]]:
        """The rows of each of ``prompts``: 2 to ``MOST_PIECES``, the first and last are signs."""
        half = MOST_PIECES // 2
        prompts = [well_formed(prompt) for prompt in prompts]
        encoded = [found.ids for found in self._tokenizer.encode_batch(prompts)]
        return [ids if len(ids) <= MOST_PIECES else ids[:half] + ids[-half:] for ids in encoded]

    def batch(self, prompts: Sequence[str]) -> PieceBatch:
        """``prompts``, of which there is one or more."""
        return piece_batch(self.lists(prompts))


def piece_batch(lists: Sequence[Sequence[int]]) -> PieceBatch:
    """Lists of rows, padded to the longest of them."""
    length = max(map(len, lists))
    ids = torch.zeros(len(lists), length, dtype=torch.long)
    mask = torch.zeros(len(lists), length, dtype=torch.bool)
    for row, pieces in enumerate(lists):
        ids[row, : len(pieces)] = torch.tensor(pieces)
        mask[row, : len(pieces)] = True
    return PieceBatch(ids=ids, mask=mask)
