"""What a dead process has shown of an answer stays above what is said of its end."""

import pytest

from bots.telegram.places import Place
from bots.telegram.reply import TelegramReply
from core.answer import Action, Answer, Phase
from core.errors import SlowDown
from core.words import t
from tests.adapters.telegram.screen import TelegramScreen
from tests.contracts.reply import REF, show

STOP = (Action("stop", REF, "Stop"),)
AGAIN = (Action("try again", REF, "Try again"),)
CUT = Answer(Phase.CUT, note="The bot restarted.", actions=AGAIN, stays=True)


def reopened(screen: TelegramScreen, dead: TelegramReply) -> TelegramReply:
    """The reply in the process that repairs what the dead one has shown."""
    return TelegramReply(screen.account, Place(screen.chat.id), tuple(map(int, dead.messages)))


async def test_the_text_stays_with_its_looks(screen: TelegramScreen, reply: TelegramReply) -> None:
    """The note stands below it, in the same message, with the buttons of the end; also after a refused call."""
    await show(reply, Answer(Phase.GROWING, "Half of **it** 🦊 and `so`", actions=STOP))
    (message,) = screen.telegram.messages()
    looks = list(message.entities)
    again = reopened(screen, reply)
    screen.telegram.flood("editMessageText", 1, shuts=False)
    with pytest.raises(SlowDown):
        await show(again, CUT)
    await show(again, CUT)
    assert (message.text, message.buttons) == ("Half of it 🦊 and so\n\nThe bot restarted.", ("Try again",))
    assert len(looks) == 2
    assert message.entities == looks
    await show(reopened(screen, again), CUT)  # by a process that does not know of it
    assert screen.texts() == [message.text]


async def test_pages_before_the_last_are_not_touched(screen: TelegramScreen, reply: TelegramReply) -> None:
    """Of several messages only the last changes."""
    await show(reply, Answer(Phase.GROWING, "word " * 1000, actions=STOP))
    first, last = screen.texts()
    await show(reopened(screen, reply), CUT)
    assert screen.texts() == [first, f"{last}\n\nThe bot restarted."]


async def test_where_there_is_no_room_the_note_is_a_message(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """A full message stays as it is, without its dead button."""
    await show(reply, Answer(Phase.GROWING, "x" * 4096, actions=STOP))
    await show(reopened(screen, reply), CUT)
    before, after = screen.telegram.messages()
    assert (before.text, before.buttons) == ("x" * 4096, ())
    assert (after.text, after.buttons) == ("The bot restarted.", ("Try again",))


async def test_a_line_that_says_that_it_waits_goes(screen: TelegramScreen, reply: TelegramReply) -> None:
    """Nothing waits any more, in whatever language it said so."""
    await show(reply, Answer(Phase.GROWING, "Halb", note=t("de", "answer-still-waiting"), actions=STOP))
    await show(reopened(screen, reply), CUT)
    assert screen.texts() == ["Halb\n\nThe bot restarted."]


async def test_where_nothing_was_shown_the_end_is_a_message(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """A process that died before its first word leaves nothing to be read back."""
    await show(reopened(screen, reply), CUT)
    assert screen.texts() == ["The bot restarted."]
