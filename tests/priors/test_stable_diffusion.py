"""Stable Diffusion as a prior, on tiny random models of the real classes."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from diffusers import ControlNetModel, DDIMScheduler, PNDMScheduler, UNet2DConditionModel

from lasagna_relight.distillation.dds import dds
from lasagna_relight.distillation.sds import sds
from lasagna_relight.distillation.target import target
from lasagna_relight.errors import DivergenceError
from lasagna_relight.priors.base import DiffusionPrior, NeutralizablePrior
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import stable_diffusion_prior
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion, with_controlnet
from lasagna_relight.relighting.edit import LightEdit

Folders = dict[str, Path]


@pytest.fixture
def folders(stable_diffusion_folders: Folders) -> Folders:
    return stable_diffusion_folders


def loaded(folders: Folders, prior="sd", controlnet: str | None = "controlnet", **settings):
    return load_stable_diffusion(
        StableDiffusionFiles(
            prior=str(folders[prior]),
            controlnet=None if controlnet is None else str(folders[controlnet]),
            **{"dtype": "fp32", **settings},
        )
    )


def a_source(generator, height=64, width=64):
    return torch.rand(1, 3, height, width, generator=generator)


def prior_of(networks, source, prompt="a photo of a cup with 3 lighting", guidance_scale=3.0):
    return stable_diffusion_prior(
        networks, source=source, prompt=prompt, unlit="a photo of a cup",
        guidance_scale=guidance_scale,
    )  # fmt: skip


def noisy(generator, rows=3, height=8, width=8):
    t = torch.tensor([20, 500, 980, 700, 3][:rows])
    return torch.randn(rows, 4, height, width, generator=generator), t


def test_it_is_a_prior_that_can_be_asked_about_the_source(folders, generator):
    prior = prior_of(loaded(folders), a_source(generator))
    assert isinstance(prior, DiffusionPrior)
    assert isinstance(prior, NeutralizablePrior)


@pytest.mark.parametrize("prior", ["sd", "velocity"])
def test_the_answer_is_that_of_the_models_called_one_by_one(folders, generator, prior):
    """Everything that is reused, batched or laid out anew, against a plain loop over diffusers."""
    source = a_source(generator)
    xt, t = noisy(generator)
    ours = prior_of(loaded(folders, prior), source)
    found = ours.predict_noise(xt, t)
    unet = UNet2DConditionModel.from_pretrained(folders[prior] / "unet")
    controlnet = ControlNetModel.from_pretrained(folders["controlnet"])
    scheduler = DDIMScheduler.from_pretrained(folders[prior] / "scheduler")

    @torch.no_grad()
    def asked(row, prompt):
        x, step = xt[row : row + 1], t[row]
        down, middle = controlnet(x, step, prompt.tokens, controlnet_cond=source, return_dict=False)
        raw = unet(
            x, step, prompt.tokens,
            down_block_additional_residuals=down, mid_block_additional_residual=middle,
        ).sample  # fmt: skip
        if prior == "sd":
            return raw
        abar = scheduler.alphas_cumprod[step]
        return abar.sqrt() * raw + (1 - abar).sqrt() * x

    for row in range(len(xt)):
        conditional, unconditional = asked(row, ours.prompt), asked(row, ours.negative)
        expected = unconditional + 3 * (conditional - unconditional)
        torch.testing.assert_close(found[row : row + 1], expected, rtol=1e-4, atol=1e-4)


def test_prompts_are_encoded_as_the_pipeline_of_diffusers_does(folders, generator):
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(folders["sd"])
    prompt = "a photo of a cup with 3 lighting"
    expected, negative = pipeline.encode_prompt(prompt, "cpu", 1, True, negative_prompt="")
    ours = prior_of(loaded(folders), a_source(generator), prompt)
    torch.testing.assert_close(ours.prompt.tokens, expected)
    torch.testing.assert_close(ours.negative.tokens, negative)


def test_prompts_for_xl_are_encoded_as_its_pipeline_does(folders, generator):
    from diffusers import StableDiffusionXLPipeline

    networks = loaded(folders, "xl", "xl_controlnet")
    pipeline = StableDiffusionXLPipeline(
        vae=networks.vae, unet=networks.unet, scheduler=PNDMScheduler(),
        text_encoder=networks.text.encoders[0], text_encoder_2=networks.text.encoders[1],
        tokenizer=networks.text.tokenizers[0], tokenizer_2=networks.text.tokenizers[1],
        force_zeros_for_empty_prompt=False, add_watermarker=False,
    )  # fmt: skip
    prompt = "a photo of a cup"
    tokens, _, pooled, _ = pipeline.encode_prompt(prompt, device="cpu")
    heard = networks.hear(prompt)
    torch.testing.assert_close(heard.tokens, tokens)
    torch.testing.assert_close(heard.pooled, pooled)


def test_xl_answers_with_its_controlnet(folders, generator):
    networks = loaded(folders, "xl", "xl_controlnet")
    assert networks.is_xl
    prior = prior_of(networks, a_source(generator, 32, 48))
    xt, t = noisy(generator, 2, 4, 6)
    answer = prior.predict_noise(xt, t)
    assert answer.shape == xt.shape
    assert (answer - prior.neutral.predict_noise(xt, t)).abs().max() > 1e-4


@pytest.mark.parametrize("scale", [0.0, 1.0])
def test_guidance_at_zero_and_one_returns_its_inputs(folders, generator, scale):
    prior = prior_of(loaded(folders), a_source(generator), guidance_scale=scale)
    alone = replace(
        prior, prompt=prior.negative if scale == 0 else prior.prompt, guidance_scale=1.0
    )
    xt, t = noisy(generator)
    torch.testing.assert_close(
        prior.predict_noise(xt, t), alone.predict_noise(xt, t), rtol=1e-4, atol=1e-5
    )


def test_rows_in_small_batches_get_the_same_answer(folders, generator):
    source = a_source(generator)
    xt, t = noisy(generator, 5)
    whole = prior_of(loaded(folders, batch=5), source).predict_noise(xt, t)
    parts = prior_of(loaded(folders, batch=2), source).predict_noise(xt, t)
    torch.testing.assert_close(parts, whole, rtol=1e-4, atol=1e-5)


def test_a_fresh_controlnet_changes_nothing(folders, generator):
    bare = loaded(folders, controlnet=None)
    controlnet = ControlNetModel.from_unet(
        bare.unet, conditioning_embedding_out_channels=(8, 8, 8, 8)
    ).eval()
    fresh = with_controlnet(bare, controlnet)
    source = a_source(generator)
    xt, t = noisy(generator)
    torch.testing.assert_close(
        prior_of(fresh, source).predict_noise(xt, t), prior_of(bare, source).predict_noise(xt, t)
    )


def test_the_schedule_is_that_of_diffusers(folders, generator):
    schedule = loaded(folders).schedule
    theirs = DDIMScheduler.from_pretrained(folders["sd"] / "scheduler")
    x0, noise = torch.randn(2, 3, 4, 8, 8, generator=generator)
    t = torch.tensor([0, 400, 999])
    torch.testing.assert_close(schedule.add_noise(x0, noise, t), theirs.add_noise(x0, noise, t))


def test_signed_shows_the_controlnet_twice_the_picture_less_one(folders, generator):
    source = a_source(generator)
    signed = prior_of(loaded(folders, controlnet_range="signed"), source)
    unit = prior_of(loaded(folders, controlnet_range="unit"), 2 * source - 1)
    assert signed.seen is not None
    assert unit.seen is not None
    torch.testing.assert_close(signed.seen, unit.seen)
    assert (signed.seen - prior_of(loaded(folders), source).seen).abs().max() > 1e-3


def test_a_controlnet_taught_blue_first_is_shown_blue_first(folders, generator, tmp_path):
    source = a_source(generator)
    plain = ControlNetModel.from_pretrained(folders["controlnet"])
    plain.register_to_config(controlnet_conditioning_channel_order="bgr")
    plain.save_pretrained(tmp_path)
    swapped = loaded({**folders, "bgr": tmp_path}, controlnet="bgr")
    xt, t = noisy(generator)
    found = prior_of(swapped, source).predict_noise(xt, t)
    expected = prior_of(loaded(folders), source.flip(1)).predict_noise(xt, t)
    # the codec differs, but not the noise
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(
    ("settings", "tolerance"),
    [
        ({"half_weights": True}, 0.01),
        ({"dtype": "bf16"}, 0.1),
        ({"dtype": "fp16"}, 0.02),
        ({"attention_slicing": True}, 1e-4),
        ({"offload": True}, 1e-5),
    ],
)
def test_cheaper_ways_to_compute_give_nearly_the_same_answer(
    folders, generator, settings, tolerance
):
    source = a_source(generator)
    xt, t = noisy(generator)
    exact = prior_of(loaded(folders), source).predict_noise(xt, t)
    found = prior_of(loaded(folders, **settings), source).predict_noise(xt, t)
    assert found.dtype == torch.float32
    assert (found - exact).abs().max() < tolerance * exact.abs().max()


def test_latents_need_not_be_square(folders, generator):
    networks = loaded(folders)
    rows, columns = networks.working_size(300, 900)
    assert (rows, columns) == (32, 112)
    assert rows % networks.multiple == columns % networks.multiple == 0
    prior = prior_of(networks, a_source(generator, rows, columns))
    x0 = prior.codec.encode(prior.codec.source, prior.codec.source)
    assert x0.shape == (1, 4, 4, 14)
    answer = prior.predict_noise(x0, torch.tensor([500]))
    assert answer.shape == x0.shape


def test_an_overflow_stops_with_a_line_that_names_dtype(folders, generator):
    networks = loaded(folders)
    torch.nn.init.constant_(networks.unet.conv_out.weight, torch.inf)
    prior = prior_of(networks, a_source(generator))
    with pytest.raises(DivergenceError, match="--dtype"):
        prior.predict_noise(*noisy(generator))


def test_sliced_attention_is_in_every_layer_of_both_networks(folders):
    networks = loaded(folders, attention_slicing=True)
    for network in (networks.unet, networks.controlnet):
        kinds = {type(each).__name__ for each in network.attn_processors.values()}
        assert kinds == {"SlicedAttnProcessor"}


def test_offloaded_networks_visit_the_device_and_go_home_after_a_failure_too(folders):
    class Traveler(torch.nn.Module):
        def to(self, place):
            places.append(str(place))
            return self

    places: list[str] = []
    resting = replace(loaded(folders), device=torch.device("cuda"), offload=True)
    with resting.visiting(Traveler(), None):
        assert places == ["cuda"]
    with pytest.raises(ZeroDivisionError), resting.visiting(Traveler()):
        raise ZeroDivisionError
    assert places == ["cuda", "cpu"] * 2
    with replace(resting, offload=False).visiting(Traveler()):
        pass
    assert len(places) == 4


@pytest.mark.parametrize(
    ("objective", "decodings", "differentiated"),
    [(target, 1, [False]), (sds, 0, [True]), (dds, 0, [True])],
)
def test_several_samples_share_one_encoding_and_only_who_needs_its_gradient_keeps_it(
    folders, generator, monkeypatch, objective, decodings, differentiated
):
    networks = loaded(folders)
    prior = prior_of(networks, a_source(generator))
    codec = prior.codec
    assert codec.source_latents.shape == codec.source_decoded.shape[:1] + (4, 8, 8)  # once, before
    encoded, decoded = [], []
    encode, decode = networks.vae.encode, networks.vae.decode
    monkeypatch.setattr(
        networks.vae, "encode", lambda x: encoded.append(x.requires_grad) or encode(x)
    )
    monkeypatch.setattr(networks.vae, "decode", lambda z: decoded.append(1) or decode(z))
    mask = torch.ones(1, 1, 64, 64)
    edit = LightEdit(source=codec.source, mask=mask, values=0.3 * mask, done=0.0)
    score = partial(objective, samples=3)(edit, prior, generator)
    assert encoded == differentiated
    assert len(decoded) == decodings
    assert score.gradient.abs().max() > 0
    assert not score.gradient.requires_grad


def test_compiled_networks_give_the_same_answer_guided_and_not(folders, generator, monkeypatch):
    """Traced by PyTorch, hooks and all, and left to its own operators: C++ would take minutes."""
    compiled = torch.nn.Module.compile
    monkeypatch.setattr(
        torch.nn.Module, "compile", lambda self, **given: compiled(self, backend="eager", **given)
    )
    source = a_source(generator)
    xt, t = noisy(generator)
    plain, traced = loaded(folders), loaded(folders, compile=True, batch=3)
    for network in (traced.unet, traced.controlnet):
        assert network._compiled_call_impl is not None
    for scale in (3.0, 1.0, 3.0):  # the second shares no rows, with the same networks
        expected = prior_of(plain, source, guidance_scale=scale).predict_noise(xt, t)
        found = prior_of(traced, source, guidance_scale=scale).predict_noise(xt, t)
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
