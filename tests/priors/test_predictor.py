"""The gain predictor as a file and as a function of its mask."""

import subprocess
import sys

import pytest
import torch

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.predictor import (
    WEIGHTS_NAME,
    GainPredictor,
    load_predictor,
    save_predictor,
)


@pytest.fixture
def tiny():
    torch.manual_seed(0)
    return GainPredictor(resolution=16, patch=4, channels=(16, 32), layers=1).eval()


def test_what_lies_outside_the_mask_is_not_seen(tiny, generator):
    source = torch.rand(1, 3, 16, 16, generator=generator)
    mask = torch.zeros(1, 1, 16, 16)
    mask[..., 4:12, 4:12] = 1
    elsewhere = torch.where(mask > 0, source, torch.rand(1, 3, 16, 16, generator=generator))
    torch.testing.assert_close(tiny(source, mask), tiny(elsewhere, mask))


def test_a_saved_predictor_predicts_the_same_up_to_half_precision(tiny, tmp_path, generator):
    save_predictor(tiny, tmp_path)
    source = torch.rand(1, 3, 16, 16, generator=generator)
    mask = torch.ones(1, 1, 16, 16)
    torch.testing.assert_close(
        load_predictor(tmp_path)(source, mask), tiny(source, mask), rtol=0.02, atol=0.02
    )


def test_a_folder_without_weights_is_named_in_the_error(tiny, tmp_path):
    save_predictor(tiny, tmp_path)
    (tmp_path / WEIGHTS_NAME).unlink()
    with pytest.raises(PriorError, match=WEIGHTS_NAME):
        load_predictor(tmp_path)


def test_weights_of_another_width_are_refused(tiny, tmp_path):
    save_predictor(tiny, tmp_path)
    config = (tmp_path / "predictor.json").read_text().replace("32]", "64]")
    (tmp_path / "predictor.json").write_text(config)
    with pytest.raises(PriorError, match="not a gain predictor"):
        load_predictor(tmp_path)


def test_its_unet_is_diffusers_unet_asked_at_timestep_zero(generator: torch.Generator) -> None:
    from diffusers import UNet2DModel

    from lasagna_relight.priors.gain_unet import GainUNet, without_timestep

    theirs = UNet2DModel(
        in_channels=8,
        out_channels=12,
        block_out_channels=(32, 64),
        layers_per_block=2,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=16,
        attention_head_dim=32,
    ).eval()
    ours = GainUNet(in_channels=8, out_channels=12, channels=(32, 64), layers=2)
    ours.load_state_dict(without_timestep(theirs.state_dict()))
    x = torch.randn(2, 8, 16, 16, generator=generator)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x, timestep=0).sample, atol=1e-5, rtol=1e-4)


def test_an_instant_relighting_does_not_import_diffusers() -> None:
    code = (
        "import sys; from lasagna_relight.relighting.api import Relighter;"
        "Relighter.load(recipe='instant'); sys.exit('diffusers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
