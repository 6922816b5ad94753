"""Invalid input on the page gets a clear sentence, and nothing is lost."""

import asyncio
import io
import os
import signal
import zlib
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image
from redis.asyncio import Redis

from core.minitool.simulated import Simulated
from core.store import Store
from tests.adapters.web.conftest import OpenPlace, Place
from tests.adapters.web.visitor import OURS, Visitor, plain
from tests.conftest import run_valkey
from tests.waiting import until


def png(width: int = 40, height: int = 30, colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of 50 megapixels in a hundred bytes: only its size is read, so one row is enough."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (10_000).to_bytes(4, "big") + (5_000).to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    row = zlib.compress(bytes(30_001))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


async def test_a_picture_is_asked_about(visitor: Visitor) -> None:
    """A posted picture reaches the model, and stands beside the question after a reload."""
    async with visitor.looking() as screen:
        entry = await visitor.say("What is this?", [("sea.png", png(colour="blue"), "image/png")])
        drawn = await screen.end(entry)
    assert "40" in plain(drawn)
    assert 'alt="sea.png"' in drawn
    assert 'alt="sea.png"' in await visitor.arrive()


def note(drawn: str) -> str:
    """The line that says what went wrong."""
    return plain("<p " + drawn.partition('<p class="note')[2].partition("</p>")[0])


REFUSED: dict[str, tuple[str, dict[str, str], tuple[tuple[str, bytes, str], ...]]] = {
    "empty question": ("/ask", {}, ()),
    "100 kB question": ("x " * 50_000, {}, ()),
    "unknown model": ("Hi", {"model": "gpt-99"}, ()),
    "temperature 3": ("Hi", {"temperature": "3"}, ()),
    "width 2000": ("a fox", {"command": "imagine", "width": "2000"}, ()),
    "cfg words": ("a fox", {"command": "imagine", "cfg": "much"}, ()),
    "no prompt": ("", {"command": "imagine"}, ()),
    "unknown command": ("/nonsense", {}, ()),
    "text as png": ("Hi", {}, (("a.png", b"just text, no picture \x00\x01", "image/png"),)),
    "50 megapixels": ("Hi", {}, (("b.png", bomb(), "image/png"),)),
}


async def test_invalid_input_is_refused_in_a_sentence(place: Place, visitor: Visitor) -> None:
    """The sentence says what is wrong; the question stays on the page; nothing is asked or paid."""
    async with visitor.looking() as screen:
        for case, (text, fields, files) in REFUSED.items():
            drawn = await screen.end(await visitor.say(text, files, **fields))
            assert "failed" in drawn.partition(">")[0], case
            is_question = case == "empty question"  # what they would like to know, which is no alarm
            assert ('class="note alert"' in drawn) is not is_question, case
            assert len(note(drawn)) > 15, case
            assert "operator this number" not in drawn, case  # that would be a bug of ours
            assert text.startswith("/") or text[:20].strip() in plain(drawn), case
    assert place.simulated.record.counts["chat"] + place.simulated.record.counts["submit"] == 0


async def test_the_composers_model_is_for_questions(place: Place, visitor: Visitor) -> None:
    """The model chosen in the composer is sent with every line; an /imagine ignores it."""
    async with visitor.looking() as screen:
        for text in ("/imagine a fox", "/usage", "/ask Hi", "Hi"):
            drawn = await screen.end(await visitor.say(text, model="gpt-4.1-nano", temperature="0.5"))
            assert "entry done" in drawn, text
            assert ("GPT-4.1 nano" in drawn) is text.endswith("Hi"), text


@pytest.mark.parametrize("line", ["/paint a fox", "/try again", "/nonsense"])
async def test_a_hidden_command_cannot_be_typed(visitor: Visitor, line: str) -> None:
    """It is answered as an unknown command."""
    async with visitor.looking() as screen:
        drawn = await screen.end(await visitor.say(line))
    assert f"There is no command “{line.split()[0]}”." in note(drawn)
    assert f" {line} " in f" {plain(drawn)} "


async def test_what_came_with_options_is_not_used_again_without_them(visitor: Visitor) -> None:
    """A picture ordered in the form offers "Again" and "Vary", which keep its options, not "Use again"; a typed
    line contains its options."""
    async with visitor.looking() as screen:
        typed = await screen.end(first := await visitor.say("/imagine a fox"))
        formed = await screen.end(await visitor.say("a fox", command="imagine", steps="3"))
        pressed = await visitor.action(screen, first, "vary", label="", text="a blue fox")
        varied = await screen.end(pressed.json()["id"])
    assert "Vary: a blue fox" in plain(varied)  # by its button: there is no such command to be typed
    assert 'class="reuse"' not in varied
    assert 'class="reuse"' in typed
    assert 'class="reuse"' not in formed
    assert 'data-command="again"' in formed


async def test_only_whole_questions_can_be_used_again(visitor: Visitor) -> None:
    """The page keeps a question to its last character, or marks it as cut and offers no "Use again"."""
    async with visitor.looking() as screen:
        whole = await screen.end(await visitor.say("word " * 3000 + "end"))
        cut = await screen.end(await visitor.say("word " * 14_000 + "end"))
    assert plain(whole.partition('class="question"')[2].partition("</p>")[0]).endswith(" end")
    assert 'class="reuse"' in whole
    assert "word …" in plain(cut)
    assert 'class="reuse"' not in cut


async def test_ten_pictures_at_once(place: Place, visitor: Visitor) -> None:
    """More pictures than the model may see: an answer or a clear sentence, and all pictures are shown."""
    async with visitor.looking() as screen:
        files = [(f"{number}.png", png(), "image/png") for number in range(10)]
        drawn = await screen.end(await visitor.say("What are these?", files))
    assert "operator this number" not in drawn
    assert drawn.count('alt="') == 10


FAULTS = ("401", "402", "429", "500", "html", "drop", "stall-first", "stall", "cut", "error")


async def test_upstream_trouble_is_said(open_place: OpenPlace) -> None:
    """Whatever fails upstream, the entry ends with a sentence within the time limits."""
    limits = {"first_byte_timeout_s": 0.5, "chunk_timeout_s": 0.5}
    async with open_place(Simulated(tokens_per_s=0, first_token_s=0), **limits) as place:

        async def trouble(fault: str) -> None:
            visitor = await place.visitor()
            async with visitor.looking() as screen:
                drawn = await screen.end(await visitor.say(f"fault:{fault} Tell me"), 15)
            assert len(note(drawn)) > 15, fault
            assert "operator this number" not in drawn, fault

        await asyncio.gather(*(trouble(fault) for fault in FAULTS))


async def test_too_large_a_body_is_refused(place: Place, visitor: Visitor) -> None:
    """A body over the limit is refused by its Content-Length, before it is read."""
    port = int(place.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    cookie = f"session={visitor.http.cookies['session']}"
    head = f"POST /turn HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: {cookie}\r\nx-page: 1\r\n"
    writer.write(
        f"{head}content-length: {10**9}\r\ncontent-type: multipart/form-data; boundary=x\r\n\r\n".encode()
    )
    assert b" 413 " in await reader.readline()
    writer.close()


async def test_markup_of_a_model_stays_text(place: Place, visitor: Visitor) -> None:
    """Nothing that a person or a model writes becomes markup of ours."""
    attack = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(1)</script> "><b data-x='
    async with visitor.looking() as screen:
        drawn = await screen.end(await visitor.say(attack))
    for page in (drawn, await visitor.arrive()):
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "<script>alert" not in page
        assert "<b data-x" not in page


async def test_the_page_says_that_the_store_is_away(open_place: OpenPlace) -> None:
    """A browser gets the sentence as a page in its language, which reloads by itself; the page's scripts get it
    as data. Who fetches a picture by its link is to try again, too."""
    links = {"image_transport": "link", "public_url": "https://bot.example"}
    with run_valkey("--port", "0") as home:
        url = f"unix://{home}/socket"
        async with Redis.from_url(url) as known, open_place(redis_url=url, **links) as place:
            await known.config_set("requirepass", "unknown to us")
            await place.core.store.redis.connection_pool.disconnect()
            browser = {"accept": "text/html,*/*;q=0.8", "accept-language": "de"}
            async with httpx.AsyncClient(base_url=place.url) as http:
                opened = await http.get("/", headers=browser)
                asked = await http.get("/")
                fetched = await http.get(f"/media/{'A' * 54}")
    assert opened.status_code == asked.status_code == fetched.status_code == 503
    assert "Bitte versuch es gleich noch einmal" in plain(opened.text)
    assert '<a class="brand" href="/">' in opened.text
    assert int(opened.headers["refresh"]) <= 10
    assert "try again" in asked.json()["error"]


async def test_a_store_that_is_away_is_said_and_comes_back(open_place: OpenPlace, store: Store) -> None:
    """Valkey killed while running: a clear sentence, and the page works again when it is back."""
    async with open_place(redis_url="") as place:
        visitor = await place.visitor()
        pid = int((await place.core.store.redis.info("server"))["process_id"])
        async with visitor.looking() as screen:
            await screen.end(await visitor.say("before"))
            os.kill(pid, signal.SIGKILL)
            answer = await visitor.post("meanwhile")
            assert answer.status_code in (202, 503)

        async def works() -> bool:
            async with visitor.looking() as screen:
                drawn = await screen.end(await visitor.say("after"))
            return "failed" not in drawn.partition(">")[0]

        await until(works)


async def test_lines_end_as_they_were_typed(place: Place, visitor: Visitor) -> None:
    """A browser's form ends lines with CR LF: the model and the image maker get LF."""
    async with visitor.looking() as screen:
        await screen.end(await visitor.say("def f():\r\n    pass"))
        await screen.end(await visitor.say("a fox\r\nin the snow", command="imagine"))
    bodies = [call.body for call in place.simulated.record.calls if call.call in ("chat", "submit")]
    assert bodies[0]["messages"][-1]["content"] == "def f():\n    pass"
    assert bodies[1]["prompt"] == "a fox\nin the snow"


@pytest.mark.parametrize("path", ["/turn", "/operator/login"])
async def test_who_leaves_while_sending_is_no_error(
    open_place: OpenPlace, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """A tab that is closed in the middle of an upload is nothing that an operator has to read about."""
    async with open_place(operator_password="open sesame") as place:
        visitor = await place.visitor()
        kind = {"content-type": "multipart/form-data; boundary=x", "content-length": "1000"}
        request = visitor.http.build_request("POST", path, headers={**OURS, **kind})
        address = urlsplit(place.url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        head = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers.items())]
        writer.write("\r\n".join([*head, "", "--x"]).encode())
        writer.close()
        await writer.wait_closed()
    assert caplog.records == []
