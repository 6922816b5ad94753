"""What is special about showing answers on Discord: tokens, permissions, mentions, limits."""

import asyncio
import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bots.discord.reply import DiscordReply
from core.answer import Action, Answer, Choice, Phase, Picture
from core.draft import Draft
from core.turn import Turn
from tests.adapters.discord.conftest import Stage, answer_text, shows, waits
from tests.conftest import hanging
from tests.contracts.reply import picture
from tests.standins.discord import Fault
from tests.waiting import until

REF = "AbCdEfGh_-123456"


async def test_it_acknowledges_while_the_store_hangs(stage: Stage) -> None:
    """The 3 seconds are kept whatever the store does: within 0.3 s, before anything else is known."""
    async with hanging(stage.core.store):
        interaction = await stage.discord.slash("ask", {"question": "?"})
        await stage.discord.until(lambda: interaction.acked is not None)
        assert interaction.acked is not None
        assert interaction.acked < 0.3
        assert not stage.core.turns
    await stage.discord.until(lambda: interaction.text)


async def test_an_acknowledgement_that_fails_is_tried_again(stage: Stage) -> None:
    """A 500, a reset, a call whose answer was lost, and one that hangs cost a second try, not the answer. One
    that takes its time is waited for: its token leads nowhere before."""
    for fault in (
        Fault("callback", delay=600),
        Fault("callback", status=0, delay=0.2),
        Fault("callback", status=500),
        Fault("callback", status=0),
        Fault("callback", status=500, after=True),
    ):
        stage.discord.faults = [fault]
        interaction = await stage.discord.slash("ask", {"question": "?"})
        await stage.discord.until(lambda interaction=interaction: answer_text(interaction) == "You said: ?")


async def test_what_ends_too_early_looks_as_it_did(stage: Stage) -> None:
    """Stopped inside bold words, they stay bold: no sign of Markdown comes up."""
    stage.core.play = shows(Answer(Phase.GROWING, "It is **bo"), Answer(Phase.STOPPED, "It is **bold wo"))
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: "bold wo" in (interaction.text or ""))
    assert answer_text(interaction) == "It is **bold wo**"


async def test_what_draws_as_nothing_is_no_list(stage: Stage) -> None:
    """Signs of Markdown before the first word, with a button below: it is still thinking, nothing is to be
    chosen. Where no word ever came, the end says so."""
    actions = (Action("stop", REF, "Stop"),)
    for phase, said_instead in (
        (Phase.GROWING, "Thinking…"),
        (Phase.STOPPED, "The model sent an empty answer."),
    ):
        stage.core.play = shows(Answer(phase, "## ", actions=actions))
        message = await stage.discord.mention("?")
        answer = (await stage.discord.until(lambda message=message: stage.discord.answers(message)))[0]
        assert answer.content.startswith(said_instead)


async def test_mentions_in_an_answer_ping_nobody(stage: Stage) -> None:
    """Whatever a model writes, in the first message and in every edit, nobody is notified."""
    text = "@everyone @here <@1> <@&2> [x](javascript:1) " + f"<@{stage.discord.person.id}>"
    stage.core.play = shows(Answer(Phase.GROWING, text), Answer(Phase.DONE, text + " end"))
    interaction = await stage.discord.slash("ask", {"question": "?"})
    message = await stage.discord.mention("?")
    await stage.discord.until(lambda: interaction.text and stage.discord.answers(message))
    await stage.discord.until(lambda: all("end" in one.content for one in stage.discord.answers(message)))
    shown = [*interaction.messages, *stage.discord.answers(message)]
    assert [one.pinged for one in shown] == [[] for _ in shown]
    assert all(one.flags & 4 for one in shown), "embeds are suppressed"


async def test_past_15_minutes_it_goes_on_with_the_bots_own_token(stage: Stage) -> None:
    """A long order outlives the interaction's token; the same message goes on growing. What is kept of where it
    is shown does not have the token, a credential."""
    stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), Answer(Phase.GROWING, "slowly"))
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: answer_text(interaction) == "slowly")
    await until(lambda: interaction.token not in stage.core.replies[-1].address)
    interaction.expire()
    go.set()
    await stage.discord.until(lambda: answer_text(interaction) == "done at last")


