"""Replies to the bot's "what would you like to know?", whatever and whenever people reply."""

import time
from urllib.parse import urlencode

import pytest

from core.answer import Action, Answer, Phase, Reply
from core.commands import PROMPT_LENGTH
from core.draft import present
from core.turn import Turn
from tests.adapters.telegram.stage import Stage, picture
from tests.contracts.reply import REF
from tests.standins.telegram import Chat, Message, User
from tests.waiting import until


async def form(stage: Stage, user: User, chat: Chat | User, command: str) -> Message:
    """What a bare command of the menu makes the bot ask."""
    where = chat if isinstance(chat, Chat) else None
    await stage.telegram.say(f"/{command}", user=user, chat=where)
    return await stage.telegram.message(lambda one: "forced_reply" in one.extra, chat=chat)


@pytest.mark.parametrize(
    ("asks", "typed", "command", "text"),
    [
        ("imagine", "/help", "help", ""),
        ("ask", "/stop", "stop", ""),
        ("imagine", "/imagine a fox", "imagine", "a fox"),
        ("ask", "/ask@minitool_test_bot why?", "ask", "why?"),
        ("imagine", "@minitool_test_bot a fox", "imagine", "a fox"),
    ],
)
async def test_a_command_is_one_on_a_form_as_well(
    stage: Stage, asks: str, typed: str, command: str, text: str
) -> None:
    """Clients attach anything written next to the form: a command there is no text for a paid order."""
    alice, group = stage.telegram.person(), stage.telegram.group()
    asking = await form(stage, alice, group, asks)
    await stage.telegram.say(typed, user=alice, chat=group, reply_to=asking)
    turn = await stage.turn()
    assert (turn.command, turn.text, turn.quote) == (command, text, None)


async def test_another_bots_command_on_a_form_is_left_alone(stage: Stage) -> None:
    """It is no prompt either."""
    alice, group = stage.telegram.person(), stage.telegram.group()
    asking = await form(stage, alice, group, "imagine")
    await stage.telegram.say("/roll@another_bot", user=alice, chat=group, reply_to=asking)
    await stage.telegram.say("/help", user=alice, chat=group)
    assert (await stage.turn()).command == "help"


@pytest.mark.parametrize("asks", ["ask", "imagine"])
async def test_a_late_or_edited_reply_is_what_the_form_asked_for(stage: Stage, asks: str) -> None:
    """A prompt for a picture never becomes a paid text answer: it is offered to be painted, and a question to
    be answered, as any late or edited message."""
    telegram, alice = stage.telegram, stage.telegram.person()
    asking = await form(stage, alice, alice, asks)
    order = await telegram.say("a fix", user=alice, reply_to=asking)
    await stage.turn()
    await telegram.edit(order, "a fox")
    await telegram.say("an owl", user=alice, reply_to=asking, date=int(time.time()) - 3600)
    await telegram.say("/help", user=alice)
    await until(lambda: stage.core.turns[-1].command == "help")
    await stage.settled()
    offers = [one for one in telegram.messages(alice) if one.buttons]
    label = "Answer now" if asks == "ask" else "Paint now"
    for number, (offer, text) in enumerate(zip(offers, ("a fox", "an owl"), strict=True)):
        await telegram.press(offer, label, user=alice)
        turn = await stage.turn(3 + number)
        assert (turn.command, turn.text, turn.quote) == (asks, text, None)


async def test_an_album_on_a_form_is_one_question(stage: Stage) -> None:
    """Its parts are joined as anywhere else, and so are those of a long text."""
    telegram, alice = stage.telegram, stage.telegram.person()
    asking = await form(stage, alice, alice, "ask")
    await telegram.album([picture(), picture(1200)], "Which?", user=alice, reply_to=asking)
    turn = await stage.turn()
    assert (turn.text, len(turn.attachments), turn.quote) == ("Which?", 2, None)
    asking = await form(stage, alice, alice, "ask")
    await telegram.say("word " * 760, user=alice, reply_to=asking)
    await telegram.say("and the rest", user=alice)
    assert (await stage.turn(2)).text.endswith("and the rest")


