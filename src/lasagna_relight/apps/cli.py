"""The `lasagna` command: what it offers, how it reads, and how it fails.

Commands import what they run inside their functions: `lasagna --help` and a misspelt option
answer in a fraction of a second, without waiting for PyTorch.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from lasagna_relight.apps.evaluate_command import evaluate
from lasagna_relight.apps.failure import (
    EXIT_INPUT,
    EXIT_INTERRUPTED,
    end_process,
    report_failure,
    report_line,
    silence_closed_pipe,
)
from lasagna_relight.apps.large_prior import LargePriorOptions
from lasagna_relight.apps.options import (
    AllowPickle,
    AttentionSlicing,
    Base,
    Batch,
    ColorPromptTemplate,
    ColorRecipe,
    Compile,
    ControlNet,
    ControlNetRange,
    Device,
    HalfWeights,
    Offload,
    Precision,
    Prediction,
    Prior,
    PromptTemplate,
    Recipe,
    Seed,
    Steps,
    Subject,
    TinyVae,
    Tried,
)
from lasagna_relight.apps.relit_command import relit
from lasagna_relight.apps.study_command import study
from lasagna_relight.apps.train_command import train
from lasagna_relight.errors import LasagnaError

ABOUT = (
    "Relight an object in a picture by words. The edit is two layers over the untouched picture."
)

app = typer.Typer(
    name="lasagna",
    help=ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(evaluate, name="evaluate")
app.add_typer(relit, name="relit")
app.add_typer(study, name="study")


app.command(epilog="Example: lasagna train instant --data shards/ --organic 0.5 -o runs/instant")(
    train
)


def _print_version(wanted: bool) -> bool:
    if wanted:
        print(f"lasagna {installed_version('lasagna-relight')}")
        raise typer.Exit
    return wanted


@app.callback()
def lasagna(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


@app.command(
    epilog='Example: lasagna relight photo.jpg "sun low on the left" '
    "writes photo.relit.png and photo.relit.psd."
)
def relight(
    photos_and_words: Annotated[
        list[str],
        typer.Argument(
            metavar='PHOTO... ["WORDS"]',
            help="Photos or folders of photos, then where the light comes from, unless options "
            "tell it.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A file (.png, .jpg, .tif, .webp), or a folder for several photos. "
            "Default: PHOTO.relit.png beside each photo.",
            metavar="OUT",
        ),
    ] = None,
    azimuth: Annotated[
        float | None,
        typer.Option(
            help="In place of words, -180..180 degrees: 0 from the camera, 90 from the right edge, "
            "-90 from the left edge, 180 from behind.",
            metavar="DEGREES",
        ),
    ] = None,
    elevation: Annotated[
        float | None,
        typer.Option(help="In place of words, -90..90 degrees: 90 from above.", metavar="DEGREES"),
    ] = None,
    lights: Annotated[
        list[str] | None,
        typer.Option(
            "--light",
            help='In place of words, and as often as there are lights: "left, warm, 0.8" or '
            '"behind right, #88aaff, soft, 0.4".',
            metavar="LIGHT",
        ),
    ] = None,
    fill: Annotated[
        float, typer.Option(help="Light from the camera beside --light.", metavar="0..4")
    ] = 0.0,
    environment: Annotated[
        Path | None,
        typer.Option(
            help="A panorama that lights from all around: HDR, EXR, or any picture.", metavar="FILE"
        ),
    ] = None,
    mask: Annotated[
        str,
        typer.Option(
            help="What is relit: the object found in the photo, all of it, or the white of FILE.",
            metavar="auto|none|FILE",
        ),
    ] = "auto",
    layers: Annotated[
        str,
        typer.Option(
            help="Layer files beside the picture, by commas: psd, ora, npz, png; or none.",
            metavar="LIST",
        ),
    ] = "psd",
    strength: Annotated[
        float, typer.Option(help="0 changes nothing, 1 is as solved, up to 2.", metavar="0..2")
    ] = 1.0,
    recipe: Recipe = None,
    seed: Seed = 0,
    steps: Steps = None,
    device: Device = "cpu",
    prior: Prior = "embedded",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing files.")] = False,
    controlnet: ControlNet = None,
    controlnet_range: ControlNetRange = "unit",
    base: Base = None,
    tiny_vae: TinyVae = None,
    prediction: Prediction = "auto",
    dtype: Precision = "auto",
    half_weights: HalfWeights = False,
    offload: Offload = False,
    attention_slicing: AttentionSlicing = False,
    compile: Compile = False,  # noqa: A002 the option's name
    allow_pickle: AllowPickle = False,
    batch: Batch = 0,
    subject: Subject = "object",
    prompt: PromptTemplate = None,
) -> None:
    """Relight photos by words, or by angles."""
    from lasagna_relight.apps.relight_plan import plan

    job = plan(
        photos_and_words,
        output=output,
        azimuth_deg=azimuth,
        elevation_deg=elevation,
        lights=lights or [],
        fill=fill,
        environment=environment,
        mask=mask,
        layers=layers,
        strength=strength,
        recipe=recipe,
        seed=seed,
        steps=steps,
        device=device,
        prior=prior,
        large=LargePriorOptions(
            controlnet=controlnet,
            controlnet_range=controlnet_range,
            base=base,
            tiny_vae=tiny_vae,
            prediction=prediction,
            dtype=dtype,
            half_weights=half_weights,
            offload=offload,
            attention_slicing=attention_slicing,
            compile=compile,
            allow_pickle=allow_pickle,
            batch=batch,
            subject=subject,
            prompt=prompt,
        ),
        force=force,
    )
    from lasagna_relight.apps import relight_command

    raise typer.Exit(relight_command.run(job, quiet=quiet))


@app.command(
    epilog='Example: lasagna colorize sketch.png "a red sneaker with a white sole" '
    "writes sketch.colored.png and sketch.colored.psd."
)
def colorize(
    sketches_and_words: Annotated[
        list[str],
        typer.Argument(
            metavar='SKETCH... "WORDS"',
            help="Drawings or gray photos, or folders of them, then the colors in words.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A file (.png, .jpg, .tif, .webp), or a folder for several pictures. "
            "Default: SKETCH.colored.png beside each sketch.",
            metavar="OUT",
        ),
    ] = None,
    hints: Annotated[
        Path | None,
        typer.Option(
            help="Dots or strokes of color on a transparent picture of the sketch's size.",
            metavar="FILE",
        ),
    ] = None,
    mode: Annotated[
        str,
        typer.Option(
            help="color: colors with an alpha over the lines. chroma: hue and saturation alone, "
            "for gray photographs.",
            metavar="color|chroma",
        ),
    ] = "color",
    mask: Annotated[
        str,
        typer.Option(
            help="What is colored: what the lines enclose, all of it, or the white of FILE.",
            metavar="auto|none|FILE",
        ),
    ] = "auto",
    layers: Annotated[
        str,
        typer.Option(
            help="Layer files beside the picture, by commas: psd, ora, npz, png; or none.",
            metavar="LIST",
        ),
    ] = "psd",
    recipe: ColorRecipe = None,
    seed: Seed = 0,
    steps: Steps = None,
    device: Device = "cpu",
    prior: Prior = "embedded",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing files.")] = False,
    controlnet: ControlNet = None,
    controlnet_range: ControlNetRange = "unit",
    base: Base = None,
    tiny_vae: TinyVae = None,
    prediction: Prediction = "auto",
    dtype: Precision = "auto",
    half_weights: HalfWeights = False,
    offload: Offload = False,
    attention_slicing: AttentionSlicing = False,
    compile: Compile = False,  # noqa: A002 the option's name
    allow_pickle: AllowPickle = False,
    batch: Batch = 0,
    subject: Subject = "object",
    prompt: ColorPromptTemplate = None,
) -> None:
    """Color drawings, or gray photos, by words."""
    from lasagna_relight.apps.colorize_plan import plan

    job = plan(
        sketches_and_words,
        output=output,
        hints=hints,
        mode=mode,
        mask=mask,
        layers=layers,
        recipe=recipe,
        seed=seed,
        steps=steps,
        device=device,
        prior=prior,
        large=LargePriorOptions(
            controlnet=controlnet,
            controlnet_range=controlnet_range,
            base=base,
            tiny_vae=tiny_vae,
            prediction=prediction,
            dtype=dtype,
            half_weights=half_weights,
            offload=offload,
            attention_slicing=attention_slicing,
            compile=compile,
            allow_pickle=allow_pickle,
            batch=batch,
            subject=subject,
            prompt=prompt,
        ),
        force=force,
    )
    from lasagna_relight.apps import colorize_command

    raise typer.Exit(colorize_command.run(job, quiet=quiet))


@app.command(epilog='Example: lasagna light "sun low on the left" "lit from behind"')
def light(
    prompts: Annotated[
        list[str] | None,
        typer.Argument(metavar='"WORDS"...', help="What to read; without any, lines on stdin."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print where the light stands that words ask for, and how sure that is."""
    from lasagna_relight.apps import light_command

    raise typer.Exit(light_command.run(prompts or None, as_json=json))


