"""Texts that AutoMod blocks, and calls that Discord rejects."""

import asyncio
import io

import pytest
from PIL import Image

from bots.discord.reply import DiscordReply
from core.answer import Action, Answer, Phase, Picture, Progress
from core.draft import Draft, present
from core.errors import Gone
from core.pace import Rank
from core.turn import Turn
from core.words import t
from tests.adapters.discord.conftest import Stage, answer_text, shows
from tests.contracts.reply import picture, show
from tests.standins.discord import Fault, Message
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize("code", [200000, 50035], ids=["AutoMod", "invalid form"])
async def test_a_refused_edit_costs_the_growth_alone(stage: Stage, code: int) -> None:
    """A rejected intermediate state ends the growth, not the answer, which is shown once complete."""
    discord = stage.discord
    discord.faults = [Fault("^PATCH /webhooks", status=400, code=code)]

    async def play(turn: Turn, reply: DiscordReply) -> None:
        async with Draft(reply, Answer(Phase.WORKING), locale="en") as draft:
            draft.grow("half a")
            await discord.until(lambda: not discord.faults[0].times)
            draft.grow(" sentence")
            await draft.finish(Answer(Phase.DONE, draft.text))

    stage.core.play = play
    interaction = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: answer_text(interaction) == "half a sentence")


async def test_a_page_that_automod_refuses_costs_that_page_alone(stage: Stage) -> None:
    """AutoMod blocks the second message of an answer: the first stays, with a note why it ends."""
    discord = stage.discord
    discord.faults = [Fault("^POST /webhooks", status=400, code=200000)]
    stage.core.play = shows(Answer(Phase.DONE, " ".join(f"w{number}" for number in range(700))))
    interaction = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: "AutoMod" in (interaction.text or ""))
    first, second = interaction.messages
    assert "w0 w1" in first.content
    assert second.content.startswith("This server's AutoMod")


@pytest.mark.parametrize(
    ("code", "answer_text"),
    [
        (200000, "This server's AutoMod"),
        (240000, "Discord does not accept"),
        (50035, "Discord does not accept"),
    ],
    ids=["AutoMod", "harmful link", "invalid form"],
)
async def test_a_refused_answer_leaves_a_sentence(stage: Stage, code: int, answer_text: str) -> None:
    """Whatever Discord rejects, nothing keeps looking as if it were under way."""
    stage.discord.faults = [Fault("^PATCH /webhooks", status=400, code=code)]
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: answer_text in interaction.text)
    assert not interaction.messages[0].loading


@pytest.mark.parametrize(
    ("status", "code"), [(400, 20009), (403, 400001), (400, 200000)], ids=["explicit", "no uploads", "AutoMod"]
)
async def test_refused_pictures_leave_the_words(stage: Stage, status: int, code: int) -> None:
    """If a message with pictures is rejected, core says where they are."""
    stage.discord.faults = [Fault("^PATCH /webhooks", status=status, code=code)]
    answer = Answer(Phase.DONE, pictures=(picture(),))

    async def play(turn: Turn, reply: DiscordReply) -> None:
        await present(reply, answer, locale="en", bare="It waits on the page.")

    stage.core.play = play
    interaction = await stage.discord.slash("imagine", {"prompt": "a fox"})
    await stage.discord.until(lambda: "It waits on the page." in interaction.text)
    assert not interaction.messages[0].files


@pytest.mark.parametrize("is_command", [True, False])
async def test_pictures_outlive_what_announced_them(stage: Stage, *, is_command: bool) -> None:
    """Paid pictures arrive as a new message if the one to replace was deleted, and once."""
    discord, done, arrived = stage.discord, asyncio.Event(), list[list[Message]]()

    async def play(turn: Turn, reply: DiscordReply) -> None:
        await show(reply, Answer(Phase.WORKING, note="Ordering …", progress=Progress(1, 10)))
        discord.messages[reply.messages[0]].deleted = True
        painted = Answer(Phase.DONE, pictures=(picture(),))
        for _ in range(2):
            await show(reply, painted)
            arrived.append([message for message in discord.messages.values() if message.files])
        done.set()

    stage.core.play = play
    await (discord.slash("imagine", {"prompt": "a fox"}) if is_command else discord.mention("a fox"))
    await asyncio.wait_for(done.wait(), PATIENCE_S)
    (found,), again = arrived
    assert again == [found]
    assert found.channel is discord.channel
    assert not found.deleted


async def test_an_order_that_fails_says_what_it_was(stage: Stage) -> None:
    """The prompt stands above the order from the start, also after a press. Others do not see the list that it
    was chosen from."""
    under_way = Answer(note="Ordering …", progress=Progress(1, 10), question="a fox")
    failed = Answer(Phase.FAILED, note="It failed.")
    stage.core.play = shows(Answer(Phase.DONE, "Here", actions=(Action("again", "r1", "Again"),)))
    asked = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: asked.messages and asked.messages[0].buttons)
    stage.core.play = shows(under_way, failed)
    pressed = await stage.discord.press(asked.messages[0], "Again")
    await stage.discord.until(lambda: "It failed." in pressed.text)
    first, last = (one.content for one in pressed.messages[0].shown[1:])
    assert first.startswith("> a fox\n▰")
    assert last == "> a fox\nIt failed."


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue() + bytes(2**20)  # which no encoder would keep


@pytest.mark.parametrize(
    "data",
    [_png(6_000, 5_000), _png(20_000, 100), b"\x89PNG\r\n\x1a\n not really"],
    ids=["large", "long", "broken"],
)
async def test_a_picture_that_cannot_be_made_smaller_is_not_shown(stage: Stage, data: bytes) -> None:
    """Too many pixels, too long a side, or no picture: the person is told, and nothing is retried."""
    stage.core.play = shows(Answer(Phase.DONE, pictures=(Picture(data, "image/png", "fox.png", "a fox"),)))
    interaction = await stage.discord.slash("imagine", {"prompt": "a fox"}, filesize_limit=len(data) - 1)
    await stage.discord.until(lambda: t("en", "answer-without-pictures") in interaction.text)
    assert not interaction.messages[0].files


async def test_where_automod_takes_no_word_it_is_over(stage: Stage) -> None:
    """If even the explanation is blocked, nothing more is tried, and nothing breaks."""
    discord, ended = stage.discord, asyncio.Event()
    discord.faults = [Fault("^POST /webhooks", status=400, code=200000, times=2)]

    async def play(turn: Turn, reply: DiscordReply) -> None:
        await reply.lane.enter(Rank.FINAL)
        with pytest.raises(Gone):
            await reply.show(Answer(Phase.DONE, " ".join(f"w{number}" for number in range(700))))
        ended.set()

    stage.core.play = play
    interaction = await discord.slash("ask", {"question": "?"})
    await asyncio.wait_for(ended.wait(), PATIENCE_S)
    assert len(interaction.messages) == 1