@pytest.mark.parametrize("kind", ["private", "guest"])
async def test_past_15_minutes_without_a_way_it_answers_in_a_dm(stage: Stage, kind: str) -> None:
    """Where only the token led to the answer, the rest comes as a private message that says what it is. With
    the question above it, too, its first page is no longer than Discord allows."""
    discord, whole = stage.discord, "done at last " * 150
    stage.core.play, go = waits(Answer(Phase.DONE, whole, ref=REF), Answer(Phase.GROWING, "slowly", ref=REF))
    options, facts = {"question": "why " * 30, "private": kind == "private"}, {}
    if kind == "guest":
        facts = {"channel": discord.foreign_channel(), "installed": False}
    interaction = await discord.slash("ask", options, **facts)
    await discord.until(lambda: answer_text(interaction) == "slowly")
    interaction.expire()
    go.set()
    chat = discord.dm(discord.person)
    sent = await discord.until(
        lambda: [one.content for one in discord.messages.values() if one.channel is chat][2:]
    )
    notice, first = [one.content for one in discord.messages.values() if one.channel is chat][:2]
    assert notice == f"The answer to your question in <#{interaction.channel.id}>, where I can no longer write:"
    question, _, begun = first.partition("\n")
    assert question.startswith("> why why")
    assert f"{begun} {sent[0]}".split() == whole.split()


async def test_a_guest_has_five_follow_ups(stage: Stage) -> None:
    """In a server without the bot the sixth message is the last: what does not fit comes as a file. What is
    said below the answer stands there, too."""
    discord = stage.discord
    text = "word " * 4000
    stage.core.play = shows(Answer(Phase.CUT, text, note="It broke off.", footer="gpt · $0.01"))
    interaction = await discord.slash(
        "ask", {"question": "?"}, channel=discord.foreign_channel(), installed=False
    )
    await discord.until(lambda: len(interaction.messages) == 6 and interaction.messages[-1].files)
    last = interaction.messages[-1]
    for said in ("the file", "It broke off.", "gpt"):
        assert said in last.content
    assert last.files[0].data.decode() == text
    assert not [call for call in discord.calls if call.code == 40094]


async def test_a_guest_who_presses_has_five_messages_in_all(stage: Stage) -> None:
    """What only the presser sees stands beside the message that was pressed: all of it is follow-ups."""
    discord = stage.discord
    stage.core.play = shows(Answer(Phase.DONE, "an answer", actions=(Action("model", REF, "Model"),)))
    asked = await discord.slash("ask", {"question": "?"}, channel=discord.foreign_channel(), installed=False)
    await discord.until(lambda: asked.text and asked.messages[0].buttons)
    stage.core.play = shows(Answer(Phase.DONE, "word " * 4000, private=True))
    pressed = await discord.press(asked.messages[0], "Model", installed=False)
    await discord.until(lambda: len(pressed.followups) == 5 and pressed.followups[-1].files)
    assert not [call for call in discord.calls if call.code == 40094]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PATCH", status=429, retry_after=0.2),
        Fault("PATCH", status=429, via=False, retry_after=0.2),
        Fault("PATCH", status=429, retry_after=0.2, everywhere=True),
        Fault("PATCH", status=500),
        Fault("PATCH", status=503),
        Fault("PATCH", status=0),
        Fault("PATCH", status=0, after=True),
    ],
    ids=["429", "429 without Via", "429 for all", "500", "503", "reset", "reset after it took effect"],
)
async def test_an_answer_survives_a_fault(stage: Stage, fault: Fault) -> None:
    """Whatever one call meets, the whole answer is there in the end, once."""
    stage.discord.faults = [Fault(**vars(fault))]

    async def play(turn: Turn, reply: DiscordReply) -> None:
        async with Draft(reply, Answer(Phase.WORKING), locale="en") as draft:
            draft.grow("half ")
            await stage.discord.until(lambda: interaction.text)
            draft.grow("and half")
            await draft.finish(Answer(Phase.DONE, draft.text))

    stage.core.play = play
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: answer_text(interaction) == "half and half")
    assert len(interaction.messages) == 1
    assert not stage.discord.faults[0].times


