"""The simulated API: says that it is simulated, uses what it is sent, fails on request."""

import asyncio
import base64
import io
import subprocess
import sys

import httpx
import pytest
from PIL import Image

from core.errors import StreamCut
from core.minitool.client import open_minitool
from core.minitool.simulated import Simulated, serve_simulated
from core.minitool.simulated.answers import guess_locale
from core.minitool.simulated.jobs import parse_signature
from core.minitool.simulated.painting import paint
from core.minitool.wire import ChatRequest, End, Event, ImagePart, ImageRequest, Message, Text, TextPart, Usage
from core.words import locales, t
from tests.core.minitool.conftest import Side, model, settings_for

TAGS = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp", "GIF": "gif"}


def picture_url(kind: str, colour: str, size: tuple[int, int]) -> str:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return f"data:image/{TAGS[kind]};base64,{base64.b64encode(out.getvalue()).decode()}"


async def talk(side: Side, *messages: Message) -> str:
    async with side.minitool.chat(ChatRequest(model(), messages)) as events:
        return "".join([event.text async for event in events if isinstance(event, Text)])


async def test_an_answer_says_that_it_is_simulated(side: Side) -> None:
    """Readable Markdown with a heading, the question, a table and code; varied, but the same for the same
    question."""
    first, again, other = [
        await talk(side, Message("user", question))
        for question in ("What is a fox?", "What is a fox?", "And a cow?")
    ]
    assert "simulated" in first
    assert first.startswith("## ")
    assert "> What is a fox?" in first
    assert "|---|" in first
    assert first.count("```") == 2
    assert first == again != other


@pytest.mark.parametrize(
    ("locale", "question"),
    [
        ("de", "Was ist das für ein Tier?"),
        ("en", "What animal is this?"),
        ("es", "¿Qué animal es este, por favor?"),
        ("fr", "Pourquoi le ciel est bleu ?"),
        ("pt-BR", "O que é isso, por favor?"),
        ("ru", "Что это такое?"),
        ("tr", "Bu ne demek?"),
        ("uk", "Що це таке?"),
    ],
)
async def test_an_answer_speaks_the_language_of_the_question(side: Side, locale: str, question: str) -> None:
    """A German question gets a German answer, and so on."""
    assert t(locale, "simulated-notice") in await talk(side, Message("user", question))


@pytest.mark.parametrize("locale", locales())
def test_the_examples_of_the_page_are_answered_in_their_language(locale: str) -> None:
    """The page's example questions get answers in the page's language."""
    for example in ("explain", "picture", "paint", "code"):
        assert guess_locale(t(locale, f"web-example-{example}-text")) == locale, example


async def test_an_answer_knows_earlier_turns(side: Side) -> None:
    """Earlier questions of the conversation are counted and quoted, so that memory can be tried."""
    text = await talk(
        side, Message("user", "My dog is Rex"), Message("assistant", "ok"), Message("user", "And now?")
    )
    assert "My dog is Rex" in text


@pytest.mark.parametrize("kind", TAGS)
async def test_pictures_are_really_seen(side: Side, kind: str) -> None:
    """Format, size and main colour of the picture are named."""
    url = picture_url(kind, "#d02020", (37, 21))
    text = await talk(side, Message("user", (TextPart("What is it?"), ImagePart(url))))
    assert f"is a {kind} of 37 × 21 pixels" in text
    assert "red" in text


async def test_a_linked_picture_of_this_machine_is_seen_and_no_other(side: Side) -> None:
    """A link to loopback is fetched; other addresses are not."""
    job = await side.minitool.submit(ImageRequest("realvision", "a blue sea", width=300, height=256))
    here = await side.minitool.poll(job)
    assert here
    parts = (
        TextPart("Compare"),
        ImagePart(here),
        ImagePart("https://pictures.example/p.png"),
        ImagePart("data:,x"),
    )
    text = await talk(side, Message("user", parts))
    assert "PNG of 300 × 256" in text
    assert "**Picture 2** could not be read" in text
    assert "**Picture 3** could not be read" in text


async def test_the_length_limit_is_honoured(side: Side) -> None:
    """max_completion_tokens cuts the answer with finish_reason "length", and usage counts what was sent."""
    events: list[Event] = await side.ask("long", max_completion_tokens=9)
    text = "".join(event.text for event in events if isinstance(event, Text))
    assert text == "## Here is what arrived\n\n**This answer is simulat"
    assert End("length") in events
    assert [event.completion_tokens for event in events if isinstance(event, Usage)] == [9]


async def test_the_wire_format_is_the_documented_one(side: Side) -> None:
    """Chunks with usage null, an empty delta with the reason, usage with no choices, [DONE]; a dated model."""
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}
    async with httpx.AsyncClient(headers={"Authorization": "Bearer sk-secret"}) as http:
        answer = await http.post(f"{side.base}/chat-completions/", json=body)
        refused = [
            await http.post(f"{side.base}/chat-completions/", json=body | change)
            for change in (
                {"temperature": 3},
                {"messages": []},
                {"model": ""},
                {"messages": [{"role": "system"}]},
            )
        ]
    *chunks, last, done, rest = answer.text.split("\n\n")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"usage":null' in chunks[0]
    assert '"delta":{},"logprobs":null,"finish_reason":"stop"' in chunks[-1]
    assert '"choices":[],"usage":{"prompt_tokens":' in last
    assert (done, rest) == ("data: [DONE]", "")
    assert '"model":"gpt-4o-mini-2024-07-18"' in last
    assert [response.status_code for response in refused] == [400, 400, 400, 400]


