"""What people do on Telegram, and the turns that core gets."""

import asyncio
import json
import time

import pytest

from core.answer import Action, Answer, Phase, Reply
from core.draft import present
from core.errors import BadInput
from core.inbox import Inbox
from core.pace import Rank
from core.seal import Seal
from core.store import Store
from core.turn import Turn
from core.words import locales, t
from tests.adapters.telegram.stage import OpenStage, Stage, picture
from tests.contracts.reply import REF
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

LEASES = "{inbox:telegram}:leases"


async def test_a_download_ends_at_its_limit(stage: Stage) -> None:
    """A file that is larger than Telegram claims is not read to its end."""
    telegram = stage.telegram
    file = ("cat.png", "image/png", picture())
    await telegram.say("What is it?", user=telegram.person(), document=file, claimed=3)
    (attachment,) = (await stage.turn()).attachments
    assert await attachment.read(len(picture())) == picture()
    with pytest.raises(BadInput, match="attachment-too-big"):
        await attachment.read(len(picture()) - 1)


async def test_an_edited_question_offers_another_answer(stage: Stage) -> None:
    """An edit costs nothing; the button under the offer asks the edited text, for its author. Other people are
    refused in a pop-up, as under an answer."""
    telegram = stage.telegram
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    question = await telegram.say("/ask two plus too", user=alice, chat=group)
    await stage.turn()
    await telegram.edit(question, "/ask two plus two")
    offer = await telegram.message(lambda message: "Answer now" in message.buttons, chat=group)
    assert len(stage.core.turns) == 1
    refused = await telegram.press(offer, "Answer now", user=bob)
    assert (refused.text, refused.alert) == (t("en", "not-yours"), True)
    await telegram.press(offer, "Answer now", user=alice)
    turn = await stage.turn(2)
    assert (turn.command, turn.text, turn.message) == ("ask", "two plus two", str(question.id))
    await until(lambda: offer.text == "You said: two plus two")


async def test_inline_mode_costs_nothing_before_the_press(stage: Stage) -> None:
    """Typing offers a card; the presser asks, pays, and sees the answer in that message, below the question,
    also after a restart."""
    telegram = stage.telegram
    alice, bob = telegram.person(), telegram.person("Bob")
    assert await telegram.inline("", user=alice) == []
    (card,) = await telegram.inline("why is the sky blue?", user=alice)
    message = telegram.choose(card, user=alice)
    assert stage.core.turns == []
    await telegram.press(message, "Answer", user=bob)
    turn = await stage.turn()
    assert (turn.command, turn.text, turn.person.id) == ("ask", "why is the sky blue?", f"telegram:{bob.id}")
    assert turn.chat == f"telegram:chat:{bob.id}"
    await until(lambda: message.text == "why is the sky blue?\n\nYou said: why is the sky blue?")
    reopened = await stage.core.reopens.reopen(f"telegram:inline:{message.inline_id}")
    await present(reopened, Answer(Phase.CUT, "Well, **it is", note="Restarted."), locale="en")
    assert message.text == "why is the sky blue?\n\nWell, it is\n\nRestarted."


async def test_old_messages_are_not_answered_unasked(open_stage: OpenStage, standin: TelegramStandin) -> None:
    """Messages older than ten minutes are offered to be answered, once in a chat; new ones are answered."""
    alice = standin.person()
    for number in range(300):
        await standin.say(f"old {number}", user=alice, date=int(time.time()) - 3600)
    await standin.say("new", user=alice)
    async with open_stage() as stage:
        assert (await stage.turn()).text == "new"
        offer = await standin.message(lambda one: "Answer now" in one.buttons, chat=alice)
        await stage.settled()
        assert len([one for one in standin.messages(alice) if one.buttons]) == 1
        await standin.press(offer, "Answer now", user=alice)
        assert (await stage.turn(2)).text == "old 0"


