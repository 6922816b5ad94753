"""The console script on a loopback Telegram: pictures that people post, and pictures that it makes."""

import base64
import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from tests.e2e.script import Service
from tests.e2e.telegram_world import NAME, World, bot_of, open_world, picture, pictures_seen
from tests.standins.telegram import Chat, Message, TelegramStandin
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service, Chat]]:
    """One bot, and a group in which its operator allows models for adults."""
    async with open_world() as world:
        adults, home = world.telegram.group("Adults"), tmp_path_factory.mktemp("telegram")
        quiet_s = "1.5"  # a busy machine may take its time between two parts of an album
        async with bot_of(world, home, TELEGRAM_ADULT_CHATS=str(adults.id), BURST_QUIET_S=quiet_s) as bot:
            yield world, bot, adults


@pytest.fixture
def world(running: tuple[World, Service, Chat]) -> World:
    return running[0]


@pytest.fixture
def telegram(world: World) -> TelegramStandin:
    return world.telegram


async def painted(telegram: TelegramStandin, chat: Chat | object) -> Message:
    return await telegram.message(lambda one: "photo" in one.media, chat=chat)  # type: ignore[arg-type]


async def test_a_picture_reaches_the_model_without_the_token(world: World, telegram: TelegramStandin) -> None:
    """The smallest sufficient size of a photo goes to the model inside the request; nothing in it leads to
    Telegram."""
    alice = telegram.person()
    question = await telegram.say("What is on this beach?", user=alice, photo=picture(size=(2400, 1800)))
    assert pictures_seen(await world.answer(alice)) == 1
    (body,) = world.asked("this beach")
    assert telegram.token not in str(body)
    assert telegram.base not in str(body)
    (part,) = [part for part in body["messages"][-1]["content"] if part["type"] == "image_url"]
    with Image.open(io.BytesIO(base64.b64decode(part["image_url"]["url"].partition(",")[2]))) as shown:
        assert shown.size == (1280, 960)
    sizes = {size["width"]: size["file_id"] for size in question.media["photo"]}
    fetched = [call.params.text("file_id") for call in telegram.calls_of("getFile") if call.params]
    assert [width for width, file in sizes.items() if file in fetched] == [1280]


async def test_an_album_is_one_question_and_a_long_answer_several_messages(
    world: World, telegram: TelegramStandin
) -> None:
    """Ten pictures with a caption are one question; an answer of more than 4096 characters takes further
    messages, and only the last has buttons. Delete removes all of them."""
    alice = telegram.person()
    await telegram.album(
        [picture((n, 30, 30)) for n in range(10)], "Tell me a very long story about these", user=alice
    )
    last = await world.answer(alice)
    assert len(world.asked("long story about these")) == 1
    pages = telegram.messages(alice)
    assert pictures_seen(last) == 10
    assert [bool(page.buttons) for page in pages] == [False, True]
    await telegram.press(last, "Delete", user=alice)
    await until(lambda: not telegram.messages(alice))


async def test_what_is_this_asks_about_anybodys_message(world: World, telegram: TelegramStandin) -> None:
    """/ask as a reply to a picture, a picture of an album, an image sent as a document, a text; a mention in a
    caption; a forwarded picture."""
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    telegram.world.privacy = False
    try:
        album = await telegram.album([picture(), picture((0, 0, 255))], "my holiday", user=bob, chat=group)
        photo = await telegram.say("look", user=bob, chat=group, photo=picture())
        paper = await telegram.say("", user=bob, chat=group, document=("a.png", "image/png", picture()))
        words = await telegram.say("Fjords are drowned valleys.", user=bob, chat=group)
    finally:
        telegram.world.privacy = True
    last = None
    for shown, pictures in ((photo, 1), (paper, 1), (words, 0)):
        await telegram.say("/ask what is this?", user=alice, chat=group, reply_to=shown)
        last = await world.answer(group, after=last)
        assert pictures_seen(last) == pictures
    assert "drowned valleys" in last.text if last else False
    other = telegram.person("Carl")
    await telegram.say("/ask what are these?", user=other, chat=group, reply_to=album[1])
    assert pictures_seen(await world.answer(group, after=last)) == 2
    club = telegram.group()
    await telegram.say(f"{NAME} which colour?", user=other, chat=club, photo=picture())
    assert pictures_seen(await world.answer(club)) == 1
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    await telegram.say("What do you see?", user=bob, photo=picture(), forward_origin=origin)
    assert pictures_seen(await world.answer(bob)) == 1


async def test_image_options_are_picked_before_painting(world: World, telegram: TelegramStandin) -> None:
    """/imagine shows shape, model, steps, style and number as buttons for the asker only; nothing is paid
    before Paint, and the same message becomes the picture."""
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    await telegram.say("/imagine a red fox in the snow", user=alice, chat=group)
    panel = await telegram.message(chat=group)
    assert panel.buttons[-1] == "Paint · $0.0015"
    assert (await telegram.press(panel, "Paint", user=bob)).text == "Only the person who asked can do that."
    assert panel.buttons[:5] == ("Square 1024×1024", "realvision", "4 steps", "Loose style", "One picture")
    for part, pick in (("Square", "Wide"), ("Loose", "Free")):
        await telegram.press(panel, part, user=alice)
        await until(lambda pick=pick: any(pick in label for label in panel.buttons))  # type: ignore[misc]
        await telegram.press(panel, pick, user=alice)
        await until(lambda: "Paint" in panel.buttons[-1])
    orders = [dict(call.body) for call in world.model.record.calls if call.call == "submit"]
    assert "a red fox in the snow" not in str(orders)
    await telegram.press(panel, "Paint", user=alice)
    photo = await painted(telegram, group)
    assert photo is panel
    assert photo.caption.startswith("a red fox in the snow")
    assert "realvision · 1344×768 · $0.0015" in photo.caption
    assert photo.buttons == ("Again ($0.0015)", "Vary", "Shape", "Details", "As file", "Delete")
    order = next(dict(call.body) for call in world.model.record.calls if "red fox" in str(call.body))
    assert (order["steps"], order["cfgScale"], order["width"]) == (4, 1.0, 1344)
    assert telegram.messages(group) == [photo]


