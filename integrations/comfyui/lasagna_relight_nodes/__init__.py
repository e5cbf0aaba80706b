"""Lasagna's nodes for ComfyUI: drop this folder into ComfyUI's custom_nodes.

ComfyUI's Python needs the package (pip install lasagna-relight). Nothing is loaded before a node
runs for the first time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

RECIPES = ["instant", "target", "sds", "dds"]
FORMATS = ["psd", "ora", "npz", "png"]
CATEGORY = "Lasagna"


@lru_cache(maxsize=2)
def load_relighter(recipe: str) -> Any:
    """The relighter of a recipe, loaded once."""
    from lasagna_relight import Relighter

    return Relighter.load(recipe=recipe)


class LasagnaRelight:
    """Relights every picture of a batch by words."""

    CATEGORY = CATEGORY
    FUNCTION = "relight"
    RETURN_TYPES = ("IMAGE", "LASAGNA_LAYERS")
    RETURN_NAMES = ("image", "layers")

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict]:
        return {
            "required": {
                "image": ("IMAGE",),
                "light": ("STRING", {"default": "warm light from the upper left"}),
                "recipe": (RECIPES,),
                "fill": ("FLOAT", {"default": 0.1, "min": 0.0, "max": 4.0, "step": 0.05}),
                "strength": ("FLOAT", {"default": 1.0, "min": 0.0, "max": 2.0, "step": 0.05}),
                "seed": ("INT", {"default": 0, "min": 0, "max": 2**31 - 1}),
            },
            "optional": {"mask": ("MASK",)},
        }

    def relight(
        self,
        image: torch.Tensor,
        light: str,
        recipe: str,
        fill: float,
        strength: float,
        seed: int,
        mask: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, list]:
        return _lit(image, [light], recipe, fill, 0.0, strength, seed, mask, None)


class LasagnaLightMixer:
    """Sets several lights, one a line, and a panorama, over every picture of a batch."""

    CATEGORY = CATEGORY
    FUNCTION = "mix"
    RETURN_TYPES = ("IMAGE", "LASAGNA_LAYERS")
    RETURN_NAMES = ("image", "layers")

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict]:
        lights = "left, warm, 0.8\nbehind right, #88aaff, 0.4"
        return {
            "required": {
                "image": ("IMAGE",),
                "lights": ("STRING", {"default": lights, "multiline": True}),
                "fill": ("FLOAT", {"default": 0.2, "min": 0.0, "max": 4.0, "step": 0.05}),
                "exposure": ("FLOAT", {"default": 0.0, "min": -4.0, "max": 4.0, "step": 0.1}),
                "strength": ("FLOAT", {"default": 1.0, "min": 0.0, "max": 2.0, "step": 0.05}),
            },
            "optional": {"mask": ("MASK",), "panorama": ("IMAGE",)},
        }

    def mix(
        self,
        image: torch.Tensor,
        lights: str,
        fill: float,
        exposure: float,
        strength: float,
        mask: torch.Tensor | None = None,
        panorama: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, list]:
        words = [line.strip() for line in lights.splitlines() if line.strip()]
        return _lit(image, words, "instant", fill, exposure, strength, 0, mask, panorama)


class LasagnaSaveLayers:
    """Writes the layers of every picture into ComfyUI's output folder."""

    CATEGORY = CATEGORY
    FUNCTION = "save"
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict]:
        return {
            "required": {
                "layers": ("LASAGNA_LAYERS",),
                "format": (FORMATS,),
                "filename_prefix": ("STRING", {"default": "lasagna"}),
            }
        }

    def save(self, layers: list, format: str, filename_prefix: str) -> dict:
        import folder_paths  # ComfyUI's own

        height, width = layers[0].source.pixels.shape[:2]
        folder, stem, counter, subfolder, _ = folder_paths.get_save_image_path(
            filename_prefix, folder_paths.get_output_directory(), width, height
        )
        saved = []
        for index, lit in enumerate(layers):
            path = Path(folder) / f"{stem}_{counter + index:05}_.png"
            lit.save(path, layers=[format], force=True)
            saved.append({"filename": path.name, "subfolder": subfolder, "type": "output"})
        return {"ui": {"images": saved}}


def _lit(
    image: torch.Tensor,
    lights: list[str],
    recipe: str,
    fill: float,
    exposure: float,
    strength: float,
    seed: int,
    mask: torch.Tensor | None,
    panorama: torch.Tensor | None,
) -> tuple[torch.Tensor, list]:
    """Pictures (B, H, W, 3) in [0, 1] under a rig, and the edits as ``Save Layers`` takes them."""
    from lasagna_relight.color import srgb_to_linear
    from lasagna_relight.image_io import Picture
    from lasagna_relight.relighting.environment import project_panorama
    from lasagna_relight.relighting.light_words import light_from_words
    from lasagna_relight.relighting.lights import Environment, LightRig
    from lasagna_relight.relighting.lit import Finish, light_picture
    from lasagna_relight.relighting.scene import scene_of

    environment = None
    if panorama is not None:
        weights = project_panorama(srgb_to_linear(panorama[0, ..., :3].cpu().float()).numpy())
        environment = None if weights is None else Environment(weights=weights)
    rig = LightRig(
        lights=tuple(light_from_words(words) for words in lights),
        fill=fill,
        environment=environment,
        exposure_stops=exposure,
    )
    finish = Finish(strength=strength)
    results = []
    for index, pixels in enumerate(image):
        integers = (pixels[..., :3].cpu().float().clamp(0, 1) * 65535).round().numpy()
        results.append(
            light_picture(
                load_relighter(recipe),
                Picture(pixels=integers.astype(np.uint16)),
                rig,
                mask=_mask_of(mask, index, pixels.shape[:2]),
                finish=finish,
                seed=seed,
                recipe_text=scene_of(rig, finish).model_dump_json(),
            )
        )
    relit = [
        torch.from_numpy(result.picture.pixels.astype(np.float32) / 65535) for result in results
    ]
    return torch.stack(relit), results


def _mask_of(mask: torch.Tensor | None, index: int, size: tuple[int, int]) -> Any:
    """ComfyUI's mask (B, H, W), white where light may change, at the size of its picture.

    None, or a mask that is black all over, has the object found: Load Image gives a black one of
    64 x 64 with every picture that is not transparent.
    """
    from lasagna_relight.masking.select import ResolvedMask

    if mask is None or not bool((mask[min(index, len(mask) - 1)] > 0).any()):
        return "auto"
    one = mask[min(index, len(mask) - 1)][None, None].cpu().float()
    if tuple(one.shape[-2:]) != tuple(size):
        one = torch.nn.functional.interpolate(one, size=tuple(size), mode="bilinear")
    return ResolvedMask(mask=one[0, 0].clamp(0, 1).numpy(), method="file")


NODE_CLASS_MAPPINGS = {
    "LasagnaRelight": LasagnaRelight,
    "LasagnaLightMixer": LasagnaLightMixer,
    "LasagnaSaveLayers": LasagnaSaveLayers,
}
NODE_DISPLAY_NAME_MAPPINGS = {
    "LasagnaRelight": "Lasagna Relight",
    "LasagnaLightMixer": "Light Mixer",
    "LasagnaSaveLayers": "Save Layers",
}
