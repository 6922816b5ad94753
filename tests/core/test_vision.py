"""Posted pictures: what is refused and why, what a model gets, and at what price."""

import asyncio
import io
import json
import os
import random
import struct
import subprocess
import sys
import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from core.attached import File
from core.catalogue import Catalogue, Patches, read_catalogue
from core.conversation import Answered, Prepared, Question
from core.errors import BadInput
from core.media import Media
from core.memory import Memory
from core.pixels import prepare
from core.settings import Settings
from core.store import Store
from core.turn import Attachment, Person, Turn
from core.vision import Vision, look, pick_model
from core.words import locales, t

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
ROOT = Path(__file__).parents[2]
GPS = 0x8825


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 320, height: int = 200) -> Image.Image:
    noise = [Image.effect_noise((width, height), 90) for _ in range(3)]
    return Image.merge("RGB", noise)


def drawing(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (width, height))
    ImageDraw.Draw(image).rectangle((10, 10, width // 2, height // 2), fill="white" if mode == "RGB" else 1)
    return image


async def one(data: bytes) -> tuple[Prepared, Image.Image]:
    """The prepared picture, and what a model sees of it."""
    (prepared,) = await prepare([File("a", "picture", data)])
    image = Image.open(io.BytesIO(prepared.data))
    image.load()
    assert image.size == (prepared.width, prepared.height)
    assert image.get_format_mimetype() == prepared.media_type
    return prepared, image


async def refusal(data: bytes) -> str:
    """The key of the refusal, which has a sentence of its own in every language."""
    with pytest.raises(BadInput) as caught:
        await prepare([File("a", "picture", data)])
    sentences = {t(name, caught.value.message_key, **caught.value.data) for name in locales()}
    assert len(sentences) == len(locales())
    assert all(len(text) > 20 and "{" not in text for text in sentences)
    return caught.value.message_key


def png(width: int, height: int, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever it holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_the_four_formats_are_seen(kind: str) -> None:
    """PNG, JPEG, WEBP and GIF are accepted and encoded anew."""
    prepared, image = await one(encoded(photo(), kind))
    assert image.size == (320, 200)
    assert prepared.media_type in ("image/jpeg", "image/png")
    assert prepared.data != encoded(photo(), kind)


async def test_orientation_is_applied_and_metadata_is_gone() -> None:
    """Orientation is applied; EXIF, GPS, comments and profiles do not reach the model's side."""
    image = Image.new("RGB", (300, 100), "red")
    image.paste("blue", (0, 0, 150, 100))
    for orientation, size, corner in ((1, (300, 100), "blue"), (3, (300, 100), "red"), (6, (100, 300), "blue")):
        exif = Image.Exif()
        exif[0x0112], exif[0x010E] = orientation, "where I live"
        exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
        data = encoded(image, "JPEG", exif=exif, comment=b"where I live", icc_profile=b"where I live")
        assert b"where I live" in data
        prepared, seen = await one(data)
        assert seen.size == size
        pixel = seen.convert("RGB").getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert (pixel[2] > 200) == (corner == "blue")
        assert b"where" not in prepared.data
        assert not seen.getexif()
        assert not {"exif", "icc_profile", "comment"} & set(seen.info)
    for kind in ("PNG", "WEBP"):
        prepared, seen = await one(encoded(image, kind, exif=exif, icc_profile=b"where I live"))
        assert (seen.size, b"where" in prepared.data) == ((100, 300), False)


async def test_sixteen_bits_cmyk_palettes_and_transparency() -> None:
    """16-bit, CMYK, palette, grey and transparent pictures keep their looks."""
    deep = Image.new("I;16", (40, 30), 32768)
    prepared, seen = await one(encoded(deep, "PNG"))
    assert seen.convert("L").getpixel((9, 9)) == 128
    _, seen = await one(encoded(photo().convert("CMYK"), "JPEG"))
    assert seen.mode == "RGB"
    _, seen = await one(png(2, 2, 16, 2, b"\x00" + b"\x80\x00" * 6 + b"\x00" + b"\x80\x00" * 6))
    assert seen.convert("RGB").getpixel((0, 0)) == (128, 128, 128)
    clear = drawing().convert("RGBA")
    clear.putalpha(drawing(mode="L").point(lambda value: 255 * value))
    prepared, seen = await one(encoded(clear, "PNG"))
    assert (prepared.media_type, seen.mode) == ("image/png", "RGBA")
    _, seen = await one(encoded(drawing().quantize(4), "PNG", transparency=0))
    assert seen.mode == "RGBA"
    solid = photo().convert("RGBA")
    assert (await one(encoded(solid, "PNG")))[0].media_type == "image/jpeg"
    solid.putpixel((0, 0), (1, 2, 3, 0))
    assert (await one(encoded(solid, "PNG")))[0].media_type == "image/webp"
    for mode in ("1", "L", "LA", "P"):
        assert (await one(encoded(photo().convert(mode), "PNG")))[1].size == (320, 200)


async def test_photos_become_small_and_drawings_stay_exact() -> None:
    """Photos are sent as JPEG, drawings and screenshots as PNG without loss."""
    assert (await one(encoded(photo(), "PNG")))[0].media_type == "image/jpeg"
    prepared, seen = await one(encoded(drawing(), "PNG"))
    assert prepared.media_type == "image/png"
    assert seen.convert("RGB").tobytes() == drawing().tobytes()


async def test_only_the_first_frame_is_looked_at() -> None:
    """Animated pictures are seen as their first frame; 10,000 frames cost no more than one."""
    frames = [Image.new("P", (8, 8), n % 2) for n in range(10_000)]
    for frame in frames:
        frame.putpalette([255, 0, 0, 0, 0, 255])
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=10, loop=0)
    assert data.count(b"\x21\xf9") > 9000
    pixel = (await one(data))[1].convert("RGB").getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert (pixel[0] > 200, pixel[2] < 50) == (True, True)
    moving = [drawing(), photo()]
    assert (await one(encoded(moving[0], "WEBP", save_all=True, append_images=moving[1:])))[1].size == (
        320,
        200,
    )


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (png(100_000, 100_000), "picture-too-large"),
        (png(5001, 5001), "picture-too-large"),
        (png(10_001, 1), "picture-too-long"),
        (encoded(Image.new("1", (7000, 7000)), "PNG"), "picture-too-large"),
        (encoded(Image.new("RGB", (5500, 5500)), "WEBP", quality=1), "picture-too-large"),
        (
            b"GIF89a" + struct.pack("<HH", 60000, 60000) + encoded(Image.new("P", (1, 1)), "GIF")[10:],
            "picture-too-large",
        ),
        (encoded(Image.new("L", (10_001, 1)), "JPEG"), "picture-too-long"),
        (b"\x89PNG\r\n\x1a\n", "picture-broken"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture-broken"),
        (b"\xff\xd8\xff\xd9", "picture-broken"),
        (png(0, 0), "picture-broken"),
        (encoded(photo(), "JPEG")[:500], "picture-broken"),
        (encoded(photo(), "PNG")[:-2000], "picture-broken"),
        (encoded(photo(), "WEBP")[:-2000], "picture-broken"),
    ],
    ids=str,
)
async def test_each_reason_has_its_own_sentence(data: bytes, key: str) -> None:
    """Bombs, overlong and damaged pictures are refused, each as what it is."""
    assert await refusal(data) == key


async def test_every_shape_is_scaled_to_something() -> None:
    """Extreme shapes come out with at least one pixel a side."""
    for size in ((9999, 1), (1, 9999), (1, 1), (9999, 2)):
        _, seen = await one(encoded(Image.new("RGB", size), "PNG"))
        assert min(seen.size) >= 1


async def test_large_pictures_are_scaled_to_what_a_model_uses() -> None:
    """Nothing is kept that is larger than the closest look of any model."""
    prepared, _ = await one(encoded(photo(2400, 1600), "JPEG"))
    assert Patches(read_catalogue().chat["gpt-4.1-mini"].vision.multiplier, 1536).fit(  # type: ignore[union-attr]  # it sees
        prepared.width, prepared.height
    ) == (prepared.width, prepared.height)
    assert abs(prepared.width / prepared.height - 1.5) < 0.01


async def test_the_loop_goes_on_and_two_are_prepared_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Preparing runs off the event loop, at most two at a time."""
    import threading

    from core import pixels

    running = most = ticks = 0
    lock, real = threading.Lock(), pixels._prepare

    def counted(file: File) -> Prepared:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(file)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(pixels, "_prepare", counted)
    data = encoded(photo(1200, 900), "JPEG")
    work = asyncio.gather(prepare([File("a", "picture", data)] * 4), prepare([File("a", "picture", data)] * 4))
    while not work.done():
        ticks += 1
        await asyncio.sleep(0)
    await work
    assert most == 2
    assert ticks > 10


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def test_the_price_is_known_and_the_cheapest_adequate_look_is_taken(catalogue: Catalogue) -> None:
    """The token price of each detail is known beforehand; small pictures are looked at cheaply, and no
    picture costs more than was allowed while there is a cheaper look."""
    mini, patches = catalogue.chat["gpt-4o-mini"].vision, catalogue.chat["gpt-4.1-mini"].vision
    assert mini is not None
    assert patches is not None
    assert look(mini, 500, 400) == type(look(mini, 500, 400))(500, 400, "low", 2833)
    high = look(mini, 1024, 1024)
    assert (high.width, high.height, high.detail, high.tokens) == (768, 768, "high", 25501)
    low = look(mini, 1024, 1024, 20_000)
    assert (low.width, low.height, low.detail, low.tokens) == (512, 512, "low", 2833)
    assert look(patches, 1024, 1024).tokens == 1659
    assert look(patches, 4000, 3000).tokens <= 2489
    less = look(patches, 1024, 1024, 500)
    assert less.tokens <= 500
    assert less.width < 600
    assert look(patches, 5000, 5000, 1).tokens < 120
    assert (look(patches, 1800, 2400).tokens, look(patches, 10_000, 129).width < 10_000) == (2479, True)


def test_vision_model_unless_the_person_chose(make_settings: Any, catalogue: Catalogue, tmp_path: Path) -> None:
    """VISION_MODEL is used when pictures are present unless the person chose a model."""
    settings: Settings = make_settings(redis_url="")
    assert pick_model("", False, settings, catalogue).name == "gpt-4o-mini"
    assert pick_model("", False, settings, catalogue, "gpt-4.1-nano").name == "gpt-4.1-nano"
    assert pick_model("", True, settings, catalogue, "gpt-4.1-nano").name == "gpt-4.1-mini"
    assert pick_model("gpt-4o", True, settings, catalogue).name == "gpt-4o"
    assert pick_model("gone", False, settings, catalogue, "gone").name == "gpt-4o-mini"
    file = tmp_path / "more.toml"
    file.write_text('[chat.blind]\ninput="1"\noutput="1"\ncontext=1000\nmax_output=100\n')
    with pytest.raises(BadInput, match="picture-blind-model"):
        pick_model("blind", True, settings, read_catalogue(file))


SECRET = "bot123:very-secret-token"
TURN = Turn("web:1", "ask", Person("web:anna", "Anna"), "web:chat:1", "web:room:1", shared=True)


def posted(data: bytes) -> Attachment:
    address = f"https://files.example/{SECRET}/photo.jpg"

    async def read(limit: int) -> bytes:
        assert address
        return data

    return Attachment("photo.jpg", "image/jpeg", len(data), read)


async def ask(memory: Memory, vision: Vision, ref: str, model: Any, *posts: Attachment) -> Any:
    fresh, _ = await vision.sort(posts)
    conversation = await memory.open(TURN, ref)
    question = Question("see", "web:anna", "Anna", pictures=tuple(one.ref for one in fresh))
    shown = await vision.show(conversation, question, model, fresh)
    await memory.append(conversation, question, Answered("seen", model.name), fresh)
    return shown


async def test_pictures_stay_visible(store: Store, make_settings: Any, catalogue: Catalogue) -> None:
    """The model keeps seeing the pictures of the conversation, at a known price, whatever model it is."""
    settings = make_settings()
    memory = Memory(store, settings)
    vision = Vision(settings, memory, Media(store, settings))
    model = catalogue.chat["gpt-4.1-mini"]
    first = await ask(memory, vision, "1" * 16, model, posted(encoded(photo(1400, 1000), "JPEG")))
    (part,) = first.parts.values()
    assert part.url.startswith("data:image/jpeg;base64,")
    assert first.tokens == 2281  # 44 x 32 patches times 1.62
    second = await ask(memory, vision, "2" * 16, catalogue.chat["gpt-4o"])
    (key,) = second.parts
    assert key in first.parts
    assert Image.open(io.BytesIO(b64decode(second.parts[key].url.partition(",")[2]))).size == (1075, 768)
    assert second.tokens == 1105
    blind = await vision.show(await memory.open(TURN, "x" * 16), Question("?", "a", "A"), _blind(model))
    assert (dict(blind.parts), blind.tokens) == ({}, 0)


def _blind(model: Any) -> Any:
    from dataclasses import replace

    return replace(model, vision=None)


async def test_a_platforms_address_goes_nowhere(
    store: Store, make_settings: Any, catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    """A platform's own file address, which may carry a credential, is not in what the model's side gets,
    nor in the store, in logs or in errors: inline and by link, and when the picture is refused."""
    for transport in ("inline", "link"):
        settings = make_settings(image_transport=transport, public_url="https://bot.example")
        memory, media = Memory(store, settings), Media(store, settings)
        vision = Vision(settings, memory, media)
        shown = await ask(
            memory, vision, transport.ljust(16, "x"), catalogue.chat["gpt-4o"], posted(encoded(photo(), "JPEG"))
        )
        urls = [part.url for part in shown.parts.values()]
        assert all(url.startswith(("data:image/", "https://bot.example/media/")) for url in urls)
        if transport == "link":
            served = await media.get(urls[0].rpartition("/")[2])
            assert served is not None
            assert served[1] == "image/jpeg"
        with pytest.raises(BadInput) as caught:
            await vision.sort([posted(b"\xff\xd8\xff broken")])
        held = repr(caught.value) + repr(caught.value.data) + repr(urls) + repr(shown) + capsys.readouterr().out
        for key in await store.redis.keys("*"):
            held += repr(key) + repr(await store.redis.dump(key))
        assert SECRET not in held


FUZZ = """
import asyncio, json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from core.attached import fetch, pictures
from core.errors import BadInput
from core.pixels import prepare
from core.turn import Attachment
from core.words import t

async def one(path):
    data = path.read_bytes()
    async def read(limit):
        return data
    try:
        files = await fetch([Attachment(path.name, "image/png", len(data), read)])
        await prepare(pictures(files))
        return "seen"
    except BadInput as error:
        assert t("en", error.message_key, **error.data) != error.message_key
        return error.message_key

async def main():
    counts, slowest = {}, 0.0
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        if path.is_file():
            started = time.perf_counter()
            async with asyncio.timeout(20):
                found = await one(path)
            slowest = max(slowest, time.perf_counter() - started)
            counts[found] = counts.get(found, 0) + 1
    print(json.dumps({"counts": counts, "slowest": slowest}))

asyncio.run(main())
"""


def fuzz(folder: Path, cpu_seconds: int) -> dict[str, Any]:
    """Feeds every file of the folder to a process with little memory and time; how each ended."""
    command = [sys.executable, "-c", FUZZ, str(folder), str(cpu_seconds)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=cpu_seconds * 3, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_damaged_pictures_never_crash_or_hang(tmp_path: Path) -> None:
    """Truncated and altered pictures of every format: no crash, no hang, always one clear sentence."""
    rng = random.Random(4)
    sources = [encoded(photo(90, 60), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")]
    sources.append(encoded(photo(90, 60), "JPEG", progressive=True))
    sources.append(encoded(drawing(90, 60).quantize(4), "PNG"))
    sources.append(encoded(drawing(), "GIF", save_all=True, append_images=[photo()]))
    for number, data in enumerate(sources):
        for turn in range(60):
            broken = bytearray(data[: rng.randrange(1, len(data))] if turn % 3 == 0 else data)
            for _ in range(rng.randrange(1, 12)):
                broken[rng.randrange(min(len(broken), 200 if turn % 2 else len(broken)))] = rng.randrange(256)
            (tmp_path / f"{number}-{turn}").write_bytes(broken)
    found = fuzz(tmp_path, 40)
    assert sum(found["counts"].values()) == 420
    assert set(found["counts"]) <= {
        "seen", "picture-broken", "picture-too-large", "picture-too-long", "picture-wrong-type"
    }  # fmt: skip
    assert found["counts"]["picture-broken"] > 50


@pytest.mark.skipif(not os.environ.get("PILLOW_IMAGES"), reason="PILLOW_IMAGES names no folder")
def test_pillows_own_broken_pictures() -> None:
    """The images of Pillow's own tests, broken ones and bombs among them."""
    found = fuzz(Path(os.environ["PILLOW_IMAGES"]), 300)
    print(found)
    assert found["slowest"] < 10
