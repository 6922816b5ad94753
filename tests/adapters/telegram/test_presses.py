"""Presses whose asker or message differs from the usual."""

import asyncio
from pathlib import Path

import pytest

from core.answer import Action, Answer, Choice, Phase, Reply
from core.draft import present
from core.errors import StoreError
from core.turn import Turn
from core.words import t
from tests.adapters.telegram.stage import OpenStage, Stage
from tests.contracts.reply import REF, picture, show
from tests.standins.telegram import Message, TelegramStandin, User
from tests.waiting import until

ACTIONS = tuple(Action(name, REF, name.title()) for name in ("regenerate", "model", "delete"))


async def asked_inline(stage: Stage, question: str, alice: User) -> Message:
    """The message after its Answer button was pressed."""
    (card,) = await stage.telegram.inline(question, user=alice)
    message = stage.telegram.choose(card, user=alice)
    await stage.telegram.press(message, message.buttons[0], user=alice)
    return message


async def test_an_inline_answer_has_no_button_that_cannot_work_there(stage: Stage) -> None:
    """Nothing can be posted beside it, so a picker would replace it; and no bot can delete it. The question
    stands above it."""

    async def play(turn: Turn, reply: Reply) -> None:
        await present(reply, Answer(Phase.DONE, text="Blue.", actions=ACTIONS), locale="en")

    stage.core.play = play
    message = await asked_inline(stage, "why?", stage.telegram.person())
    await until(lambda: message.text == "why?\n\nBlue.")
    assert [one["type"] for one in message.entities] == ["blockquote"]
    assert message.buttons == ("Regenerate",)


@pytest.mark.parametrize(("times", "text"), [(1, "why?\n\nBlue."), (50, "why?")])
async def test_an_inline_answer_that_is_refused_for_its_looks_keeps_its_words(
    stage: Stage, times: int, text: str
) -> None:
    """Refused markup is sent as plain text at once. If that is refused, too, it ends without endless tries."""
    shown: list[bool] = []

    async def play(turn: Turn, reply: Reply) -> None:
        stage.telegram.refuse("editMessageText", 400, "Bad Request: ENTITY_TEXTURL_INVALID", times)
        shown.append(await present(reply, Answer(Phase.DONE, text="**Blue.**", actions=ACTIONS), locale="en"))

    stage.core.play = play
    message = await asked_inline(stage, "why?", stage.telegram.person())
    await until(lambda: shown)
    assert (shown, message.text, message.entities) == ([times == 1], text, [])
    assert len(stage.telegram.calls_of("editMessageText")) == 2


async def test_an_inline_answer_that_is_too_long_says_so(stage: Stage) -> None:
    """A cut answer is marked; the note and the cost are not cut. In the presser's language."""
    note, footer = "That is all.", "$0.01"

    async def play(turn: Turn, reply: Reply) -> None:
        answer = Answer(Phase.DONE, text="word " * 1000, note=note, footer=footer, actions=ACTIONS)
        await present(reply, answer, locale="en")

    stage.core.play = play
    message = await asked_inline(stage, "why?", stage.telegram.person(language="tr"))
    await until(lambda: message.text.endswith(f"…\n\n{t('tr', 'telegram-inline-cut')}\n{note}\n{footer}"))
    assert message.text.startswith("why?\n\nword word")
    assert 4000 < len(message.text) <= 4096


async def test_an_inline_answer_stands_in_no_private_place(stage: Stage) -> None:
    """The chat is unknown and others can read it: nothing private is shown there."""
    await asked_inline(stage, "why?", stage.telegram.person())
    turn = await stage.turn()
    assert (turn.private, turn.alone) == (False, True)


async def test_an_inline_question_outlives_a_failure(stage: Stage) -> None:
    """After a refusal or failure, anybody can press Answer, or New answer, again."""

    async def play(turn: Turn, reply: Reply) -> None:
        await reply.show(Answer(actions=ACTIONS))
        await present(reply, Answer(Phase.FAILED, note="No money.", alert=True), locale="en")

    stage.core.play = play
    telegram, alice, bob = stage.telegram, stage.telegram.person(), stage.telegram.person("Bob")
    (card,) = await telegram.inline("why *me*?", user=alice)
    message = telegram.choose(card, user=alice)
    for number, user in ((1, alice), (2, bob)):
        await telegram.press(message, "Answer", user=user)
        assert (await stage.turn(number)).text == "why *me*?"
        await until(lambda: message.text == "why *me*?\n\nNo money." and message.buttons == ("Answer",))
    assert "why *me*?\n\n…" in [one.text for one in message.history]
    await telegram.press_data(message, f"!regenerate:{REF}", user=bob)
    await until(lambda: message.text == "why *me*?\n\nNo money." and message.buttons == ("Try again",))


