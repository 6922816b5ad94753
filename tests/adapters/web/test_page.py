"""The page: access, forged requests, languages, and what it offers."""

import io
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from PIL import Image
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from bots.web.app import create_app
from bots.web.guesses import ALL_MOST, PLACE_MOST
from bots.web.server import serving
from bots.web.session import locale_of
from bots.web.turn import parse_line
from core.commands import BY_NAME, COMMANDS
from core.errors import CannotStart
from core.minitool.simulated import Simulated
from core.settings import MINITOOLAI_API
from tests.adapters.web.conftest import OpenPlace, Place
from tests.adapters.web.operator_browser import SAME_SITE
from tests.adapters.web.visitor import OURS, Visitor, plain


async def test_the_page_has_security_headers(place: Place) -> None:
    """Only our own scripts and styles, no framing, no sniffing, no referrer, an HttpOnly cookie for a year.
    The server is not named, and no conversation is kept in a browser's cache."""
    async with httpx.AsyncClient(base_url=place.url) as http:
        answer = await http.get("/")
        kept = [one.headers["cache-control"] for one in (answer, await http.get("/entries"))]
    async with httpx.AsyncClient(base_url=place.url, headers={"x-forwarded-proto": "https"}) as http:
        by_https = await http.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers
    assert kept == ["no-store", "no-store"]
    cookie = answer.headers["set-cookie"]
    assert ["Secure" in one.headers["set-cookie"] for one in (answer, by_https)] == [False, True]
    assert "HttpOnly" in cookie
    assert "Max-Age=31536000" in cookie
    assert "samesite=lax" in cookie.lower()
    assert not re.search(r"<script(?![^>]*(src=|application/json))|\sstyle=|\son\w+=", answer.text)


async def test_every_label_belongs_to_its_field(place: Place) -> None:
    """A label names the first field inside it. An output element counts as a field, so labels around one have a
    `for`."""
    async with httpx.AsyncClient(base_url=place.url) as http:
        drawn = (await http.get("/")).text
    labels = re.findall(r"<label([^>]*)>(.*?)</label>", drawn, re.DOTALL)
    shows = [label for label, inside in labels if re.match(r"[^<]*<output", inside)]
    assert shows
    assert all(" for=" in label for label in shows)


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"x-page": "0"}, {**OURS, "origin": "https://evil.example"}, {**OURS, "origin": "null"},
        {**OURS, "origin": "http://["},
    ],
)  # fmt: skip
async def test_another_site_cannot_act_for_the_person(visitor: Visitor, headers: dict[str, str]) -> None:
    """A request that does not come from the page is refused, even with the cookie."""
    answer = await visitor.http.post("/turn", files=[("text", (None, "Hi"))], headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]


async def test_a_form_in_no_character_set_is_refused(visitor: Visitor) -> None:
    """An unknown charset is a client error, not a server error."""
    form = b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\n\xff--\xfe\r\n--x--\r\n'
    headers = {**OURS, "content-type": "multipart/form-data; boundary=x; charset=undefined"}
    assert (await visitor.http.post("/turn", content=form, headers=headers)).status_code == 400


async def test_each_malformed_body_has_its_own_refusal(visitor: Visitor) -> None:
    """No boundary, no fields, no length, and too large are told apart."""
    form = b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nHi\r\n--x--\r\n'

    async def in_pieces() -> AsyncIterator[bytes]:
        yield form

    async def status(content: Any, kind: str = "multipart/form-data; boundary=x") -> int:
        headers = {**OURS, "content-type": kind}
        answer = await visitor.http.post("/turn", content=content, headers=headers)
        assert ("did not work" in answer.text) == (answer.status_code != 202)
        return answer.status_code

    assert await status(form) == 202
    assert await status(form, "multipart/form-data") == 400
    assert await status(b"nonsense") == 400
    assert await status(b'{"text": "Hi"}', "application/json") == 400
    assert await status(in_pieces()) == 411
    assert (await visitor.post("Hi" * 2**20)).status_code == 413


async def test_a_forged_cookie_is_nobody(place: Place, visitor: Visitor) -> None:
    """A cookie that we did not sign is no session."""
    session = visitor.http.cookies["session"]
    other = "a" if session[-9] == "b" else "b"  # the last sign may mean the same as others do
    visitor.http.cookies.set("session", f"{session[:-9]}{other}{session[-8:]}")
    assert (await visitor.post("Hi")).status_code == 401
    assert (await visitor.http.get("/events")).status_code == 401


