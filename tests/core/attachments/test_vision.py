"""Posted pictures: which are refused and why, what the model gets, and at what price."""

import asyncio
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from core.attachments.files import File
from core.catalogue import Patches, read_catalogue
from core.conversation import Prepared
from core.errors import BadInput
from core.pixels import prepare
from core.words import locales, t
from tests.core.attachments.made_pictures import drawing, encoded, photo

ROOT = Path(__file__).parents[3]
GPS, ORIENTATION = 0x8825, 0x0112


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
    """PNG, JPEG, WEBP and GIF are accepted and re-encoded."""
    prepared, image = await one(encoded(photo(), kind))
    assert image.size == (320, 200)
    assert prepared.media_type in ("image/jpeg", "image/png")
    assert prepared.data != encoded(photo(), kind)


async def test_orientation_is_applied_and_metadata_is_gone() -> None:
    """Orientation is applied; EXIF, GPS, comments and profiles are removed."""
    image = Image.new("RGB", (300, 100), "red")
    image.paste("blue", (0, 0, 150, 100))
    for orientation, size, corner in ((1, (300, 100), "blue"), (3, (300, 100), "red"), (6, (100, 300), "blue")):
        exif = Image.Exif()
        exif[ORIENTATION], exif[0x010E] = orientation, "where I live"
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


async def test_broken_metadata_is_ignored() -> None:
    """It does not make the picture invalid; valid parts of it count."""
    sideways = struct.pack("<HHII", ORIENTATION, 3, 1, 6)
    camera_outside = struct.pack("<HHII", 0x010F, 2, 5000, 9999)
    head = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2)
    exif = head + sideways + camera_outside + bytes(4)
    _, seen = await one(encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif))
    assert seen.size == (20, 40)


async def test_sixteen_bits_cmyk_palettes_and_transparency() -> None:
    """16-bit, CMYK, palette, grey and transparent pictures look the same."""
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
    """Of animated pictures the first frame is used; 10,000 frames cost no more than one."""
    frames = [Image.new("P", (8, 8), n % 2) for n in range(2)]
    for frame in frames:
        frame.putpalette([255, 0, 0, 0, 0, 255])
    two = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=10, loop=0)
    start = two.index(b"\x21\xf9")
    data = two[:start] + two[start:-1] * 5000 + two[-1:]
    assert data.count(b"\x21\xf9") > 9000
    pixel = (await one(data))[1].convert("RGB").getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert (pixel[0] > 200, pixel[2] < 50) == (True, True)
    moving = [drawing(), photo()]
    assert (await one(encoded(moving[0], "WEBP", save_all=True, append_images=moving[1:])))[1].size == (
        320,
        200,
    )


async def test_each_reason_has_its_own_sentence() -> None:
    """Bombs, overlong and damaged pictures are refused with different sentences."""
    webp = encoded(photo(), "WEBP")  # width and height stand at byte 26
    gif = encoded(Image.new("P", (1, 1)), "GIF")
    reasons = {
        "picture-too-large": (
            png(100_000, 100_000),
            png(5001, 5001),
            encoded(Image.new("1", (7000, 7000)), "PNG"),
            webp[:26] + struct.pack("<HH", 5500, 5500) + webp[30:],
            b"GIF89a" + struct.pack("<HH", 60000, 60000) + gif[10:],
        ),
        "picture-too-long": (png(10_001, 1), encoded(Image.new("L", (10_001, 1)), "JPEG")),
        "picture-broken": (
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x10\x00\x00\x00WEBPVP8 ",
            b"\xff\xd8\xff\xd9",
            png(0, 0),
            encoded(photo(), "JPEG")[:500],
            encoded(photo(), "PNG")[:-2000],
            webp[:-2000],
        ),
    }
    for key, pictures in reasons.items():
        for number, data in enumerate(pictures):
            assert await refusal(data) == key, number


async def test_a_jpeg_of_endless_passes_is_refused_unread() -> None:
    """400 kB can encode the same pixels again and again, for an hour; real programs write about ten passes."""
    usual = encoded(photo(), "JPEG", progressive=True)
    last = usual[usual.rindex(b"\xff\xda") : -2]
    assert (await one(usual))[0].media_type == "image/jpeg"
    assert await refusal(usual[:-2] + last * 60 + usual[-2:]) == "picture-broken"


async def test_every_shape_is_scaled_to_something() -> None:
    """Extreme shapes keep at least one pixel per side."""
    for size in ((9999, 1), (1, 9999), (1, 1), (9999, 2)):
        _, seen = await one(encoded(Image.new("RGB", size), "PNG"))
        assert min(seen.size) >= 1


async def test_large_pictures_are_scaled_to_what_a_model_uses() -> None:
    """No picture is kept much larger than any model uses."""
    prepared, _ = await one(encoded(photo(2400, 1600), "JPEG"))
    assert Patches(read_catalogue().chat["gpt-4.1-mini"].vision.multiplier, 1536).fit(  # type: ignore[union-attr]  # it sees
        prepared.width, prepared.height
    ) == (prepared.width, prepared.height)
    assert abs(prepared.width / prepared.height - 1.5) < 0.01


async def test_the_photo_of_a_phone_is_decoded_at_the_size_that_is_needed() -> None:
    """12 megapixels are decoded at three eighths, without shifting or losing anything. Half of such a file is
    refused."""
    image = Image.new("RGB", (4032, 3024), "white")
    image.paste("black", (0, 0, 2016, 1512))
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held upright
    for kind, more in (("JPEG", {}), ("MPO", {"save_all": True, "append_images": [photo()]})):
        data = encoded(image, kind, exif=exif, **more)
        _, seen = await one(data)
        corners = [seen.convert("RGB").getpixel((x, y)) for x, y in ((100, 100), (1000, 100), (100, 1400))]
        assert seen.size == (1134, 1512)
        assert corners == [(255, 255, 255), (0, 0, 0), (255, 255, 255)]
    assert await refusal(encoded(image, "JPEG")[:20_000]) == "picture-broken"
    assert (await one(encoded(image.convert("L"), "JPEG")))[1].size == (1512, 1134)
    assert (await one(encoded(image.convert("CMYK"), "JPEG")))[1].getpixel((100, 100)) == (0, 0, 0)


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
