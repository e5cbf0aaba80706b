"""The studio's server: what a page may ask, and nothing else.

No name or path from a page reaches the file system; a session is a random name, and its files lie
in a temporary folder of this process.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from fastapi import Body, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from lasagna_relight.apps.studio import basis_table, output
from lasagna_relight.apps.studio.color_routes import add_colors
from lasagna_relight.apps.studio.coloring import StudioColorizer
from lasagna_relight.apps.studio.guard import Guard
from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.memory import give_back_free_memory
from lasagna_relight.apps.studio.model import StudioRelighter
from lasagna_relight.apps.studio.opening import SAMPLES, Opener, sample_path
from lasagna_relight.apps.studio.queue import FairQueue
from lasagna_relight.apps.studio.refining import decoded, refinement
from lasagna_relight.apps.studio.sessions import SessionStore
from lasagna_relight.apps.studio.words import (
    NOT_UNDERSTOOD,
    SESSION_GONE,
    fault,
    in_page_words,
    shown_name,
)
from lasagna_relight.errors import LasagnaError
from lasagna_relight.relighting.environment import FLOAT_SUFFIXES, read_environment
from lasagna_relight.relighting.light_words import light_from_words
from lasagna_relight.relighting.lights import direction_of
from lasagna_relight.relighting.scene import Scene

STATIC = Path(__file__).with_name("static")
POLL_SECONDS = 0.02
SWEEP_SECONDS = 5.0
FormatName = Literal["png", "tiff", "jpeg", "psd", "ora", "npz"]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Words(_Asked):
    """A light in words."""

    words: Annotated[str, Field(min_length=1, max_length=400)]


class Refine(_Asked):
    """One light to be solved alone."""

    azimuth: float
    elevation: float
    recipe: Annotated[str, Field(max_length=40)]


class Restore(_Asked):
    """A refinement out of a saved session."""

    name: Annotated[str, Field(pattern="^[\\w-]{1,40}$")]
    map: Annotated[str, Field(max_length=4 * 2**20)]


class Parts:
    """What every request shares: one relighter and colorizer, one queue, one store."""

    def __init__(
        self, relighter: StudioRelighter, colorizer: StudioColorizer | None, limits: StudioLimits
    ) -> None:
        self.relighter = relighter
        self.colorizer = colorizer
        self.limits = limits
        self.queue = FairQueue()
        self.store = SessionStore(limits)
        self.opener = Opener(relighter, self.store, self.queue, limits)

    def close(self) -> None:
        """End the worker and remove all temporary files."""
        self.queue.close()
        self.store.close_all()


def build_app(
    relighter: StudioRelighter,
    *,
    colorizer: StudioColorizer | None = None,
    limits: StudioLimits | None = None,
    token: str | None = None,
) -> ASGIApp:
    """The studio as an ASGI application around ``relighter``.

    Args:
        relighter: used by one thread of the application, at one picture at a time.
        colorizer: used by the same thread; without one there is no Color tab.
        limits: what is taken from pages.
        token: asked of every page, in place of the rule that only this machine is answered.
    """
    limits = limits or StudioLimits()
    parts = Parts(relighter, colorizer, limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warming = run_in_threadpool(parts.queue.run, "", parts.relighter.warm_up)
        sweeping = _sweep(parts.store, parts.queue)
        tasks = [asyncio.create_task(sweeping), asyncio.ensure_future(warming)]
        yield
        tasks[0].cancel()
        await run_in_threadpool(parts.close)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(LasagnaError, _unusable)
    _add_page(app, parts)
    _add_sessions(app, parts)
    _add_lights(app, parts)
    _add_output(app, parts)
    if colorizer is not None:
        add_colors(app, parts.store, parts.queue, colorizer)
    app.mount("/", StaticFiles(directory=STATIC, html=True, check_dir=False))
    app.state.parts = parts
    return Guard(app, limits=limits, token=token)


def _add_page(app: FastAPI, parts: Parts) -> None:
    @app.get("/api/config")
    def config() -> dict[str, Any]:
        return {
            **basis_table.table(),
            "samples": [{"file": file, "title": title} for file, title in SAMPLES.items()],
            "recipes": [
                {"name": name, "summary": summary}
                for name, summary in parts.relighter.recipes.items()
            ],
            "colors": parts.colorizer is not None,
            "upload_mb": parts.limits.upload_bytes // 2**20,
        }

    @app.get("/api/samples/{name}")
    def sample(name: str) -> FileResponse:
        return FileResponse(sample_path(name))


def _add_sessions(app: FastAPI, parts: Parts) -> None:
    store, opener = parts.store, parts.opener

    @app.post("/api/sessions")
    async def open_picture(
        request: Request,
        x_name: Annotated[str, Header(max_length=1000)] = "picture",
        purpose: Literal["light", "color"] = "light",
    ) -> dict[str, Any]:
        content = await request.body()
        name = shown_name(unquote(x_name))
        looks = purpose == "light"
        session = await run_in_threadpool(lambda: opener.open(content, name, looks=looks))
        return session.describe()

    @app.post("/api/samples/{name}/open")
    def open_sample(name: str) -> dict[str, Any]:
        return opener.open(sample_path(name).read_bytes(), name).describe()

    @app.get("/api/sessions/{session_id}")
    def resume(session_id: str) -> dict[str, Any]:
        with store.use(session_id) as session:
            return session.describe()

    @app.delete("/api/sessions/{session_id}", status_code=204)
    def close(session_id: str) -> None:
        store.close(session_id)

    @app.get("/api/sessions/{session_id}/look")
    async def look(session_id: str, request: Request, after: int = 0) -> dict[str, Any]:
        """The picture under a later mask than the one that the page has, once there is one."""
        with store.use(session_id) as session:
            while session.revision <= after and not await request.is_disconnected():
                if session.fault is not None:
                    raise session.fault
                if session.closed:
                    raise fault(410, SESSION_GONE)
                await asyncio.sleep(POLL_SECONDS)
            return session.describe()

    @app.get("/api/sessions/{session_id}/preview.png")
    def preview(session_id: str) -> Response:
        with store.use(session_id) as session:
            content = (session.folder / "preview.png").read_bytes()
        return Response(content, media_type="image/png", headers={"cache-control": "no-store"})

    @app.get("/api/sessions/{session_id}/masks/{revision}/{part}")
    def part(session_id: str, revision: int, part: Literal["mask.png", "numbers"]) -> Response:
        with store.use(session_id) as session:
            path = session.part(part, revision)
            if not path.is_file():
                raise fault(404, "The mask has changed meanwhile.")
            content = path.read_bytes()
        kind = "application/octet-stream" if part == "numbers" else "image/png"
        return Response(content, media_type=kind, headers={"cache-control": "no-store"})

    @app.post("/api/sessions/{session_id}/mask/{choice}")
    async def choose_mask(
        session_id: str, choice: Literal["auto", "whole", "painted"], request: Request
    ) -> dict[str, Any]:
        content = await request.body()

        def work() -> dict[str, Any]:
            with store.use(session_id) as session:
                if choice == "auto":
                    opener.find_mask(session)
                elif choice == "whole":
                    opener.use_whole(session)
                else:
                    opener.use_painted(session, content)
                return session.describe()

        return await run_in_threadpool(work)


def _add_lights(app: FastAPI, parts: Parts) -> None:
    store, queue = parts.store, parts.queue

    @app.post("/api/words")
    def read_words(asked: Words) -> dict[str, Any]:
        light = light_from_words(asked.words)
        return {
            "azimuth": light.direction.azimuth_deg,
            "elevation": light.direction.elevation_deg,
            "intensity": light.intensity,
            "softness": light.softness,
            "color": "#" + "".join(f"{round(255 * channel):02x}" for channel in light.color),
        }

    @app.post("/api/sessions/{session_id}/environment")
    async def project(
        request: Request,
        session_id: str,
        turn: float = 0.0,
        x_name: Annotated[str, Header(max_length=1000)] = "panorama",
    ) -> dict[str, Any]:
        content = await request.body()
        name = shown_name(unquote(x_name))

        def work() -> dict[str, Any]:
            with store.use(session_id) as session:
                suffix = Path(name).suffix.lower()
                path = session.folder / f"panorama-{secrets.token_hex(4)}"
                path = path.with_suffix(suffix if suffix in FLOAT_SUFFIXES else ".picture")
                try:
                    path.write_bytes(content)
                    environment = read_environment(path, turn_deg=turn)
                except LasagnaError as error:
                    raise fault(422, in_page_words(error, path=path, name=name)) from error
                finally:
                    path.unlink(missing_ok=True)
                return {"name": Path(name).stem, "weights": environment.weights.tolist()}

        return await run_in_threadpool(work)

    @app.post("/api/sessions/{session_id}/refine")
    def refine(session_id: str, asked: Refine) -> dict[str, Any]:
        if asked.recipe not in parts.relighter.recipes:
            raise fault(422, NOT_UNDERSTOOD)
        direction = direction_of(asked.azimuth, asked.elevation)
        with store.use(session_id) as session:
            name = secrets.token_urlsafe(8)
            steps = refinement(
                parts.relighter, session, name, direction, asked.recipe, parts.limits
            )
            job = session.jobs[name] = queue.start(session_id, steps)
            return {"job": name, "waiting": queue.ahead_of(job)}

    @app.post("/api/sessions/{session_id}/refinements", status_code=204)
    def restore(session_id: str, asked: Restore) -> None:
        with store.use(session_id) as session:
            try:
                log_gain = decoded(asked.map, session)
            except ValueError as error:
                raise fault(422, "This refinement belongs to another picture.") from error
            session.remember(asked.name, log_gain, parts.limits.refinements)

    @app.get("/api/sessions/{session_id}/refinements/{name}")
    def refined(session_id: str, name: str) -> Response:
        with store.use(session_id) as session:
            if name not in session.refinements:
                raise fault(404, "This refinement is no longer there.")
            content = session.refinements[name].numpy().astype("<f4").tobytes()
        return Response(content, media_type="application/octet-stream")

    @app.delete("/api/sessions/{session_id}/jobs/{name}", status_code=204)
    def cancel(session_id: str, name: str) -> None:
        with store.use(session_id) as session:
            if name in session.jobs:
                session.jobs[name].cancel()

    @app.get("/api/sessions/{session_id}/jobs/{name}")
    def follow(
        session_id: str,
        name: str,
        request: Request,
        last_event_id: Annotated[str, Header()] = "",
    ) -> StreamingResponse:
        with store.use(session_id) as session:
            if name not in session.jobs:
                raise fault(410, "This refinement is over.")
            job = session.jobs[name]
        start = int(last_event_id) + 1 if last_event_id.isdigit() else 0

        async def told() -> AsyncIterator[str]:
            position, silence = start, 0.0
            while not await request.is_disconnected():
                while position < len(job.events):
                    yield _event(position, job.events[position])
                    position, silence = position + 1, 0.0
                if job.done:
                    yield f"id: {position}\ndata: {json.dumps({'kind': 'end'})}\n\n"
                    return
                await asyncio.sleep(POLL_SECONDS)
                silence += POLL_SECONDS
                if silence > 10:
                    yield ": still here\n\n"
                    silence = 0.0

        return StreamingResponse(
            told(), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )


def _add_output(app: FastAPI, parts: Parts) -> None:
    store, queue = parts.store, parts.queue

    @app.post("/api/sessions/{session_id}/mix")
    def mix(session_id: str, scene: Scene, side: int = 1024) -> Response:
        with store.use(session_id) as session:
            longest = max(16, min(side, parts.limits.preview_side))
            png = queue.run(session_id, lambda: output.preview(session, scene, longest))
        return Response(png, media_type="image/png", headers={"cache-control": "no-store"})

    @app.post("/api/sessions/{session_id}/export/{file_format}")
    def export(
        session_id: str, file_format: FormatName, scene: Annotated[Scene, Body()]
    ) -> FileResponse:
        with store.use(session_id) as session:
            path = queue.run(session_id, lambda: output.export(session, scene, file_format))
            name = f"{Path(session.name).stem}.relit{path.suffix}"
        return FileResponse(
            path,
            media_type=output.FORMATS[file_format][0],
            headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
            background=BackgroundTask(_remove_export, path),
        )


def _event(position: int, event: dict[str, Any]) -> str:
    error = event.get("error")
    if error is not None:
        words = in_page_words(error) if isinstance(error, LasagnaError) else NOT_UNDERSTOOD
        event = {"kind": "failed", "message": words}
    return f"id: {position}\ndata: {json.dumps(event)}\n\n"


def _remove_export(path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        path.parent.rmdir()


async def _sweep(store: SessionStore, queue: FairQueue) -> None:
    seen = 0
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await run_in_threadpool(store.drop_idle)
        if queue.turns != seen:
            seen = queue.turns
            await run_in_threadpool(give_back_free_memory)


async def _not_understood(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": NOT_UNDERSTOOD}, status_code=422)


async def _unusable(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LasagnaError)
    return JSONResponse({"detail": in_page_words(error)}, status_code=422)
