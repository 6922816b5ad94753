"""Access to the operator pages: login, sessions, forged requests."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from redis.asyncio import Redis

from bots.web.guesses import PLACE_MOST
from bots.web.operator_login import COOKIE, NOTE_S, SESSION_S
from bots.web.operator_view import NAV
from tests.adapters.web.conftest import OpenPlace
from tests.adapters.web.operator_browser import PASSWORD, SAME_SITE, OperatorBrowser, logged_in, note_on
from tests.adapters.web.visitor import plain
from tests.conftest import run_valkey
from tests.waiting import PATIENCE_S

PATHS = [path for _, path in NAV] + ["/live", "/people/web:x", "/chats/web:chat:sandbox", "/usage.csv"]


async def test_without_a_password_there_are_no_pages(open_place: OpenPlace) -> None:
    """With an empty OPERATOR_PASSWORD a sentence says that the pages are off."""
    async with open_place() as place, httpx.AsyncClient(base_url=place.url) as http:
        for path in ("", "/login", "/spend"):
            answer = await http.get(f"/operator{path}")
            assert answer.status_code == 404
            assert "OPERATOR_PASSWORD" in answer.text
        elsewhere = await http.get("/operators", headers={"accept-language": "de"})
        assert (elsewhere.status_code, elsewhere.text) == (404, "Hier ist nichts.")
        for path, words in (("/operators", "There is nothing here."), ("/operator", "OPERATOR_PASSWORD")):
            page = await http.get(path, headers={"accept": "text/html"})  # a browser is shown the way back
            assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
            assert words in plain(page.text)
            assert '<a href="/">' in page.text


async def test_what_is_no_page_leads_to_the_overview(open_place: OpenPlace) -> None:
    """An address that only accepts forms, opened from the history, or an unknown address."""
    async with open_place(operator_password=PASSWORD) as place, httpx.AsyncClient(base_url=place.url) as http:
        for path, status in (("/operator/change", 405), ("/operator/nothing", 404)):
            page = await http.get(path, headers={"accept": "text/html", "accept-language": "de"})
            assert page.status_code == status
            assert "Hier ist nichts." in plain(page.text)
            assert '<a href="/operator">Zur Startseite</a>' in page.text


async def test_nobody_sees_a_page_without_logging_in(open_place: OpenPlace) -> None:
    """Every page redirects to the login, and from there back."""
    async with open_place(operator_password=PASSWORD) as place, httpx.AsyncClient(base_url=place.url) as http:
        for path in PATHS:
            answer = await http.get(f"/operator{path}")
            assert answer.status_code in (303, 401), path
            assert "$" not in answer.text
            asked_for_head = await http.head(f"/operator{path}")  # as link checkers do
            assert (asked_for_head.status_code, asked_for_head.headers.get("location")) == (
                answer.status_code, answer.headers.get("location"),
            )  # fmt: skip
        assert (await http.head("/operator/login")).status_code == 200
        browser = OperatorBrowser(place.url)
        async with browser.http:
            asked = await browser.http.get("/operator/spend?by=model&days=7")
            assert asked.url.path == "/operator/login"
            back = re.search(r'name="to" value="([^"]+)"', asked.text)
            assert back
            answer = await browser.log_in(to=back[1].replace("&amp;", "&"))
            assert str(answer.url).endswith("/operator/spend?by=model&days=7")


async def test_a_wrong_password_is_refused(open_place: OpenPlace) -> None:
    """It says so, sets no cookie, and opens nothing."""
    async with open_place(operator_password=PASSWORD) as place:
        browser = OperatorBrowser(place.url)
        async with browser.http:
            for password in ("", "open", PASSWORD + " ", PASSWORD.upper()):
                answer = await browser.log_in(password)
                assert answer.status_code == 403
                assert note_on(answer.text) == "That is not the password."
                assert COOKIE not in browser.http.cookies
            assert (await browser.http.get("/operator/live")).status_code == 401


async def test_guesses_are_limited_over_all_processes(open_place: OpenPlace) -> None:
    """After some wrong passwords even the right one has to wait, in every process."""
    async with (
        open_place(operator_password=PASSWORD) as one,
        open_place(operator_password=PASSWORD) as two,
    ):
        guesser, browser = OperatorBrowser(one.url), OperatorBrowser(two.url)
        async with guesser.http, browser.http:
            for _ in range(PLACE_MOST):
                assert (await guesser.log_in("guess")).status_code == 403
            answer = await browser.log_in()
            assert answer.status_code == 429
            assert 0 < int(answer.headers["retry-after"]) <= 30
            assert "Too many tries" in note_on(answer.text)
            assert COOKIE not in browser.http.cookies


async def test_the_session_is_a_cookie_that_stays_here(
    open_place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cookie is HttpOnly and SameSite, and Secure if the browser came by https, by way of a proxy that is
    not on this machine, too."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    async with open_place(operator_password=PASSWORD) as place, httpx.AsyncClient(base_url=place.url) as http:
        for proxy in ({}, {"x-forwarded-proto": "https"}):
            answer = await http.post("/operator/login", data={"password": PASSWORD}, headers=SAME_SITE | proxy)
            cookie = answer.headers["set-cookie"].lower()
            assert answer.status_code == 303
            assert {"httponly", "samesite=strict", "path=/operator"} <= {
                part.strip() for part in cookie.split(";")
            }
            assert ("secure" in cookie) == bool(proxy)
            assert PASSWORD not in cookie


async def test_sessions_end(open_place: OpenPlace) -> None:
    """A forged cookie, an expired one and one from before a change of password open nothing; neither does one
    after logging out. A form that was open for longer than its session says that it changed nothing."""
    async with open_place(operator_password="earlier") as place:
        earlier = OperatorBrowser(place.url)
        async with earlier.http:
            await earlier.log_in("earlier")
            old = earlier.http.cookies[COOKIE]
    async with open_place(operator_password=PASSWORD) as place, logged_in(place.url) as browser:
        good = browser.http.cookies[COOKIE]
        token = re.search(r'name="token" value="([^"]+)"', await browser.open())
        assert token
        for cookie, status in ((good, 200), (old, 401), (good.swapcase(), 401), (token[1], 401), ("", 401)):
            async with httpx.AsyncClient(base_url=place.url, cookies={COOKIE: cookie}) as http:
                assert (await http.get("/operator/live")).status_code == status
        for passed_s, status in ((SESSION_S - 5, 200), (SESSION_S + 5, 401)):
            with time_machine.travel(time.time() + passed_s):
                async with httpx.AsyncClient(
                    base_url=place.url, headers={"cookie": f"{COOKIE}={good}"}
                ) as http:
                    assert (await http.get("/operator/live")).status_code == status
        form = await browser.fill("/access", "deny", name="discord:1")
        await browser.http.post("/operator/logout", data={"token": token[1]}, headers=SAME_SITE)
        assert (await browser.http.get("/operator/live")).status_code == 401
        late = await browser.submit(form)
        assert late.status_code == 403
        assert "Nothing was changed." in plain(late.text)
        assert "change&amp;to=" not in late.text  # another language leads to a page, which this address is not
        assert await place.core.control.access.lists() == ((), ())


async def test_another_site_cannot_change_anything(open_place: OpenPlace) -> None:
    """A form needs the token of this session, and must come from this site as far as the browser says."""
    async with (
        open_place(operator_password=PASSWORD) as place,
        logged_in(place.url) as browser,
        logged_in(place.url) as other,
    ):
        tokens = []
        for one in (browser, other):
            found = re.search(r'name="token" value="([^"]+)"', await one.open())
            assert found
            tokens.append(found[1])
        mine, foreign = tokens
        for token, headers in (
            ("", SAME_SITE),
            (foreign, SAME_SITE),
            (mine + "x", SAME_SITE),
            (mine, {"sec-fetch-site": "cross-site"}),
            (mine, {"sec-fetch-site": "same-site"}),
            (mine, {"origin": "https://evil.example"}),
            (mine, {"origin": "null"}),
            (mine, {"origin": "http://["}),
        ):
            data = {"token": token, "do": "deny", "name": "here:1", "back": "/operator/access"}
            answer = await browser.http.post("/operator/change", data=data, headers=headers)
            assert answer.status_code == 403, headers
        assert await place.core.control.access.lists() == ((), ())
        assert (await browser.http.post("/operator/logout", data={"token": foreign})).status_code == 403
        login = await browser.http.post(
            "/operator/login", data={"password": PASSWORD}, headers={"origin": "null"}
        )
        assert login.status_code == 403


async def test_nothing_leads_to_another_site(open_place: OpenPlace) -> None:
    """Redirects after a login, a choice or a change only go to our own pages."""
    async with open_place(operator_password=PASSWORD) as place, httpx.AsyncClient(base_url=place.url) as http:
        for to in (
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/operator//evil",
            "/x",
            "/operatorx",
        ):
            page = (await http.get("/operator/login", params={"to": to})).text
            assert 'name="to" value="/operator">' in page
        data = {"password": PASSWORD, "to": "https://evil.example"}
        answer = await http.post("/operator/login", data=data, headers=SAME_SITE)
        assert answer.headers["location"] == "/operator"
        answer = await http.get("/operator/language", params={"to": "de", "back": "https://evil.example"})
        assert answer.headers["location"] == "/operator"
        async with logged_in(place.url) as browser:
            done = await browser.send("/access", "deny", name="web:mallory", back="https://evil.example")
        assert done.history[0].headers["location"].startswith("/operator?note=")


async def test_a_change_of_language_keeps_the_page(open_place: OpenPlace) -> None:
    """Search, filters and the target of a login are kept."""
    places = ("/spend?by=model&days=7", "/people?q=web%3Aa%2Fb+%26+c", "/login?to=%2Foperator%2Ftrail")
    async with open_place(operator_password=PASSWORD) as place, logged_in(place.url) as browser:
        for path in places:
            found = re.search(r'href="(/operator/language[^"]+to=)de"', await browser.open(path))
            assert found
            answer = await browser.http.get(found[1].replace("&amp;", "&") + "de")
            assert str(answer.url).endswith(f"/operator{path}")
            assert '<html lang="de"' in answer.text
            assert "Max-Age=31536000" in answer.history[0].headers["set-cookie"]


async def test_only_signed_messages_are_shown(open_place: OpenPlace) -> None:
    """A message in an address is shown only if we signed it, and not for long."""
    async with open_place(operator_password=PASSWORD) as place, logged_in(place.url) as browser:
        assert note_on(await browser.open("", note="Your account was stolen, call us")) == ""
        done = await browser.send("/access", "deny", name="web:mallory")
        assert note_on(done.text) == note_on((await browser.http.get(done.url)).text) != ""
        with time_machine.travel(time.time() + NOTE_S + 5):
            assert note_on((await browser.http.get(done.url)).text) == ""


async def test_every_page_has_security_headers(open_place: OpenPlace) -> None:
    """No inline script or style, no framing, no caching, no referrer."""
    async with open_place(operator_password=PASSWORD) as place, logged_in(place.url) as browser:
        for path in [*PATHS[:-1], "/login"]:
            answer = await browser.http.get(f"/operator{path}")
            assert answer.status_code == 200, path
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "same-origin"
            inline = r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+="
            assert not re.search(inline, answer.text), path


async def test_malformed_forms_are_refused(open_place: OpenPlace) -> None:
    """Nobody fills the memory through the login, nor with a body without a length. An unknown charset is a
    client error, not a server error."""
    strange = b'--x\r\ncontent-disposition: form-data; name="password"\r\n\r\n\xff\r\n--x--\r\n'
    kind = {"content-type": "multipart/form-data; boundary=x; charset=undefined"}

    async def in_pieces() -> AsyncIterator[bytes]:
        yield b"password="

    async with open_place(operator_password=PASSWORD) as place:
        browser = OperatorBrowser(place.url)
        async with browser.http:
            assert (await browser.log_in("x" * 70_000)).status_code == 413
            assert (
                await browser.http.post("/operator/login", content=in_pieces(), headers=SAME_SITE)
            ).status_code == 411
            answer = await browser.http.post("/operator/login", content=strange, headers=SAME_SITE | kind)
            assert answer.status_code == 400


async def test_an_unfinished_form_is_not_waited_for(
    open_place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that never ends does not occupy a connection."""
    monkeypatch.setattr("bots.web.operator._FORM_S", 0.2)
    async with open_place(operator_password=PASSWORD) as place, asyncio.timeout(PATIENCE_S):
        address = urlsplit(place.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        head = "POST /operator/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        writer.write(f"{head}{kind}password=".encode())
        assert b" 408 " in await reader.readline()
        writer.close()


async def test_a_store_that_is_away_is_said(open_place: OpenPlace) -> None:
    """The page says that the store is away, and that nothing is spent."""
    with run_valkey("--port", "0") as home:
        url = f"unix://{home}/socket"
        async with (
            Redis.from_url(url) as known,
            open_place(redis_url=url, operator_password=PASSWORD) as place,
            logged_in(place.url) as browser,
        ):
            await known.config_set("requirepass", "unknown to us")
            await place.core.store.redis.connection_pool.disconnect()
            for path in ("/operator", "/operator/usage.csv"):
                answer = await browser.http.get(path)
                assert answer.status_code == 503
                assert "nothing is being spent" in plain(answer.text)
            await known.config_set("requirepass", "")
            assert (await browser.http.get("/operator")).status_code == 200
