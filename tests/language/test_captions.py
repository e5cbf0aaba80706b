"""The grammar of captions, and the training that reads it."""

import random
import re
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from lasagna_relight.language.encoder import ENCODER_NAME, weights_folder
from lasagna_relight.language.spelling_reader import WEIGHTS_NAME, SpellingReader
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.caption_abroad import abroad
from lasagna_relight.relit.caption_angles import in_degrees, on_a_clock, on_a_compass
from lasagna_relight.relit.caption_bearings import by_bearing
from lasagna_relight.relit.caption_bystanders import beside_others, bystanders_alone
from lasagna_relight.relit.caption_foreign import (
    foreign,
    foreign_sentence,
    foreign_shadow,
    foreign_undirected,
)
from lasagna_relight.relit.caption_heights import at_a_height
from lasagna_relight.relit.caption_idioms import everyday
from lasagna_relight.relit.caption_languages import LANGUAGES
from lasagna_relight.relit.caption_layouts import in_a_layout
from lasagna_relight.relit.caption_moves import carried_on
from lasagna_relight.relit.caption_negatives import undirected
from lasagna_relight.relit.caption_noise import typed
from lasagna_relight.relit.caption_places import Place, place, sided
from lasagna_relight.relit.caption_qualities import of_a_quality
from lasagna_relight.relit.caption_refusals import unlit_request
from lasagna_relight.relit.caption_relations import (
    in_between,
    main_of_two,
    moved,
    not_there_but_here,
)
from lasagna_relight.relit.caption_scattered import scattered
from lasagna_relight.relit.caption_scenes import turned
from lasagna_relight.relit.caption_shadows import shadow
from lasagna_relight.relit.caption_sources import source
from lasagna_relight.relit.caption_stories import story
from lasagna_relight.relit.caption_switches import switched
from lasagna_relight.relit.caption_terms import SHADOWS
from lasagna_relight.relit.caption_viewer import from_our_side
from lasagna_relight.relit.caption_wordings import agreeing, carried, travelling, worded
from lasagna_relight.relit.captions import caption, lighting_phrase
from lasagna_relight.seeding import generator as seeded
from lasagna_relight.training.words import WordsModel, WordsRecipe, main, train_words


@settings(deadline=None, max_examples=30)
@given(st.integers(-180, 180), st.integers(-90, 90), st.integers(0, 2**31))
def test_any_direction_has_a_caption(azimuth: int, elevation: int, seed: int):
    direction = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    said = caption(direction, seeded(seed))
    assert said.strip() == said
    assert "{" not in said


def test_captions_repeat_with_their_generator_and_vary_along_it():
    left = NAMED_DIRECTIONS["left"]
    one, other = seeded(3), seeded(3)
    assert [caption(left, one) for _ in range(9)] == [caption(left, other) for _ in range(9)]
    assert len({caption(left, one) for _ in range(50)}) > 40


def test_a_title_is_often_spoken_of():
    draws = seeded(1)
    said = [caption(NAMED_DIRECTIONS["top"], draws, "Zyx9") for _ in range(100)]
    assert 40 < sum("Zyx9" in text for text in said) <= 100


@pytest.mark.parametrize("form", ["from", "at", "adjective"])
def test_a_place_that_says_left_is_left_of_the_axis(form: str):
    rng = random.Random(0)
    for _ in range(2000):
        drawn = place(form, rng)
        words = drawn.words.split()
        assert "{" not in drawn.words
        if "left" in words and "right" not in words:
            assert drawn.direction.vector[0] < 0, drawn
        if "below" in words and "slightly" not in words:
            assert drawn.direction.vector[1] < 0, drawn


def test_clock_and_compass_agree_with_the_named_directions():
    rng = random.Random(0)
    for _ in range(1000):
        clock = on_a_clock(rng)
        if " 3 o'clock" in clock.words and "half" not in clock.words:
            assert clock.direction.nearest_name == "right"
        compass = on_a_compass(rng)
        if "southwest" in compass.words:
            assert compass.direction.vector[0] < 0 > compass.direction.vector[1]


