"""Pictures that the model sees: which, at what detail and price, and never by their platform's address."""

import io
import time
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.attachments.files import fetch, pictures
from core.attachments.media import Media
from core.catalogue import Catalogue, read_catalogue
from core.conversation import Answered, Question, messages
from core.errors import BadInput
from core.memory import Memory
from core.minitool.wire import ImagePart
from core.models import pick_model
from core.pixels import prepare
from core.seal import Seal
from core.settings import Settings
from core.store import Store
from core.turn import Attachment, Person, Turn
from core.vision import Rendition, Vision, rendition
from tests.core.attachments.made_pictures import encoded, photo


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def test_the_price_is_known_and_the_cheapest_adequate_rendition_is_taken(catalogue: Catalogue) -> None:
    """The token price of each detail is known beforehand; small pictures are sent at low detail."""
    mini, patches = catalogue.chat["gpt-4o-mini"].vision, catalogue.chat["gpt-4.1-mini"].vision
    assert mini is not None
    assert patches is not None
    assert rendition(mini, 500, 400) == Rendition(500, 400, "low", 2833)
    high = rendition(mini, 1024, 1024)
    assert (high.width, high.height, high.detail, high.tokens) == (768, 768, "high", 25501)
    assert rendition(patches, 1024, 1024).tokens == 1659
    assert rendition(patches, 4000, 3000).tokens <= 2489
    assert rendition(patches, 1800, 2400).tokens == 2479
    assert rendition(patches, 10_000, 129).width < 10_000


def test_vision_model_unless_the_person_chose(make_settings: Any, catalogue: Catalogue, tmp_path: Path) -> None:
    """VISION_MODEL is used when pictures are present unless the person chose a model."""
    settings: Settings = make_settings(redis_url="")

    def pick(chosen: str, chat_model: str = "", *, asks: bool = False, earlier: bool = False) -> str:
        model = pick_model(chosen, chat_model, settings, catalogue, asks_about=asks, shows=asks or earlier)
        return model.name

    assert pick("") == "gpt-4o-mini"
    assert pick("", "gpt-4.1-nano") == "gpt-4.1-nano"
    assert pick("", "gpt-4.1-nano", asks=True) == "gpt-4.1-mini"
    assert pick("", "gpt-4.1-nano", earlier=True) == "gpt-4.1-mini"
    assert pick("gpt-4o", asks=True) == "gpt-4o"
    assert pick("gone", "gone") == "gpt-4o-mini"
    file = tmp_path / "more.toml"
    file.write_text('[chat.blind]\ninput="1"\noutput="1"\ncontext=1000\nmax_output=100\n')
    catalogue = read_catalogue(file)
    assert pick("blind", earlier=True) == "blind"
    with pytest.raises(BadInput, match="picture-blind-model"):
        pick("blind", asks=True)


SECRET = "bot123:very-secret-token"
TURN = Turn("web:1", "ask", Person("web:anna", "Anna"), "web:chat:1", "web:room:1", shared=True)


def posted(data: bytes) -> Attachment:
    address = f"https://files.example/{SECRET}/photo.jpg"

    async def read(limit: int) -> bytes:
        assert address
        return data

    return Attachment("photo.jpg", "image/jpeg", len(data), read)


async def ask(
    memory: Memory, vision: Vision, ref: str, model: Any, *posts: Attachment, turn: Turn = TURN
) -> Any:
    """What was shown, which is what is sent."""
    fresh = await prepare(pictures(await fetch(posts)))
    conversation = await memory.open(turn, ref)
    question = Question("see", "web:anna", "Anna", pictures=tuple(one.ref for one in fresh))
    shown = await vision.show(conversation, question, model, fresh)
    contents = (message.content for message in messages(conversation, question, shown.parts))
    sent = [part for content in contents for part in content if isinstance(part, ImagePart)]
    assert {part.url for part in sent} == {part.url for part in shown.parts.values()}
    assert len(sent) == len(shown.parts)
    await memory.append(conversation, question, Answered("seen", model.name), fresh)
    return shown


async def test_pictures_stay_visible(store: Store, make_settings: Any, catalogue: Catalogue) -> None:
    """The model keeps seeing the conversation's pictures, at a known price, also after a change of model."""
    settings = make_settings()
    memory = Memory(store, Seal(), settings, time.time)
    vision = Vision(settings, memory, Media(store, Seal(), settings, time.time))
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
    blind = await vision.show(
        await memory.open(TURN, "x" * 16), Question("?", "a", "A"), replace(model, vision=None)
    )
    assert (dict(blind.parts), blind.tokens) == ({}, 0)


async def test_the_same_picture_costs_once(store: Store, make_settings: Any, catalogue: Catalogue) -> None:
    """A picture posted again and again is sent and held once, and does not push out earlier ones."""
    settings = make_settings()
    memory = Memory(store, Seal(), settings, time.time)
    vision = Vision(settings, memory, Media(store, Seal(), settings, time.time))
    model, same = catalogue.chat["gpt-4.1-mini"], posted(encoded(photo(1400, 1000), "JPEG"))
    for number in range(6):
        shown = await ask(memory, vision, f"{number}" * 16, model, same)
        assert (len(shown.parts), shown.tokens) == (1, 2281)
    album = await ask(memory, vision, "6" * 16, model, *[same] * 5)
    assert (len(album.parts), album.tokens) == (1, 2281)
    for number in range(4):
        await ask(memory, vision, f"a{number}" * 8, model, posted(encoded(photo(64 + number, 48), "JPEG")))
    assert len((await ask(memory, vision, "b" * 16, model, same)).parts) == 5


async def test_one_picture_of_any_size_stays_visible(
    store: Store, make_settings: Any, catalogue: Catalogue
) -> None:
    """A picture of any shape is shown again with the next question, even at the highest price."""
    settings = make_settings()
    memory = Memory(store, Seal(), settings, time.time)
    vision = Vision(settings, memory, Media(store, Seal(), settings, time.time))
    for number, (size, tokens) in enumerate({(1500, 1000): 36_835, (1000, 3000): 48_169}.items()):
        turn = replace(TURN, room=f"web:room:{number}")
        picture = posted(encoded(photo(*size), "JPEG"))
        for ref, posts in (("1" * 16, (picture,)), ("2" * 16, ())):
            shown = await ask(memory, vision, ref, catalogue.chat["gpt-4o-mini"], *posts, turn=turn)
            assert (len(shown.parts), shown.tokens) == (1, tokens)


async def test_a_platforms_address_goes_nowhere(
    store: Store, make_settings: Any, catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    """A platform's file address, which may contain a credential, is not in requests to the model's side, the
    store, logs or errors: inline, by link, and when the picture is refused."""
    for transport in ("inline", "link"):
        settings = make_settings(image_transport=transport, public_url="https://bot.example")
        memory, media = Memory(store, Seal(), settings, time.time), Media(store, Seal(), settings, time.time)
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
            await prepare(pictures(await fetch([posted(b"\xff\xd8\xff broken")])))
        held = repr(caught.value) + repr(caught.value.data) + repr(urls) + repr(shown) + capsys.readouterr().out
        for key in await store.redis.keys("*"):
            held += repr(key) + repr(await store.redis.dump(key))
        assert SECRET not in held
