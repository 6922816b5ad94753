"""Actions that concern all messages of an answer."""

from dataclasses import replace

import pytest

from bots.telegram.buttons import DATA_BYTES, PRESS, read_data, write_data
from bots.telegram.reply import TelegramReply
from core.answer import Action, Answer, Phase, Picture, Progress, Reply
from core.draft import present
from core.turn import Turn
from tests.adapters.telegram.conftest import MakeAccount
from tests.adapters.telegram.screen import TelegramScreen
from tests.adapters.telegram.stage import Stage
from tests.contracts.reply import REF, picture, show
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

DELETE = (Action("delete", REF, "Delete"),)
LONG = Answer(Phase.DONE, text="word " * 2000, actions=DELETE)
ALBUM = Answer(Phase.DONE, pictures=tuple(picture(noise=number) for number in range(3)), actions=DELETE)


@pytest.mark.parametrize("answer", [LONG, ALBUM, replace(LONG, pictures=(picture(),))])
async def test_delete_takes_the_whole_answer(stage: Stage, answer: Answer) -> None:
    """All its pages, all its pictures."""

    async def play(turn: Turn, reply: Reply) -> None:
        await present(
            reply, Answer(Phase.DONE, remove=True) if turn.command == "delete" else answer, locale="en"
        )

    stage.core.play = play
    telegram, alice = stage.telegram, stage.telegram.person()
    await telegram.say("hello", user=alice)
    last = await telegram.message(lambda one: "Delete" in one.buttons)
    assert len(telegram.messages(alice)) > 2
    await telegram.press(last, "Delete", user=alice)
    assert (await stage.turn(2)).args == {"ref": REF}
    await until(lambda: not telegram.messages(alice))


def test_a_button_names_as_many_messages_as_it_can() -> None:
    """Of an answer of very many messages, those that do not fit stay; the others are parsed back."""
    earlier = tuple(1_234_567_890 + number * 3 for number in range(40))
    data = write_data(PRESS, "delete", REF, earlier=earlier)
    found = read_data(data)
    assert found is not None
    assert len(data) <= DATA_BYTES
    assert len(found.earlier) >= 12
    assert found.earlier == earlier[: len(found.earlier)]


async def test_nothing_said_with_several_pictures_is_lost(screen: TelegramScreen, reply: TelegramReply) -> None:
    """A text with a chart and earlier pictures (as /usage may have) is shown completely."""
    chart = Picture(picture().data, "image/png", "usage.png", "a chart")
    answer = Answer(
        Phase.DONE, text="**Today** $0.05", note="One is from earlier.", pictures=(chart, picture())
    )
    await show(reply, answer)
    shown = " ".join(message.shown for message in screen.telegram.messages())
    assert all(words in shown for words in ("Today $0.05", "One is from earlier.", "a chart"))


async def test_an_order_is_a_message_where_answers_are_drafts(
    make_account: MakeAccount, standin: TelegramStandin
) -> None:
    """It may wait for longer than a draft lives, and can be cancelled meanwhile."""
    screen = TelegramScreen(standin, await make_account(drafts=True), standin.private(standin.person()))
    waiting = Answer(note="In line, place 3.", progress=Progress(1, 10, place=3), actions=DELETE)
    await show(screen.reply, waiting)
    (message,) = standin.messages(screen.chat)
    assert (message.text, message.buttons) == ("In line, place 3.", ("Delete",))
    assert not standin.world.drafts
