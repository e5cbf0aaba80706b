"""Options that several commands share, with their help."""

from typing import Annotated

import typer

RECIPE_NAMES = "instant|target|sds|dds|faithful|faithful-adan"
"""The keys of `relighting.recipes.RECIPES`, which loads PyTorch; a test compares them."""

Recipe = Annotated[
    str | None,
    typer.Option(help="How the light is solved.", metavar=RECIPE_NAMES),
]
Prior = Annotated[
    str,
    typer.Option(
        help="The prior that comes with lasagna, or a folder of another.", metavar="embedded|FOLDER"
    ),
]
Seed = Annotated[
    int, typer.Option(help="The same seed gives the same picture.", min=0, metavar="N")
]
Steps = Annotated[
    int | None,
    typer.Option(help="Steps of the solve; the default is the recipe's.", min=1, metavar="N"),
]
Device = Annotated[
    str, typer.Option(help="Where PyTorch computes: cpu, cuda, cuda:1, mps.", metavar="NAME")
]
Measured = Annotated[
    str | None,
    typer.Option(help="The recipe to measure; all but the faithful ones by default.", metavar=RECIPE_NAMES),
]