@pytest.mark.parametrize("path", ["/language?to=de", "/entries", "/events", "/pictures/1"])
async def test_without_a_session_there_is_a_way_to_one(place: Place, path: str) -> None:
    """In a browser, a request without a session gets a sentence and a link to the page."""
    async with httpx.AsyncClient(base_url=place.url) as http:
        page = await http.get(path, headers={"accept": "text/html", "accept-language": "de"})
    assert page.status_code == 401
    assert "Du kannst diese Seite von hier aus nicht öffnen." in plain(page.text)
    assert '<a href="/">Zur Startseite</a>' in page.text


@pytest.mark.parametrize("host", ["evil.example", "a{b.evil.example", 'a"b.evil.example:8080', "["])
async def test_a_foreign_name_for_this_address_is_refused(place: Place, host: str) -> None:
    """DNS rebinding: a site that points its own name at loopback is refused, also a name that browsers look up
    although no host may be called so."""
    async with httpx.AsyncClient(base_url=place.url, headers={"host": host}) as http:
        assert (await http.get("/")).status_code == 403


async def test_elsewhere_than_loopback_the_password_is_asked_for(open_place: OpenPlace) -> None:
    """A page that others can reach costs the operator money, so it asks for the operator's password, in
    UTF-8 in every browser."""
    async with (
        open_place(web_host="0.0.0.0", operator_password="open sesame") as place,
        httpx.AsyncClient(base_url=place.url) as http,
    ):
        stranger = await http.get("/")
        assert stranger.status_code == 401
        assert stranger.headers["www-authenticate"] == 'Basic realm="chat", charset="UTF-8"'
        assert (await http.get("/", auth=("me", "wrong"))).status_code == 401
        assert (await http.get("/", headers={"authorization": b"Basic \xff\xfe"})).status_code == 401
        for path in ("/entries", "/events", "/language", "/pictures/x"):
            assert "www-authenticate" in (await http.get(path)).headers, path
        assert "www-authenticate" in (await http.post("/turn", headers=OURS)).headers
        assert (await http.get("/", auth=("me", "open sesame"))).status_code == 200
        assert (await http.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "bot.example"},
        {"host": "bot.example", "x-forwarded-for": "8.8.8.8"},
        {"x-forwarded-for": "8.8.8.8"},
        {"x-forwarded-for": "127.0.0.1, 8.8.8.8"},
        {"x-forwarded-for": "unknown"},
        {"x-forwarded-for": ""},
        {"x-forwarded-for": "127.0.0.1"},
        {"x-real-ip": "8.8.8.8"},
        {"forwarded": "for=8.8.8.8;proto=https"},
    ],
)
async def test_by_way_of_a_proxy_the_password_is_asked_for(
    open_place: OpenPlace, headers: dict[str, str]
) -> None:
    """A proxy on this machine serves others: neither our public name nor the proxy's loopback connection opens
    the page."""
    url = "https://bot.example"
    hook = {"telegram_webhook_url": f"{url}/telegram/webhook", "telegram_webhook_secret": "hush"}
    for password, status in (("", 403), ("open sesame", 401)):
        async with (
            open_place(**hook, public_url=url, operator_password=password) as place,
            httpx.AsyncClient(base_url=place.url) as here,
            httpx.AsyncClient(base_url=place.url, headers=headers) as http,
        ):
            answer = await http.get("/", auth=("me", "wrong" if password else ""))
            assert (answer.status_code, "set-cookie" in answer.headers) == (status, False)
            assert ("www-authenticate" in answer.headers) == bool(password)
            assert ("password" in answer.text) == bool(password)
            assert (await here.get("/")).status_code == 200
            if password:
                assert (await http.get("/", auth=("me", password))).status_code == 200


async def test_password_guesses_at_the_page_are_limited(open_place: OpenPlace) -> None:
    """The browser's prompt and the login form share one limit on wrong passwords, and each is logged. Beyond it
    the right password has to wait, too, except in a browser that was let in before."""
    async with (
        open_place(web_host="0.0.0.0", operator_password="open sesame") as place,
        httpx.AsyncClient(base_url=place.url) as friend,
        httpx.AsyncClient(base_url=place.url) as http,
    ):
        right, wrong = ("me", "open sesame"), ("me", "guess")
        for path in ["/", "/language", "/entries"] * PLACE_MOST:
            assert (await friend.get(path, auth=right)).status_code < 400
        with capture_logs() as logs:
            for _ in range(PLACE_MOST):
                assert (await http.get("/entries", auth=wrong)).status_code == 401
            for guess in (wrong, right):
                answer = await http.get("/", auth=guess)
                assert answer.status_code == 429
                assert 0 < int(answer.headers["retry-after"]) <= 30
        assert [line["event"] for line in logs].count("operator.login_refused") == PLACE_MOST
        form = await http.post("/operator/login", data={"password": right[1]}, headers=SAME_SITE)
        assert form.status_code == 429
        assert (await friend.get("/", auth=right)).status_code == 200


