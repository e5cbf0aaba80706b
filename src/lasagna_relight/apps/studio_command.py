"""`lasagna studio`: opens the page where light is set by hand."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Literal

from lasagna_relight.errors import InputError

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


def run(
    *,
    port: int,
    listen: bool,
    token: str | None,
    browse: bool,
    prior: Path | Literal["embedded"],
    device: str,
    quiet: bool,
) -> int:
    """Serve the studio until interrupted, and return the exit code.

    Raises:
        InputError: the port is taken, a token is missing or too short, or the extra is not
            installed.
    """
    if token is not None and len(token) < 12:
        raise InputError("the token is too short: give at least 12 characters, or none")
    if token is not None and not listen:
        raise InputError("--token is for --listen: leave it out, or give both")
    # masks are refined and networks asked in small pieces: more threads only wait for each other
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        import uvicorn

        from lasagna_relight.apps.studio.app import build_app
    except ImportError as error:
        raise InputError(
            f"the studio needs {error.name}: install it by pip install 'lasagna-relight[web]'"
        ) from error
    import torch

    from lasagna_relight.apps.studio.memory import keep_few_heaps
    from lasagna_relight.apps.studio.model import RealRelighter
    from lasagna_relight.apps.studio.real_colorizer import shipped_colorizer
    from lasagna_relight.relighting.api import Relighter
    from lasagna_relight.relighting.recipes import RECIPES

    keep_few_heaps()
    if listen and token is None:
        token = secrets.token_urlsafe(18)
    bound = _bound_socket(EVERYWHERE if listen else LOOPBACK, port)
    torch.set_num_threads(1)  # the networks are small: more threads only wait
    solving = next(name for name, recipe in RECIPES.items() if recipe.objective is not None)
    relighter = Relighter.load(prior=prior, recipe=solving, device=device)
    colorizer = shipped_colorizer(device)
    app = build_app(RealRelighter(relighter=relighter), colorizer=colorizer, token=token)
    host = socket.gethostname() if listen else "localhost"
    address = f"http://{host}:{bound.getsockname()[1]}/" + (f"?token={token}" if token else "")
    if not quiet:
        print(f"The studio is open at {address}\nCtrl-C closes it.", flush=True)
    if browse:
        threading.Timer(0.8, webbrowser.open, [address]).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    uvicorn.Server(config).run(sockets=[bound])
    return 0


def _bound_socket(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()  # who asks from now on waits, and is not refused
    except OSError as error:
        bound.close()
        raise InputError(f"port {port} is taken: name another with --port, or 0 for any") from error
    return bound
