"""Made pictures, and what stands under them."""

from dataclasses import replace

import pytest

from bots.telegram.pictures import PHOTO_BYTES
from bots.telegram.places import Place
from bots.telegram.reply import TelegramReply
from core.answer import Action, Answer, Phase, Picture, Progress
from core.draft import present
from core.errors import DeliveryError, SlowDown
from tests.adapters.telegram.screen import TelegramScreen
from tests.adapters.telegram.stage import slowdowns
from tests.contracts.reply import REF, picture, show

AGAIN = (Action("again", REF, "Again"),)
PAINTING = Answer(Phase.WORKING, note="Painting …", progress=Progress(1, 10))


async def test_pictures_carry_what_belongs_to_them(screen: TelegramScreen, reply: TelegramReply) -> None:
    """The prompt (shortened), the small print and the buttons stand under the picture; as files pictures are
    whole, and all this stands under the last."""
    again = (Action("again", REF, "Again"), Action("file", REF, "As file"))
    long = replace(picture(), alt="a fox 🦊 " * 300)
    await show(reply, Answer(Phase.DONE, footer="realvision · $0.0015", pictures=(long,), actions=again))
    message = screen.telegram.messages()[-1]
    assert message.caption.startswith("a fox 🦊")
    assert message.caption.endswith("realvision · $0.0015")
    assert message.buttons == ("Again", "As file")
    untouched = tuple(replace(picture(noise=number), as_file=True) for number in range(3))
    later = TelegramReply(screen.account, Place(screen.chat.id))
    await show(later, Answer(Phase.DONE, footer="realvision", pictures=untouched, actions=again))
    _, *files = screen.telegram.messages()
    sent = [screen.telegram.world.files[one.media["document"]["file_id"]].data for one in files]
    assert sent == [one.data for one in untouched]
    assert [one.buttons for one in files] == [(), (), ("Again", "As file")]
    assert [one.caption for one in files] == ["", "", "a red fox\nrealvision"]