@settings(deadline=None)
@given(st.integers(-180, 180), st.integers(-90, 90))
def test_degrees_are_said_exactly(azimuth: int, elevation: int):
    direction = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    assert in_degrees(direction, random.Random(0)).direction == direction


def test_every_language_says_every_direction():
    for language in LANGUAGES.values():
        assert set(language.places) == set(DIRECTION_NAMES)
        assert all("{p}" in template for template in language.templates)
        assert all(
            words.strip() == words != "" for many in language.places.values() for words in many
        )


def test_no_foreign_phrase_means_two_directions():
    for code, language in LANGUAGES.items():
        said = [words for many in language.places.values() for words in many]
        assert len(said) == len(set(said)), code


def test_phrases_name_no_direction_about_as_often_as_asked():
    draws = seeded(0)
    missing = sum(lighting_phrase(draws, 0.3).direction is None for _ in range(1000))
    assert 240 < missing < 360


def test_typing_leaves_numbers_alone():
    rng = random.Random(0)
    assert all("-45" in typed("azimuth -45 degrees", rng) for _ in range(300))


def test_training_learns_to_tell_left_from_right():
    recipe = WordsRecipe(steps=100, batch_size=64)
    model = WordsModel.fresh(0)
    losses = [step.cosine for step in train_words(recipe, model)]
    assert len(losses) == 100
    assert sum(losses[-20:]) < 0.9 * sum(losses[:20])


def test_the_average_follows_what_is_trained_and_leaves_a_frozen_encoder():
    model = WordsModel.fresh(0)
    model.encoder.requires_grad_(False)
    average = model.average()
    before = average.reader.query.clone()
    table = average.encoder.table.weight.clone()
    with torch.no_grad():
        model.reader.query.add_(1)
        model.encoder.table.weight += 1
    average.follow(model, step=50, decay=0.9)
    moved_by = (average.reader.query - before).mean().item()
    assert moved_by == pytest.approx(1 - 51 / 60, abs=1e-4)
    assert torch.equal(average.encoder.table.weight, table)


def test_the_command_goes_on_with_a_reader_that_lacks_layers(tmp_path, monkeypatch):
    older = {
        name: weights
        for name, weights in WordsModel.fresh(1).reader.state_dict().items()
        if not name.startswith("layers.")
    }
    save_file(older, tmp_path / "older.safetensors")
    monkeypatch.setattr("sys.argv", [
        "words", str(tmp_path / "out"), "--steps", "1", "--batch", "4",
        "--encoder", str(weights_folder() / ENCODER_NAME),
        "--reader", str(tmp_path / "older.safetensors"),
    ])  # fmt: skip
    main()
    taught = SpellingReader.pretrained(tmp_path / "out" / WEIGHTS_NAME)
    torch.testing.assert_close(taught.query, older["query"], atol=0.01, rtol=0)
    save_file({"other": torch.zeros(1)}, tmp_path / "older.safetensors")
    with pytest.raises(ValueError, match="no weights of a light reader"):
        main()


def test_training_is_the_same_for_the_same_seed():
    recipe = WordsRecipe(steps=2, batch_size=16)
    one, other = WordsModel.fresh(5), WordsModel.fresh(5)
    assert [s.likelihood for s in train_words(recipe, one)] == [
        s.likelihood for s in train_words(recipe, other)
    ]
    assert torch.equal(one.encoder.table.weight, other.encoder.table.weight)


@pytest.mark.parametrize(
    "family",
    [
        shadow,
        source,
        in_between,
        main_of_two,
        moved,
        not_there_but_here,
        worded,
        carried,
        travelling,
        agreeing,
        foreign,
        foreign_sentence,
        foreign_shadow,
        from_our_side,
        at_a_height,
        in_a_layout,
        carried_on,
        by_bearing,
        story,
        abroad,
        switched,
        of_a_quality,
        scattered,
    ],
)
def test_every_family_fills_in_its_words(family: Callable[[random.Random], Place]):
    rng = random.Random(0)
    for _ in range(500):
        said = family(rng).words
        assert "{" not in said, said
        assert said