async def test_an_update_is_on_record_until_it_has_begun(stage: Stage, store: Store) -> None:
    """The update is confirmed to Telegram once our own record has it, and removed from that once core has
    recorded its turn."""
    recorded = asyncio.Event()

    async def play(turn: Turn, reply: Reply) -> None:
        await recorded.wait()
        await present(reply, Answer(Phase.DONE, "Done."), locale="en")

    stage.core.play = play
    await stage.telegram.say("hello", user=stage.telegram.person())
    await stage.turn()
    await until(lambda: not stage.telegram.updates.waiting)
    assert await store.redis.zcard(LEASES) == 1
    recorded.set()
    await stage.settled()


async def test_what_a_dead_process_had_on_record_is_handled(
    open_stage: OpenStage, standin: TelegramStandin, store: Store
) -> None:
    """An update that was confirmed but not started when its process died is answered by the next one."""
    alice = standin.person()
    await standin.say("hello", user=alice)
    (update,) = standin.updates.waiting
    standin.updates.waiting.clear()
    dead = Inbox(store, Seal(), "telegram", None)  # type: ignore[arg-type]  # it takes over nothing
    assert await dead.take(str(update["update_id"]), json.dumps(update).encode())
    await store.redis.zadd(LEASES, {str(update["update_id"]): 0})
    async with open_stage() as stage:
        assert (await stage.turn()).text == "hello"
        await stage.settled()


@pytest.mark.parametrize("ago", [0, 3600])
async def test_a_group_that_becomes_a_supergroup_stays_what_it_is(stage: Stage, ago: int) -> None:
    """Core is told its new id once, also if the bot was away at the time."""
    group = stage.telegram.group(basic=True)
    new = stage.telegram.upgrade(group, ago=ago)
    await until(lambda: not stage.telegram.updates.waiting)
    await stage.settled()
    assert stage.core.moves == [(f"telegram:chat:{group.id}", f"telegram:chat:{new.id}")]
    assert stage.core.turns == []


async def test_updates_of_one_chat_begin_in_order(stage: Stage) -> None:
    """/new takes effect before the next question, whatever else happens."""

    async def play(turn: Turn, reply: Reply) -> None:
        """Nothing is shown: twenty answers would have to keep the chat's pace."""

    stage.core.play = play
    alice, bob = stage.telegram.person(), stage.telegram.person("Bob")
    for number in range(20):
        await stage.telegram.say(f"a{number}", user=alice)
        await stage.telegram.say(f"b{number}", user=bob)
    await stage.turn(40)
    for letter in "ab":
        mine = [turn.text for turn in stage.core.turns if turn.text.startswith(letter)]
        assert mine == [f"{letter}{number}" for number in range(20)]


async def test_what_comes_right_behind_a_question_waits_for_it(
    open_stage: OpenStage, standin: TelegramStandin
) -> None:
    """A command or press does not overtake a question that still waits for its picture, or an album."""

    async def play(turn: Turn, reply: Reply) -> None:
        """Only the first is answered: more answers would have to keep the chat's pace."""
        if turn.command == "help":
            await present(reply, Answer(Phase.DONE, "Hi", actions=(Action("stop", REF, "Stop"),)), locale="en")

    alice = standin.person()
    async with open_stage(burst_quiet_s=0.3) as stage:
        stage.core.play = play
        await standin.say("/help", user=alice)
        message = await standin.message(chat=alice)
        await standin.say("Where is this?", user=alice)
        await standin.press(message, "Stop", user=alice)
        await standin.album([picture()] * 2, user=alice)
        await standin.say("/new", user=alice)
        await standin.say("And this?", user=alice)
        await stage.turn(6)
    assert [turn.command for turn in stage.core.turns] == ["help", "ask", "stop", "ask", "new", "ask"]
    assert len(stage.core.turns[3].attachments) == 2


