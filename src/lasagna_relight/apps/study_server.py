"""The web side of a study: one page, and three answers. Nothing is acknowledged before it is kept.

FastAPI and uvicorn come with the `web` extra. The page asks no other host for anything, and the
headers forbid it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from lasagna_relight.errors import DatasetError, InputError
from lasagna_relight.evaluation import study_store
from lasagna_relight.evaluation.study_items import CONSENT, PICTURES
from lasagna_relight.evaluation.study_store import Side, UnknownRaterError, opened

PAGE = Path(__file__).parent / "study_page"
FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
LARGEST_BODY = 2_000
RATER = r"^[0-9a-f]{32}$"
ITEM = r"^[0-9a-f]{16}$"
LONGEST_MS = 86_400_000


class Consent(BaseModel):
    """A rater agrees; the name is a random number that their browser made."""

    model_config = ConfigDict(extra="forbid")

    rater: Annotated[str, Field(pattern=RATER)]


class Choice(BaseModel):
    """A rater's answer to one question."""

    model_config = ConfigDict(extra="forbid")

    rater: Annotated[str, Field(pattern=RATER)]
    item: Annotated[str, Field(pattern=ITEM)]
    side: Side
    milliseconds: Annotated[int, Field(ge=0, le=LONGEST_MS)]


def build_study_app(study: Path) -> FastAPI:
    """The application of one study.

    Raises:
        DatasetError: the folder holds no study.
    """
    with opened(study) as connection:
        settings = study_store.settings_of(connection)
        items = study_store.all_items(connection)
    pictures = {name for item in items for name in (item.source, item.picture_a, item.picture_b)}
    missing = sorted(name for name in pictures if not (study / PICTURES / name).is_file())
    if missing:
        raise DatasetError(f"{study}: {len(missing)} pictures are missing, {missing[0]} for one")
    app = FastAPI(title="Lasagna study", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_guard)
    app.add_exception_handler(UnknownRaterError, _refusal)

    for path, (name, kind) in FILES.items():
        app.get(path)(_file(PAGE / name, kind))

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status_code=204)  # browsers ask for one

    @app.post("/api/join")
    def join(consent: Consent) -> dict[str, Any]:
        with opened(study) as connection:
            study_store.join(connection, consent.rater)
            return _next(connection, consent.rater)

    @app.get("/api/next")
    def following(rater: str) -> dict[str, Any]:
        with opened(study) as connection:
            try:
                return _next(connection, rater)
            except UnknownRaterError:
                return {"joined": False, "title": settings["title"], "consent": CONSENT}

    @app.post("/api/vote")
    def vote(choice: Choice) -> dict[str, Any]:
        with opened(study) as connection:
            kept = study_store.vote(
                connection, choice.rater, choice.item, choice.side, choice.milliseconds
            )
            return {"item": kept.item, "side": kept.side, **_next(connection, choice.rater)}

    @app.get("/pictures/{name}")
    def picture(name: str) -> FileResponse:
        if name not in pictures:  # no path from outside reaches the disk
            raise HTTPException(404, "there is no such picture")
        cache = {"Cache-Control": "private, max-age=86400, immutable"}
        return FileResponse(study / PICTURES / name, media_type="image/jpeg", headers=cache)

    return app


def serve(study: Path, *, host: str, port: int) -> None:
    """Serves a study until interrupted.

    Raises:
        DatasetError: the folder holds no study.
    """
    import uvicorn

    uvicorn.run(build_study_app(study), host=host, port=port, log_level="warning")


def _next(connection: Any, rater: str) -> dict[str, Any]:
    question = study_store.next_question(connection, rater)
    if question is None:
        return {"joined": True, "done": True}
    return {
        "joined": True,
        "done": False,
        "position": question.position,
        "total": question.total,
        "question": {
            "item": question.item,
            "words": question.question,
            "source": f"pictures/{question.source}",
            "left": f"pictures/{question.left}",
            "right": f"pictures/{question.right}",
        },
    }


async def _guard(request: Request, call_next: Callable[..., Any]) -> Response:
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return JSONResponse({"detail": "that is too long"}, status_code=413)
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.url.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"
    return response


async def _refusal(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InputError)
    return JSONResponse({"detail": str(error)}, status_code=403)


def _file(path: Path, kind: str) -> Callable[[], FileResponse]:
    def send() -> FileResponse:
        return FileResponse(path, media_type=kind)

    return send
