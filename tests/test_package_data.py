"""What the package carries along."""

from importlib import resources
from pathlib import Path

MOST_BYTES = 25_000_000


def test_the_data_of_the_package_stay_small():
    with resources.as_file(resources.files("lasagna_relight") / "data") as folder:
        sizes = [path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()]
    assert len(sizes) > 20
    assert sum(sizes) < MOST_BYTES
