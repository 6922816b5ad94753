"""Text that people write, post and refer to, as the model reads it."""

import aiohttp
import pytest

from bots.discord.attachments import embedded_picture
from bots.discord.rest import Rest
from tests.adapters.discord.conftest import OpenStage, Stage
from tests.standins.discord import DiscordStandin


async def test_what_was_picked_is_read_by_name(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Clients send ids for people, roles, commands and emoji: the model gets names. The name of a channel that
    the writer may not see is not given."""
    readers, grace = discord.add_role("Readers"), discord.add_user("Grace")
    picked = f"<@{grace.id}> <@&{readers}> <:ok:5> <a:wow:6> </ask:7>"
    async with open_stage() as stage:
        message = await discord.mention(f"{picked} <#{discord.channel.id}> <t:9:R>")
        await discord.until(lambda: discord.answers(message))
        seen = f"@Grace @Readers :ok: :wow: /ask <#{discord.channel.id}> <t:9:R>"
        assert stage.turn.text == seen


async def test_a_command_names_whom_it_mentions(stage: Stage) -> None:
    """The model gets a name; the line above the answer shows the mention."""
    grace = stage.discord.add_user("Grace")
    interaction = await stage.discord.slash("ask", {"question": f"who is <@{grace.id}> <:ok:5>?"})
    await stage.discord.until(lambda: interaction.text)
    assert stage.turn.text == "who is @Grace :ok:?"
    assert interaction.text.startswith(f"> who is <@{grace.id}> <:ok:5>?\n")


@pytest.mark.parametrize("way", ["menu", "reply", "forward"])
async def test_what_was_picked_elsewhere_is_read_by_name(stage: Stage, way: str) -> None:
    """The same in a quoted message."""
    discord = stage.discord
    grace = discord.add_user("Grace")
    about = await discord.say("", mentions=(discord.bot, grace))  # else a reply to it does not show it
    about.content = f"<@{grace.id}> likes it <:ok:5>"
    if way == "menu":
        opened = await discord.message_command("Ask about this", about)
        await discord.submit_modal(opened)
    else:
        await discord.mention("who?", **{"reply_to" if way == "reply" else "forward": about})
    await discord.until(lambda: stage.core.turns)
    assert stage.turn.quote is not None
    assert stage.turn.quote.text == "@Grace likes it :ok:"


@pytest.mark.parametrize("way", ["menu", "reply", "forward"])
async def test_a_sticker_is_asked_about(stage: Stage, way: str) -> None:
    """By its name, which Discord gives without any intent."""
    discord = stage.discord
    about = await discord.say("")
    about.sticker = "Wave"
    if way == "menu":
        opened = await discord.message_command("Ask about this", about)
        answered = await discord.submit_modal(opened)
        await discord.until(lambda: answered.text)
    else:
        asked = await discord.mention("what is this?", **{"reply_to" if way == "reply" else "forward": about})
        (answer,) = await discord.until(lambda: discord.answers(asked))
        assert "cannot read" not in answer.content
    assert stage.turn.quote is not None
    assert stage.turn.quote.text == "Wave"


@pytest.mark.parametrize(
    ("name", "title", "known"),
    [
        ("_.txt", "Отчёт", "Отчёт.txt"),
        ("_2.1.txt", "Отчёт 2.1.txt", "Отчёт 2.1.txt"),
        ("_", "Отчёт", "Отчёт"),
        ("report.txt", "", "report.txt"),
    ],
)
async def test_a_file_has_the_name_that_its_person_gave_it(
    stage: Stage, name: str, title: str, known: str
) -> None:
    """Discord strips non-ASCII letters from file names, and gives the original beside that."""
    discord = stage.discord
    file = discord.file(name, b"1", "text/plain", title)
    for asked in (
        discord.mention("?", files=(file,)),
        discord.slash("ask", {"question": "?", "picture": file}),
    ):
        before = len(stage.core.turns)
        await asked
        await discord.until(lambda before=before: len(stage.core.turns) > before)
        assert [one.name for one in stage.turn.attachments] == [known]


@pytest.mark.parametrize(("kind", "is_hinted"), [(7, False), (0, True)])
async def test_what_discord_itself_says_is_not_unread(stage: Stage, kind: int, *, is_hinted: bool) -> None:
    """A system message has no hidden text: nobody is sent to the message menu for it."""
    discord = stage.discord
    about = await discord.say("" if kind else "something of others")
    about.type = kind
    asked = await discord.mention("welcome them", reply_to=about)
    (answer,) = await discord.until(lambda: discord.answers(asked))
    assert ("cannot read" in answer.content) is is_hinted


@pytest.mark.parametrize(
    ("address", "is_fetched"),
    [
        ("https://images-ext-1.discordapp.net/x.png", True),
        ("http://images-ext-1.discordapp.net/x.png", False),
        ("https://127.0.0.1/x.png", False),
        ("https://images-ext-1.discordapp.net@127.0.0.1/x.png", False),
        ("https://images-ext-1.discordapp.net:8443/x.png", False),
        ("http://127.0.0.1:9001/x.png", True),
        ("http://127.0.0.1:9002/x.png", False),
    ],
)
async def test_files_are_read_from_discord_alone(address: str, *, is_fetched: bool) -> None:
    """From its own hosts, encrypted, and from the server that the operator named: whoever posts an embed does
    not choose what the bot's machine asks for."""
    async with aiohttp.ClientSession() as session:
        rest = Rest("http://127.0.0.1:9001/api/v10", "", session)
        assert (embedded_picture(rest, {"image": {"proxy_url": address}}) is not None) is is_fetched


async def test_a_form_leads_to_no_message_that_somebody_else_reads(stage: Stage) -> None:
    """A submitted form contains a message's id, which is not trusted: for a message of another person's
    question, in a channel that the sender may not see, the answer is that it is not there."""
    discord = stage.discord
    asked = await discord.mention("my secret")
    opened = await discord.message_command("Ask about this", await discord.say("the code is 4711"))
    await discord.until(lambda: opened.modal)
    mallory, elsewhere = discord.add_user("mallory"), discord.add_channel()
    assert opened.modal
    form = opened.modal["custom_id"]
    ours = (await discord.until(lambda: discord.answers(asked)))[0].id
    for name in (form, f"mb:about:../../{discord.channel.id}/messages/{ours}"):
        opened.modal["custom_id"] = name
        forged = await discord.submit_modal(opened, "what is it?", user=mallory, channel=elsewhere)
        await discord.until(lambda forged=forged: "use the command again" in forged.text)
    assert [turn.text for turn in stage.core.turns] == ["my secret"]
