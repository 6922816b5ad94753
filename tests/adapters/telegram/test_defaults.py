"""Fields that other servers of the Bot API leave out."""

import time
from typing import Any

import pytest

from bots.telegram.defaults import KEPT_S, fill_update
from core.answer import Action, Answer, Phase, Picture, Reply
from core.draft import present
from core.turn import Turn
from tests.adapters.telegram.screen import TelegramScreen
from tests.adapters.telegram.stage import OpenStage, Stage
from tests.contracts.reply import REF, picture, show
from tests.standins.telegram import TelegramStandin
from tests.standins.telegram.world import Message, User

GROUP = {"id": -1005}
ALICE = {"id": 71, "first_name": "Alice"}


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"text": "hello", "chat": {"id": 71}}, ("ask", "hello", "telegram:71")),
        ({"text": "/ask why?", "from": ALICE, "chat": GROUP}, ("ask", "why?", "telegram:71")),
        ({"text": "/new@Minitool_Test_Bot", "from": ALICE, "chat": GROUP}, ("new", "", "telegram:71")),
        (
            {"text": "🦊 @minitool_test_bot why?", "from": ALICE, "chat": GROUP},
            ("ask", "🦊  why?", "telegram:71"),
        ),
        (
            {"caption": "/ask why?", "photo": [{"file_id": "A"}], "from": {"id": 71}, "chat": GROUP},
            ("ask", "why?", "telegram:71"),
        ),
        (
            {
                "text": "/ask why?",
                "from": ALICE,
                "chat": GROUP,
                "reply_to_message": {"message_id": 3, "text": "x"},
            },
            ("ask", "why?", "telegram:71"),
        ),
    ],
)
async def test_messages_of_the_fewest_fields_are_answered(
    stage: Stage, body: dict[str, Any], asked: tuple[str, str, str]
) -> None:
    """Without a date, a chat type, or entities for commands and mentions."""
    stage.telegram.updates.add("message", {"message_id": 5, **body})
    turn = await stage.turn()
    assert (turn.command, turn.text, turn.person.id) == asked


async def test_given_entities_are_the_only_ones(stage: Stage) -> None:
    """If Telegram marks anything, nothing else is taken for a command. An address is no mention."""
    code = [{"type": "code", "offset": 0, "length": 4}]
    group, where = stage.telegram.group(), {"from": ALICE}
    for extra in (
        {"text": "/ask why?", "entities": code},
        {"text": "me@minitool_test_bot"},
        {"text": "/ask/why"},
    ):
        stage.telegram.updates.add("message", {"message_id": 5, "chat": group.wire(), **where, **extra})
    await stage.telegram.say("/ask last", user=stage.telegram.person(), chat=group)
    assert (await stage.turn()).text == "last"


async def _answered(stage: Stage, user: User) -> Message:
    """An answer with a button."""

    async def play(turn: Turn, reply: Reply) -> None:
        actions = (Action("regenerate", REF, "New answer"),)
        await present(reply, Answer(Phase.DONE, "Done.", actions=actions), locale="en")

    stage.core.play = play
    await stage.telegram.say("hello", user=user)
    return await stage.telegram.message(lambda one: "New answer" in one.buttons)


async def test_a_press_of_the_fewest_fields_counts(stage: Stage) -> None:
    """The person by id only, and the message by its id and chat."""
    alice = stage.telegram.person()
    message = await _answered(stage, alice)
    under = {"message_id": message.id, "chat": {"id": alice.id}}
    press = {"id": "9", "from": {"id": alice.id}, "data": message.button("New answer")["callback_data"]}
    stage.telegram.updates.add("callback_query", {**press, "message": under})
    assert (await stage.turn(2)).command == "regenerate"


async def test_a_poll_of_an_older_server_is_read(stage: Stage) -> None:
    """Without the persistent ids of options."""
    flags = dict.fromkeys(("is_closed", "is_anonymous", "allows_multiple_answers"), False)
    options = [{"text": "Tea", "voter_count": 1}, {"text": "Coffee", "voter_count": 2}]
    poll = {
        "id": "1",
        "question": "What?",
        "options": options,
        "total_voter_count": 3,
        "type": "regular",
        **flags,
    }
    asked = {"message_id": 5, "from": ALICE, "chat": GROUP, "text": "/ask who wins?"}
    stage.telegram.updates.add("message", {**asked, "reply_to_message": {"message_id": 3, "poll": poll}})
    quote = (await stage.turn()).quote
    assert quote is not None
    assert quote.text == "What?\n- Tea\n- Coffee"