async def test_guesses_from_many_places_are_limited_together(
    open_place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses can be forged, so there is a limit over all of them. Beyond it the right password has to wait,
    too, or the refusals would reveal it; a browser that was let in before does not."""
    monkeypatch.setattr("bots.web.guesses.ALL_EVERY_S", 600.0)
    async with (
        open_place(web_host="0.0.0.0", operator_password="open sesame") as place,
        httpx.AsyncClient(base_url=place.url) as friend,
        httpx.AsyncClient(base_url=place.url) as http,
    ):

        async def guess(address: str, password: str = "wrong") -> int:
            headers = {"x-forwarded-for": address}
            return (await http.get("/entries", auth=("", password), headers=headers)).status_code

        assert (await friend.get("/", auth=("", "open sesame"))).status_code == 200
        # What one subscriber of IPv6 has is one place.
        assert [await guess(f"2001:db8::{number}") for number in range(PLACE_MOST)] == [401] * PLACE_MOST
        assert [await guess(f"2001:db8{network}::9") for network in ("", ":0:1")] == [429, 401]
        written = ("", "::ffff:")  # as a proxy does that takes both kinds in one place
        tried = [await guess(f"{written[number % 2]}8.8.8.{number}") for number in range(ALL_MOST)]
        assert tried == sorted(tried)
        assert 0 < tried.count(429) < 2 * PLACE_MOST
        assert await guess("8.8.9.1", "open sesame") == 429
        assert (await friend.get("/", auth=("", "open sesame"))).status_code == 200


async def test_it_speaks_the_persons_language(visitor: Visitor) -> None:
    """The browser's language, unless the switch on the page was used."""
    german = {"accept-language": "la;q=1, de-AT;q=0.9, en;q=0.5"}
    assert '<html lang="de" dir="ltr">' in (await visitor.http.get("/", headers=german)).text
    assert '<html lang="en" dir="ltr">' in (await visitor.http.get("/", headers={"accept-language": "la"})).text
    await visitor.http.get("/language", params={"to": "de"}, follow_redirects=True)
    page = (await visitor.http.get("/", headers={"accept-language": "en"})).text
    assert '<html lang="de" dir="ltr">' in page
    assert "Was möchtest du wissen?" in page


async def test_link_previews_and_home_screens_know_the_page(visitor: Visitor) -> None:
    """A link preview describes the page in the person's language; a home screen gets its icon."""
    page = (await visitor.http.get("/", headers={"accept-language": "de"})).text
    assert '<meta name="description" content="Stell eine Frage, ' in page
    sign = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert sign
    picture = Image.open(io.BytesIO((await visitor.http.get(sign[1])).content))
    assert (picture.size, picture.has_transparency_data) == ((180, 180), False)


async def test_a_choice_on_the_page_is_that_of_settings(visitor: Visitor) -> None:
    """A language chosen on the page or in /settings applies to both; reset, the browser's applies."""
    async with visitor.looking() as screen:
        await screen.end(await visitor.say("/settings language de"))
        assert '<html lang="de" dir="ltr">' in (await visitor.http.get("/")).text
        await visitor.http.get("/language", params={"to": "en"})
        assert "<strong>Language</strong> English" in await screen.end(await visitor.say("/settings"))
        await screen.end(await visitor.say("/settings language auto"))
        page = (await visitor.http.get("/", headers={"accept-language": "de"})).text
        assert '<html lang="de" dir="ltr">' in page


@pytest.mark.parametrize(("header", "expected"), [("", "en"), ("en-GB,de", "en"), ("de", "de"), ("*", "en")])
def test_the_browsers_first_language_that_we_speak(header: str, expected: str) -> None:
    """Languages are tried in the browser's order."""
    request = Request({"type": "http", "headers": [(b"accept-language", header.encode())]})
    assert locale_of(request) == expected


async def test_it_offers_every_command_and_model(place: Place) -> None:
    """The menu, the models with prices and the image form come from core's data."""
    page = await (await place.visitor()).arrive()
    for command in COMMANDS:
        assert (f'"name": "{command.name}"' in page) == (not command.hidden and not command.admin)
    for model in place.core.catalogue.chat.values():
        assert f'value="{model.name}"' in page
    assert "$0.15 per million tokens in, $0.60 out" in plain(page)
    for option in BY_NAME["imagine"].options:
        if option.kind in ("integer", "number"):
            field = re.search(rf'<input type="number" name="{option.name}"[^>]*>', page)
            assert field, option.name
            assert f'min="{option.low:g}" max="{option.high:g}"' in field[0]
    assert 'value="autismmix"' not in page  # for age-restricted places only


async def test_it_says_that_the_api_is_simulated(open_place: OpenPlace) -> None:
    """The page says that answers are simulated, and what makes them real: a key, or using the one that is
    set."""
    for key, wanted in (("", "et MINITOOLAI_API_KEY for"), ("sk-mine", "et MINITOOLAI_SIMULATED=0 for")):
        api = {"minitoolai_base_url": MINITOOLAI_API, "minitoolai_api_key": key}
        async with open_place(minitoolai_simulated=bool(key), **api) as place:
            visitor = await place.visitor()
            assert wanted in await visitor.arrive()
            async with visitor.looking() as screen:
                drawn = await screen.end(await visitor.say("/help"))
            assert wanted in plain(drawn)
    async with open_place() as place:
        assert "MINITOOLAI_API_KEY" not in await (await place.visitor()).arrive()


@pytest.mark.parametrize(("status", "code"), [("ok", 200), ("degraded", 503)])
async def test_health_and_the_callers_routes(place: Place, status: str, code: int) -> None:
    """/healthz returns the caller's data, and the caller's routes are served beside the page."""

    async def health() -> dict[str, str]:
        return {"status": status}

    async def hello(_: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = create_app(place.core, health, extra_routes=[Route("/operator/", hello)])
    async with (
        serving(app, "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        answer = await http.get("/healthz")
        assert (answer.status_code, answer.json()) == (code, {"status": status})
        assert (await http.get("/operator/")).text == "hello"
        missing = await http.get("/")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
async def test_an_unusable_host_is_named(host: str, place: Place) -> None:
    """The error names WEB_HOST, not the port, and is not retried."""
    app = create_app(place.core, lambda: None)  # type: ignore[arg-type, return-value]  # never asked
    with pytest.raises(CannotStart, match="WEB_HOST") as caught:
        async with serving(app, host, 0):
            pass
    assert caught.value.code == 2


async def test_a_taken_port_is_said(place: Place) -> None:
    """A port in use is one line that names the setting."""
    app = create_app(place.core, lambda: None)  # type: ignore[arg-type, return-value]  # never asked
    with pytest.raises(CannotStart, match="WEB_PORT"):
        async with serving(app, "127.0.0.1", int(place.url.rpartition(":")[2])):
            pass


async def test_pictures_belong_to_one_person(place: Place, visitor: Visitor) -> None:
    """An ordered picture has alt text; other people cannot open it."""
    async with visitor.looking() as screen:
        entry = await visitor.say("A red fox", command="imagine", size="small")
        drawn = await screen.end(entry)
    path = re.search(r'src="(/pictures/\w+)" alt="A red fox"', drawn)
    assert path
    answer = await visitor.http.get(path[1])
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert (await (await place.visitor()).http.get(path[1])).status_code == 404
    assert "512×512" in plain(drawn)


async def test_progress_is_shown_while_a_picture_is_made(open_place: OpenPlace) -> None:
    """Pictures being made show their progress and shape, and are made without an open page, too. Hidden
    pictures say what a press does."""
    wish = {"command": "imagine", "count": "2", "width": "512", "height": "768", "spoiler": "1"}
    async with open_place(Simulated(job_s=1.2)) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("a fox", **wish)
            while "painting" not in screen.drawn.get(entry, ""):
                assert "failed" not in screen.drawn.get(entry, "")
                await visitor.http.get("/healthz")
            assert screen.drawn[entry].count('<svg class="canvas" viewBox="0 0 512 768">') == 2
        async with visitor.looking(waiting=entry) as screen:
            drawn = await screen.end(entry)
    assert drawn.count("<img") == 2
    assert re.findall(r'aria-label="Show: a fox ([^"]+)"', drawn) == ["(1/2)", "(2/2)"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/imagine  a fox ", ("imagine", "a fox")),
        ("/Imagine a fox", ("imagine", "a fox")),
        ("/new", ("new", "")),
        ("/admin caps user 1", ("admin caps", "user 1")),
        ("/nonsense x", ("/nonsense", "x")),
        ("/paint a fox", ("/paint", "a fox")),  # a button's name
        ("/etc/passwd is what?", ("ask", "/etc/passwd is what?")),
        ("what is /new?", ("ask", "what is /new?")),
        ("/model\ngpt", ("model", "gpt")),
    ],
)
def test_a_line_that_begins_with_a_slash_is_a_command(line: str, expected: tuple[str, str]) -> None:
    """`/name text` is that command; a path, or a slash within a sentence, is not."""
    assert parse_line(line) == expected