async def test_a_picture_that_is_no_photo_is_sent_as_a_file(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """Telegram refuses long sides as photos; the picture arrives all the same."""
    screen.telegram.refuse("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    await show(reply, Answer(Phase.DONE, pictures=(picture(),)))
    assert "document" in screen.telegram.messages()[-1].media


@pytest.mark.parametrize("count", [1, 2])
async def test_where_photos_are_forbidden_files_may_not_be(
    screen: TelegramScreen, reply: TelegramReply, count: int
) -> None:
    """Groups permit photos and files apart: a picture comes as what is permitted, an album too."""
    screen.chat.forbids = {"photos"}
    pictures = tuple(picture(noise=number) for number in range(count))
    await show(reply, PAINTING)
    await show(reply, Answer(Phase.DONE, pictures=pictures))
    assert [list(message.media) for message in screen.telegram.messages()] == [["document"]] * count


async def test_a_message_becomes_a_picture_however_often_that_breaks_off(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """Done twice it is there once, so that it is tried until it is known to be there."""
    await show(reply, PAINTING)
    screen.telegram.cut("editMessageMedia", after=True, times=3)
    answer = Answer(Phase.DONE, pictures=(picture(),))
    for _ in range(3):
        with pytest.raises(DeliveryError):
            await show(reply, answer)
    await show(reply, answer)
    assert [list(message.media) for message in screen.telegram.messages()] == [["photo"]]


@pytest.mark.parametrize("times", [1, 2])
async def test_pictures_of_which_nobody_knows_whether_they_arrived(
    screen: TelegramScreen, reply: TelegramReply, times: int
) -> None:
    """They are paid for, so they are sent once more. After the second try the chat says where they are to be
    had, and does not go on painting."""
    pictures = (picture(), picture(noise=1))
    await show(reply, PAINTING)
    screen.telegram.cut("sendMediaGroup", after=False, times=times)
    assert await present(reply, Answer(Phase.DONE, pictures=pictures), locale="en") is (times == 1)
    if times == 1:
        assert [data for data, _ in screen.pictures()] == [one.data for one in pictures]
    else:
        (said,) = screen.texts()
        assert said.startswith("Pictures may not be posted here")


@pytest.mark.parametrize("is_announced", [True, False])
async def test_where_pictures_are_forbidden_the_chat_says_so(
    screen: TelegramScreen, reply: TelegramReply, *, is_announced: bool
) -> None:
    """No "Painting ..." stands there for ever, and a text that comes with a picture is there once."""
    screen.chat.forbids = {"photos", "documents"}
    if is_announced:
        await show(reply, PAINTING)
    text = "" if is_announced else "word " * 400
    done = Answer(Phase.DONE, text=text, footer="realvision", pictures=(picture(),), actions=AGAIN)
    assert not await present(reply, done, locale="en")
    (message,) = screen.telegram.messages()
    assert message.text.startswith(text.strip() or "Pictures may not be posted here.")
    assert message.buttons == ()


@pytest.mark.parametrize("count", [1, 2])
async def test_a_picture_is_refused_for_a_reason_that_nobody_knows(
    screen: TelegramScreen, reply: TelegramReply, count: int
) -> None:
    """Its person hears of it where "Painting …" stood, and it waits for them elsewhere."""
    for method in ("sendPhoto", "sendDocument", "sendMediaGroup", "editMessageMedia"):
        screen.telegram.refuse(method, 400, "Bad Request: PHOTO_SAVE_FILE_INVALID", times=50)
    pictures = tuple(picture(noise=number) for number in range(count))
    await show(reply, PAINTING)
    assert not await present(reply, Answer(Phase.DONE, pictures=pictures, actions=AGAIN), locale="en")
    assert screen.texts() == ["Pictures may not be posted here."]


async def test_what_cannot_be_saved_as_a_photo_is_a_file(screen: TelegramScreen, reply: TelegramReply) -> None:
    """The picture arrives all the same, and "Painting …" goes."""
    for method in ("sendPhoto", "editMessageMedia"):
        screen.telegram.refuse(method, 400, "Bad Request: PHOTO_SAVE_FILE_INVALID", times=50)
    await show(reply, PAINTING)
    await show(reply, Answer(Phase.DONE, pictures=(picture(),), actions=AGAIN))
    (message,) = screen.telegram.messages()
    assert (list(message.media), message.buttons) == (["document"], ("Again",))


async def test_where_albums_are_refused_pictures_come_one_by_one(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """As in groups in slow mode, which may also make the next one wait: none is sent twice."""
    screen.telegram.refuse("sendMediaGroup", 400, "Bad Request: SLOWMODE_MULTI_MSGS_DISABLED", times=50)
    done = Answer(
        Phase.DONE, footer="realvision", pictures=tuple(picture(noise=n) for n in range(3)), actions=AGAIN
    )
    await show(reply, PAINTING)
    screen.telegram.hang("sendPhoto", 0)  # the first one is sent
    screen.telegram.flood("sendPhoto", 1, shuts=False)
    with pytest.raises(SlowDown):
        await show(reply, done)
    await show(reply, done)
    assert (len(screen.pictures()), screen.texts(), screen.buttons()) == (3, ["realvision"], ["Again"])
    assert [message.caption for message in screen.telegram.messages() if message.caption] == [picture().alt]


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ('failed to send message #1 with the error message "Too Many Requests: retry after 8"', SlowDown),
        ("group send failed", DeliveryError),
    ],
)
async def test_a_flood_splits_no_album(
    screen: TelegramScreen, reply: TelegramReply, reason: str, error: type[DeliveryError]
) -> None:
    """A flood in the middle of an album has words of its own: the chat is left alone for as long as they say,
    and the album is sent again as one."""
    screen.telegram.refuse("sendMediaGroup", 400, f"Bad Request: {reason}")
    done, before = Answer(Phase.DONE, pictures=tuple(picture(noise=n) for n in range(3))), slowdowns()
    with pytest.raises(DeliveryError) as caught:
        await show(reply, done)
    assert type(caught.value) is error
    assert slowdowns() - before == (error is SlowDown)
    assert not isinstance(caught.value, SlowDown) or caught.value.retry_after == 8
    assert not screen.telegram.calls_of("sendPhoto", "sendDocument")
    await show(reply, done)
    (album,) = {message.album for message in screen.telegram.messages()}
    assert (bool(album), len(screen.pictures())) == (True, 3)


async def test_an_album_keeps_its_buttons(screen: TelegramScreen, reply: TelegramReply) -> None:
    """Several pictures are one album; its buttons stand in the message below, for albums have none."""
    pictures = tuple(picture(noise=number) for number in range(3))
    await show(reply, Answer(Phase.WORKING, note="Painting …", progress=Progress(1, 10)))
    await show(
        reply, Answer(Phase.DONE, footer="realvision", pictures=pictures, actions=(Action("again", REF, "A"),))
    )
    messages = screen.telegram.messages()
    assert len({message.album for message in messages if message.album}) == 1
    assert len(screen.pictures()) == 3
    assert messages[-1].buttons == ("A",)
    assert not any("Painting" in text for text in screen.texts())


async def test_an_album_that_is_half_shown_is_there_once(screen: TelegramScreen, reply: TelegramReply) -> None:
    """The album is there, and a flood keeps back what stands below it for so long that another process goes on
    with the order: that one's album takes the place of the first."""
    done = Answer(
        Phase.DONE, footer="realvision", pictures=tuple(picture(noise=n) for n in range(3)), actions=AGAIN
    )
    await show(reply, PAINTING)
    screen.telegram.flood("sendMessage", 1, shuts=False)
    for _ in range(2):
        with pytest.raises(SlowDown):
            await show(reply, done)
        screen.telegram.flood("sendMessage", 1, shuts=False)
    screen.telegram.server.faults.waiting.clear()
    later = await screen.reopen(reply.address)
    await show(later, done)
    assert (len(screen.pictures()), screen.texts(), screen.buttons()) == (3, ["realvision"], ["Again"])


async def test_the_announcement_becomes_the_picture(screen: TelegramScreen, reply: TelegramReply) -> None:
    """What said how far it is turns into the picture: shown again after a restart it is there once."""
    await show(reply, PAINTING)
    done = Answer(Phase.DONE, footer="realvision", pictures=(picture(spoiler=True),), actions=AGAIN)
    await show(reply, done)
    (message,) = screen.telegram.messages()
    assert (len(message.history), message.spoiler, message.buttons) == (2, True, ("Again",))
    later = await screen.reopen(reply.address)
    await show(later, done)
    assert screen.telegram.messages() == [message]


async def test_a_picture_whose_announcement_is_gone_is_a_new_message(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """Deleted by somebody, or a server that cannot turn a text into a picture: it arrives all the same."""
    await show(reply, PAINTING)
    screen.telegram.messages()[-1].deleted = True
    await show(reply, Answer(Phase.DONE, pictures=(picture(),)))
    assert len(screen.pictures()) == 1
    other = TelegramReply(screen.account, Place(screen.chat.id))
    await show(other, PAINTING)
    screen.telegram.refuse("editMessageMedia", 400, "Bad Request: there is no media in the message to edit")
    await show(other, Answer(Phase.DONE, pictures=(picture(noise=3),)))
    assert len(screen.pictures()) == 2
    assert len(screen.texts()) == 0


async def test_a_server_that_knows_only_the_oldest_methods_shows_pictures(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """One that takes single photos: what was announced is one, and albums come one by one."""
    for method in ("editMessageMedia", "sendMediaGroup"):
        screen.telegram.refuse(method, 404, "Not Found: method not found", times=9)
    await show(reply, PAINTING)
    await show(reply, Answer(Phase.DONE, pictures=(picture(),)))
    await show(
        TelegramReply(screen.account, Place(screen.chat.id)),
        Answer(Phase.DONE, pictures=(picture(noise=1), picture(noise=2))),
    )
    assert (len(screen.pictures()), len(screen.texts())) == (3, 0)


async def test_what_is_too_big_for_a_photo_is_a_file(screen: TelegramScreen, reply: TelegramReply) -> None:
    """Over 10 MiB, or of a side that photos may not have, in place of its announcement as well."""
    big = Picture(picture().data + bytes(PHOTO_BYTES), "image/png", "big.png", "a big fox")
    await show(reply, PAINTING)
    await show(reply, Answer(Phase.DONE, pictures=(big,)))
    other = TelegramReply(screen.account, Place(screen.chat.id))
    await show(other, PAINTING)
    screen.telegram.refuse("editMessageMedia", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    await show(other, Answer(Phase.DONE, pictures=(picture(),)))
    assert ["document" in message.media for message in screen.telegram.messages()] == [True, True]


@pytest.mark.parametrize("length", [1, 300])
async def test_a_text_with_a_picture(screen: TelegramScreen, reply: TelegramReply, length: int) -> None:
    """Nothing of a text is lost where a picture comes with it: it is the caption, or stands above."""
    answer = Answer(Phase.DONE, text="**Today** $0.05 of $0.25\n\n" * length + "The end", pictures=(picture(),))
    await show(reply, answer)
    *above, last = screen.telegram.messages()
    assert "photo" in last.media
    assert "The end" in (above[-1].text if above else last.caption)
    assert sum(message.shown.count("$0.05 of") for message in (*above, last)) == length
    assert answer.pictures[0].alt in last.caption


async def test_an_album_is_there_once_though_its_buttons_were_refused(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """The limit is met between the album and the buttons below it: only the buttons are sent again."""
    pictures = tuple(picture(noise=number) for number in range(2))
    done = Answer(Phase.DONE, footer="realvision", pictures=pictures, actions=AGAIN)
    await show(reply, PAINTING)
    screen.telegram.flood("sendMessage", 1, shuts=False)
    with pytest.raises(SlowDown):
        await show(reply, done)
    await show(reply, done)
    assert (len(screen.pictures()), screen.texts(), screen.buttons()) == (2, ["realvision"], ["Again"])


async def test_a_text_is_there_once_though_its_picture_was_refused(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """The limit is met between a long text and its picture: only the picture is sent again."""
    done = Answer(Phase.DONE, text="word " * 400, pictures=(picture(),))
    screen.telegram.flood("sendPhoto", 1, shuts=False)
    with pytest.raises(SlowDown):
        await show(reply, done)
    await show(reply, done)
    assert (len(screen.pictures()), len(screen.texts())) == (1, 1)


async def test_an_announcement_goes_though_that_was_refused_first(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """No "Painting ..." stays below its pictures, and they are not sent again for that."""
    done = Answer(Phase.DONE, pictures=tuple(picture(noise=number) for number in range(2)))
    await show(reply, PAINTING)
    screen.telegram.bad_gateway("deleteMessage")
    with pytest.raises(DeliveryError):
        await show(reply, done)
    await show(reply, done)
    assert (len(screen.pictures()), screen.texts()) == (2, [])
