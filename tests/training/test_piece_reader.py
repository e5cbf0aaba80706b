"""The large reader's beginning from MiniLM, and its training."""

import json
import string
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lasagna_relight.errors import DatasetError
from lasagna_relight.language.piece_reader import VOCABULARY_NAME, WIDTH, PieceReader
from lasagna_relight.language.pieces import WordPieces
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.priors.weight_files import as_of_4_bits
from lasagna_relight.relit.captions import LightingPhrase
from lasagna_relight.training.minilm import go_on_with, reader_from_minilm, write_vocabulary
from lasagna_relight.training.piece_reader import (
    PieceRecipe,
    main,
    save_reader,
    train_pieces,
)

PHRASES = [("light from the left", 5), ("a lantern", 3)]


@pytest.fixture(scope="module")
def bert():
    """A random model of MiniLM's shape; its vocabulary is letters and a few words."""
    transformers = pytest.importorskip("transformers")
    letters = [*string.ascii_lowercase, *string.digits, *"'.,-"]
    words = ["light", "from", "left", "right", "the", "##ern", "zebra", "lan"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    pieces += [f"##{letter}" for letter in letters[:26]] + words
    torch.manual_seed(0)
    model = transformers.BertModel(
        transformers.BertConfig(
            vocab_size=len(pieces), hidden_size=WIDTH, num_hidden_layers=6,
            num_attention_heads=12, intermediate_size=4 * WIDTH,
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    return pieces, model.eval()


@pytest.fixture(scope="module")
def minilm(bert, tmp_path_factory) -> Path:
    pieces, model = bert
    folder = tmp_path_factory.mktemp("minilm")
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    save_file(model.state_dict(), folder / "model.safetensors")
    return folder


def reader_of(minilm: Path, folder: Path, size: int = 1000) -> PieceReader:
    write_vocabulary(minilm, PHRASES, size, folder)
    return reader_from_minilm(minilm, folder)


def said(text: str, name: str | None) -> LightingPhrase:
    return LightingPhrase(text=text, direction=NAMED_DIRECTIONS[name] if name else None)


def test_the_transformer_gives_the_states_of_bert(bert, minilm, tmp_path):
    _, model = bert
    reader = reader_of(minilm, tmp_path).eval()
    batch = reader.pieces.batch(["light from the left", "a zebra"])
    theirs = WordPieces(minilm / "vocab.txt").batch(["light from the left", "a zebra"])
    states = reader.norm(reader.table(batch.ids) + reader.position[: batch.ids.shape[1]])
    for layer in reader.layers:
        states = layer(states, batch.mask)
    with torch.no_grad():
        expected = model(theirs.ids, attention_mask=theirs.mask.long()).last_hidden_state
    torch.testing.assert_close(states[batch.mask], expected[batch.mask], atol=2e-5, rtol=1e-4)


def test_a_small_vocabulary_keeps_letters_and_what_phrases_say(minilm, tmp_path):
    letters = 5 + 40 + 26
    write_vocabulary(minilm, PHRASES, letters + 4, tmp_path)
    kept = (tmp_path / VOCABULARY_NAME).read_text(encoding="utf-8").split()
    assert len(kept) == letters + 4
    assert {"light", "from", "the", "left"} <= set(kept)
    assert "zebra" not in kept
    assert 1 not in WordPieces(tmp_path / VOCABULARY_NAME).lists(["zebra"])[0]


def test_a_reader_goes_on_with_another_vocabulary(minilm, tmp_path):
    (tmp_path / "last").mkdir()
    last = reader_of(minilm, tmp_path / "last", 75)
    with torch.no_grad():
        last.table.weight += 1
    save_reader(last, tmp_path / "last")
    last = PieceReader.pretrained(tmp_path / "last")
    reader = reader_of(minilm, tmp_path)
    before = reader.table.weight.detach().clone()
    go_on_with(reader, tmp_path, tmp_path / "last")
    old, new = (WordPieces(f / VOCABULARY_NAME) for f in (tmp_path / "last", tmp_path))
    for word, moved in (("left", True), ("zebra", False)):
        (row,) = new.lists([word])[0][1:-1]
        expected = last.table.weight[old.lists([word])[0][1]] if moved else before[row]
        assert torch.equal(reader.table.weight[row], expected)
    assert torch.equal(reader.read[0].weight, last.read[0].weight)


@pytest.mark.parametrize("missing", ["vocab.txt", "model.safetensors"])
def test_a_folder_that_is_not_minilm_is_refused(minilm, tmp_path, missing: str):
    for name in ("vocab.txt", "model.safetensors"):
        if name != missing:
            (tmp_path / name).write_bytes((minilm / name).read_bytes())
    with pytest.raises(DatasetError, match=f"has no {missing}"):
        reader_of(tmp_path, tmp_path)


def test_another_model_is_refused(minilm, tmp_path):
    (tmp_path / "vocab.txt").write_bytes((minilm / "vocab.txt").read_bytes())
    save_file({"other": torch.zeros(1)}, tmp_path / "model.safetensors")
    with pytest.raises(DatasetError, match="not all-MiniLM-L6-v2"):
        reader_of(tmp_path, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("round_from", [None, 10])
def test_training_learns_phrases_and_bears_rounding(minilm, tmp_path, round_from):
    reader = reader_of(minilm, tmp_path)
    phrases = [said("a zebra", "left"), said("the lantern", "right"), said("xylem", "top")]
    recipe = PieceRecipe(
        steps=40, pieces_in_batch=64, written_share=1.0, warmup_steps=5, round_from=round_from
    )
    losses = [step.cosine for step in train_pieces(recipe, reader, phrases)]
    assert len(losses) == 40
    assert sum(losses[-10:]) < 0.8 * sum(losses[:10])


def test_rates_rise_then_fall_to_their_share():
    recipe = PieceRecipe(steps=100, warmup_steps=10, final_share=0.1)
    rates = [recipe.rate_share(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9]
    assert rates[-1] == pytest.approx(0.109)


def test_what_is_saved_is_the_reader_in_4_bits(minilm, tmp_path):
    reader = reader_of(minilm, tmp_path).eval()
    save_reader(reader, tmp_path)
    again = PieceReader.pretrained(tmp_path)
    assert torch.equal(again.table.weight, as_of_4_bits(reader.table.weight))
    assert not any(parameter.requires_grad for parameter in again.parameters())


@pytest.mark.slow
def test_the_command_writes_a_reader_and_reports_what_it_kept_back(minilm, tmp_path, monkeypatch):
    (tmp_path / "phrases").mkdir()
    lines = "\n".join(f"plain\tleft\tlamp number {i}, left" for i in range(40))
    (tmp_path / "phrases" / "a.tsv").write_text(lines)
    out = tmp_path / "out"
    command = ["piece_reader", str(out), "--minilm", str(minilm), "--steps", "2", "--pieces", "64"]
    command += ["--phrases", str(tmp_path / "phrases"), "--vocabulary", "75", "--round-from", "1"]
    monkeypatch.setattr("lasagna_relight.training.piece_reader.DRAWN_FOR_VOCABULARY", 50)
    monkeypatch.setattr("sys.argv", command)
    main()
    log = [json.loads(line) for line in (out / "piece_training.jsonl").read_text().splitlines()]
    assert log[0]["round_from"] == 1
    assert 0 <= log[-1]["kept_back_right"] <= 1
    assert len(PieceReader.pretrained(out).pieces) == 75
    monkeypatch.setattr("sys.argv", [*command, "--start", str(out)])
    main()
