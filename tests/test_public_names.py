"""The names that `import lasagna_relight` offers."""

import lasagna_relight


def test_public_names_are_listed_and_importable():
    assert dir(lasagna_relight) == sorted(lasagna_relight.__all__)
    assert all(getattr(lasagna_relight, name) for name in dir(lasagna_relight))
