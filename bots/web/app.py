"""The web server's routes: the chat page, its stream of events, the operator's and the platforms' own."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bots.web.operator import Operator
from bots.web.operator_login import PATH
from bots.web.session import Sessions, is_from_page, locale_of
from bots.web.site import Button, Site
from bots.web.turn import make_turn, read_uploads
from bots.web.view import STATIC, draw, draw_entries, draw_entry, draw_page
from core.app import Core
from core.errors import Busy, StoreError
from core.media_types import picture_type
from core.settings import Settings
from core.turn import Person
from core.words import pick, t, wait

Health = Callable[[], Awaitable[Mapping[str, Any]]]

_MOST_BODY = 64 * 2**20
_MOST_FIELD = 2**20
_MOST_FILES = 40
_AGAIN_S = 5  # when a browser that reads that the store is away looks again
_TOO_MUCH = re.compile("Too many|Part exceeded")  # how Starlette says so; all else is no form
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def create_app(
    core: Core,
    health: Health,
    *,
    site: Site | None = None,
    extra_routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The application. `extra_routes` come first: a platform's webhook, metrics.

    Without `site` there is no chat page, and without OPERATOR_PASSWORD there are no operator pages.
    """
    parts: list[ChatPage | Operator] = [ChatPage(core, site)] if site else []
    if core.settings.operator_password:
        parts.append(Operator(core))

    async def healthz(_: Request) -> Response:
        facts = await health()
        return JSONResponse(dict(facts), 200 if facts.get("status") == "ok" else 503)

    routes: list[BaseRoute] = [*extra_routes, Route("/healthz", healthz)]
    if core.settings.image_transport == "link":
        routes.append(Route("/media/{token}", partial(_media, core)))
    routes += [route for part in parts for route in part.routes()]
    if parts:
        routes.append(Mount("/static", _Static(directory=STATIC)))
    home = ("/" if site else PATH) if parts else ""
    not_found = partial(_not_found, core.settings, home)
    return Starlette(
        routes=routes,
        lifespan=partial(_lifespan, parts),
        middleware=[Middleware(_SafeHeaders)],
        exception_handlers={
            401: _no_session, 404: not_found, 405: not_found, ClientDisconnect: _nobody_left, StoreError: _away,
        },
    )  # fmt: skip


async def _nobody_left(_: Request, __: Exception) -> Response:
    """Who sent half a form, and left: nobody reads this, nor need an operator read that it happened."""
    return Response(status_code=400)


async def _away(_: Request, __: Exception) -> Response:
    """For programs, which try again. Pages say it themselves."""
    return Response(status_code=503)


async def _media(core: Core, request: Request) -> Response:
    found = await core.media.get(request.path_params["token"])
    if found is None:
        return Response(status_code=404)
    return Response(found[0], media_type=found[1], headers={"cache-control": "private, no-store"})


async def _no_session(request: Request, _: Exception) -> Response:
    """Leads a browser without a session to the page, which begins one."""
    return _text_response(request, "/", t(locale_of(request), "web-not-here"), 401)


async def _not_found(settings: Settings, home: str, request: Request, error: Exception) -> Response:
    """Says that there is no such page. An address of the operator pages leads to them, or says how to turn them
    on."""
    is_operators = f"{request.url.path}/".startswith(f"{PATH}/")
    is_off = is_operators and not settings.operator_password
    home = PATH if is_operators and not is_off else home
    assert isinstance(error, HTTPException)
    sentence = t(locale_of(request), "web-operator-off" if is_off else "web-nothing-here")
    return _text_response(request, home, sentence, error.status_code, error.headers)


