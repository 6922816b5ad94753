"""Decodes, turns upright, scales and encodes pictures: the only place that feeds others' bytes to a decoder.

Decoders run in two threads at most, on input whose size was checked: what a picture may cost in memory
is bounded by MOST_PIXELS.
"""

import asyncio
import hashlib
import io
import re
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import structlog
from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from core.attachments.files import File
from core.catalogue import Patches
from core.conversation import Prepared
from core.errors import BadInput, TooBig

log = structlog.get_logger(__name__)

MOST_PIXELS = 25_000_000  # phones make 24-megapixel photos of 5712 x 4284
_MOST_SIDE = 10_000  # what is longer is no picture that a model could make sense of
# A JPEG may say its pixels in many passes, each of which costs about as much as all of them and takes 60 bytes.
# Programs write ten or so.
_MOST_SCANS, _SCAN = 50, re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
# As large as any model of the catalogue looks at: tiles of 2048 x 768 are as many pixels.
_KEPT = Patches(Decimal(1), cap=1536)
_NEARLY, _AMPLE = 0.97, 1.1  # of that: between these a side stays as it was decoded
_JPEG_QUALITY = 85
_SCALING = Image.Resampling.HAMMING  # edges of small text within 1 % of LANCZOS, at half the CPU (measured)
_SQUEEZED_SCALES, _SQUEEZED_QUALITIES = (1.0, 0.75, 0.5), (90, 75, 60)  # tried in this order
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_ORIENTATION = 0x0112  # the EXIF tag
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Pillow's own guard, for what it does before we know the size: from twice this it raises.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
# Broken metadata is no news. The tests have the same line in pyproject.toml: pytest undoes this one.
warnings.filterwarnings("ignore", module=r"PIL\.")
_TWO_AT_A_TIME = ThreadPoolExecutor(2, "vision")


async def prepare(files: Sequence[File]) -> tuple[Prepared, ...]:
    """Files of the kind "picture" as they are kept, fit for any model. One after the other: whoever posts one
    waits for none but the first of somebody else's ten.

    Raises BadInput: "picture-broken", "picture-too-large", "picture-too-long".
    """
    loop = asyncio.get_running_loop()
    return tuple([await loop.run_in_executor(_TWO_AT_A_TIME, _prepare, file) for file in files])


async def shrink(prepared: Prepared, width: int, height: int) -> Prepared:
    """The same picture, smaller."""
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_A_TIME, _shrink, prepared, width, height)


def _shrink(prepared: Prepared, width: int, height: int) -> Prepared:
    with Image.open(io.BytesIO(prepared.data), formats=_FORMATS) as image:
        return _encoded(_plain(image).resize((width, height), _SCALING, reducing_gap=2.0))


async def is_whole(data: bytes) -> bool:
    """Whether a made picture can be decoded, to its last line. One too large to be tried counts as whole."""
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_A_TIME, _is_whole, data)


async def squeeze(data: bytes, limit: int) -> bytes:
    """A made picture as WEBP of at most `limit` bytes. Raises TooBig."""
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_A_TIME, _squeeze, data, limit)