@app.command()
def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write to.", metavar="DIR")
    ] = Path("demo_out"),
    recipe: Recipe = None,
    device: Device = "cpu",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the path.")] = False,
) -> None:
    """Relight the bundled samples, color a sketch; the last line is a contact sheet's path."""
    from lasagna_relight.apps import demo_command

    raise typer.Exit(demo_command.run(output, recipe=recipe, device=device, quiet=quiet))


@app.command(epilog="Example: lasagna studio opens http://localhost:8765/ in your browser.")
def studio(
    port: Annotated[
        int, typer.Option(help="Where to serve; 0 is any free port.", min=0, max=65535)
    ] = 8765,
    listen: Annotated[
        bool, typer.Option("--listen", help="Answer other machines too; they need a token.")
    ] = False,
    token: Annotated[
        str | None,
        typer.Option(help="For --listen, instead of a new one.", envvar="LASAGNA_TOKEN"),
    ] = None,
    browse: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    prior: Prior = "embedded",
    device: Device = "cpu",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Open a local page where light is set by hand, and moves as you drag it."""
    from lasagna_relight.apps import studio_command
    from lasagna_relight.apps.checks import available_device, prior_choice

    code = studio_command.run(
        port=port,
        listen=listen,
        token=token,
        browse=browse,
        prior=prior_choice(prior),
        device=available_device(device),
        quiet=quiet,
    )
    raise typer.Exit(code)


@app.command(epilog="Example: lasagna doctor --prior sd15/ --controlnet relit-controlnet/")
def doctor(
    prior: Prior = "embedded",
    recipe: Tried = "target",
    device: Device = "cpu",
    estimate: Annotated[
        bool,
        typer.Option(
            "--estimate",
            help="Only estimate the memory, from the configuration files: load no weights.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    controlnet: ControlNet = None,
    controlnet_range: ControlNetRange = "unit",
    base: Base = None,
    tiny_vae: TinyVae = None,
    prediction: Prediction = "auto",
    dtype: Precision = "auto",
    half_weights: HalfWeights = False,
    offload: Offload = False,
    attention_slicing: AttentionSlicing = False,
    compile: Compile = False,  # noqa: A002 the option's name
    allow_pickle: AllowPickle = False,
    batch: Batch = 0,
) -> None:
    """Estimate the memory of a prior, load it, say what it is, and try one step of it."""
    from lasagna_relight.apps.large_prior import any_prior

    choice = any_prior(
        prior,
        LargePriorOptions(
            controlnet=controlnet,
            controlnet_range=controlnet_range,
            base=base,
            tiny_vae=tiny_vae,
            prediction=prediction,
            dtype=dtype,
            half_weights=half_weights,
            offload=offload,
            attention_slicing=attention_slicing,
            compile=compile,
            allow_pickle=allow_pickle,
            batch=batch,
        ),
    )
    from lasagna_relight.apps import doctor_command

    raise typer.Exit(
        doctor_command.run(
            choice, recipe=recipe, device=device, as_json=json, only_estimate=estimate
        )
    )


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    0: done. 1: a solve diverged. 2: the input or the usage is at fault. 130: interrupted.
    """
    try:
        code = app(args=list(arguments), prog_name="lasagna", standalone_mode=False)
    except LasagnaError as error:
        return report_failure(error)
    except TyperException as error:
        if error.format_message():  # a bare `lasagna` has printed its help already
            context = getattr(error, "ctx", None)
            command = context.command_path if context else "lasagna"
            report_line(f"{error.format_message().rstrip('.')}: see {command} --help")
        return EXIT_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return silence_closed_pipe()
    except OSError as error:
        report_line(f"{error.filename or 'the system'}: {error.strerror or error}")
        return EXIT_INPUT
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run the `lasagna` command line of this process and exit."""
    end_process(run(sys.argv[1:]))