def _text_response(
    request: Request, home: str, sentence: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """One sentence: for a browser a page with a link to `home`, where there is one, else plain text."""
    if home and _wants_page(request):
        page = draw("notice.html", locale_of(request), text=sentence, home=home)
        return HTMLResponse(page, status, headers)
    return PlainTextResponse(sentence, status, headers)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


@asynccontextmanager
async def _lifespan(parts: "Sequence[ChatPage | Operator]", _: Starlette) -> AsyncIterator[None]:
    """Enters the lifespan of every part, for as long as the server runs."""
    async with AsyncExitStack() as stack:
        for part in parts:
            await stack.enter_async_context(part.lifespan())
        yield


class ChatPage:
    """The chat page's endpoints."""

    def __init__(self, core: Core, site: Site) -> None:
        self._core, self._site = core, site
        self._sessions: Sessions

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        self._sessions = Sessions(self._core, await self._site.transcript.secret())
        async with self._site.serving():
            yield

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._guarded(self.page)),
            Route("/entries", self._guarded(self.entries)),
            Route("/events", self._guarded(self.events)),
            Route("/turn", self._guarded(self.turn), methods=["POST"]),
            Route("/language", self._guarded(self.language)),
            Route("/pictures/{id}", self._guarded(self.picture)),
        ]

    def _guarded(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            locale = locale_of(request)
            try:
                if not await self._sessions.may_see(request):
                    return self._stranger(request)
                return await endpoint(request)
            except Busy as error:
                seconds = int(error.data["retry_after"])
                sentence = t(locale, "operator-login-busy", wait=wait(seconds, locale))
                return _text_response(request, "/", sentence, 429, {"retry-after": str(seconds)})
            except StoreError:
                sentence = t(locale, "store")
                again = {"refresh": str(_AGAIN_S)}
                if _wants_page(request):
                    return _text_response(request, "/", sentence, 503, again)
                return _refused(503, sentence)

        return guarded

    def _stranger(self, request: Request) -> Response:
        has_password = bool(self._core.settings.operator_password)
        headers = {"www-authenticate": 'Basic realm="chat", charset="UTF-8"'} if has_password else {}
        sentence = t(locale_of(request), "web-password" if has_password else "web-not-here")
        return _text_response(request, "/", sentence, 401 if has_password else 403, headers)

    async def page(self, request: Request) -> Response:
        person = self._sessions.find(request) or self._sessions.begin()
        locale = await self._locale(request, person)
        self._site.expect(person)
        entries = draw_entries((await self._site.entries(person)).values(), locale)
        page = draw_page(self._core.settings, self._core.catalogue, entries, locale)
        response = HTMLResponse(page, headers={"cache-control": "no-store"})
        self._sessions.remember(response, request, person)
        return response

    async def entries(self, request: Request) -> Response:
        """The conversation alone, for a page whose stream was broken for a while."""
        person = self._person(request)
        found = (await self._site.entries(person)).values()
        drawn = draw_entries(found, await self._locale(request, person))
        return HTMLResponse(drawn, headers={"cache-control": "no-store"})

    async def events(self, request: Request) -> Response:
        person = self._person(request)
        locale = await self._locale(request, person)
        waiting = [name for name in request.query_params.get("waiting", "").split(",") if name][:100]

        async def stream() -> AsyncIterator[str]:
            async with self._site.listening(person, locale, draw_entry, waiting) as listener:
                async for event in listener.events():
                    yield event

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)

    async def turn(self, request: Request) -> Response:
        locale = locale_of(request)
        if not is_from_page(request):
            return _refused(403, t(locale, "web-not-here"))
        if self._site.is_leaving:
            return _refused(503, t(locale, "answer-restarting"))
        length = request.headers.get("content-length")
        if length is None:  # what comes in pieces could go on for ever
            return _refused(411, t(locale, "web-failed"))
        if int(length) > _MOST_BODY:
            return _refused(413, t(locale, "web-too-big", mib=_MOST_BODY // 2**20))
        name = self._person(request)
        locale = await self._locale(request, name)
        person = Person(name, t(locale, "web-you"), locale)
        try:
            async with request.form(max_files=_MOST_FILES, max_part_size=_MOST_FIELD) as form:
                if not form:  # JSON, say, of which Starlette makes a form without fields
                    raise HTTPException(400)
                uploads = await read_uploads(form)
                turn = make_turn(form, person, uploads)
                button = Button(str(form.get("origin") or ""), str(form.get("label") or "")[:200])
        except HTTPException as error:
            if _TOO_MUCH.match(error.detail):
                return _refused(413, t(locale, "web-too-big", mib=_MOST_BODY // 2**20))
            return _refused(400, t(locale, "web-failed"))
        except (UnicodeError, LookupError):  # a character set that no browser would name
            return _refused(400, t(locale, "web-failed"))
        return JSONResponse({"id": await self._site.say(turn, uploads, button)}, 202)

    async def language(self, request: Request) -> Response:
        """A choice like that of /settings."""
        await self._core.memory.chosen.prefer(
            self._person(request), "language", pick(request.query_params.get("to", ""))
        )
        return RedirectResponse("/", 303)

    async def picture(self, request: Request) -> Response:
        data = await self._site.transcript.find_picture(self._person(request), request.path_params["id"])
        kind = picture_type(data) if data else ""
        if not data or not kind:
            raise HTTPException(404)
        return Response(
            data, media_type=kind, headers={"cache-control": "private, max-age=31536000, immutable"}
        )

    async def _locale(self, request: Request, person: str) -> str:
        return await self._core.language_of(Person(person, "", locale_of(request)))

    def _person(self, request: Request) -> str:
        person = self._sessions.find(request)
        if person is None:
            raise HTTPException(401)
        return person


class _Static(StaticFiles):
    """The scripts import one another by plain names, so a browser asks each time whether they changed."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # as Starlette's
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


class _SafeHeaders:
    """Adds the headers that keep a browser strict, where a route did not choose its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)
