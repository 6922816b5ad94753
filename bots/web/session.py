"""Who is at the page, and whether a request may act for them.

A session is a random id in a signed cookie. A request that changes something must come from the page
itself: it carries a header that no form of another site can send, and its Origin is this host. The one
exception is the language, which links choose (/language): that another site picks one does no harm.
"""

import secrets
from base64 import b64decode
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from bots.web.guesses import Guesses, is_of_machine, place_of
from core import words
from core.app import Core

_COOKIE = "session"
_LANGUAGE = "language"
_PAGE_HEADER = "x-page"
_YEAR_S = 365 * 86_400


class Sessions:
    """Reads and writes the cookies of one installation."""

    def __init__(self, core: Core, secret: bytes) -> None:
        settings = core.settings
        self._signer = URLSafeSerializer(secret, salt="web session")
        self._guesses = Guesses(core)
        self._is_open = settings.has_loopback_web
        self._names = {"localhost", "127.0.0.1", "::1", settings.web_host}

    def find(self, request: HTTPConnection) -> str | None:
        """The person (`web:SESSION`) of the request's cookie, None without a valid one."""
        try:
            session = self._signer.loads(request.cookies.get(_COOKIE, ""))
        except BadSignature:
            return None
        return f"web:{session}"

    def begin(self) -> str:
        """A new person."""
        return f"web:{secrets.token_urlsafe(12)}"

    def remember(self, response: Response, request: Request, person: str) -> None:
        """Sets the session's cookie, which lives for a year from the last visit."""
        response.set_cookie(
            _COOKIE,
            str(self._signer.dumps(person.removeprefix("web:"))),
            max_age=_YEAR_S,
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )

    async def may_see(self, request: HTTPConnection) -> bool:
        """Whether the sender of a request may see the page. Served on loopback alone, it is for people at this
        machine who call it by one of its own names: for nobody who comes through a proxy, or by the name of
        another site that was pointed at this address. Everybody else has to know the operator's password.
        Raises Busy after too many wrong ones, StoreError."""
        if self._is_open and _called(request) in self._names and is_of_machine(request):
            return True
        given, person = _find_password(request), self.find(request)
        if given is None:
            return False
        return await self._guesses.is_right(given, person or place_of(request), is_known=person is not None)


def is_from_page(request: Request) -> bool:
    """Whether our own page sent this, and not another site through the person's browser."""
    if request.headers.get(_PAGE_HEADER) != "1":
        return False
    return is_of_host(request)


def is_of_host(request: HTTPConnection) -> bool:
    """Whether the request names no other site as the one that it came from."""
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
    except ValueError:
        return False


def locale_of(request: HTTPConnection) -> str:
    """The language that was picked on the page, else the first of the browser's that we speak."""
    accepted = request.headers.get("accept-language", "").split(",")
    wanted = [request.cookies.get(_LANGUAGE, ""), *(part.partition(";")[0].strip() for part in accepted)]
    return next((found for one in wanted if (found := words.find_language(one))), words.FALLBACK)


def set_language(response: Response, language: str) -> None:
    response.set_cookie(_LANGUAGE, words.pick(language), max_age=_YEAR_S, httponly=True, samesite="lax")


def is_secure(request: HTTPConnection) -> bool:
    """Whether the browser came by https, itself or by way of a proxy."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


def _called(request: HTTPConnection) -> str | None:
    """By which name the sender calls us. Not as `request.url` has it: in the place of a name that is not well
    formed, which browsers look up all the same, that has the address that we serve on."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return None


def _find_password(request: HTTPConnection) -> str | None:
    """What was given at the browser's own prompt, None where nothing was."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        return b64decode(token, validate=True).decode().partition(":")[2] if scheme.lower() == "basic" else None
    except ValueError:  # no Base64, no UTF-8, or no ASCII to begin with
        return None