async def test_buttons_under_a_picture(world: World, telegram: TelegramStandin) -> None:
    """As file: the same bytes. Shape: the same prompt in another shape. Vary: the bot asks for a prompt, with
    the old one to copy. Delete removes the picture."""
    alice, bob = telegram.person(), telegram.person("Bob")
    await telegram.say("/imagine a blue fox --size small", user=alice)
    photo = await painted(telegram, alice)
    await telegram.press(photo, "As file", user=alice)
    file = await telegram.message(lambda one: "document" in one.media, chat=alice)
    assert telegram.world.files[file.media["document"]["file_id"]].data.startswith(b"\x89PNG")
    await telegram.press(photo, "Shape", user=alice)
    shapes = await telegram.message(lambda one: "Wide" in str(one.buttons), chat=alice)
    await telegram.press(shapes, "Wide", user=alice)
    await until(lambda: "photo" in shapes.media)
    assert "1344×768" in shapes.caption
    for theirs in ("Again", "Vary"):
        assert (await telegram.press(shapes, theirs, user=bob)).text == "Only the person who asked can do that."
    await telegram.press(shapes, "Vary", user=alice)
    form = await telegram.message(lambda one: "forced_reply" in one.extra, chat=alice)
    assert form.text.endswith("\na blue fox")
    await telegram.say("a green fox", user=alice, reply_to=form)
    green = await telegram.message(lambda one: "a green fox" in one.caption, chat=alice)
    await telegram.press(green, "Delete", user=alice)
    await until(lambda: green.deleted)


async def test_several_pictures_are_an_album(world: World, telegram: TelegramStandin) -> None:
    """Two to four pictures: one album with the prompt, and below it the price and the buttons. Vary shows the
    whole prompt, unchanged, to copy. Delete removes everything."""
    alice, described = telegram.person(), f"two cats for @somebody_else,{' very' * 150} soft"
    await telegram.say(f"/imagine {described} --count 3 --size small", user=alice)
    tail = await telegram.message(lambda one: "Again ($0.0045)" in one.buttons, chat=alice)
    await until(lambda: len(telegram.messages(alice)) == 4)
    *album, last = telegram.messages(alice)
    assert last is tail
    assert len({one.album for one in album}) == 1
    assert [one.caption[:8] for one in album] == ["two cats", "", ""]
    assert "$0.0045" in tail.text
    await telegram.press(tail, "Vary", user=alice)
    form = await telegram.message(lambda one: "forced_reply" in one.extra, chat=alice)
    assert form.text.endswith(f"\n{described}")
    await telegram.press(tail, "Delete", user=alice)
    await until(lambda: telegram.messages(alice) == [form])


async def test_an_album_replies_to_the_question(world: World, telegram: TelegramStandin) -> None:
    """The panel goes when the pictures come, so they reply to the person's message, not to the deleted
    panel."""
    alice = telegram.person()
    asked = await telegram.say("/imagine two dogs", user=alice)
    panel = await telegram.message(chat=alice)
    for part in ("One picture", "2 pictures", "Paint"):
        await until(lambda part=part: part in str(panel.buttons))  # type: ignore[misc]
        await telegram.press(panel, part, user=alice)
    await telegram.message(lambda one: "Again" in str(one.buttons), chat=alice)
    await until(lambda: panel.deleted)
    assert [one.reply_to for one in telegram.messages(alice)] == [asked] * 3


async def test_models_for_adults_go_where_the_operator_allows(
    running: tuple[World, Service, Chat], telegram: TelegramStandin
) -> None:
    """Elsewhere they are neither offered nor accepted; there their pictures are hidden until tapped."""
    alice, adults = telegram.person(), running[2]
    await telegram.say("/imagine a tale --model autismmix --size small", user=alice)
    assert "age-restricted" in (await telegram.message(chat=alice)).text
    await telegram.say("/imagine a tale --model autismmix --size small", user=alice, chat=adults)
    assert (await painted(telegram, adults)).spoiler
    await telegram.say("/imagine another tale --spoiler --size small", user=alice)
    assert (await painted(telegram, alice)).spoiler


async def test_bad_files_get_a_sentence(world: World, telegram: TelegramStandin) -> None:
    """A file over 20 MB, a damaged picture, a file that Telegram no longer has, a recording, a location: one
    sentence each, and nothing is paid."""
    alice = telegram.person()
    asked = len(world.model.record.calls)
    big, fake = ("big.png", "image/png", picture()), ("fake.png", "image/png", b"no picture at all" * 9)
    for document, claimed, words in ((big, 25 * 2**20, "at most 20 MB"), (fake, 0, "picture")):
        await telegram.say("What is it?", user=alice, document=document, claimed=claimed)
        await telegram.message(lambda one, words=words: words in one.text, chat=alice)  # type: ignore[misc]
    telegram.refuse("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    lost = await telegram.say("And this?", user=alice, photo=picture())
    await telegram.message(lambda one: one.reply_to is lost, chat=alice)
    await telegram.say("", user=alice, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    await telegram.message(lambda one: "recordings" in one.text, chat=alice)
    await telegram.say("", user=alice, location={"latitude": 1.0, "longitude": 2.0})
    await telegram.message(lambda one: "cannot use" in one.text, chat=alice)
    assert len(world.model.record.calls) == asked
    assert not any("New answer" in one.buttons for one in telegram.messages(alice))