async def test_an_answer_comes_at_a_human_pace() -> None:
    """At thirty tokens a second, ten pieces take a third of a second; that is the default."""
    simulated = Simulated(tokens_per_s=100, first_token_s=0.05)
    loop = asyncio.get_running_loop()
    async with serve_simulated(simulated) as base, open_minitool(settings_for(base)) as minitool:
        started = loop.time()
        async with minitool.chat(
            ChatRequest(model(), (Message("user", "Hi"),), max_completion_tokens=10)
        ) as events:
            async for _ in events:
                pass
        assert loop.time() - started >= 0.15
    assert Simulated().tokens_per_s == 30


async def test_a_job_outlives_its_process() -> None:
    """A job submitted to one simulated API is delivered by the next, as after a restart."""
    order = ImageRequest("realvision", "a fox", width=256, height=256)
    async with serve_simulated(Simulated(job_s=0)) as base, open_minitool(settings_for(base)) as minitool:
        job = await minitool.submit(order)
    async with serve_simulated() as base, open_minitool(settings_for(base)) as minitool:
        url = await minitool.poll(job)
        assert url
        assert url.startswith(base)
        made = parse_signature(job.signature)
        assert made
        assert await minitool.fetch(url) == paint(order, made.due)


async def test_each_order_has_its_own_picture() -> None:
    """The same prompt ordered again gives another picture; a made picture does not change."""
    order = ImageRequest("realvision", "a red fox", width=256, height=256)
    async with serve_simulated(Simulated(job_s=0)) as base, open_minitool(settings_for(base)) as minitool:
        urls = [await minitool.poll(await minitool.submit(order)) for _ in range(4)]
        first, again = [[await minitool.fetch(url) for url in urls if url] for _ in range(2)]
    assert len(set(first)) == 4
    assert first == again


async def test_a_job_takes_its_time() -> None:
    """Three to eight seconds by size and steps; pending until then."""
    now = [1000.0]
    simulated = Simulated(clock=lambda: now[0])
    async with serve_simulated(simulated) as base, open_minitool(settings_for(base)) as minitool:
        quick = await minitool.submit(ImageRequest("realvision", "x", steps=1, width=256, height=256))
        slow = await minitool.submit(ImageRequest("realvision", "x", steps=8, width=1344, height=1344))
        now[0] = 1003.1
        assert await minitool.poll(quick)
        assert await minitool.poll(slow) is None
        now[0] = 1008.1
        assert await minitool.poll(slow)


async def test_jobs_want_their_signature(side: Side) -> None:
    """Another id or a forged signature finds no picture."""
    job = await side.minitool.submit(ImageRequest("realvision", "x"))
    async with httpx.AsyncClient() as http:
        for wrong in (
            {"jobid": "1"},
            {"jobid": int(job.id)},
            {"signature": "abc"},
            {"signature": job.signature[:-9]},
        ):
            body = {"jobid": job.id, "signature": job.signature} | wrong
            answer = await http.post(f"{side.base}/texttoimage/jobs/", json=body)
            assert answer.json()["status"] == "error"
        picture = await http.get(f"{side.base}/pictures/abc.png")
        assert picture.status_code == 404


def test_pictures_follow_the_prompt() -> None:
    """The same order gives the same picture; colour words, size and steps matter."""
    one = ImageRequest("realvision", "ein roter Berg", width=256, height=320)
    assert paint(one) == paint.__wrapped__(one)
    assert paint(one) != paint(ImageRequest("realvision", "ein roter Berg", steps=8, width=256, height=320))
    for prompt, strongest in (
        ("ein roter Berg", 0),
        ("green hills", 1),
        ("das blaue Meer", 2),
        ("a blue city", 2),
    ):
        with Image.open(io.BytesIO(paint(ImageRequest("realvision", prompt, width=256, height=320)))) as image:
            assert image.size == (256, 320)
            red, green, blue = image.resize((1, 1)).getpixel((0, 0))
            assert max((red, 0), (green, 1), (blue, 2))[1] == strongest, prompt


@pytest.mark.parametrize("prompt", ["", "🦊" * 50, "Ärger über Öl", "日本の山", "x" * 5000, "a\nb\x00c", "ßß"])
@pytest.mark.parametrize("size", [(256, 1344), (1344, 256)])
def test_any_prompt_can_be_painted(prompt: str, size: tuple[int, int]) -> None:
    """Every script, length and shape works."""
    assert paint(ImageRequest("m", prompt, steps=1, cfg=1, width=size[0], height=size[1])).startswith(
        b"\x89PNG"
    )


async def test_faults_can_be_switched_from_outside(side: Side) -> None:
    """A test of the whole program sets faults and reads the calls through the control endpoint."""
    control = side.base.removesuffix("/api") + "/_faults"
    async with httpx.AsyncClient() as http:
        await http.post(control, json={"call": "chat", "kind": "cut", "times": 2})
        with pytest.raises(StreamCut):
            await side.ask("Hi")
        await http.delete(control)
        assert End("stop") in await side.ask("Hi")
        assert (await http.get(control)).json()["counts"] == {"chat": 2}
        assert (await http.post(control, json={"call": "other"})).status_code == 400


def test_the_client_alone_is_light() -> None:
    """With a key, neither Pillow nor a web server is imported for the client."""
    code = "import sys, core.minitool.client; print(sorted({'PIL', 'starlette', 'uvicorn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