async def test_an_unreadable_part_hides_nothing_else(stage: Stage) -> None:
    """A question that replies to a message of an unknown shape, or contains a part of one, is answered; and the
    button under its answer works."""
    strange = {"message_id": 3, "from": ALICE, "text": "see below", "poll": {"id": 1}}
    for body in ({"location": "here"}, {"reply_to_message": strange}):
        message = {"message_id": 5, "from": ALICE, "chat": GROUP, "text": "/ask why?", **body}
        stage.telegram.updates.add("message", message)
    quote = (await stage.turn(2)).quote
    assert quote is not None
    assert quote.text == "see below"
    alice = stage.telegram.person()
    under = await _answered(stage, alice)
    sent = {**under.wire(), "reply_to_message": {**strange, "chat": GROUP}}
    data = under.button("New answer")["callback_data"]
    await stage.telegram.press_data(under, data, user=alice, message=sent)
    assert [turn.command for turn in stage.core.turns] == ["ask", "ask", "ask", "regenerate"]


@pytest.mark.parametrize(
    ("chat", "quoted", "room"),
    [
        ({"id": -1005, "is_forum": True}, {}, "telegram:-1005:3"),
        ({"id": 71}, {}, "telegram:71:3"),
        ({"id": -1005}, {}, "telegram:-1005"),
        (
            {"id": -1005, "is_forum": True},
            {"reply_to_message": {"message_id": 3, "text": "x"}},
            "telegram:-1005",
        ),
    ],
)
async def test_a_topic_is_known_by_its_thread(
    stage: Stage, chat: dict[str, Any], quoted: dict[str, Any], room: str
) -> None:
    """In a forum, a thread id without a reply is a topic, even without a flag that says so."""
    body = {"message_id": 5, "from": ALICE, "chat": chat, "text": "/ask why?", "message_thread_id": 3}
    stage.telegram.updates.add("message", {**body, **quoted})
    assert (await stage.turn()).room == room


async def test_an_admin_without_a_list_of_rights_is_one(stage: Stage) -> None:
    """The library rejects an administrator without all rights; the missing ones are filled in."""
    stage.telegram.garble("getChatMember", '{"ok":true,"result":{"status":"administrator"}}')
    await stage.telegram.say("/persona", user=stage.telegram.person(), chat=stage.telegram.group())
    assert (await stage.turn()).person.is_moderator


async def test_a_bot_may_be_no_more_than_its_number_and_name(
    standin: TelegramStandin, open_stage: OpenStage
) -> None:
    """It starts, and answers to its name."""
    standin.garble("getMe", '{"ok":true,"result":{"id":7000000001,"username":"judge_bot"}}')
    async with open_stage() as stage:
        await standin.say("/new@judge_bot", user=standin.person(), chat=standin.group())
        assert (await stage.turn()).command == "new"


async def test_a_sent_message_may_be_no_more_than_its_id(screen: TelegramScreen) -> None:
    """A picture whose response has only the message id is sent once."""
    screen.telegram.garble("sendPhoto", '{"ok":true,"result":{"message_id":77}}')
    await show(screen.reply, Answer(Phase.DONE, pictures=(picture(),)))
    assert len(screen.telegram.calls_of("sendPhoto")) == 1


@pytest.mark.parametrize("answer", ["{}", '{"ok":true}', '{"ok":true,"result":null}'])
@pytest.mark.parametrize("pictures", [(), (picture(),)])
async def test_an_empty_result_is_a_failed_call(
    screen: TelegramScreen, answer: str, pictures: tuple[Picture, ...]
) -> None:
    """As for a poll: such a response comes from a proxy, not from Telegram, so the call is repeated."""
    screen.telegram.garble("sendPhoto" if pictures else "sendMessage", answer)
    assert await present(
        screen.reply, Answer(Phase.DONE, "" if pictures else "Hi", pictures=pictures), locale="en"
    )
    assert len(screen.telegram.messages()) == 1


@pytest.mark.parametrize(
    ("age", "is_late", "is_kept"),
    [(3600, False, True), (KEPT_S - 60, False, True), (KEPT_S + 60, False, False), (KEPT_S + 60, True, True)],
)
def test_an_impossible_date_counts_as_now(age: int, *, is_late: bool, is_kept: bool) -> None:
    """Telegram keeps updates for a day at most: what seems older came just now. Updates that waited while the
    bot was away keep their dates."""
    date = int(time.time()) - age
    update = {"update_id": 1, "message": {"message_id": 5, "date": date, "chat": {"id": 71}, "text": "hello"}}
    assert (fill_update(update, is_late=is_late)["message"]["date"] == date) == is_kept


async def test_complete_updates_stay_unchanged(standin: TelegramStandin) -> None:
    """Nothing is filled in where nothing is missing."""
    alice, group = standin.person(), standin.group()
    question = await standin.say("/ask why, @somebody?", user=alice, chat=group)
    await standin.say("/new", user=alice, chat=group, reply_to=question)
    assert len(standin.updates.waiting) == 2
    for update in standin.updates.waiting:
        assert fill_update(update, is_late=False) == update
