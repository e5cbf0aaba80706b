"""Stable Diffusion on the command line, with tiny random models."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from lasagna_relight.apps import cli, memory_report
from lasagna_relight.image_io import read_picture, write_picture
from lasagna_relight.priors.stable_diffusion import StableDiffusionNetworks

Folders = dict[str, Path]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(40, 200, (60, 90, 3), dtype=np.uint8)
    write_picture(tmp_path / "photo.png", pixels)
    return tmp_path / "photo.png"


def options(folders: Folders) -> list[str]:
    return ["--prior", str(folders["sd"]), "--controlnet", str(folders["controlnet"])]


@pytest.mark.parametrize("recipe", ["target", "sds", "dds", "faithful", "faithful-adan"])
def test_a_saved_run_reproduces_itself_and_its_layers(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, recipe: str, capsys
) -> None:
    results = []
    for name in ("one", "two"):
        out = tmp_path / f"{name}.png"
        command = ["relight", str(photo), "--azimuth", "-40", "--mask", "none", "-o", str(out)]
        command += ["--steps", "2", "--recipe", recipe, "--layers", "npz", "--seed", "3"]
        assert cli.run([*command, *options(stable_diffusion_folders)]) == 0, capsys.readouterr().err
        results.append(out)
    one, two = (read_picture(path).pixels for path in results)
    assert np.array_equal(one, two)
    layers = np.load(tmp_path / "one.npz")
    source = read_picture(photo).pixels.astype(np.float64)
    gain = layers["shading"].astype(np.float64) / layers["lighting"]
    recomposed = np.clip(np.rint(source * gain.reshape(60, 90, 1)), 0, 255)
    assert np.abs(recomposed - one).max() <= 1
    assert np.abs(source - one).max() >= 1


def test_the_words_reach_the_prior_through_the_template(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys
) -> None:
    pictures = []
    for noun in ("cup", "cathedral"):
        out = tmp_path / f"{noun}.png"
        command = ["relight", str(photo), "--elevation", "40", "--mask", "none", "-o", str(out)]
        command += ["--steps", "1", "--layers", "none", "--object", noun]
        command += ["--prompt", "a {object}, {words}", *options(stable_diffusion_folders)]
        assert cli.run(command) == 0, capsys.readouterr().err
        pictures.append(read_picture(out).pixels)
    assert not np.array_equal(*pictures)


def test_doctor_says_what_was_loaded_and_tries_a_step(
    stable_diffusion_folders: Folders, capsys
) -> None:
    command = ["doctor", *options(stable_diffusion_folders), "--half-weights", "--json"]
    assert cli.run([*command, "--controlnet-range", "signed"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["prior"] == str(stable_diffusion_folders["sd"])
    assert report["self-test passed"] is True
    assert report["controlnet sees"] == "-1..1"
    assert report["parts"]["unet"]["class"] == "UNet2DConditionModel"
    assert "float16" in report["parts"]["unet"]["dtypes"]
    assert report["computes in"] == "float32"
    assert report["because"] == "--half-weights"
    assert set(report["matrix products"]) == {"float32", "bfloat16"}
    assert report["weights MiB"] == round(sum(part["MiB"] for part in report["parts"].values()))
    assert report["peak memory MiB"] > 0


@pytest.mark.parametrize(
    ("given", "predicts"), [([], "v_prediction"), (["--prediction", "epsilon"], "epsilon")]
)
def test_doctor_says_what_is_predicted(
    stable_diffusion_folders: Folders, capsys, given: list[str], predicts: str
) -> None:
    command = ["doctor", "--prior", str(stable_diffusion_folders["sd2"]), "--json", *given]
    assert cli.run(command) == 0
    assert json.loads(capsys.readouterr().out)["kind"].endswith(f"predicts {predicts}")


def test_doctor_estimates_memory_without_any_weights(
    stable_diffusion_folders: Folders, tmp_path: Path, capsys
) -> None:
    folders = {
        name: shutil.copytree(
            stable_diffusion_folders[name], tmp_path / name,
            ignore=shutil.ignore_patterns("*.safetensors"),
        )
        for name in ("sd", "controlnet")
    }  # fmt: skip
    peaks = {}
    for recipe in ("target", "sds"):
        command = ["doctor", *options(folders), "--dtype", "fp32", "--recipe", recipe]
        assert cli.run([*command, "--estimate", "--json"]) == 0
        output = capsys.readouterr()
        assert output.err == ""
        report = json.loads(output.out)
        assert report["fits"] is True
        assert report["free memory MiB"] > report["estimate"]["peak MiB"]
        assert recipe in report["estimated for"]
        peaks[recipe] = report["estimate"]["peak MiB"]
    assert peaks["sds"] >= peaks["target"] > 0
    assert cli.run(["doctor", *options(folders)]) == 2
    output = capsys.readouterr()
    assert "estimate: weights MiB" in output.out  # before the loading fails
    assert "holds no weights" in output.err


def test_what_will_not_fit_is_told_in_one_line_before_it_is_loaded(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    given = [*options(stable_diffusion_folders), "--dtype", "fp32"]
    estimate = ["doctor", "--estimate", "--json"]
    peaks = {}
    for added in ([], ["--half-weights"], ["--half-weights", "--batch", "1"]):
        assert cli.run([*estimate, *given, *added]) == 0
        peaks[len(added)] = json.loads(capsys.readouterr().out)["estimate"]["peak MiB"] * 2**20

    def warning(free: float, command: list[str]) -> str:
        monkeypatch.setattr(memory_report, "free_memory", lambda device: int(free))
        assert cli.run([*command, *given]) == 0
        (line,) = capsys.readouterr().err.splitlines() or [""]
        return line

    assert warning(1.2 * peaks[0], estimate) == ""
    some = warning(1.1 * (peaks[1] + peaks[0]) / 2, estimate)
    assert some.startswith("lasagna: warning: this needs about 0.0 GiB on cpu, and 0.0 GiB are")
    assert some.endswith(": with --half-weights about 0.0 GiB")
    out = tmp_path / "out.png"
    relit = ["relight", str(photo), "--azimuth", "10", "--mask", "none", "-o", str(out)]
    none = warning(2**20, [*relit, "--steps", "1", "--layers", "none"])
    assert "with --half-weights" in none
    assert none.endswith(", still too much: try --tiny-vae")
    assert out.exists()


def test_what_cannot_be_estimated_is_solved_all_the_same(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise NotImplementedError("no such operator\non this device")

    monkeypatch.setattr(memory_report, "estimate_memory", unknown)
    given = options(stable_diffusion_folders)
    out = tmp_path / "out.png"
    command = ["relight", str(photo), "--azimuth", "10", "--mask", "none", "-o", str(out)]
    assert cli.run([*command, "--steps", "1", "--layers", "none", *given]) == 0
    assert out.exists()
    assert capsys.readouterr().err == ""
    assert cli.run(["doctor", "--json", *given]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["estimate"] == "none: no such operator on this device"
    assert report["self-test passed"] is True


def test_a_single_file_without_base_has_nothing_to_be_estimated_from(
    stable_diffusion_folders: Folders, tmp_path: Path, capsys
) -> None:
    (tmp_path / "sd.safetensors").write_bytes(b"")
    command = ["doctor", "--prior", str(tmp_path / "sd.safetensors")]
    assert cli.run([*command, "--estimate"]) == 2
    assert "name a folder by --base" in capsys.readouterr().err
    base = str(stable_diffusion_folders["sd"])
    assert cli.run([*command, "--estimate", "--base", base]) == 0
    assert "fits: yes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--prior", "nothing"], "nothing"),
        (["--controlnet", "some/where"], "--controlnet"),
        (["--offload"], "--offload"),
        (["--prior", "SD", "--dtype", "fp8"], "fp8"),
        (["--prior", "SD", "--dtype", "bf16", "--half-weights"], "--half-weights"),
        (["--prior", "SD", "--controlnet-range", "full"], "full"),
        (["--prior", "SD", "--prediction", "x0"], "auto, epsilon, or v"),
        (["--prior", "SD", "--recipe", "instant"], "instant"),
        (["--prior", "SD", "--prompt", "a {thing}"], "{thing}"),
        (["--prior", "SD", "--controlnet", "OTHER"], "another base"),
        (["--prior", "SD", "--controlnet", "UNET"], "holds a UNet2DConditionModel"),
        (["--prior", "UNET"], "is no prior"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    stable_diffusion_folders: Folders, photo: Path, capsys, arguments: list[str], named: str
) -> None:
    folders = stable_diffusion_folders
    places = {
        "SD": folders["sd"], "OTHER": folders["other_controlnet"], "UNET": folders["sd"] / "unet"
    }  # fmt: skip
    given = [str(places.get(word, word)) for word in arguments]
    before = set(photo.parent.iterdir())
    assert cli.run(["relight", str(photo), "--azimuth", "10", "--mask", "none", *given]) == 2
    output = capsys.readouterr()
    assert output.err.startswith("lasagna: error: ")
    assert output.err.count("\n") == 1
    assert named in output.err
    assert set(photo.parent.iterdir()) == before


@pytest.mark.parametrize("mode", ["color", "chroma"])
def test_a_drawing_is_colored_with_any_controlnet(
    stable_diffusion_folders: Folders, tmp_path: Path, mode: str, capsys
) -> None:
    plane = np.full((60, 90, 3), 255, np.uint8)
    plane[15:45, 15:75] = 0
    plane[19:41, 19:71] = 255
    write_picture(tmp_path / "sketch.png", plane)
    results = []
    for words in ("a red box", "a blue box", "a red box"):
        out = tmp_path / "out.png"
        command = ["colorize", str(tmp_path / "sketch.png"), words, "--mode", mode, "-o", str(out)]
        command += ["--steps", "2", "--layers", "psd", "--force", "--prompt", "a drawing, {words}"]
        assert cli.run([*command, *options(stable_diffusion_folders)]) == 0, capsys.readouterr().err
        results.append(read_picture(out).pixels)
    assert np.array_equal(results[0], results[2])
    assert (results[0][16:18, 20:70] == 0).all()
    if mode == "color":
        assert not np.array_equal(results[0], results[1])
    bad = ["colorize", str(tmp_path / "sketch.png"), "red", "--prompt", "{light}"]
    assert cli.run([*bad, *options(stable_diffusion_folders)]) == 2
    assert "knows no {light}" in capsys.readouterr().err


def test_an_overflow_of_fp16_is_one_line_and_no_black_picture(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys
) -> None:
    """The same weights are finite in fp32: the line's remedy helps."""
    base = shutil.copytree(stable_diffusion_folders["sd"], tmp_path / "large")
    weights = base / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(weights)
    tensors["conv_out.weight"] *= 6e4 / tensors["conv_out.weight"].abs().max()
    save_file(tensors, weights)
    out = tmp_path / "out.png"
    command = ["relight", str(photo), "--azimuth", "10", "--mask", "none", "-o", str(out)]
    command += ["--steps", "1", "--layers", "none", "--prior", str(base)]
    assert cli.run([*command, "--dtype", "fp16"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--dtype bf16 or fp32" in error
    assert not out.exists()
    assert cli.run([*command, "--dtype", "fp32"]) == 0, capsys.readouterr().err
    assert out.exists()


@pytest.mark.parametrize(
    ("raised", "named"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), "--offload"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "--half-weights"),
    ],
)
def test_a_full_device_in_the_middle_of_a_solve_is_one_line_that_names_what_helps(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys, monkeypatch,
    raised, named
) -> None:  # fmt: skip
    def full(*_: object) -> None:
        raise raised

    monkeypatch.setattr(StableDiffusionNetworks, "predict", full)
    out = tmp_path / "out.png"
    command = ["relight", str(photo), "--azimuth", "10", "--mask", "none", "-o", str(out)]
    assert cli.run([*command, *options(stable_diffusion_folders)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert named in error
    assert list(tmp_path.glob("out*")) == []


def test_what_cannot_be_compiled_is_one_line(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    kind = type("InvalidCxxCompiler", (RuntimeError,), {"__module__": "torch._inductor.exc"})

    def uncompiled(*_: object) -> None:
        raise kind("No working C++ compiler found in CppConfig.cxx: (None, 'g++')")

    monkeypatch.setattr(StableDiffusionNetworks, "predict", uncompiled)
    out = tmp_path / "out.png"
    command = ["relight", str(photo), "--azimuth", "10", "--mask", "none", "-o", str(out)]
    assert cli.run([*command, *options(stable_diffusion_folders)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("lasagna: error: --compile: ")
    assert error.count("\n") == 1


def test_a_tiny_autoencoder_serves_in_place_of_the_large_one(
    stable_diffusion_folders: Folders, photo: Path, tmp_path: Path, capsys
) -> None:
    pictures = []
    for name, added in (("large", []), ("tiny", ["--tiny-vae", "TINY"])):
        out = tmp_path / f"{name}.png"
        added = [str(stable_diffusion_folders["tiny_vae"]) if a == "TINY" else a for a in added]
        command = ["relight", str(photo), "--azimuth", "10", "--mask", "none", "-o", str(out)]
        command += ["--steps", "1", "--layers", "none", *options(stable_diffusion_folders), *added]
        assert cli.run(command) == 0, capsys.readouterr().err
        pictures.append(read_picture(out).pixels)
    assert not np.array_equal(*pictures)