def _is_whole(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height <= MOST_PIXELS and not _is_endless(image, data):
                image.load()
    except Image.DecompressionBombError:
        return True
    except Exception:  # a decoder raises whatever it likes over broken input
        return False
    return True


def _squeeze(data: bytes, limit: int) -> bytes:
    """Raises TooBig, also where the picture cannot be read: the next try would fare no better."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Image.DecompressionBombError(f"{opened.width} x {opened.height}")
            image = opened.convert("RGB")
        for scale in _SQUEEZED_SCALES:
            size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
            smaller = image if scale == 1.0 else image.resize(size, Image.Resampling.LANCZOS)
            for quality in _SQUEEZED_QUALITIES:
                out = io.BytesIO()
                smaller.save(out, "WEBP", quality=quality, method=2)
                if out.tell() <= limit:
                    return out.getvalue()
    except Exception as error:  # a decoder raises whatever it likes over broken input
        raise TooBig(cause=f"{len(data)} bytes: {error!r}") from error
    raise TooBig(cause=f"{len(data)} bytes into {limit}")


def _prepare(file: File) -> Prepared:
    try:
        with Image.open(io.BytesIO(file.data), formats=_FORMATS) as image:
            _check(image, file)
            picture = _upright(image, file.data)
        return _encoded(picture)
    except BadInput:
        raise
    except Image.DecompressionBombError as error:
        raise BadInput("picture-too-large", number=file.number, most=MOST_PIXELS // 1_000_000) from error
    except Exception as error:  # a decoder raises whatever it likes over broken input
        log.info("vision.refused", reason=type(error).__name__)
        raise BadInput("picture-broken", number=file.number) from error


def _check(image: Image.Image, file: File) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise BadInput("picture-too-large", number=file.number, most=most)
    if max(width, height) > _MOST_SIDE:
        raise BadInput("picture-too-long", number=file.number, most=_MOST_SIDE)
    if _is_endless(image, file.data):
        raise BadInput("picture-broken", number=file.number)


def _is_endless(image: Image.Image, data: bytes) -> bool:
    return isinstance(image, JpegImageFile) and len(_SCAN.findall(data)) > _MOST_SCANS


def _upright(image: Image.Image, data: bytes) -> Image.Image:
    """The first frame, scaled to what is looked at, as it is meant to be held, in plain colours."""
    turn = _UPRIGHT.get(_orientation(image))
    sideways = turn is not None and turn in (
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
    )
    width, height = image.size[::-1] if sideways else image.size
    width, height = _KEPT.fit(width, height)
    size = (height, width) if sideways else (width, height)
    image = _decoded(image, data, size)
    # What can be scaled as it is becomes small first: converting the whole would copy all its pixels.
    is_scalable = image.mode in ("L", "RGB", "RGBA") and "transparency" not in image.info
    picture = image if is_scalable else _plain(image)
    if not _NEARLY <= picture.width / size[0] <= _AMPLE:
        picture = picture.resize(size, _SCALING, reducing_gap=2.0)
    plain = _plain(picture)
    return plain.transpose(turn) if turn is not None else plain


def _decoded(image: Image.Image, data: bytes, size: tuple[int, int]) -> Image.Image:
    """The picture about as large as `size`, or larger: a JPEG decoder skips most of the work then.

    libjpeg decodes at any number of eighths, Pillow's draft knows 8, 4, 2 and 1. At 3 the photo of 12
    megapixels that most phones make needs no scaling, which saves a fifth of its CPU (measured).
    """
    width, height = (max(1, int(side * _NEARLY)) for side in size)
    times = min(image.width / width, image.height / height)
    colours = image.tile[0].args if isinstance(image, JpegImageFile) else None
    if isinstance(colours, tuple) and 8 / 3 <= times < 4:
        eighths = -(-image.width * 3 // 8), -(-image.height * 3 // 8)
        return Image.frombytes(image.mode, eighths, data, "jpeg", (*colours, 3, 0))
    image.draft(None, (width, height))
    return image


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # unreadable metadata: the picture is taken as it lies
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """L, RGB or RGBA, without anything that was stored beside the pixels."""
    if image.mode.startswith(("I", "F")):  # 16 bits and more; converting would clip instead of scale
        plain = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode in ("1", "L"):
        plain = image.convert("L")
    elif image.has_transparency_data:
        plain = image.convert("RGBA")
        if plain.getchannel("A").getextrema() == (255, 255):
            plain = plain.convert("RGB")
    elif image.mode == "RGB" and type(image) is Image.Image:
        plain = image  # scaled before: no copy, which costs more than it seems (new pages for all of it)
    else:
        plain = image.convert("RGB")
    plain.info = {}
    return plain


def _encoded(picture: Image.Image) -> Prepared:
    """Drawings, screenshots and text stay exact as PNG, photos become small as JPEG, cut-outs WEBP."""
    out = io.BytesIO()
    if _is_drawing(picture):
        media_type = "image/png"
        picture.save(out, "PNG", compress_level=6)
    elif picture.mode == "RGBA":
        media_type = "image/webp"
        picture.save(out, "WEBP", quality=_JPEG_QUALITY, method=2)
    else:
        media_type = "image/jpeg"
        picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    data = out.getvalue()
    name = urlsafe_b64encode(hashlib.sha256(data).digest()[:16]).decode().rstrip("=")
    return Prepared(name, picture.width, picture.height, media_type, data)


def _is_drawing(picture: Image.Image) -> bool:
    """Whether most pixels of every fourth row equal their neighbour: flat areas, which photos do not have."""
    if picture.width == 1:
        return True
    rows = (picture.width, -(-picture.height // 4))
    grey = picture.resize(rows, Image.Resampling.NEAREST).convert("L")
    left, right = grey.crop((0, 0, grey.width - 1, grey.height)), grey.crop((1, 0, *grey.size))
    return ImageChops.difference(left, right).histogram()[0] * 2 > left.width * left.height