async def test_a_model_with_a_long_name_can_be_picked(
    open_stage: OpenStage, standin: TelegramStandin, tmp_path: Path
) -> None:
    """A button holds 64 bytes, and gateways name models by paths: it holds a hash, in the list of models and
    among a picture's options."""
    name = "accounts/a-maker-of-models/models/llama-v3p1-405b-instruct-turbo"
    file, alice = tmp_path / "models.toml", standin.person()
    file.write_text(f'[image."{name}"]\nprice = 0.001\n')

    async def play(turn: Turn, reply: Reply) -> None:
        values = () if turn.args else (name, f"model={name}", "small")
        choices = tuple(Choice("easel", value, value[:6], ref=REF) for value in values)
        await present(reply, Answer(Phase.DONE, text=turn.arg("value") or "?", choices=choices), locale="en")

    async with open_stage(catalogue_file=file) as stage:
        stage.core.play = play
        for number, label in enumerate(("accoun", "model=", "small")):
            await standin.say("/model", user=alice)
            picker = await standin.message(lambda one: len(one.buttons) == 3, chat=alice)
            await standin.press(picker, label, user=alice)
            await stage.turn(2 * number + 2)
            await until(lambda: not picker.buttons)  # noqa: B023
    assert [turn.arg("value") for turn in stage.core.turns if turn.args] == [name, f"model={name}", "small"]


@pytest.mark.parametrize("command", ["/model", "/ask why?"])
async def test_who_asked_anonymously_may_press(stage: Stage, command: str) -> None:
    """An anonymous administrator's buttons work for the group's administrators where the group was answered,
    for nobody else."""
    telegram, group = stage.telegram, stage.telegram.group()
    mod, alice = telegram.person("Mod"), telegram.person()
    group.admins.add(mod.id)

    async def play(turn: Turn, reply: Reply) -> None:
        choices = (Choice("model", "small", "Small", ref=REF),)
        await present(reply, Answer(Phase.DONE, text=turn.person.id, choices=choices), locale="en")

    stage.core.play = play
    await telegram.say(command, user=mod, chat=group, anonymous=True)
    picker = await telegram.message(lambda one: "Small" in one.buttons)
    for number, user, person in ((2, mod, group.id), (3, alice, alice.id)):
        await telegram.press(picker, "Small", user=user)
        assert (await stage.turn(number)).person.id == f"telegram:{person}"
    await telegram.say("/model", user=alice, chat=group)
    own = await telegram.message(lambda one: "Small" in one.buttons and one is not picker)
    await telegram.press(own, "Small", user=mod)
    assert (await stage.turn(5)).person.id == f"telegram:{mod.id}"


async def test_an_anonymous_question_can_be_answered_again(stage: Stage) -> None:
    """Edited, it is offered to people who may speak for the group, and to nobody else."""
    telegram, group = stage.telegram, stage.telegram.group()
    mod, alice = telegram.person("Mod"), telegram.person()
    group.admins.add(mod.id)
    question = await telegram.say("/ask two plus too", user=mod, chat=group, anonymous=True)
    await stage.turn()
    await telegram.edit(question, "/ask two plus two")
    offer = await telegram.message(lambda message: "Answer now" in message.buttons, chat=group)
    assert (await telegram.press(offer, "Answer now", user=alice)).text
    await telegram.press(offer, "Answer now", user=mod)
    turn = await stage.turn(2)
    assert (turn.text, turn.person.id) == ("two plus two", f"telegram:{group.id}")


async def test_a_groups_admins_are_known_though_it_hides_its_members(stage: Stage) -> None:
    """Telegram then lists the admins, but describes no member. Whoever writes in the group's name is one."""
    telegram, group = stage.telegram, stage.telegram.group()
    mod, alice = telegram.person("Mod"), telegram.person()
    group.admins.add(mod.id)
    telegram.refuse("getChatMember", 400, "Bad Request: CHAT_ADMIN_REQUIRED", times=3)
    for user, anonymous in ((mod, False), (alice, False), (mod, True)):
        await telegram.say("/persona", user=user, chat=group, anonymous=anonymous)
    await stage.turn(3)
    assert [turn.person.is_moderator for turn in stage.core.turns] == [True, False, True]


async def test_places_for_adults_are_told_apart(open_stage: OpenStage, standin: TelegramStandin) -> None:
    """Messages, presses and forms in a chat that the operator named count as age-restricted; an inline message
    may be anywhere, so it does not."""
    group, alice = standin.group(), standin.person()
    async with open_stage(telegram_adult_chats=(str(group.id), str(alice.id))) as stage:
        await standin.say("/ask why?", user=alice, chat=group)
        answer = await standin.message(lambda one: one.by_bot, chat=group)
        await standin.press_data(answer, f"!regenerate:{REF}", user=alice)
        await standin.press_data(answer, f"?vary:{REF}", user=alice)
        form = await standin.message(lambda one: "forced_reply" in one.extra)
        await standin.say("a blue fox", user=alice, chat=group, reply_to=form)
        await stage.turn(3)
        await standin.say("/ask why?", user=alice, chat=standin.group("Others"))
        await stage.turn(4)
        await asked_inline(stage, "why?", alice)
        await stage.turn(5)
        assert [turn.adult for turn in stage.core.turns] == [True, True, True, False, False]


