"""Options that several commands share, with their help."""

from typing import Annotated

import typer

RECIPE_NAMES = "instant|target|sds|dds|faithful|faithful-adan"
"""The keys of `relighting.recipes.RECIPES`, which loads PyTorch; a test compares them."""

DEFAULT_RECIPE = "instant"
"""`relighting.recipes.DEFAULT_RECIPE`."""

Recipe = Annotated[
    str | None,
    typer.Option(
        help="How the light is solved.", metavar=RECIPE_NAMES, show_default=DEFAULT_RECIPE
    ),
]
COLOR_RECIPE_NAMES = "target|sds|faithful"
"""The keys of `colorization.recipes.RECIPES`, which loads PyTorch; a test compares them."""

ColorRecipe = Annotated[
    str | None,
    typer.Option(
        help="How the colors are solved.", metavar=COLOR_RECIPE_NAMES, show_default="target"
    ),
]
Prior = Annotated[
    str,
    typer.Option(
        help="The prior that comes with lasagna, or a folder of another; or Stable Diffusion, as a "
        "folder in diffusers layout, a single file, or a hub id.",
        metavar="embedded|FOLDER|FILE|ID",
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
    typer.Option(
        help="The recipe to measure; all but the faithful ones by default.", metavar=RECIPE_NAMES
    ),
]
Tried = Annotated[
    str, typer.Option("--recipe", help="The recipe of the step.", metavar=RECIPE_NAMES)
]

PANEL = "With Stable Diffusion as the prior"
ControlNet = Annotated[
    str | None,
    typer.Option(
        help="A ControlNet of this prior: folder, single file or hub id.",
        metavar="FOLDER|FILE|ID",
        rich_help_panel=PANEL,
    ),
]
ControlNetRange = Annotated[
    str,
    typer.Option(
        help="What the ControlNet is shown: 0..1 as diffusers does, or -1..1 as the authors of "
        "Lasagna do.",
        metavar="unit|signed",
        rich_help_panel=PANEL,
    ),
]
Base = Annotated[
    str | None,
    typer.Option(
        help="Where a single file takes its configuration and tokenizer from.",
        metavar="FOLDER|ID",
        rich_help_panel=PANEL,
    ),
]
TinyVae = Annotated[
    str | None,
    typer.Option(
        help="An AutoencoderTiny in place of the large autoencoder: faster, smaller, less exact.",
        metavar="FOLDER|ID",
        rich_help_panel=PANEL,
    ),
]
Prediction = Annotated[
    str,
    typer.Option(
        help="What the prior predicts: noise (epsilon), or velocity (v). auto is what its folder, "
        "its --base or the single file says; the weights themselves do not.",
        metavar="auto|epsilon|v",
        rich_help_panel=PANEL,
    ),
]
Precision = Annotated[
    str,
    typer.Option(
        "--dtype",
        help="Numbers to compute in; auto is bf16 where the device multiplies it by itself, else "
        "fp32 on a CPU and fp16 on a GPU. `lasagna doctor` says which, and why.",
        metavar="auto|fp32|fp16|bf16",
        rich_help_panel=PANEL,
    ),
]
HalfWeights = Annotated[
    bool,
    typer.Option(
        "--half-weights",
        help="Keep weights in fp16 while computing in fp32, which a CPU then does: half the memory "
        "of --dtype fp32.",
        rich_help_panel=PANEL,
    ),
]
Offload = Annotated[
    bool,
    typer.Option(
        "--offload",
        help="Parts rest in main memory and visit the device when used.",
        rich_help_panel=PANEL,
    ),
]
AttentionSlicing = Annotated[
    bool,
    typer.Option(
        "--attention-slicing",
        help="Attention piece by piece: less memory, slower.",
        rich_help_panel=PANEL,
    ),
]
Compile = Annotated[
    bool,
    typer.Option("--compile", help="Compile the networks by PyTorch.", rich_help_panel=PANEL),
]
AllowPickle = Annotated[
    bool,
    typer.Option(
        "--allow-pickle",
        help="Open pickled checkpoints, which may run any code of their author.",
        rich_help_panel=PANEL,
    ),
]
Batch = Annotated[
    int,
    typer.Option(
        help="Evaluations of the prior at once; 0: 2 on a CPU, 4 elsewhere.",
        min=0,
        metavar="N",
        rich_help_panel=PANEL,
    ),
]
Subject = Annotated[
    str,
    typer.Option("--object", help="A noun for the object.", metavar="NOUN", rich_help_panel=PANEL),
]
PromptTemplate = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        help="What the prior hears; {object}, {id}, {name} and {words} are filled in. "
        'Default: the authors\' "A photo of a {object} with {id} lighting".',
        metavar="TEXT",
        rich_help_panel=PANEL,
    ),
]
ColorPromptTemplate = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        help='What the prior hears; {words} and {object} are filled in. Default: "{words}".',
        metavar="TEXT",
        rich_help_panel=PANEL,
    ),
]
