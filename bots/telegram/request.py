"""The HTTP client under the library's Bot: aiohttp, which costs a fraction of httpx's work for each call.

No error that leaves this module, nor its text, holds an address: with Telegram every address holds the
bot's token.
"""

import json
import ssl
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import TelegramObject
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bots.lenient_json import read_json
from bots.telegram.defaults import fill_result
from core.errors import BadInput

_CONNECT_S, _READ_S, _UPLOAD_S = 10.0, 20.0, 60.0
_IDLE_S = 15.0  # shorter than servers keep an idle connection: what is sent on a dying one has an unknown fate
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    ssl.SSLCertVerificationError,
)

UNREADABLE = "Invalid server response"  # not for people: operators


class NotSent(NetworkError):
    """The request did not reach Telegram, so a retry cannot show anything twice."""


class Request(BaseRequest):
    """The library's interface to the network, and a download that stops at a limit."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return _READ_S

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_IDLE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body. Raises NotSent, NetworkError."""
        read_s = read_timeout if isinstance(read_timeout, int | float) else _READ_S
        has_files = request_data is not None and request_data.contains_files
        try:
            async with self._open.request(
                method,
                url,
                data=_body(request_data),
                headers={} if has_files or request_data is None else {"Content-Type": "application/json"},
                allow_redirects=False,
                proxy=_proxy(url.partition("/bot")[0]),
                timeout=aiohttp.ClientTimeout(
                    total=_CONNECT_S + read_s + (_UPLOAD_S if has_files else 0.0), connect=_CONNECT_S
                ),
            ) as response:
                return response.status, await response.read()
        except _FAILURES as error:
            kind = NotSent if isinstance(error, _NOT_SENT) else NetworkError
            raise kind(type(error).__name__) from None  # its text and its request hold the address

    async def ask(self, url: str, params: Mapping[str, Any]) -> Any:
        """The result of a method that the library has no function for, or not all parameters of."""
        return await self.post(url, cast(RequestData, _Plain(params)))

    async def download(self, url: str, limit: int) -> bytes:
        """At most `limit` bytes. Raises BadInput: "attachment-too-big", "attachment-gone"."""
        data = bytearray()
        limits = aiohttp.ClientTimeout(total=None, connect=_CONNECT_S, sock_read=_READ_S)
        proxy = _proxy(url.partition("/file/bot")[0])
        try:
            async with self._open.get(url, timeout=limits, allow_redirects=False, proxy=proxy) as response:
                if response.status != 200:
                    raise BadInput("attachment-gone")
                async for piece in response.content.iter_any():
                    data += piece
                    if len(data) > limit:
                        raise BadInput("attachment-too-big", mib=limit // 2**20)
        except _FAILURES as error:
            raise BadInput("attachment-gone", cause=type(error).__name__) from None
        return bytes(data)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Always with a result, as the library expects. Raises TelegramError, without what was sent."""
        try:
            answer = read_json(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or (answer.get("ok", True) and answer.get("result") is None):
            raise TelegramError(UNREADABLE)
        return {**answer, "result": fill_result(answer.get("result"))}

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotSent("not open")
        return self._session


class _Plain:
    """Parameters as the library's RequestData gives them, without what only files need."""

    contains_files = False

    def __init__(self, params: Mapping[str, Any]) -> None:
        given = {name: value for name, value in params.items() if value is not None}
        self.json_payload = json.dumps(given, default=TelegramObject.to_dict).encode()


@lru_cache
def _proxy(base: str) -> str | None:
    """HTTPS_PROXY and its like: in some countries there is no other way to Telegram."""
    address = urlsplit(base)
    return None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)


def _body(data: RequestData | None) -> Any:  # whatever aiohttp takes as a body
    if data is None:
        return None
    if not data.contains_files:
        return data.json_payload
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, media_type) in data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=file_name, content_type=media_type)
    return form