async def test_a_poll_that_hangs_is_given_up(
    open_stage: OpenStage, standin: TelegramStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead open connection does not stop updates."""
    monkeypatch.setattr("bots.telegram.polling.POLL_S", 1)
    monkeypatch.setattr("bots.telegram.polling.GRACE_S", 0.1)
    standin.hang("getUpdates", 300)
    async with open_stage() as stage:
        await standin.say("two plus two", user=standin.person())
        assert (await stage.turn()).text == "two plus two"


async def test_numbers_begin_anew_after_a_quiet_week(stage: Stage) -> None:
    """Telegram then chooses a random, perhaps lower update id: from then on those are confirmed."""
    telegram, alice = stage.telegram, stage.telegram.person()
    await telegram.say("before", user=alice)
    await stage.settled()
    telegram.updates.next_number = 1000
    for number in range(120):  # more than come at once
        telegram.backlog(f"after {number}", user=telegram.person())
    await telegram.say("after", user=alice)
    await until(lambda: [turn.text for turn in stage.core.turns] == ["before", "after"])
    await stage.settled()


async def test_a_second_delivery_is_passed_over(stage: Stage) -> None:
    """The same update twice is one turn."""
    alice = stage.telegram.person()
    await stage.telegram.say("hello", user=alice)
    number = int((await stage.turn()).id.rpartition(":")[2])
    body = next(iter(stage.telegram.world.messages.values())).wire()
    stage.telegram.updates.next_number = number - 1000  # else what is confirmed is not given again
    stage.telegram.updates.waiting.append({"update_id": number, "message": body})
    await stage.telegram.say("again", user=alice)
    assert (await stage.turn(2)).text == "again"


async def test_menus_are_offered_in_every_language(open_stage: OpenStage, standin: TelegramStandin) -> None:
    """Everybody's commands for everybody; admin commands in admins' menus only."""
    admin = standin.person("Root")
    languages = {locale.partition("-")[0] for locale in locales()} - {"en"} | {""}
    wanted = {(*scope, language) for scope in (("default", 0), ("chat", admin.id)) for language in languages}
    menus = standin.world.menus
    async with open_stage(admins=f"telegram:{admin.id},telegram:999,discord:1"):
        await until(lambda: set(menus) >= wanted)
    assert set(menus) == wanted
    assert "admin" not in menus["default", 0, ""]
    assert "admin" in menus["chat", admin.id, ""]
    assert menus["default", 0, ""]["ask"] == "Ask a question, with or without a picture"
    assert menus["default", 0, "de"]["ask"].startswith("Stelle")


async def test_the_stop_button_of_a_draft(stage: Stage) -> None:
    """Telegram's own Stop under a draft stops the person's answers, without another message."""
    alice = stage.telegram.person()
    chat = stage.telegram.private(alice).wire()
    stage.telegram.update("stopped_message_generation", {"chat": chat, "draft_id": 5})
    turn = await stage.turn()
    assert (turn.command, turn.person.id, turn.room) == ("stop", f"telegram:{alice.id}", f"telegram:{alice.id}")
    await stage.settled()
    assert stage.telegram.messages(alice) == []


async def test_a_process_that_stalled_leaves_an_update_to_the_other(
    open_stage: OpenStage, store: Store
) -> None:
    """An update that another process took over before it was started here is answered there only."""

    async def again(name: str, body: bytes) -> None:
        raise AssertionError("it looks for itself")

    async with open_stage(burst_quiet_s=0.3, burst_lead_s=0.3) as stage:
        other = Inbox(store, Seal(), "telegram", again)
        telegram, alice = stage.telegram, stage.telegram.person()
        await telegram.say("first", user=alice)
        await until(lambda: store.redis.zcard("{inbox:telegram}:leases"))
        for name in await store.redis.zrange("{inbox:telegram}:leases", 0, -1):
            await store.redis.zadd("{inbox:telegram}:leases", {name: 0})
        assert len(await other.tend()) == 1
        await telegram.say("second", user=telegram.person())
        assert (await stage.turn()).text == "second"


async def test_who_else_is_named_in_a_group_does_not_call_the_bot(stage: Stage) -> None:
    """People without a username are mentioned by a link, as the bot may be. A command with the bot's name is
    the bot's, known or not."""
    telegram, group = stage.telegram, stage.telegram.group()
    telegram.world.privacy = False
    alice, bob, me = telegram.person(), telegram.person("Bob"), telegram.world.bot
    for user in (bob, me):
        link = {"type": "text_mention", "offset": 0, "length": 3, "user": user.wire()}
        await telegram.say(f"Bob, hi {user.id}", user=alice, chat=group, entities=[link])
    await telegram.say(f"/unknown@{me.username} here", user=alice, chat=group)
    await stage.turn(2)
    assert [(turn.command, turn.text) for turn in stage.core.turns] == [
        ("ask", f", hi {me.id}"), ("/unknown", "here"),
    ]  # fmt: skip


async def test_a_crowded_chat_hears_so_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first question beyond the limit gets a reply, on behalf of all others."""
    monkeypatch.setattr("bots.telegram.sequencer.MOST_OF_CHAT", 1)
    gate = asyncio.Event()

    async def play(turn: Turn, reply: Reply) -> None:
        await reply.lane.enter(Rank.GROWTH)
        await gate.wait()

    stage.core.play = play
    telegram, group = stage.telegram, stage.telegram.group()
    questions = [
        await telegram.say("/ask why?", user=telegram.person(language="de"), chat=group) for _ in range(4)
    ]
    await stage.turn()
    notice = await telegram.message(chat=group)
    await stage.settled()
    assert (notice.text, notice.reply_to) == (t("de", "telegram-crowded"), questions[1])
    assert telegram.messages(group) == [notice]
    gate.set()


@pytest.mark.parametrize("stop", ["/stop", "/Stop@minitool_test_bot"])
async def test_a_stop_finds_room(stage: Stage, monkeypatch: pytest.MonkeyPatch, stop: str) -> None:
    """/stop works beyond the limit; but endless stops do not crowd out other chats either."""
    monkeypatch.setattr("bots.telegram.sequencer.MOST_OF_CHAT", 1)
    monkeypatch.setattr("bots.telegram.sequencer.MOST_URGENT", 2)
    gate = asyncio.Event()

    async def play(turn: Turn, reply: Reply) -> None:
        await reply.lane.enter(Rank.GROWTH)
        await gate.wait()

    stage.core.play = play
    telegram, group, alice = stage.telegram, stage.telegram.group(), stage.telegram.person()
    await telegram.say("/ask why?", user=alice, chat=group)
    for _ in range(4):
        await telegram.say(stop, user=alice, chat=group)
    await stage.turn(3)
    await stage.settled()
    assert [turn.command for turn in stage.core.turns] == ["ask", "stop", "stop"]
    gate.set()


async def test_anonymous_admins_are_the_group(stage: Stage) -> None:
    """A person who writes as the group pays as the group, with moderators' rights."""
    group = stage.telegram.group("Club")
    await stage.telegram.say("/new", user=stage.telegram.person(), chat=group, anonymous=True)
    person = (await stage.turn()).person
    assert (person.id, person.name, person.is_moderator) == (f"telegram:{group.id}", "Club", True)


async def test_anonymous_admins_hear_the_groups_language(
    open_stage: OpenStage, standin: TelegramStandin
) -> None:
    """Telegram does not give theirs: it is that of the last person who asked there, also before a restart or in
    another process; else English."""
    group, other, mod = standin.group("Club"), standin.group(), standin.person()
    bob = standin.person("Bob", language="de")
    async with open_stage() as stage:
        await standin.say("/ask hallo", user=bob, chat=group)
        await stage.turn()
        await standin.say("/imagine", user=mod, chat=group, anonymous=True)
        await standin.message(lambda one: "Club, was soll ich malen" in one.text, chat=group)
    async with open_stage() as stage:
        for chat in (group, other):
            await standin.say("/new", user=mod, chat=chat, anonymous=True)
        await stage.turn(2)
        assert {turn.chat: turn.person.locale for turn in stage.core.turns} == {
            f"telegram:chat:{group.id}": "de", f"telegram:chat:{other.id}": "en",
        }  # fmt: skip
        await stage.core.kept.keep("fr", f"telegram:language:{other.id}")  # as another process does
        await standin.say("/new", user=mod, chat=other, anonymous=True)
        assert (await stage.turn(3)).person.locale == "fr"
