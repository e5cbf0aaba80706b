"""Words to a light direction, with the shipped weights."""

from pathlib import Path

import pytest
import torch

from lasagna_relight.errors import DirectionError
from lasagna_relight.language.belief import pooled
from lasagna_relight.language.encoder import TextStates, shipped_encoder
from lasagna_relight.language.frames import left_is_unsure
from lasagna_relight.language.reader import (
    LARGE_WEIGHT,
    LightReaders,
    read_light,
    read_lights,
)
from lasagna_relight.language.spelling_reader import WEIGHTS_NAME as SMALL_NAME
from lasagna_relight.language.spelling_reader import SpellingReader
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.priors.weight_files import write_weights

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", DIRECTION_NAMES)
def test_each_name_is_read_as_itself(name: str):
    reading = read_light(f"light from the {name}")
    assert reading.nearest_name == name
    assert reading.direction.angle_to(NAMED_DIRECTIONS[name]) < 15
    assert reading.confidence > 0.8


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a left-handed guitar lit from above", "top"),
        ("a headlight, light from the right", "right"),
        ("anything but the top: from below", "bottom"),
        ("not from the left but from the right", "right"),
        ("its shadow stretches to the left", "right"),
        ("light at 10 o'clock", "top left"),
        ("light from the north-east", "top right"),
        ("contre-jour", "behind top"),
        ("a candle on the floor to the left", "bottom left"),
        ("Licht von links", "left"),
        ("lihgt form teh lfet", "left"),
        ("LIGHT FROM THE LEFT!", "left"),
    ],
)
def test_words_of_every_kind_come_out_right(prompt: str, name: str):
    assert read_light(prompt).nearest_name == name


@pytest.mark.parametrize(("azimuth", "elevation"), [(-90, 0), (30, 45), (120, 20), (0, -60)])
def test_exact_degrees_are_kept(azimuth: int, elevation: int):
    meant = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    read = read_light(f"azimuth {azimuth} elevation {elevation}")
    assert read.direction.angle_to(meant) < 25


@pytest.mark.parametrize("prompt", ["make it nice", "a left-handed guitar", "", "gdfkj wqeoiru"])
def test_words_without_a_direction_are_refused_in_one_line_with_examples(prompt: str):
    with pytest.raises(DirectionError) as error:
        read_light(prompt)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(f'"{prompt}"')
    assert message.count('"') >= 8


def test_bytes_that_are_no_text_are_read_as_signs():
    assert read_light("\udcff light from the left").nearest_name == "left"
    with pytest.raises(DirectionError, match="lumi\\?re"):
        read_light("lumi\udce8re")


def test_a_long_prompt_is_shortened_in_its_error():
    with pytest.raises(DirectionError) as error:
        read_light("make it nice\nand pretty " * 30)
    assert len(str(error.value)) < 240
    assert "\n" not in str(error.value)


def test_a_batch_reads_as_its_prompts_do_alone():
    prompts = ["light from the left", "make it nice", "sun low on the right, a very old castle"]
    batch = read_lights(prompts)
    assert batch[1] is None
    for prompt, reading in zip(prompts[::2], batch[::2], strict=True):
        alone = read_light(prompt)
        assert reading is not None
        assert reading.direction.angle_to(alone.direction) < 0.1
    assert read_lights([]) == []


def test_readers_come_from_a_folder_as_far_as_it_has_them(tmp_path):
    shipped = LightReaders.pretrained(tmp_path)
    torch.manual_seed(0)
    write_weights(SpellingReader().state_dict(), tmp_path / SMALL_NAME, bits=8)
    mixed = LightReaders.pretrained(tmp_path)
    assert torch.equal(mixed.large.query, shipped.large.query)
    assert not torch.equal(mixed.small.query, shipped.small.query)


def test_both_readers_have_a_say():
    readers = LightReaders.pretrained()
    prompts = ["light from the left", "a lamp behind the cat"]
    both = readers.believe(prompts)
    alone = readers.large.believe(prompts), readers.small(readers.encoder.encode(prompts))
    expected = pooled(alone, (LARGE_WEIGHT, 1 - LARGE_WEIGHT))
    torch.testing.assert_close(both.mean, expected.mean, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(both.named_logit, expected.named_logit, atol=1e-3, rtol=1e-4)


def test_left_of_somebody_in_the_picture_is_less_sure_than_left():
    unsure = read_lights(["light on her left cheek"])[0]
    assert unsure is None or unsure.confidence < read_light("light from the left").confidence - 0.1


@pytest.mark.parametrize(
    ("words", "unsure"),
    [
        ("light on her left cheek", True),
        ("from the model's right", True),
        ("on the left half of his face", True),
        ("light from the left", False),
        ("from her left, which is our right", False),
        ("from the camera's left", False),
        ("light from my left", False),
    ],
)
def test_whose_left_is_meant(words: str, unsure: bool):
    assert left_is_unsure(words) == unsure


def test_a_reader_begins_with_layers_and_a_table_that_change_nothing():
    reader, states = SpellingReader(), shipped_encoder().encode(["light from the left", "hello"])
    assert states.spelled is not None
    for layer in reader.layers:
        assert torch.equal(layer(states.tokens, states.mask), states.tokens)
    assert not reader._spelled(states).any()


def test_a_readers_own_table_tells_words_apart_and_leaves_padding_alone():
    reader, states = SpellingReader(), shipped_encoder().encode(["light from the left", "hello"])
    with torch.no_grad():
        reader.widen.weight.normal_(generator=torch.Generator().manual_seed(0))
    spelled = reader._spelled(states)
    assert spelled.shape == states.tokens.shape
    assert not torch.allclose(spelled[0, 1], spelled[1, 1])
    assert not spelled[1][~states.mask[1]].any()


def test_states_of_another_encoder_are_read_without_the_table():
    reader, states = SpellingReader(), shipped_encoder().encode(["light from the left"])
    other = TextStates(tokens=states.tokens, mask=states.mask)
    assert torch.equal(reader(other).mean, reader(states).mean)


@pytest.mark.parametrize(
    ("name", "right_side"),
    [("left", "left"), ("right", "right"), ("on the right", "right"), ("above", "top"),
     ("from below", "bottom"), ("behind", "behind top"), ("behind left", "behind left")],
)  # fmt: skip
def test_a_bare_place_is_read(name: str, right_side: str):
    assert read_light(name).nearest_name == right_side


@pytest.mark.parametrize(
    ("name", "least"), [("heldout_phrases.tsv", 0.97), ("heldout_phrases_2.tsv", 0.97)]
)
def test_held_out_phrases_are_mostly_read_rightly(name: str, least: float):
    text = (HERE / name).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines()[1:]]
    assert len(lines) >= 300
    named = [line for line in lines if line[1] in NAMED_DIRECTIONS or line[1] == "NONE"]
    readings = read_lights([line[2] for line in named])
    right = sum(
        (reading is None) == (expected == "NONE")
        and (
            reading is None
            or reading.nearest_name == expected
            or reading.direction.angle_to(NAMED_DIRECTIONS[expected]) <= 35
        )
        for (_, expected, _), reading in zip(named, readings, strict=True)
    )
    assert right / len(named) >= least
