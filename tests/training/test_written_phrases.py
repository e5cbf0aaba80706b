"""Written phrases are read from files, changed without changing what they mean, and taught."""

import json
import random
from pathlib import Path

import pytest
import torch

from lasagna_relight.errors import DatasetError
from lasagna_relight.language.encoder import ENCODER_NAME, weights_folder
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.captions import LightingPhrase
from lasagna_relight.training.phrase_changes import changed, mirrored
from lasagna_relight.training.words import WordsModel, WordsRecipe, main, train_words
from lasagna_relight.training.written_phrases import (
    WrittenPhrase,
    read_written_phrases,
    taught_and_kept_back,
)

OURS = Path(__file__).parents[2] / "training_data" / "words"


def said(text: str, name: str | None = None) -> LightingPhrase:
    return LightingPhrase(text=text, direction=NAMED_DIRECTIONS[name] if name else None)


def test_names_angles_tolerances_and_none_are_read(tmp_path: Path):
    (tmp_path / "a.tsv").write_text(
        "plain\tleft\tfrom the left\nplain\t10 -20\tlow\nplain\t10 20 60\tup\nother\tNONE\tred\n"
    )
    left, low, up, red = read_written_phrases(tmp_path)
    assert left.name == "left"
    assert left.direction == NAMED_DIRECTIONS["left"]
    assert low.direction == LightDirection(azimuth_deg=10, elevation_deg=-20)
    assert low.tolerance_deg == 35
    assert up.tolerance_deg == 60
    assert red.direction is None
    assert low.weight == 1 > up.weight


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("plain\tleft", "between tabs"),
        ("plain\tleft\t ", "between tabs"),
        ("plain\tlfet\tfrom the left", "'lfet' is no answer"),
        ("plain\t10\tfrom the left", "'10' is no answer"),
        ("plain\t10 20 0\tfrom the left", "'10 20 0' is no answer"),
        ("plain\t10 20 30 40\tfrom the left", "is no answer"),
        ("plain\t200 20\tfrom the left", "azimuth 200"),
    ],
)
def test_a_line_of_another_form_is_refused_with_its_number(
    tmp_path: Path, line: str, complaint: str
):
    (tmp_path / "a.tsv").write_text(f"plain\tright\tfrom the right\n{line}\n")
    with pytest.raises(DatasetError, match=r"a\.tsv, line 2: ") as caught:
        read_written_phrases(tmp_path)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_phrases_is_refused(tmp_path: Path):
    with pytest.raises(DatasetError, match="holds no phrases"):
        read_written_phrases(tmp_path)


def test_the_words_alone_decide_what_is_kept_back():
    phrases = [
        WrittenPhrase(category="plain", text=f"lamp number {i}", direction=None) for i in range(900)
    ]
    taught, kept_back = taught_and_kept_back(phrases)
    assert 90 < len(kept_back) < 180
    assert len(taught) + len(kept_back) == 900
    again = taught_and_kept_back(phrases[::-1])
    assert {phrase.text for phrase in again[1]} == {phrase.text for phrase in kept_back}


@pytest.mark.parametrize(
    ("text", "name", "mirror", "its_name"),
    [
        ("Lamp on the LEFT of the vase", "left", "Lamp on the RIGHT of the vase", "right"),
        ("bright from topright", "top right", "bright from topleft", "top left"),
        ("from right to left", "right", "from left to right", "left"),
        ("shadow to the right, light left", "left", "shadow to the left, light right", "right"),
        ("crop the left third", None, "crop the right third", None),
    ],
)
def test_a_mirrored_copy_has_its_sides_and_its_answer_swapped(
    text: str, name: str | None, mirror: str, its_name: str | None
):
    copy = mirrored(said(text, name))
    assert copy is not None
    assert copy.text == mirror
    if its_name is None:
        assert copy.direction is None
    else:
        assert copy.direction is not None
        assert copy.direction.angle_to(NAMED_DIRECTIONS[its_name]) < 1e-3


@pytest.mark.parametrize(
    "text",
    ["from above", "right now it is dark", "I left my keys", "all right", "left of the east window",
     "to the left, at 9 o'clock", "the lamp right above it, to the left",
     "azimuth -40, that is left", "L or R? left", "the bright upright"],
)  # fmt: skip
def test_what_has_no_plain_sides_has_no_mirror(text: str):
    assert mirrored(said(text, "left")) is None


def test_changes_vary_the_words_and_keep_the_answer():
    rng = random.Random(4)
    phrase = said("a lamp on the left of the vase, warm", "left")
    aside = [said("crop the picture")]
    copies = [changed(phrase, rng, aside) for _ in range(200)]
    assert len({copy.text for copy in copies}) > 90
    for copy in copies:
        assert copy.direction is not None
        assert copy.direction.nearest_name in ("left", "right")
    unspoilt = [c for c in copies if "left" in c.text.lower() or "right" in c.text.lower()]
    assert len(unspoilt) > 120
    for copy in unspoilt:
        assert copy.direction is not None
        assert copy.direction.nearest_name in copy.text.lower()


def test_our_own_phrases_are_of_the_form():
    phrases = read_written_phrases(OURS)
    assert len(phrases) > 500
    taught, kept_back = taught_and_kept_back(phrases)
    assert len(taught) > 4 * len(kept_back) > 0


def test_written_phrases_are_learned():
    phrases = [said("zyx", "left"), said("vutsr", "right")]
    model = WordsModel.fresh(0)
    recipe = WordsRecipe(steps=60, batch_size=16, written_share=1.0)
    losses = [step.cosine for step in train_words(recipe, model, phrases)]
    assert sum(losses[-10:]) < 0.5 * sum(losses[:10])


def test_the_command_reports_on_the_phrases_that_it_keeps_back(tmp_path: Path, monkeypatch):
    lines = "\n".join(f"plain\tleft\tlamp number {i}, left" for i in range(40))
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "a.tsv").write_text(lines)
    monkeypatch.setattr("sys.argv", [
        "words", str(tmp_path / "out"), "--steps", "1", "--batch", "4",
        "--encoder", str(weights_folder() / ENCODER_NAME),
        "--phrases", str(tmp_path / "phrases"), "--share", "0.5", "--mean-from", "1",
    ])  # fmt: skip
    main()
    log = [json.loads(s) for s in (tmp_path / "out" / "training.jsonl").read_text().splitlines()]
    assert log[0]["written_share"] == 0.5
    assert 0 <= log[-1]["kept_back_right"] <= 1


def test_a_mean_of_checkpoints_is_between_them():
    models = [WordsModel.fresh(seed) for seed in (1, 2, 3)]
    mean = models[0].average()
    for count, model in enumerate(models):
        mean.join(model, count=count)
    expected = sum(model.reader.query for model in models) / 3
    torch.testing.assert_close(mean.reader.query, expected)
