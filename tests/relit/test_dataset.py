"""Shards, mixing and batches."""

import pytest
import torch

from lasagna_relight.color import linear_to_srgb
from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.relit import organic
from lasagna_relight.relit.dataset import (
    ShardFolder,
    crop_around_object,
    make_batch,
    random_batch,
)
from lasagna_relight.relit.mixing import mix_views
from lasagna_relight.relit.organic import OrganicStream, render_organic_shards
from lasagna_relight.relit.shards import read_views, write_shard
from lasagna_relight.relit.symmetry import SYMMETRIES
from lasagna_relight.relit.views import MixedSources


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    list(render_organic_shards(folder, views=6, resolution=32, extra_lights=2))
    return folder


def test_a_shard_gives_back_its_views(shards, tmp_path):
    (path,) = shards.glob("*.safetensors")
    views = list(read_views(path))
    assert [view.record["seed"] for view in views] == list(range(6))
    write_shard(tmp_path / "again.safetensors", views)
    again = list(read_views(tmp_path / "again.safetensors"))
    assert torch.equal(again[3].lights, views[3].lights)


def test_a_killed_rendering_goes_on_to_the_same_content(shards, tmp_path, monkeypatch):
    monkeypatch.setattr(organic, "VIEWS_PER_SHARD", 2)
    rendering = render_organic_shards(tmp_path, views=6, resolution=32, extra_lights=2)
    next(rendering)
    rendering.close()
    assert len(list(tmp_path.glob("*.safetensors"))) == 1
    list(render_organic_shards(tmp_path, views=6, resolution=32, extra_lights=2))
    ours = [view for path in sorted(tmp_path.glob("*.safetensors")) for view in read_views(path)]
    (whole,) = shards.glob("*.safetensors")
    for resumed, uninterrupted in zip(ours, read_views(whole), strict=True):
        assert torch.equal(resumed.lights, uninterrupted.lights)
        assert resumed.record == uninterrupted.record


def test_values_that_are_not_finite_are_refused(shards, tmp_path):
    (path,) = shards.glob("*.safetensors")
    view = next(read_views(path))
    view.ambient[0, 0, 0] = float("nan")
    with pytest.raises(DatasetError, match="ambient"):
        write_shard(tmp_path / "bad.safetensors", [view])
    assert not list(tmp_path.iterdir())


def test_a_shard_is_not_overwritten(shards):
    (path,) = shards.glob("*.safetensors")
    with pytest.raises(OutputError):
        write_shard(path, list(read_views(path)))


def test_a_folder_without_shards_is_named(tmp_path):
    with pytest.raises(DatasetError, match="no shards"):
        ShardFolder(tmp_path)


def test_something_else_in_place_of_a_shard_is_refused(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"not a shard")
    with pytest.raises(DatasetError, match="cannot be read"):
        ShardFolder(tmp_path)


def test_the_gains_turn_the_source_into_each_light(generator):
    lights = 0.05 + 0.4 * torch.rand(1, 12, 3, 8, 8, generator=generator)
    ambient = torch.full((1, 3, 8, 8), 0.3)
    mask = torch.ones(1, 1, 8, 8)
    mixed = mix_views(lights, ambient, mask, generator)
    composite = mixed.source.mean(1) * mixed.log_gains[:, 0].exp()
    wanted = linear_to_srgb(torch.lerp(lights[:, 0], ambient, 0.08)).mean(1)
    # exposure and camera curve are drawn, so the picture is known up to a monotonic curve
    ranks = torch.stack([composite.flatten(), wanted.flatten()])
    assert torch.corrcoef(ranks)[0, 1] > 0.8


def test_random_batches_are_turned_and_in_range(shards, generator):
    folder = ShardFolder(shards)
    seen = set()
    for step in range(12):
        batch = random_batch(folder.draw(3, generator, (step, 0)), generator)
        for picture in (batch.source, batch.mask, batch.inside):
            assert picture.min() >= 0
            assert picture.max() <= 1
        assert batch.log_gains.shape[1] == 14
        seen.add(tuple(batch.named))
    assert len(seen) > 3


def test_the_same_generator_gives_the_same_batch(shards):
    folder = ShardFolder(shards)
    first, second = (
        make_batch(folder.read([0, 2]), SYMMETRIES[5], torch.Generator().manual_seed(7))
        for _ in range(2)
    )
    assert first is not None
    assert second is not None
    assert torch.equal(first.log_gains, second.log_gains)