async def test_only_a_choice_says_whose_it_is(stage: Stage) -> None:
    """In a group a list of models names the person who pressed for it under another person's answer; another
    answer does not."""

    async def play(turn: Turn, reply: Reply) -> None:
        await present(reply, Answer(Phase.DONE, text=turn.command, note="Now.", actions=ACTIONS), locale="en")

    stage.core.play = play
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob = telegram.person(), telegram.person("Bob")
    await telegram.say("/ask why?", user=alice, chat=group)
    answer = await telegram.message(lambda one: bool(one.buttons), chat=group)
    for user, label, text in (
        (bob, "Model", "model\n\nBob: Now."),
        (alice, "Model", "model\n\nNow."),
        (bob, "Regenerate", "regenerate\n\nNow."),
    ):
        await telegram.press(answer, label, user=user)
        await telegram.message(lambda one: one.text == text, chat=group)  # noqa: B023


async def test_a_press_is_answered_when_the_answer_begins(stage: Stage) -> None:
    """The button's spinner does not turn until a slow answer is complete."""
    is_pressed = asyncio.Event()

    async def play(turn: Turn, reply: Reply) -> None:
        if turn.command == "regenerate":
            await show(reply, Answer())
            await is_pressed.wait()
        await present(reply, Answer(Phase.DONE, text="Blue.", actions=ACTIONS), locale="en")

    stage.core.play = play
    telegram, alice = stage.telegram, stage.telegram.person()
    await telegram.say("why?", user=alice)
    answer = await telegram.message(lambda one: bool(one.buttons), chat=alice)
    await telegram.press(answer, "Regenerate", user=alice)
    is_pressed.set()
    await until(lambda: [one.text for one in telegram.messages(alice)] == ["Blue."] * 2)


async def test_delete_is_done_though_it_was_refused_first(stage: Stage) -> None:
    """A failed call at Delete is repeated: the whole answer goes."""

    async def play(turn: Turn, reply: Reply) -> None:
        if turn.command == "delete":
            await present(reply, Answer(Phase.DONE, remove=True), locale="en")
        else:
            await present(reply, Answer(Phase.DONE, text="word " * 1000, actions=ACTIONS), locale="en")

    stage.core.play = play
    telegram, alice = stage.telegram, stage.telegram.person()
    await telegram.say("why?", user=alice)
    last = await telegram.message(lambda one: bool(one.buttons), chat=alice)
    assert len(telegram.messages(alice)) == 2
    telegram.bad_gateway("deleteMessage")
    await telegram.press(last, "Delete", user=alice)
    await until(lambda: not telegram.messages(alice))


@pytest.mark.parametrize("is_picture", [False, True])
async def test_what_is_too_old_to_be_deleted_is_emptied(stage: Stage, *, is_picture: bool) -> None:
    """After two days a bot may only edit: text and buttons go. A picture cannot be edited away: its person is
    told how to delete it."""

    async def play(turn: Turn, reply: Reply) -> None:
        shown = {"pictures": (picture(),)} if is_picture else {"text": "word " * 1000}
        answer = Answer(Phase.DONE, actions=ACTIONS, **shown)  # type: ignore[arg-type]
        await present(
            reply, Answer(Phase.DONE, remove=True) if turn.command == "delete" else answer, locale="en"
        )

    stage.core.play = play
    telegram, alice = stage.telegram, stage.telegram.person(language="de")
    await telegram.say("why?", user=alice)
    last = await telegram.message(lambda one: bool(one.buttons), chat=alice)
    for message in telegram.messages(alice):
        message.date -= 49 * 3600
    pressed = await telegram.press(last, "Delete", user=alice)
    assert (pressed.text, pressed.alert) == ((t("de", "telegram-too-old"), True) if is_picture else ("", False))
    if not is_picture:
        assert [(one.text, one.buttons) for one in telegram.messages(alice)] == [("Gelöscht.", ())] * 2


