"""The ComfyUI nodes, loaded from their folder as ComfyUI loads it, and run without networks."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import torch
from psd_tools import PSDImage

from lasagna_relight.priors.predictor import GainPredictor
from lasagna_relight.relighting import recipes
from lasagna_relight.relighting.api import Relighter

FOLDER = Path(__file__).parents[2] / "integrations" / "comfyui" / "lasagna_relight_nodes"


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """As ComfyUI's `load_custom_node` does: by path, under a name that is the path."""
    name = str(FOLDER).replace(".", "_x_")
    spec = importlib.util.spec_from_file_location(name, FOLDER / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    torch.manual_seed(0)
    relighter = Relighter(
        recipe=recipes.recipe_named("instant"),
        predictor=GainPredictor(resolution=16, patch=4, channels=(16, 32), layers=1).eval(),
        networks=None,
        device="cpu",
    )
    monkeypatch.setattr(module, "load_relighter", lambda recipe: relighter)
    return module


@pytest.fixture
def image(generator: torch.Generator) -> torch.Tensor:
    return torch.rand(2, 24, 32, 3, generator=generator)


def test_every_node_says_what_it_takes_and_gives(nodes: ModuleType) -> None:
    assert set(nodes.NODE_CLASS_MAPPINGS) == set(nodes.NODE_DISPLAY_NAME_MAPPINGS)
    for node in nodes.NODE_CLASS_MAPPINGS.values():
        asked = node.INPUT_TYPES()
        assert asked["required"]
        assert callable(getattr(node(), node.FUNCTION))
        assert len(node.RETURN_TYPES) in (0, 2)
    assert sorted(recipes.QUICK_RECIPES) == sorted(nodes.RECIPES)


def test_every_node_is_called_by_the_names_that_it_asks_for(nodes: ModuleType) -> None:
    for node in nodes.NODE_CLASS_MAPPINGS.values():
        asked = node.INPUT_TYPES()
        names = [*asked["required"], *asked.get("optional", {})]
        taken = inspect.signature(getattr(node, node.FUNCTION)).parameters
        assert names == list(taken)[1:]
        optional = [
            name for name, one in taken.items() if one.default is not inspect.Parameter.empty
        ]
        assert optional == list(asked.get("optional", {}))


def test_the_black_mask_of_an_opaque_picture_has_the_object_found(
    nodes: ModuleType, image: torch.Tensor
) -> None:
    none = torch.zeros(1, 64, 64)  # what ComfyUI's Load Image gives
    words = {"light": "left", "recipe": "instant", "fill": 0.1, "strength": 1.0, "seed": 0}
    with_none, _ = nodes.LasagnaRelight().relight(image, mask=none, **words)
    without, _ = nodes.LasagnaRelight().relight(image, **words)
    assert torch.equal(with_none, without)
    assert (with_none - image).abs().max() > 0.01


def test_relight_gives_pictures_in_comfys_layout(nodes: ModuleType, image: torch.Tensor) -> None:
    mask = torch.zeros(1, 24, 32)
    mask[:, 6:18, 8:24] = 1
    relit, layers = nodes.LasagnaRelight().relight(
        image, "left, warm", "instant", 0.1, 1.0, 0, mask
    )
    assert relit.shape == image.shape
    assert len(layers) == 2
    outside = mask[0] == 0
    torch.testing.assert_close(relit[:, outside], image[:, outside], atol=1e-5, rtol=0)
    assert (relit - image)[:, ~outside].abs().max() > 0.01


def test_mixer_and_save_layers_write_what_editors_open(
    nodes: ModuleType, image: torch.Tensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = SimpleNamespace(
        get_output_directory=lambda: str(tmp_path),
        get_save_image_path=lambda prefix, folder, width, height: (folder, prefix, 7, "", prefix),
    )
    monkeypatch.setitem(sys.modules, "folder_paths", paths)
    mask, sky = torch.ones(1, 12, 16), torch.rand(1, 8, 16, 3)
    lights = "left, warm, 0.8\n\nbehind right, #88aaff, 0.4\n"
    _, layers = nodes.LasagnaLightMixer().mix(image, lights, 0.2, 0.0, 1.0, mask, sky)
    answer = nodes.LasagnaSaveLayers().save(layers, "psd", "shot")
    names = [entry["filename"] for entry in answer["ui"]["images"]]
    assert names == ["shot_00007_.png", "shot_00008_.png"]
    assert all((tmp_path / name).is_file() for name in names)
    assert len(list(PSDImage.open(tmp_path / "shot_00007_.psd"))) in (3, 7)


def test_words_that_say_no_place_are_refused(nodes: ModuleType, image: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="where the light"):
        nodes.LasagnaRelight().relight(image, "warm", "instant", 0.1, 1.0, 0)