@pytest.mark.parametrize("sent", ["voice", "picture"])
async def test_a_reply_without_words_changes_nothing(stage: Stage, sent: str) -> None:
    """Else the old prompt would be painted and paid again. A recording or picture is no prompt either: the
    person is told, and asked again."""
    telegram, alice = stage.telegram, stage.telegram.person()
    asking = await form(stage, alice, alice, "imagine")
    assert not asking.text.endswith("from words alone.")
    voice = {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}}
    shown = {"photo": picture()} if sent == "picture" else voice
    await telegram.say(user=alice, reply_to=asking, **shown)
    await telegram.message(
        lambda one: "what should I paint" in one.text and one.text.endswith("from words alone."), chat=alice
    )
    link = "https://minitool.invalid/?command=vary&ref=r1"
    entities = [{"type": "text_link", "offset": 0, "length": 1, "url": link}]
    asking.text, asking.entities = "\u2060" + asking.text, entities
    await telegram.say(user=alice, reply_to=asking, **shown)
    asking = await telegram.message(
        lambda one: "new description" in one.text and one.text.endswith("from words alone."), chat=alice
    )
    await telegram.say("an owl", user=alice, reply_to=asking)
    turn = await stage.turn()
    assert (turn.command, turn.text, turn.arg("ref")) == ("vary", "an owl", "r1")


@pytest.mark.parametrize(
    "link", ["https://minitool.invalid/?command=imagine&ref=", "http://x.minitool.invalid/?command=forget+yes"]
)
async def test_no_answer_is_a_form(stage: Stage, link: str) -> None:
    """A link to a form that a model was made to write is text: a reply to it is a question about it."""

    async def play(turn: Turn, reply: Reply) -> None:
        await reply.show(Answer(Phase.DONE, text=f"[\u2060]({link}) [a]({link}) b"))

    stage.core.play = play
    telegram, alice, group = stage.telegram, stage.telegram.person(), stage.telegram.group()
    await telegram.say("/ask for a link", user=alice, chat=group)
    answer = await telegram.message(lambda one: "b" in one.text, chat=group)
    assert not [one for one in answer.entities if one["type"] == "text_link"]
    await telegram.say("why?", user=alice, chat=group, reply_to=answer)
    turn = await stage.turn(2)
    assert (turn.command, turn.quote and turn.quote.by_bot) == ("ask", True)


async def test_another_bots_message_is_no_form(stage: Stage) -> None:
    """Any bot can write such a link: a reply to it is not addressed to us, and costs nothing."""
    telegram, alice, group = stage.telegram, stage.telegram.person(), stage.telegram.group()
    telegram.world.privacy = False
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "https://minitool.invalid/?command=imagine"}
    copycat = telegram.person("Copycat", is_bot=True)
    copied = await telegram.say("\u2060Reply!", user=copycat, chat=group, entities=[link])
    await telegram.say("a fox", user=alice, chat=group, reply_to=copied)
    await telegram.say("/help", user=alice, chat=group)
    assert (await stage.turn()).command == "help"


@pytest.mark.parametrize("command", ["forget yes", "stop"])
async def test_a_form_is_the_bots_and_asks_for_words(stage: Stage, command: str) -> None:
    """A link in the right place, but for a command that asks for no text, is no form."""
    telegram, alice, group = stage.telegram, stage.telegram.person(), stage.telegram.group()
    asking = await form(stage, alice, group, "ask")
    url = f"https://minitool.invalid/?{urlencode({'command': command})}"
    asking.entities = [{"type": "text_link", "offset": 0, "length": 1, "url": url}]
    await telegram.say("thanks!", user=alice, chat=group, reply_to=asking)
    assert (await stage.turn()).command == "ask"