async def test_a_message_is_not_made_twice(stage: Stage) -> None:
    """A message whose creation was answered by a broken connection is found again by its nonce."""
    stage.discord.faults = [Fault("POST /channels/.*/messages$", status=0, after=True)]
    stage.core.play = shows(Answer(Phase.DONE, "just one"))
    message = await stage.discord.mention("?")
    await until(lambda: stage.core.replies and stage.core.replies[0].messages)
    assert [one.content for one in stage.discord.answers(message)] == ["just one"]


async def test_a_private_answer_to_a_public_command_stays_private(stage: Stage) -> None:
    """An error that is for the asker alone replaces the public "thinking"."""
    stage.core.play = shows(Answer(Phase.FAILED, note="No budget left.", alert=True, private=True))
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: interaction.followups)
    (answer,) = interaction.messages
    assert answer.ephemeral
    assert "No budget left." in answer.content


async def test_a_private_answer_taken_up_by_another_process_stays_private(stage: Stage) -> None:
    """Further pages are made with the token in its address: for the asker alone, as the first was."""
    stage.core.play = shows(Answer(Phase.DONE, "first"))
    asked = await stage.discord.slash("ask", {"question": "psst", "private": True})
    await stage.discord.until(lambda: answer_text(asked) == "first")
    reply = await stage.core.reopens.reopen(stage.core.replies[-1].address)
    await reply.show(Answer(Phase.DONE, "word " * 900))
    assert [one.ephemeral for one in asked.messages] == [True] * 3


async def test_presses_answer_where_they_should(stage: Stage) -> None:
    """A new answer is for everybody; details and pickers only for who pressed, whether core says so or not;
    a pick replaces the picker, or several, as each lists 25. Details that are too much for a message are left
    out, not the choices."""
    discord = stage.discord
    buttons = (Action("regenerate", REF, "New answer"), Action("model", REF, "Model"))
    many = [
        Choice("model", f"m{n}", f"M{n}", "$0.10 in, $0.40 out per 1M tokens, sees pictures") for n in range(80)
    ]
    choices = (*many, Choice("model", "gpt-4.1", "GPT-4.1"))
    stage.core.play = shows(Answer(Phase.DONE, "first", actions=buttons))
    message = await discord.mention("?")
    answer = (await discord.until(lambda: discord.answers(message)))[0]
    stage.core.play = shows(Answer(Phase.DONE, "second"))
    again = await discord.press(answer, "New answer")
    await discord.until(lambda: answer_text(again) == "second")
    assert not again.messages[0].ephemeral
    stage.core.play = shows(Answer(Phase.DONE, note="Which?", choices=choices))
    opened = await discord.press(answer, "Model")
    picker = (await discord.until(lambda: opened.followups))[0]
    assert picker.ephemeral
    assert answer.content == "first"
    stage.core.play = shows(Answer(Phase.DONE, note="GPT-4.1 it is.", private=True))
    picked = await discord.choose(picker, "gpt-4.1")
    await discord.until(lambda: "GPT-4.1 it is." in picker.content)
    assert not picker.components
    assert (stage.turn.command, stage.turn.args) == ("model", {"value": "gpt-4.1"})
    assert picked.messages == [picker]


async def test_a_shape_that_is_picked_is_painted_for_everybody(stage: Stage) -> None:
    """The list of shapes is for the presser alone, the picture in the new shape for the channel."""
    discord = stage.discord
    stage.core.play = shows(Answer(Phase.DONE, pictures=(picture(),), actions=(Action("shape", REF, "Shape"),)))
    message = await discord.mention("paint")
    answer = (await discord.until(lambda: discord.answers(message)))[0]
    choices = (Choice("shape", "wide", "Wide", ref=REF), Choice("shape", "tall", "Tall", ref=REF))
    stage.core.play = shows(Answer(Phase.DONE, note="Which shape?", choices=choices, private=True))
    opened = await discord.press(answer, "Shape")
    picker = (await discord.until(lambda: opened.followups))[0]
    assert picker.ephemeral
    stage.core.play = shows(Answer(Phase.DONE, pictures=(picture(),)))
    picked = await discord.choose(picker, "wide")
    await discord.until(lambda: picked.messages and picked.messages[-1].files)
    assert not picked.messages[-1].ephemeral
    assert picked.messages[-1] is not picker


