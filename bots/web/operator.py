"""The operator pages' routes: behind a password, off where there is none."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TypeAlias
from urllib.parse import parse_qsl, quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bots.web.operator_changes import CHANGES
from bots.web.operator_login import PATH, Logins, is_same_site
from bots.web.operator_pages import OperatorPages
from bots.web.operator_view import NAV, OperatorView, Visit
from bots.web.session import locale_of, set_language
from core.app import Core
from core.errors import BotError, Busy, StoreError
from core.money.ledger import USAGE_HEADER, usage_csv
from core.names import Kind
from core.sentences import sentence
from core.words import money, t, wait

_Draw: TypeAlias = Callable[[Visit], Awaitable[str]]
_PAGES = {f"{PATH}{path}": name for name, path in (*NAV, ("live", "/live"))}
_KINDS: dict[str, Kind] = {"people": "person", "chats": "chat"}  # of pages that have one for each account, too
_HOME = re.compile(rf"{PATH}(/[\w.~%:@+-]*)*(\?[^\s#]*)?")
_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # under no-referrer a browser does not say from which page a form came
}
_MOST_BODY, _FORM_S = 64 * 2**10, 10.0


class Operator:
    """Its endpoints. A request without a session is led to the login and back; what a form of one that ended
    asks for is refused."""

    def __init__(self, core: Core) -> None:
        self._core, self._view = core, OperatorView(core.settings)
        self._pages = OperatorPages(core, self._view)
        self._logins: Logins

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        self._logins = Logins(self._core, await self._core.transcript.secret())
        yield

    def routes(self) -> list[BaseRoute]:
        pages = [*_PAGES, *(f"{PATH}/{page}/{{name}}" for page in _KINDS)]
        return [
            *(Route(path, self._guarded(self.page)) for path in pages),
            Route(f"{PATH}/usage.csv", self._guarded(self.usage)),
            Route(f"{PATH}/change", self._guarded(self.change), methods=["POST"]),
            Route(f"{PATH}/login", self._safe(self.login), methods=["GET", "POST"]),
            Route(f"{PATH}/logout", self._guarded(self.logout), methods=["POST"]),
            Route(f"{PATH}/language", self._safe(self.language)),
        ]

    # --- pages -----------------------------------------------------------------

    async def page(self, request: Request, session: str) -> Response:
        page, draw = self._at(request.url.path)
        return self._html(await draw(self._visit(request, page, session)))

    def _at(self, path: str) -> tuple[str, _Draw]:
        """The page that stands at an address of ours, the overview where none does."""
        page, _, name = path.removeprefix(f"{PATH}/").partition("/")
        if page in _KINDS:
            kind = _KINDS[page]
            if name:
                return page, partial(self._pages.account, kind=kind, name=name)
            return page, partial(self._pages.accounts, kind=kind)
        page = _PAGES.get(path, "overview")
        return page, getattr(self._pages, page)

    async def usage(self, request: Request, session: str) -> Response:
        """The table of `usage --csv`, day by day as it is read."""
        kept = self._core.settings.ledger_days
        days = self._visit(request, "", session).number("days", 1, kept, 30)
        by_day = self._core.spend.ledger.usage_by_day(days)
        first = await anext(by_day)  # before the answer begins: it may be that the store is away

        async def lines() -> AsyncIterator[str]:
            yield ",".join(USAGE_HEADER) + "\n" + usage_csv(first)
            async for rows in by_day:
                yield usage_csv(rows)

        name = {"content-disposition": f'attachment; filename="usage-{days}-days.csv"'}
        return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=_HEADERS | name)

    # --- changes ---------------------------------------------------------------

    async def change(self, request: Request, session: str) -> Response:
        """Does what a form asks for, and leads back to its page, which says so. What is refused stays on the
        page as it was typed."""
        locale, form = locale_of(request), await _form(request)
        if not self._logins.is_ours(request, session, form["token"]):
            return self._refused(request, session)
        change = CHANGES.get(form["do"])
        if change is None:
            return Response(status_code=400, headers=_HEADERS)
        try:
            key, data = await change(self._core, form)
        except StoreError:
            raise
        except BotError as error:
            problem = sentence(error, locale, self._core.settings)
            path, _, query = _back(form["back"]).partition("?")
            page, draw = self._at(path)
            visit = self._visit(request, page, session)
            visit = replace(visit, path=path, query=dict(parse_qsl(query)), note=(problem, True), typed=form)
            return self._html(await draw(visit), 422)
        readable = {name: money(one, locale) if isinstance(one, int) else one for name, one in data.items()}
        note, back = self._logins.note(t(locale, key, **readable)), _back(form["back"])
        row = f"#r-{quote(form['request'])}" if form["request"] else ""
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}note={quote(note)}{row}", 303, _HEADERS)

    def _refused(self, request: Request, session: str) -> Response:
        visit = replace(self._visit(request, "", session), path=PATH)  # its own address only accepts forms
        return self._html(self._view.page("refused", visit), 403)

    # --- login -------------------------------------------------------------------

    async def login(self, request: Request) -> Response:
        back = _back(request.query_params.get("to", ""))
        if request.method != "POST":
            return self._login_page(request, back)
        if not is_same_site(request):
            return self._login_page(request, back, "web-not-here", 403)
        form = await _form(request)
        back = _back(form["to"])
        try:
            if not await self._logins.is_right(request, form["password"]):
                return self._login_page(request, back, "operator-login-wrong", 403)
        except Busy as error:
            seconds = int(error.data["retry_after"])
            words = {"wait": wait(seconds, locale_of(request))}
            page = self._login_page(request, back, "operator-login-busy", 429, **words)
            page.headers["retry-after"] = str(seconds)
            return page
        response = RedirectResponse(back, 303, _HEADERS)
        self._logins.begin(response, request)
        return response

    async def logout(self, request: Request, session: str) -> Response:
        if not self._logins.is_ours(request, session, (await _form(request))["token"]):
            return Response(status_code=403, headers=_HEADERS)
        response = RedirectResponse(f"{PATH}/login", 303, _HEADERS)
        self._logins.end(response)
        return response

    async def language(self, request: Request) -> Response:
        response = RedirectResponse(_back(request.query_params.get("back", "")), 303, _HEADERS)
        set_language(response, request.query_params.get("to", ""))
        return response

    def _login_page(
        self, request: Request, back: str, failure: str = "", status: int = 200, **data: str
    ) -> Response:
        locale = locale_of(request)
        visit = self._visit(request, "login", "")
        message = t(locale, failure, **data) if failure else ""
        return self._html(self._view.page("login", visit, back=back, failure=message), status)

    # --- what all share ----------------------------------------------------------

    def _guarded(
        self, endpoint: Callable[[Request, str], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            session = self._logins.find(request)
            if session is not None:
                return await endpoint(request, session)
            if request.url.path == f"{PATH}/live":
                return Response(status_code=401, headers=_HEADERS)
            if request.url.path == f"{PATH}/change":  # after a login alone it would seem to be done
                return self._refused(request, "")
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            back = f"?to={quote(wanted)}" if request.method != "POST" and wanted != PATH else ""
            return RedirectResponse(f"{PATH}/login{back}", 303, _HEADERS)

        return self._safe(guarded)

    def _safe(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def safe(request: Request) -> Response:
            try:
                return await endpoint(request)
            except StoreError:
                return self._html(self._view.page("away", self._visit(request, "", "")), 503)

        return safe

    def _visit(self, request: Request, page: str, session: str) -> Visit:
        query = {name: value for name, value in request.query_params.items() if name != "note"}
        return Visit(
            page=page,
            path=request.url.path,
            query=query,
            locale=locale_of(request),
            token=self._logins.token(session) if session else "",
            note=(note, False) if (note := self._logins.read_note(request)) else None,
        )

    def _html(self, page: str, status: int = 200) -> Response:
        return HTMLResponse(page, status, _HEADERS)


async def _form(request: Request) -> defaultdict[str, str]:
    """The text fields of a form that was sent, "" where one is missing."""
    length = request.headers.get("content-length")
    if length is None or int(length) > _MOST_BODY:
        raise HTTPException(411 if length is None else 413)
    try:
        async with asyncio.timeout(_FORM_S), request.form() as form:
            return defaultdict(str, {name: value for name, value in form.items() if isinstance(value, str)})
    except TimeoutError:
        raise HTTPException(408) from None
    except (UnicodeError, LookupError):  # a character set that no browser would name
        raise HTTPException(400) from None


def _back(path: str) -> str:
    """The page of ours that a form or a link names, the overview where it is none."""
    return path if _HOME.fullmatch(path) and "//" not in path else PATH
