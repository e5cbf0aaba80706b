"""Who may ask: this machine alone, or whoever holds the token; and how much they may send.

Plain ASGI around the whole application, so that nothing is read before it has been allowed.
"""

from __future__ import annotations

import hmac
import json
from urllib.parse import parse_qs, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.words import TOO_MANY_BYTES

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
COOKIE = "lasagna_token"
UPLOAD_PATHS = ("/api/sessions", "/environment")

SECURITY_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        b"form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class _TooLargeError(Exception):
    """The body has grown beyond its limit."""


class Guard:
    """Refuses strangers and floods.

    Without a token, only requests that name this machine are answered: a page elsewhere whose
    name was pointed here is not. With one, any name will do, but the token must come along, once
    in the address and from then on in a cookie. A page of another origin may change nothing.
    """

    def __init__(self, app: ASGIApp, *, limits: StudioLimits, token: str | None) -> None:
        self._app = app
        self._limits = limits
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refusal(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        shown = self._shown_token(scope)
        if shown is not None:
            await _welcome(send, shown)
            return
        await self._limited(scope, headers, receive, send)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = headers.get(b"host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if self._token is None and name.lower() not in LOOPBACK_HOSTS:
            return 403, "The studio answers on this machine only: open it as localhost."
        origin = headers.get(b"origin")
        changes = scope["method"] not in ("GET", "HEAD")
        if changes and origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "Another page may not use the studio."
        if self._token is not None and not self._has_token(scope, headers):
            return 401, "This studio asks for its token: open the full address that it printed."
        return None

    def _has_token(self, scope: Scope, headers: dict[bytes, str]) -> bool:
        assert self._token is not None
        given = [self._shown_token(scope) or ""]
        for cookie in headers.get(b"cookie", "").split(";"):
            key, _, value = cookie.strip().partition("=")
            if key == COOKIE:
                given.append(value)
        return any(hmac.compare_digest(one.encode(), self._token.encode()) for one in given)

    def _shown_token(self, scope: Scope) -> str | None:
        if self._token is None or scope["path"] != "/":
            return None
        return parse_qs(scope["query_string"].decode("latin-1")).get("token", [None])[0]

    async def _limited(
        self, scope: Scope, headers: dict[bytes, str], receive: Receive, send: Send
    ) -> None:
        upload = scope["path"].endswith(UPLOAD_PATHS)
        limit = self._limits.upload_bytes if upload else self._limits.request_bytes
        too_many = TOO_MANY_BYTES.format(limit=limit // 2**20)
        declared = headers.get(b"content-length", "0")
        if not declared.isdigit() or int(declared) > limit:
            await _answer(send, 413, too_many)
            return
        received, refused = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _TooLargeError
            return message

        async def secured(message: Message) -> None:
            nonlocal refused
            if refused:
                return
            if received > limit:  # whatever the application makes of it
                refused = True
                await _answer(send, 413, too_many)
                return
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *SECURITY_HEADERS]
            await send(message)

        try:
            await self._app(scope, counted, secured)
        except _TooLargeError:
            if not refused:
                await _answer(send, 413, too_many)


async def _answer(send: Send, status: int, message: str) -> None:
    body = json.dumps({"detail": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send(
        {"type": "http.response.start", "status": status, "headers": headers + SECURITY_HEADERS}
    )
    await send({"type": "http.response.body", "body": body})


async def _welcome(send: Send, token: str) -> None:
    """Keep the token in a cookie, and take it out of the address."""
    cookie = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
    headers = [(b"location", b"/"), (b"set-cookie", cookie.encode("latin-1"))]
    await send(
        {"type": "http.response.start", "status": 303, "headers": headers + SECURITY_HEADERS}
    )
    await send({"type": "http.response.body", "body": b""})