async def test_what_was_asked_stands_above_the_answer(stage: Stage) -> None:
    """Discord shows nobody the options of a command: the first message begins with the question, in one
    line, harmless and not too long; above a picture it is the prompt. Who asked in private knows. Whom or what
    it names appears by name, and is not notified."""
    discord = stage.discord
    long = await discord.slash("ask", {"question": "@everyone <@1> <#2> <:x:3> *why*\n" + "x" * 6000})
    private = await discord.slash("ask", {"question": "psst", "private": True})
    await discord.until(lambda: long.text and private.text)
    line, _, rest = long.text.partition("\n")
    assert line.startswith("> @\u200beveryone <@1> <#2> <:x:3> \\*why\\* xxx")
    assert line.endswith("x…")
    assert len(line) < 300
    assert rest.startswith("You said: ")
    assert long.messages[0].pinged == []
    assert private.text == "You said: psst"
    stage.core.play = shows(Answer(Phase.DONE, pictures=(picture(),), footer="small print"))
    painted = await discord.slash("imagine", {"prompt": "a red fox"})
    await discord.until(lambda: painted.messages and painted.messages[0].files)
    assert painted.text == "> a red fox\n-# small print"


async def test_a_quotation_is_not_part_of_the_question(stage: Stage) -> None:
    """Discord melts quoted lines that follow each other into one: an answer that begins with a quotation keeps
    its distance from the question above it, and its longest page its length."""
    stage.core.play = shows(Answer(Phase.DONE, "> said the model\n\n" + "word " * 1000))
    interaction = await stage.discord.slash("ask", {"question": "who?"})
    await stage.discord.until(lambda: len(interaction.messages) == 3)
    assert interaction.messages[0].content.startswith("> who?\n\n> said the model\n")


async def test_buttons_stand_in_even_rows(stage: Stage) -> None:
    """Five buttons are one row, six are two of three; the file of a picture needs no button of its own."""
    names = ("again", "vary", "shape", "details", "file", "delete")
    actions = tuple(Action(name, REF, name.title()) for name in names)
    stage.core.play = shows(Answer(Phase.DONE, "x", actions=actions))
    five = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: five.messages and five.messages[0].buttons)
    assert five.messages[0].labels == ["Again", "Vary", "Shape", "Details", "Delete"]
    assert len(five.messages[0].components) == 1
    stage.core.play = shows(Answer(Phase.DONE, "x", actions=(*actions, Action("continue", REF, "More"))))
    six = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: six.messages and six.messages[0].buttons)
    assert [len(row["components"]) for row in six.messages[0].components] == [3, 3]


async def test_vary_asks_with_the_old_prompt_filled_in(stage: Stage) -> None:
    """The form of *Vary* holds what the picture was made of, whatever is left of it in Discord."""
    discord = stage.discord
    stage.core.play = shows(
        Answer(Phase.DONE, pictures=(picture(),), actions=(Action("vary", REF, "Vary", asks="x"),))
    )
    message = await discord.mention("paint")
    answer = (await discord.until(lambda: discord.answers(message)))[0]
    opened = await discord.press(answer, "Vary")
    await discord.until(lambda: opened.modal)
    assert opened.modal is not None
    assert opened.modal["components"][0]["component"]["value"] == "a fox"
    stage.core.play = shows(Answer(Phase.DONE, "varied"))
    submitted = await discord.submit_modal(opened, "a blue fox")
    await discord.until(lambda: answer_text(submitted) == "varied")
    assert (stage.turn.command, stage.turn.text, stage.turn.args) == ("vary", "a blue fox", {"ref": REF})


