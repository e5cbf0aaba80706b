"""`lasagna study`: people compare pictures two by two, on a page of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lasagna_relight.errors import InputError

study = typer.Typer(
    help="Ask people which of two pictures is lit as asked, and count.", no_args_is_help=True
)
StudyFolder = Annotated[
    Path, typer.Argument(metavar="STUDY", help="The folder of a study.", show_default=False)
]
WEB_EXTRA = "the study's page needs FastAPI and uvicorn: pip install 'lasagna-relight[web]'"
STUDY_EXTRA = "scipy, choix and krippendorff are missing: pip install 'lasagna-relight[study]'"


@study.command()
def create(
    run: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="A run of `lasagna evaluate run`.", show_default=False),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder of the study.", metavar="STUDY")
    ],
    methods: Annotated[
        str, typer.Option(help="Two or more methods of the run, by commas.", metavar="NAMES")
    ],
    questions: Annotated[
        int, typer.Option(help="Asked of each rater, beside the known answers.", min=1)
    ] = 20,
    checks: Annotated[int, typer.Option(help="Questions with a known answer.", min=0)] = 3,
    title: Annotated[str, typer.Option(help="Stands above the consent text.")] = "Which light?",
    seed: Annotated[int, typer.Option(help="Decides order and sides.", min=0)] = 0,
) -> None:
    """Make a study from the pictures of a run."""
    from lasagna_relight.evaluation.results import current_results, read_results, read_run
    from lasagna_relight.evaluation.study_plan import plan_items
    from lasagna_relight.evaluation.study_store import FILE, create_store

    if (output / FILE).exists():
        raise InputError(f"{output} holds a study with votes: name another folder")
    record = read_run(run)
    names = [name.strip() for name in methods.split(",") if name.strip()]
    results = current_results(record, read_results(run))
    items = plan_items(run, record, results, names, output, checks=checks, seed=seed)
    settings = {"title": title, "questions": str(questions), "seed": str(seed)}
    create_store(output, items, settings)
    print(f"{len(items) - checks} questions and {checks} with a known answer")
    print(f"lasagna study serve {output}")


@study.command()
def serve(
    folder: StudyFolder,
    host: Annotated[
        str, typer.Option(help="0.0.0.0 lets phones in the same network in.", metavar="ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Of the page.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the page until Ctrl-C; every acknowledged vote is on disk."""
    try:
        from lasagna_relight.apps.study_server import serve as serve_study
    except ImportError as error:
        raise InputError(WEB_EXTRA) from error

    print(f"http://{host}:{port}", flush=True)
    serve_study(folder, host=host, port=port)


@study.command()
def analyze(
    folder: StudyFolder,
    export: Annotated[
        Path | None, typer.Option(help="Write every vote as CSV, too.", metavar="FILE")
    ] = None,
) -> None:
    """Print preferences with exact intervals, the ranking, and how far raters agree."""
    from lasagna_relight.evaluation import study_store
    from lasagna_relight.evaluation.study_analysis import (
        analyze as analyzed,
    )
    from lasagna_relight.evaluation.study_analysis import (
        format_analysis,
        votes_as_csv,
    )
    from lasagna_relight.image_io import atomic_path

    with study_store.opened(folder) as connection:
        items, votes = study_store.all_items(connection), study_store.all_votes(connection)
    if export is not None:
        with atomic_path(export, force=False) as beside:
            beside.write_text(votes_as_csv(items, votes), encoding="utf-8")
    try:
        print(format_analysis(analyzed(items, votes)))
    except ImportError as error:
        raise InputError(STUDY_EXTRA) from error
