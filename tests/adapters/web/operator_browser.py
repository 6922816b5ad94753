"""A browser at the operator pages, for tests."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.adapters.web.visitor import plain
from tests.waiting import PATIENCE_S

PASSWORD = "open sesame"
SAME_SITE = {"sec-fetch-site": "same-origin"}


class OperatorBrowser:
    """One browser, with its cookies."""

    def __init__(self, url: str, language: str = "en") -> None:
        headers = {"accept-language": language}
        more: Any = {"timeout": PATIENCE_S, "follow_redirects": True, "verify": False}  # there is no TLS here
        self.http = httpx.AsyncClient(base_url=url, headers=headers, **more)

    async def log_in(self, password: str = PASSWORD, to: str = "") -> httpx.Response:
        fields = {"password": password, "to": to}
        return await self.http.post("/operator/login", data=fields, headers=SAME_SITE)

    async def open(self, path: str = "", **query: str | int) -> str:
        """A page's HTML."""
        answer = await self.http.get(f"/operator{path}", params=query or None)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def fill(self, page: str, does: str, **fields: str) -> dict[str, str]:
        """The fields of a form on the page, filled in."""
        own = dict(re.findall(r'name="(token|once)" value="([^"]+)"', await self.open(page)))
        return {**own, "do": does, "back": f"/operator{page}", **fields}

    async def submit(self, form: dict[str, str]) -> httpx.Response:
        """Sends a form; returns the page that is shown then."""
        return await self.http.post("/operator/change", data=form, headers=SAME_SITE)

    async def send(self, page: str, does: str, **fields: str) -> httpx.Response:
        """Fills in and sends a form on the page; returns the page that is shown then."""
        return await self.submit(await self.fill(page, does, **fields))


@asynccontextmanager
async def logged_in(url: str, language: str = "en") -> AsyncIterator[OperatorBrowser]:
    """A browser that is logged in."""
    browser = OperatorBrowser(url, language)
    async with browser.http:
        assert (await browser.log_in()).status_code == 200
        yield browser


def rows(page: str) -> list[list[str]]:
    """The text of every cell of every line of a page's tables."""
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)] for line in lines]


def note_on(page: str) -> str:
    """The page's note about the last change; "" if there is none."""
    found = re.search(r'<p class="note[^"]*" role="\w+"[^>]*>(.*?)</p>', page, re.S)
    return plain(found[1]) if found else ""