async def test_what_is_worded_anew_under_a_private_answer_is_private(stage: Stage) -> None:
    """A picture that only its asker sees is varied, and made again, for them alone."""
    actions = (Action("vary", REF, "Vary", asks="a fox"), Action("again", REF, "Again"))
    stage.core.play = shows(Answer(Phase.DONE, pictures=(picture(),), actions=actions))
    asked = await stage.discord.slash("imagine", {"prompt": "a fox", "private": True})
    await stage.discord.until(lambda: asked.messages and asked.messages[-1].buttons)
    opened = await stage.discord.press(asked.messages[-1], "Vary")
    await stage.discord.until(lambda: opened.modal)
    stage.core.play = shows(Answer(Phase.DONE, "varied"))
    submitted = await stage.discord.submit_modal(opened, "a blue fox")
    await stage.discord.until(lambda: answer_text(submitted) == "varied")
    again = await stage.discord.press(asked.messages[-1], "Again")
    await stage.discord.until(lambda: answer_text(again) == "varied")
    assert [one.ephemeral for one in (*submitted.messages, *again.messages)] == [True, True]


async def test_delete_takes_the_whole_answer_away(stage: Stage) -> None:
    """Deleting an answer of several messages deletes them all."""
    discord = stage.discord
    action = Action("delete", REF, "Delete", danger=True)
    stage.core.play = shows(Answer(Phase.DONE, "word " * 1000, actions=(action,)))
    message = await discord.mention("?")
    answers = await discord.until(lambda: [one for one in discord.answers(message) if one.buttons])
    assert len(discord.answers(message)) == 3
    stage.core.play = shows(Answer(Phase.DONE, remove=True))
    await discord.press(answers[0], "Delete")

    await discord.until(lambda: not discord.answers(message))


async def test_a_picture_that_is_too_big_is_encoded_again(stage: Stage) -> None:
    """The interaction's own file limit is kept by encoding the picture smaller."""
    out = io.BytesIO()
    Image.effect_noise((512, 512), 120).convert("RGB").save(out, "PNG")
    big = Picture(out.getvalue(), "image/png", "fox.png", "a fox", spoiler=True)
    stage.core.play = shows(Answer(Phase.DONE, pictures=(big,)))
    interaction = await stage.discord.slash("imagine", {"prompt": "fox"}, filesize_limit=len(big.data) // 3)
    await stage.discord.until(lambda: interaction.messages and interaction.messages[0].files)
    (file,) = interaction.messages[0].files
    assert len(file.data) <= len(big.data) // 3
    assert (file.name, file.description) == ("SPOILER_fox.webp", "a fox")


async def test_a_picture_stays_when_only_the_note_changes(stage: Stage) -> None:
    """A picture shown again with another note is still there; shown without it, it is taken away."""
    discord = stage.discord
    note = Answer(Phase.DONE, note="one", pictures=(picture(),))
    stage.core.play = shows(note, replace(note, note="two"))
    changed = await discord.mention("paint")
    await discord.until(lambda: [one.content for one in discord.answers(changed) if "two" in one.content])
    assert [len(one.files) for one in discord.answers(changed)] == [1]
    stage.core.play = shows(note, Answer(Phase.DONE, note="none"))
    removed = await discord.mention("paint")
    await discord.until(lambda: [one.content for one in discord.answers(removed) if "none" in one.content])
    assert [len(one.files) for one in discord.answers(removed)] == [0]


async def test_growth_keeps_below_every_limit(stage: Stage) -> None:
    """Four answers that grow at once in one channel meet not one refusal, and all are completed."""
    discord = stage.discord

    async def play(turn: Turn, reply: DiscordReply) -> None:
        async with Draft(reply, Answer(Phase.WORKING), locale="en") as draft:
            for number in range(40):
                draft.grow(f"{number} ")
                await asyncio.sleep(0.02)
            await draft.finish(Answer(Phase.DONE, draft.text + "end"))

    stage.core.play = play
    asked: list[Any] = [await discord.mention(str(number)) for number in range(2)]
    asked += [await discord.slash("ask", {"question": "?"}) for _ in range(2)]
    await discord.until(
        lambda: (
            sum("end" in one.content for one in discord.messages.values() if one.author is discord.bot) == 4
        ),
    )
    assert not discord.refused