@pytest.mark.parametrize(
    "family", [undirected, everyday, foreign_undirected, unlit_request, bystanders_alone]
)
def test_words_without_a_direction_are_filled_in(family: Callable[[random.Random], str]):
    rng = random.Random(0)
    for _ in range(1000):
        said = family(rng)
        assert "{" not in said, said
        assert said


def test_parts_of_a_scattered_place_add_up():
    rng = random.Random(1)
    agreeing_sides, tidy = [], []
    for _ in range(400):
        meant = scattered(rng)
        x, _, z = meant.direction.vector
        words = meant.words
        if (" left" in words) != (" right" in words) and ", not " not in words:
            agreeing_sides.append(x < 0 if " left" in words else x > 0)
        if "in back of" in words or "on the far side of" in words:
            agreeing_sides.append(z < 0)
        tidy.append(not any(sign in words for sign in (", ,", ",,", "  ", " ,")))
    assert sum(agreeing_sides) / len(agreeing_sides) > 0.98
    assert all(tidy)


def test_light_beside_others_keeps_its_words():
    rng = random.Random(2)
    said = [beside_others("light from the left", rng) for _ in range(50)]
    assert all("light from the left" in words and "{" not in words for words in said)
    assert len(set(said)) > 45


def test_a_phrase_that_names_only_the_dark_side_has_its_light_on_the_other():
    rng = random.Random(0)
    for angles, many in SHADOWS.items():
        for words in many.split("|"):
            if "{o}" not in words or "{s}" in words:
                continue
            for _ in range(4):
                drawn = sided(words, angles, rng)
                to_the_right = "right" in drawn.words.removeprefix("right under")
                assert (drawn.direction.vector[0] < 0) == to_the_right, drawn


@pytest.mark.parametrize(
    ("family", "endings"),
    [
        (carried, {" over to the left": "left", " overhead": "top", " to the back": "behind top"}),
        (travelling, {"from left to right": "left", "downward": "top", "upward": "bottom"}),
    ],
)
def test_a_light_that_moves_stands_where_it_ends_or_comes_from(family, endings):
    rng = random.Random(0)
    seen: set[str] = set()
    for _ in range(1000):
        drawn = family(rng)
        for words, name in endings.items():
            if drawn.words.endswith(words):
                seen.add(name)
                assert drawn.direction.nearest_name == name, drawn
    assert seen == set(endings.values())


def test_a_light_that_is_mirrored_goes_to_the_other_side():
    rng = random.Random(0)
    other = {"left": "right", "upper right": "top left", "top": "bottom", "back": "front"}
    seen: set[str] = set()
    for _ in range(2000):
        drawn = turned(rng)
        asked = re.fullmatch(r"currently (.+), mirror it", drawn.words)
        if asked and asked[1] in other:
            seen.add(asked[1])
            assert drawn.direction.nearest_name == other[asked[1]], drawn
    assert seen == set(other)


def test_the_side_that_is_not_denied_is_meant():
    rng = random.Random(0)
    checked = 0
    for _ in range(4000):
        drawn = not_there_but_here(rng)
        sides = re.fullmatch(
            r"(?:not|no|never|anywhere but|forget) (?:the )?\w+\W+(?:the |make it |say |take )?"
            r"(left|right|top|bottom|front)",
            drawn.words,
        )
        if sides:
            checked += 1
            assert drawn.direction.nearest_name == sides[1], drawn
    assert checked > 3


def test_the_light_stands_opposite_its_shadow():
    rng = random.Random(0)
    checked = 0
    for _ in range(3000):
        drawn = shadow(rng)
        if "shadow" in drawn.words and drawn.words.endswith(" to the right"):
            checked += "highlight" not in drawn.words
            assert drawn.direction.vector[0] < 0 or "highlight" in drawn.words, drawn
    assert checked > 5


