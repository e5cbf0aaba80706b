"""Weights in half precision and in 8 bits."""

import pytest
import torch

from lasagna_relight.errors import OutputError
from lasagna_relight.priors.weight_files import SCALE, read_weights, write_weights


@pytest.fixture
def weights(generator):
    kernel = torch.randn(64, 32, 3, 3, generator=generator)
    kernel *= torch.logspace(-3, 1, 64)[:, None, None, None]  # channels of unlike size
    return {"kernel": kernel, "silent": torch.zeros(64, 32), "bias": torch.rand(64)}


def test_eight_bits_are_off_by_half_a_step_of_their_own_channel(weights, tmp_path):
    write_weights(weights, tmp_path / "w.safetensors", bits=8)
    again = read_weights(tmp_path / "w.safetensors")["kernel"]
    step = weights["kernel"].flatten(1).abs().amax(1) / 127
    error = (again - weights["kernel"]).flatten(1).abs().amax(1)
    assert (error <= 0.501 * step).all()
    assert (error > 0.3 * step).all()


def test_what_is_small_or_zero_comes_back(weights, tmp_path):
    write_weights(weights, tmp_path / "w.safetensors", bits=8)
    again = read_weights(tmp_path / "w.safetensors")
    assert set(again) == set(weights)
    assert not again["silent"].any()
    torch.testing.assert_close(again["bias"], weights["bias"].half().float(), rtol=0, atol=0)


def test_eight_bits_take_half_the_bytes(weights, tmp_path):
    for bits in (8, 16):
        write_weights(weights, tmp_path / f"{bits}", bits=bits)
    sizes = [(tmp_path / f"{bits}").stat().st_size for bits in (8, 16)]
    assert sizes[0] < 0.55 * sizes[1]


def test_a_file_that_is_there_is_kept(weights, tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError):
        write_weights(weights, path)
    assert path.read_bytes() == b"mine"


def test_a_tensor_without_its_scales_is_an_error(weights, tmp_path):
    from safetensors.torch import load_file, save_file

    path = tmp_path / "w.safetensors"
    write_weights(weights, path, bits=8)
    save_file({k: v for k, v in load_file(path).items() if not k.endswith(SCALE)}, path)
    with pytest.raises(KeyError):
        read_weights(path)
