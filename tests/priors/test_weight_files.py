"""Weights in half precision, in 8 and in 4 bits."""

import pytest
import torch

from lasagna_relight.errors import OutputError
from lasagna_relight.priors.weight_files import (
    GROUP,
    SCALE,
    as_of_4_bits,
    read_weights,
    weights_at,
    write_weights,
)


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


def test_four_bits_are_off_by_half_a_step_of_their_own_group(tmp_path, generator):
    matrix = torch.randn(40, 3 * GROUP, generator=generator)
    matrix[:, GROUP:] *= 100
    write_weights({"matrix": matrix}, tmp_path / "w.safetensors", bits=4)
    again = read_weights(tmp_path / "w.safetensors")["matrix"]
    step = matrix.unflatten(1, (3, GROUP)).abs().amax(2, keepdim=True) / 7
    error = (again - matrix).unflatten(1, (3, GROUP)).abs()
    assert (error <= 0.51 * step).all()
    assert (error.amax(2, keepdim=True) > 0.3 * step).all()
    assert torch.equal(as_of_4_bits(matrix), again)
    assert torch.equal(as_of_4_bits(again), again)


def test_what_four_bits_do_not_fit_has_eight(weights, tmp_path):
    odd = {"kernel": weights["kernel"], "narrow": torch.randn(64, GROUP + 1)}
    for bits in (4, 8):
        write_weights(odd, tmp_path / f"{bits}", bits=bits)
    four, eight = (read_weights(tmp_path / f"{bits}") for bits in (4, 8))
    assert all(torch.equal(four[name], eight[name]) for name in odd)


def test_fewer_bits_take_fewer_bytes(tmp_path):
    for bits in (4, 8, 16):
        write_weights({"matrix": torch.randn(1024, 1024)}, tmp_path / f"{bits}", bits=bits)
    four, eight, sixteen = ((tmp_path / f"{bits}").stat().st_size for bits in (4, 8, 16))
    assert four < 0.54 * eight
    assert eight < 0.51 * sixteen


def test_a_compressed_file_is_smaller_and_holds_the_same(tmp_path, generator):
    matrix = {"matrix": torch.randn(256, 1024, generator=generator)}
    for name in ("w.safetensors", "w.safetensors.zst"):
        write_weights(matrix, tmp_path / name, bits=4)
    plain, compressed = tmp_path / "w.safetensors", tmp_path / "w.safetensors.zst"
    assert compressed.stat().st_size < 0.95 * plain.stat().st_size
    assert torch.equal(read_weights(plain)["matrix"], read_weights(compressed)["matrix"])


def test_a_compressed_twin_is_read_where_it_stands_alone(weights, tmp_path):
    path = tmp_path / "w.safetensors"
    write_weights(weights, tmp_path / "w.safetensors.zst", bits=8)
    alone = read_weights(path)
    assert weights_at(path).name == "w.safetensors.zst"
    write_weights({"other": torch.ones(3)}, path)
    assert set(alone) == set(weights)
    assert set(read_weights(path)) == {"other"}


def test_a_damaged_compressed_file_is_an_error(tmp_path):
    (tmp_path / "w.safetensors.zst").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match=r"w\.safetensors\.zst cannot be decompressed"):
        read_weights(tmp_path / "w.safetensors")


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
