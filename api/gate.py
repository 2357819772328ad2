"""The gate every request passes before any route: foreign origins, NUL bytes and oversized bodies stop here."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors

SAFE = ("GET", "HEAD", "OPTIONS")
#: A form or JSON body is small; only a delivery or an image may be large, and their routes count for themselves.
BODY_LIMIT = 1 << 20
DELIVERIES = ("/api/v1/uploads", "/api/v1/images")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}


class Gate:
    """Wrap the application; routes behind it see only requests that could have come from our own pages."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        send = _with_headers(send)
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        refusal = _refusal(scope)
        if refusal is None and scope["method"] not in SAFE and scope["path"] not in DELIVERIES:
            body = await _small_body(receive)
            if body is None:
                refusal = errors.TooLarge()
            else:
                receive = _replay(body, receive)
        if refusal is not None:
            return await errors.of(refusal)(scope, receive, send)
        try:
            await self.app(scope, receive, told)
        except Exception as error:
            # Caught here: further out the server would write the error's own words into its log.
            answer = errors.unforeseen(scope["path"].partition("?")[0], error)
            if not begun:
                await answer(scope, receive, send)


def _refusal(scope: Scope) -> errors.Refused | None:
    if "\0" in scope["path"] or "\0" in unquote(scope["query_string"].decode("latin-1")):
        return errors.Unusable(code="nul")
    if scope["method"] not in SAFE and not _own(Headers(scope=scope)):
        return errors.NotAllowed("请求来自其他网站，已拒绝。", "The request came from another site.", "foreign_origin")
    return None


def _own(headers: Headers) -> bool:
    """Tell whether a request that changes something comes from our own pages, or from no browser at all."""
    source = headers.get("origin") or headers.get("referer")
    if source is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    try:
        return bool(headers.get("host")) and urlsplit(source).netloc == headers["host"]
    except ValueError:
        return False


async def _small_body(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    unread = True

    async def again() -> Message:
        nonlocal unread
        if unread:
            unread = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


def _with_headers(send: Send) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return dressed