@pytest.mark.parametrize("batch", [1, 100])
async def test_what_was_pressed_too_long_ago_is_not_bought(
    open_stage: OpenStage, standin: TelegramStandin, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """Presses that cost money and were made while the bot was away are not executed; free lists are shown, and
    a text is asked for."""
    monkeypatch.setattr("bots.telegram.polling.BATCH", batch)
    alice = standin.person()
    under = {"message": standin.world.post(standin.private(alice), standin.world.bot, text="A fox").wire()}
    async with open_stage() as earlier:
        card = await earlier.core.kept.keep("why?")
    for data, where in (
        (f"=shape:{REF}:wide", under),
        (f"!try again:{REF}", under),
        (f"!inline:{card}", {"inline_message_id": "elsewhere"}),
        (f"!shape:{REF}", under),
        (f"?vary:{REF}", under),
    ):
        press = {"id": "too-old", "from": alice.wire(), "chat_instance": "1", "data": data}
        standin.update("callback_query", {**press, **where})
    async with open_stage() as stage:
        await standin.message(lambda one: "forced_reply" in one.extra, chat=alice)
        await stage.settled()
        assert [(turn.command, dict(turn.args)) for turn in stage.core.turns] == [("shape", {"ref": REF})]


async def test_a_card_that_cannot_be_looked_up_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """If Answer is pressed while the store is away, the person is told, and may press again."""
    telegram, alice = stage.telegram, stage.telegram.person()
    (card,) = await telegram.inline("why?", user=alice)
    message = telegram.choose(card, user=alice)

    async def away(name: str) -> str:
        raise StoreError

    with monkeypatch.context() as patched:
        patched.setattr(stage.core.kept, "find", away)
        pressed = await telegram.press(message, "Answer", user=alice)
    assert (pressed.text, pressed.alert) == (t("en", "store"), True)
    await telegram.press(message, "Answer", user=alice)
    assert (await stage.turn()).text == "why?"


async def test_a_card_whose_question_is_gone_says_so(stage: Stage) -> None:
    """It is kept for a day; after that nothing is asked or paid."""
    telegram, alice = stage.telegram, stage.telegram.person()
    (card,) = await telegram.inline("why?", user=alice)
    message = telegram.choose(card, user=alice)
    await stage.core.store.redis.flushall()
    pressed = await telegram.press(message, "Answer", user=alice)
    assert (pressed.text, pressed.alert) == (t("en", "telegram-inline-lost"), True)
    await stage.settled()
    assert stage.core.turns == []


@pytest.mark.parametrize(
    "data", [f"!delete:{REF}:a:1", f".settings:{REF}", f"=model:{REF}:small", "!edited:", f"?help:{REF}"]
)
async def test_what_no_button_offers_changes_no_message(stage: Stage, data: str) -> None:
    """A client may send any data with any message: the `ref` and the message may have different owners."""
    telegram, group = stage.telegram, stage.telegram.group()
    bob, mallory = telegram.person("Bob"), telegram.person("Mallory")

    async def play(turn: Turn, reply: Reply) -> None:
        await present(reply, Answer(Phase.DONE, text="Blue.", actions=ACTIONS), locale="en")

    stage.core.play = play
    question = await telegram.say("/ask why?", user=bob, chat=group)
    answer = await telegram.message(lambda one: bool(one.buttons), chat=group)
    unseen = {"chat": group.wire(), "message_id": answer.id, "date": 0}  # as Telegram sends what is too old
    for message in (answer.wire(), unseen):
        assert (await telegram.press_data(answer, data, user=mallory, message=message)).text == t(
            "en", "telegram-old-button"
        )
    assert [turn.command for turn in stage.core.turns] == ["ask"]
    assert (question.deleted, telegram.messages(group), answer.text) == (False, [answer], "Blue.")


async def test_a_private_message_too_old_to_be_sent_along_can_be_deleted(stage: Stage) -> None:
    """In a private chat all messages are the person's own."""

    async def play(turn: Turn, reply: Reply) -> None:
        await present(reply, Answer(Phase.DONE, text="Blue.", remove=turn.command == "delete"), locale="en")

    stage.core.play = play
    telegram, alice = stage.telegram, stage.telegram.person()
    await telegram.say("why?", user=alice)
    answer = await telegram.message(chat=alice)
    unseen = {"chat": telegram.private(alice).wire(), "message_id": answer.id, "date": 0}
    assert (await telegram.press_data(answer, f"!delete:{REF}", user=alice, message=unseen)).text == ""
    await until(lambda: not telegram.messages(alice))


async def test_an_inline_message_takes_its_own_buttons_alone(stage: Stage) -> None:
    """Everybody sees it, and Telegram does not give its buttons: no settings or lists replace it."""
    telegram, alice, mallory = stage.telegram, stage.telegram.person(), stage.telegram.person("Mallory")
    message = await asked_inline(stage, "why?", alice)
    for data in (".settings:", f"=model:{REF}:small", "!help:", f"!delete:{REF}"):
        assert (await telegram.press_data(message, data, user=mallory)).text == t("en", "telegram-old-button")
    assert [turn.command for turn in stage.core.turns] == ["ask"]
