"""What the Color tab may ask of the server."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from lasagna_relight.apps.studio.coloring import (
    ColoredFormat,
    Mode,
    StudioColorizer,
    colored_file,
    coloring,
    hints_in,
)
from lasagna_relight.apps.studio.queue import FairQueue
from lasagna_relight.apps.studio.sessions import SessionStore
from lasagna_relight.apps.studio.words import NOT_UNDERSTOOD, fault


class Color(BaseModel):
    """Colors for a drawing."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    words: Annotated[str, Field(min_length=1, max_length=400)]
    mode: Mode = "color"
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    hints: Annotated[str, Field(max_length=6 * 2**20)] | None = None


def add_colors(
    app: FastAPI, store: SessionStore, queue: FairQueue, colorizer: StudioColorizer
) -> None:
    """Let pages ask for colors and fetch them."""

    @app.post("/api/sessions/{session_id}/color")
    def color(session_id: str, asked: Color) -> dict[str, Any]:
        try:
            hints = None if asked.hints is None else hints_in(asked.hints)
        except ValueError as error:
            raise fault(422, NOT_UNDERSTOOD) from error
        with store.use(session_id) as session:
            name = secrets.token_urlsafe(8)
            steps = coloring(colorizer, session, asked.words, hints, asked.mode, asked.seed)
            job = session.jobs[name] = queue.start(session_id, steps)
            return {"job": name, "waiting": queue.ahead_of(job)}

    @app.get("/api/sessions/{session_id}/colored/{part}")
    def colored(session_id: str, part: Literal["preview"] | ColoredFormat) -> FileResponse:
        with store.use(session_id) as session:
            path = colored_file(session, part)
            name = f"{Path(session.name).stem}.{path.name}"
        return FileResponse(
            path,
            headers={
                "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
                "cache-control": "no-store",
            },
        )
