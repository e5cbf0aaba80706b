"""Other people's text-guided editors, from any local folder: SDEdit and InstructPix2Pix.

Both see the square crop around the object, enlarged to the model's size, and what they make is
pasted back inside the mask. They need the `transformers` package for their text encoders.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image as PillowImage

from lasagna_relight.compositing.crop import CropBox, box_around, crop_picture
from lasagna_relight.errors import PriorError
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.method import Answer, Method, pasted
from lasagna_relight.relighting.api import MARGIN
from lasagna_relight.seeding import generator
from lasagna_relight.types import Image

STEPS = 20
SDEDIT_STRENGTH = 0.6
"""Share of the noise that SDEdit adds; the source's light survives below, its details above."""

SDEDIT_GUIDANCE = 7.5
INSTRUCT_TEXT_GUIDANCE, INSTRUCT_PICTURE_GUIDANCE = 7.5, 1.5


def sdedit_method(
    folder: Path, *, controlnet: Path | None = None, device: str = "cpu", steps: int = STEPS
) -> Method:
    """SDEdit (Meng et al., arXiv 2108.01073) through diffusers' image-to-image pipeline.

    Args:
        folder: a Stable Diffusion model in diffusers layout.
        controlnet: a ControlNet that sees the source, as Lasagna's does; none if absent.
        device: where it runs.
        steps: of the whole schedule; the share ``SDEDIT_STRENGTH`` of them is run.

    Raises:
        PriorError: a folder is no such model, or `transformers` is missing.
    """
    import diffusers

    if controlnet is None:
        pipeline = _loaded(diffusers.StableDiffusionImg2ImgPipeline, folder, device)
    else:
        net = _part(diffusers.ControlNetModel, controlnet)
        kind = diffusers.StableDiffusionControlNetImg2ImgPipeline
        pipeline = _loaded(kind, folder, device, controlnet=net)
    return Method(
        name="sdedit" if controlnet is None else "sdedit-controlnet",
        summary=f"SDEdit at strength {SDEDIT_STRENGTH}, {folder.name}",
        family="editor",
        settings=f"{folder.resolve()} {controlnet} steps={steps} strength={SDEDIT_STRENGTH} "
        f"guidance={SDEDIT_GUIDANCE}",
        solve=partial(_sdedit, pipeline, steps, controlnet is not None),
    )


def instruct_method(folder: Path, *, device: str = "cpu", steps: int = STEPS) -> Method:
    """InstructPix2Pix (Brooks et al., arXiv 2211.09800) through diffusers' pipeline.

    Raises:
        PriorError: the folder is no such model, or `transformers` is missing.
    """
    import diffusers

    pipeline = _loaded(diffusers.StableDiffusionInstructPix2PixPipeline, folder, device)
    return Method(
        name="instruct-pix2pix",
        summary=f"InstructPix2Pix, {folder.name}",
        family="editor",
        settings=f"{folder.resolve()} steps={steps} guidance={INSTRUCT_TEXT_GUIDANCE},"
        f"{INSTRUCT_PICTURE_GUIDANCE}",
        solve=partial(_instruct, pipeline, steps),
    )


def _sdedit(
    pipeline: Any, steps: int, with_control: bool, case: Case, scene: Scene, seed: int
) -> Answer:
    box, side, source = _crop(pipeline, scene)
    control = {"control_image": source} if with_control else {}
    made = pipeline(
        prompt=f"A photo of an object with {case.words}",
        image=source,
        strength=SDEDIT_STRENGTH,
        guidance_scale=SDEDIT_GUIDANCE,
        num_inference_steps=steps,
        generator=generator(seed, "sdedit", case.name),
        **control,
    ).images[0]
    evaluations = 2 * min(int(steps * SDEDIT_STRENGTH), steps)
    return pasted(scene, box, _as_image(made, side), evaluations=evaluations)


def _instruct(pipeline: Any, steps: int, case: Case, scene: Scene, seed: int) -> Answer:
    box, side, source = _crop(pipeline, scene)
    made = pipeline(
        prompt=f"Change the light: {case.words}",
        image=source,
        guidance_scale=INSTRUCT_TEXT_GUIDANCE,
        image_guidance_scale=INSTRUCT_PICTURE_GUIDANCE,
        num_inference_steps=steps,
        generator=generator(seed, "instruct", case.name),
    ).images[0]
    return pasted(scene, box, _as_image(made, side), evaluations=3 * steps)


def _crop(pipeline: Any, scene: Scene) -> tuple[CropBox, int, PillowImage.Image]:
    side = int(pipeline.unet.config.sample_size * pipeline.vae_scale_factor)
    box = box_around(scene.mask.mask, margin=MARGIN).square()
    pixels = crop_picture(scene.picture, box, (side, side)).permute(1, 2, 0).numpy()
    return box, side, PillowImage.fromarray(np.rint(pixels * 255).astype(np.uint8))


def _as_image(made: PillowImage.Image, side: int) -> Image:
    pixels = np.asarray(made.convert("RGB").resize((side, side)), dtype=np.float32) / 255
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))


def _loaded(kind: Any, folder: Path, device: str, **parts: Any) -> Any:
    pipeline = _part(kind, folder, safety_checker=None, requires_safety_checker=False, **parts)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device)


def _part(kind: Any, folder: Path, **parts: Any) -> Any:
    if not folder.is_dir():
        raise PriorError(f"{folder}: no such folder: give a model in diffusers layout")
    try:
        return kind.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, torch_dtype=torch.float32, **parts
        )
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise PriorError(f"{folder}: not a {kind.__name__} ({reason})") from error
