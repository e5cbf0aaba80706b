"""Likeness to the true picture as people see it: SSIM, and LPIPS where its weights are given.

PSNR, the oracle gain and the correlation of log gains are in `metrics`.
"""

import kornia
import torch

from lasagna_relight.compositing.crop import box_around
from lasagna_relight.evaluation.lpips import Lpips
from lasagna_relight.types import Image, Mask

SSIM_WINDOW = 11


def ssim(picture: Image, target: Image, mask: Mask) -> float:
    """Mean structural similarity over the mask, of (3, H, W); 1 is the same picture.

    Source: Wang et al., IEEE TIP 13(4), 2004, with a Gaussian window of 11 pixels. What lies
    outside the mask is black on both sides, so that it does not count.
    """
    pair = [(image.clamp(0, 1) * mask)[None] for image in (picture, target)]
    similarity = kornia.metrics.ssim(pair[0], pair[1], SSIM_WINDOW)[0]
    return ((similarity * mask).sum() / (mask.sum() * similarity.shape[-3])).item()


def lpips_in_mask(metric: Lpips, picture: Image, target: Image, mask: Mask) -> float:
    """LPIPS of the box around the mask, black outside the mask on both sides."""
    box = box_around(mask[0].numpy(), margin=0.0)
    rows = slice(box.top, box.top + box.height)
    columns = slice(box.left, box.left + box.width)
    inside = [(image.clamp(0, 1) * mask)[..., rows, columns] for image in (picture, target)]
    return metric(torch.clone(inside[0]), torch.clone(inside[1])).item()