def test_a_folder_can_be_shrunk_and_cut_short(shards, generator):
    whole, small = ShardFolder(shards), ShardFolder(shards, size=16, views=2)
    assert len(small) == 2
    big, little = whole.read([0]), small.read([0])
    assert little.size == 16
    light = (big.lights * big.alpha[:, None]).mean()
    torch.testing.assert_close((little.lights * little.alpha[:, None]).mean(), light, rtol=0.01,
                               atol=1e-4)  # fmt: skip
    with pytest.raises(DatasetError, match="too small"):
        ShardFolder(shards, size=64).read([0])


def test_views_without_an_object_are_not_drawn(shards, tmp_path, generator):
    (path,) = shards.glob("*.safetensors")
    views = list(read_views(path))
    views[0].alpha.zero_()
    write_shard(tmp_path / "one.safetensors", views[:2])
    folder = ShardFolder(tmp_path)
    assert (folder.draw(20, generator, (0, 0)).alpha.mean((1, 2, 3)) > 0).all()
    write_shard(tmp_path / "one.safetensors", views[:1], force=True)
    with pytest.raises(DatasetError, match="hardly a view"):
        ShardFolder(tmp_path).draw(2, generator, (0, 0))


def test_sources_are_drawn_from_by_their_shares(shards, generator):
    folder = ShardFolder(shards)
    never = MixedSources(sources=[folder, folder], shares=[1.0, 0.0])
    assert len(never.draw(5, generator, (0, 0))) == 5


def test_a_stream_of_objects_is_the_same_wherever_it_begins():
    def stream():
        return OrganicStream(
            resolution=16, seed=3, device=torch.device("cpu"), renew=3, every=2, renders=2,
            extra_lights=2,
        )  # fmt: skip

    whole = stream()
    drawn = [
        whole.draw(4, torch.Generator().manual_seed(step), (step, 0)).lights for step in range(7)
    ]
    begun_late = stream().draw(4, torch.Generator().manual_seed(6), (6, 0)).lights
    assert torch.equal(begun_late, drawn[6])
    other_part = stream().draw(4, torch.Generator().manual_seed(6), (6, 1)).lights
    assert not torch.equal(other_part, begun_late)
    assert whole._held.keys() == {(0, 0), (1, 0)}
    assert not set(map(tuple, drawn[0].sum((2, 3, 4)).tolist())) & set(
        map(tuple, drawn[6].sum((2, 3, 4)).tolist())
    )


def test_lights_that_are_asked_for_have_the_gains_they_have_among_all(shards):
    views = ShardFolder(shards).read([0, 3])
    asked = torch.tensor([[5, 0, 13], [2, 7, 1]])

    def mixed(asked=None):
        draws = torch.Generator().manual_seed(1)
        return mix_views(views.lights, views.ambient, views.alpha, draws, asked=asked)

    some, everything = mixed(asked), mixed()
    assert torch.equal(some.source, everything.source)
    wanted = everything.log_gains.take_along_dim(asked[..., None, None], 1)
    assert torch.allclose(some.log_gains, wanted, atol=1e-6)


def test_a_batch_of_a_few_lights_says_where_each_is(shards, generator):
    views = ShardFolder(shards).read([0, 1, 2, 3])
    for _ in range(8):  # turned in other ways
        batch = random_batch(views, generator, lights=3)
        assert batch.log_gains.shape[:2] == batch.directions.shape[:2] == (4, 3)
        assert batch.named == [None] * 12
        alike = [
            symmetry
            for symmetry in SYMMETRIES
            if torch.cdist(batch.directions, symmetry.vectors(views.directions)).amin(2).max()
            < 1e-5
        ]
        assert alike
        cosines = (batch.directions[:, 0] * batch.directions[:, 1]).sum(1)
        assert (cosines < 0.9999).all()  # different lights


def test_the_first_views_of_a_folder_are_those_of_all(shards, tmp_path):
    (path,) = shards.glob("*.safetensors")
    views = list(read_views(path))
    write_shard(tmp_path / "a.safetensors", views[:2])
    write_shard(tmp_path / "b.safetensors", views[2:])
    whole, first = ShardFolder(shards).read([1, 3]), ShardFolder(tmp_path, views=4).read([1, 3])
    assert torch.equal(whole.lights, first.lights)
    assert torch.equal(whole.alpha, first.alpha)


def test_the_crop_fills_with_the_object(generator):
    picture = torch.zeros(1, 1, 64, 64)
    picture[..., 40:56, 8:24] = 1
    cropped = crop_around_object(picture, picture, generator)
    assert cropped.mean() > 0.4
    assert cropped[..., :, 0].mean() < 1