@pytest.mark.parametrize(
    ("ending", "start", "end"),
    [
        ("flip it horizontally", "right side", "left"),
        ("take it a quarter turn clockwise around the picture", "left", "top"),
        ("lift it so it also comes from above", "right side", "top right"),
        ("push it behind the object, same side", "left", "behind left"),
        ("bring it round to the front", "", "front"),
    ],
)
def test_a_light_that_is_lifted_turned_or_pushed_back_ends_there(ending, start, end):
    rng = random.Random(0)
    said = [carried_on(rng) for _ in range(20000)]
    meant = [
        drawn
        for drawn in said
        if drawn.words.endswith(ending)
        and re.search(rf"(?<!upper )(?<!lower )(?<!top )(?<!bottom )\b{start}\b", drawn.words)
    ]
    assert meant
    assert {drawn.direction.nearest_name for drawn in meant} == {end}


def test_a_height_goes_with_its_side_and_not_with_what_is_denied():
    rng = random.Random(0)
    seen: set[str] = set()
    for _ in range(6000):
        drawn = at_a_height(rng)
        here = re.fullmatch(r"(.+) on the (left|right), not (.+)", drawn.words)
        if here and here[1] in ("near the ceiling", "on the floor"):
            seen.add(here[1])
            height = "top" if here[1] == "near the ceiling" else "bottom"
            assert drawn.direction.nearest_name == f"{height} {here[2]}", drawn
    assert seen == {"near the ceiling", "on the floor"}


def test_right_before_a_place_means_no_side():
    rng = random.Random(0)
    for _ in range(3000):
        drawn = from_our_side(rng)
        if re.search(r"right (behind|above|over|under|at the camera)\b", drawn.words):
            assert abs(drawn.direction.vector[0]) < 0.01, drawn


def test_stage_left_is_the_right_of_the_picture():
    rng = random.Random(0)
    said = [from_our_side(rng) for _ in range(6000)]
    stage = [drawn for drawn in said if "stage left" in drawn.words]
    assert stage
    assert all(drawn.direction.vector[0] > 0 for drawn in stage)


def test_the_west_is_on_the_left_as_we_look_north():
    rng = random.Random(0)
    ends = {"sun is in the west": "left", "sun is in the east": "right"}
    seen: set[str] = set()
    for _ in range(20000):
        drawn = by_bearing(rng)
        if "looking north" in drawn.words:
            for words, name in ends.items():
                if words in drawn.words:
                    seen.add(words)
                    assert drawn.direction.nearest_name == name, drawn
    assert seen == set(ends)


def test_corners_of_pages_and_screens_are_known():
    rng = random.Random(0)
    corners = {"scroll bar": "right", "stamp": "top right", "Start button": "bottom left"}
    seen: set[str] = set()
    for _ in range(4000):
        drawn = in_a_layout(rng)
        for words, name in corners.items():
            if words in drawn.words:
                seen.add(words)
                assert drawn.direction.nearest_name == name, drawn
    assert seen == set(corners)


def test_the_dark_half_of_a_story_is_away_from_the_light():
    rng = random.Random(0)
    checked = 0
    for _ in range(9000):
        drawn = story(rng)
        dark = re.match(
            r"(?:its |the )?(left|right) (?:half|side|flank) (?:goes|stays|fades|sinks|drops)",
            drawn.words,
        )
        if dark:
            checked += 1
            assert drawn.direction.nearest_name == {"left": "right", "right": "left"}[dark[1]]
    assert checked > 3


def test_light_that_runs_to_the_right_abroad_stands_on_the_left():
    rng = random.Random(0)
    said = {
        drawn.words: drawn.direction.nearest_name for drawn in (abroad(rng) for _ in range(5000))
    }
    assert said["von links nach rechts"] == "left"
    assert said["de bas en haut"] == "bottom"
    assert said["从右到左"] == "right"


def test_the_lamp_that_stays_on_is_meant():
    rng = random.Random(0)
    seen: set[str] = set()
    for _ in range(30000):
        drawn = switched(rng)
        asked = re.fullmatch(r"(left|right|top) off, (left|right|top) on", drawn.words)
        if asked:
            seen.add(asked[2])
            assert drawn.direction.nearest_name == asked[2]
    assert len(seen) > 1
