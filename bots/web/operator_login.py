"""Who may open the operator pages: the password buys a signed session of some hours, and what a form sends
must carry the token that only a page of that session has.

Both signatures depend on the password, so that a new password ends every session.
"""

import hashlib
import hmac
import secrets

import structlog
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from bots.web.guesses import Guesses, place_of
from bots.web.session import is_of_host, is_secure
from core.app import Core

log = structlog.get_logger(__name__)

COOKIE = "operator"
PATH = "/operator"
SESSION_S = 12 * 3600
NOTE_S = 60  # how long a message of one page may take to the next


class Logins:
    """Sessions, tokens and messages of one installation."""

    def __init__(self, core: Core, secret: bytes) -> None:
        self._guesses = Guesses(core)
        # The password is no salt to be guessed from a cookie: `secret` is random and never leaves the store.
        password = core.settings.operator_password.get_secret_value().encode()
        key = hmac.new(secret, password, hashlib.sha256).digest()
        self._sessions = URLSafeTimedSerializer(key, salt="operator session")
        self._tokens = URLSafeTimedSerializer(key, salt="operator form")
        self._notes = URLSafeTimedSerializer(key, salt="operator note")

    def find(self, request: Request) -> str | None:
        """The session of a request, None where it has none that is valid."""
        return _loads(self._sessions, request.cookies.get(COOKIE, ""), SESSION_S)

    async def is_right(self, request: Request, password: str) -> bool:
        """Raises Busy after too many wrong ones, StoreError."""
        place = place_of(request)
        is_right = await self._guesses.is_right(password, place)
        if is_right:
            log.info("operator.login", place=place)
        return is_right

    def begin(self, response: Response, request: Request) -> None:
        """A new session, known to this browser alone."""
        session = str(self._sessions.dumps(secrets.token_urlsafe(12)))
        response.set_cookie(
            COOKIE, session, max_age=SESSION_S, path=PATH,
            httponly=True, samesite="strict", secure=is_secure(request),
        )  # fmt: skip

    def end(self, response: Response) -> None:
        response.delete_cookie(COOKIE, path=PATH)

    def token(self, session: str) -> str:
        """What every form of this session's pages carries."""
        return str(self._tokens.dumps(session))

    def is_ours(self, request: Request, session: str, token: str) -> bool:
        """Whether a form was sent by a page of this session."""
        found = _loads(self._tokens, token, SESSION_S)
        return is_same_site(request) and found is not None and hmac.compare_digest(found, session)

    def note(self, text: str) -> str:
        """A message for the next page, signed: nobody else can make our pages say something."""
        return str(self._notes.dumps(text))

    def read_note(self, request: Request) -> str | None:
        """The message for this page."""
        return _loads(self._notes, request.query_params.get("note", ""), NOTE_S)


def is_same_site(request: Request) -> bool:
    """Whether a page of this very site sent this, as far as the browser says."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return is_of_host(request)


def _loads(serializer: URLSafeTimedSerializer, text: str, max_age: int) -> str | None:
    try:
        return str(serializer.loads(text, max_age=max_age))
    except BadSignature:
        return None