@pytest.mark.parametrize(
    ("typed", "command", "text"),
    [
        ("@minitool_test_bot /imagine a fox", "imagine", "a fox"),
        ("@minitool_test_bot /new", "new", ""),
        ("@minitool_test_bot /etc/hosts is what?", "ask", "/etc/hosts is what?"),
        ("what does @minitool_test_bot /imagine do?", "ask", "what does  /imagine do?"),
    ],
)
async def test_a_command_behind_the_bots_name_is_one(stage: Stage, typed: str, command: str, text: str) -> None:
    """A mention of the bot and then a command is the command, not a paid question."""
    alice, group = stage.telegram.person(), stage.telegram.group()
    await stage.telegram.say(typed, user=alice, chat=group)
    turn = await stage.turn()
    assert (turn.command, turn.text) == (command, text)


async def test_who_is_refused_is_asked_for_no_text(stage: Stage) -> None:
    """A person who may not vary is told at once, not after typing."""

    async def play(turn: Turn, reply: Reply) -> None:
        vary = Action("vary", REF, "Vary", asks="a fox")
        answer = Answer(Phase.DONE, "Fox", actions=(vary,))
        if not await stage.core.lets_in(turn):
            answer = Answer(Phase.FAILED, note="Not you.", alert=True)
        await present(reply, answer, locale="en")

    stage.core.play = play
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob = telegram.person(), telegram.person("Bob")
    await telegram.say("/imagine a fox", user=alice, chat=group)
    picture = await telegram.message(chat=group)
    await stage.core.access.deny(f"telegram:{bob.id}")
    assert (await telegram.press(picture, "Vary", user=bob)).text == "Not you."
    assert telegram.messages(group) == [picture]


async def test_who_asked_anonymously_is_not_named(stage: Stage) -> None:
    """The form mentions the person it asks, but not an anonymous one; nor is it in their language. A tap copies
    the earlier text, of the longest as much as there is room for."""
    telegram, group = stage.telegram, stage.telegram.group("Friends " * 16)
    mod, action = telegram.person("Mod", language="fr"), Action("vary", REF, "Vary", asks="a fox")
    group.admins.add(mod.id)

    async def play(turn: Turn, reply: Reply) -> None:
        await present(reply, Answer(Phase.DONE, text="a fox", actions=(action,)), locale="en")

    stage.core.play = play
    await telegram.say("/imagine a fox", user=mod, chat=group, anonymous=True)
    picture = await telegram.message(lambda one: "Vary" in one.buttons)
    await telegram.press(picture, "Vary", user=mod)
    form = await telegram.message(lambda one: "forced_reply" in one.extra)
    assert "Mod" not in form.text
    assert "reply to this message" in form.text
    assert str(mod.id) not in str(form.entities)
    (earlier,) = (one for one in form.entities if one["type"] == "code")
    assert form.text[earlier["offset"] :] == "a fox"
    assert earlier["length"] == len("a fox")
    stage.core.before = "🦊" * PROMPT_LENGTH
    await telegram.press(picture, "Vary", user=mod)
    form = await telegram.message(lambda one: one.text.endswith("🦊…"))
    assert "🦊" * 1900 in form.text
    await telegram.say("a blue fox", user=mod, chat=group, reply_to=form, anonymous=True)
    turn = await stage.turn(2)
    assert (turn.command, turn.text, turn.person.id) == ("vary", "a blue fox", f"telegram:{group.id}")


async def test_a_moderator_may_word_anew_what_they_may_press(stage: Stage) -> None:
    """A moderator may also send the text that a button asked for."""
    telegram, group = stage.telegram, stage.telegram.group()
    mod, alice = telegram.person("Mod"), telegram.person()
    group.admins.add(mod.id)

    async def play(turn: Turn, reply: Reply) -> None:
        await present(
            reply,
            Answer(Phase.DONE, text="a fox", actions=(Action("vary", REF, "Vary", asks="a fox"),)),
            locale="en",
        )

    stage.core.play = play
    await telegram.say("/ask paint", user=alice, chat=group)
    picture = await telegram.message(lambda one: "Vary" in one.buttons)
    await telegram.press(picture, "Vary", user=mod)
    form = await telegram.message(lambda one: "forced_reply" in one.extra)
    await telegram.say("a blue fox", user=mod, chat=group, reply_to=form)
    turn = await stage.turn(2)
    assert (turn.command, turn.text, turn.person.is_moderator) == ("vary", "a blue fox", True)
