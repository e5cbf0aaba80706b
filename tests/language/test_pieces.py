"""Prompts as word pieces."""

from pathlib import Path

import pytest
import torch

from lasagna_relight.language.pieces import MOST_PIECES, WordPieces, piece_batch

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "light", "left", "##s", "l", "##e", "##f"]


@pytest.fixture
def pieces(tmp_path: Path) -> WordPieces:
    (tmp_path / "vocabulary.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    return WordPieces(tmp_path / "vocabulary.txt")


def test_words_are_pieces_between_two_signs(pieces: WordPieces):
    assert len(pieces) == len(PIECES)
    assert pieces.lists(["Lights LÉFT", ""]) == [[2, 5, 7, 6, 3], [2, 3]]


def test_what_is_no_word_is_spelt_and_what_cannot_be_is_unknown(pieces: WordPieces):
    assert pieces.lists(["lef 光"]) == [[2, 8, 9, 10, 1, 3]]


def test_a_long_prompt_loses_its_middle(pieces: WordPieces):
    (long,) = pieces.lists(["light " * 100 + "left"])
    assert len(long) == MOST_PIECES
    assert long[:2] == [2, 5]
    assert long[-2:] == [6, 3]


def test_a_batch_is_padded_and_masked(pieces: WordPieces):
    batch = pieces.batch(["light", "lights left"])
    assert batch.ids.tolist() == [[2, 5, 3, 0, 0], [2, 5, 7, 6, 3]]
    assert batch.mask.sum(1).tolist() == [3, 5]
    assert torch.equal(batch.ids, piece_batch(pieces.lists(["light", "lights left"])).ids)
