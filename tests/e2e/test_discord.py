"""The console script on a loopback Discord: what people see."""

import io
import json
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from tests.e2e.discord_world import (
    World,
    answered,
    growing,
    open_world,
    painted,
    red_picture,
    whole,
)
from tests.e2e.fork_server import service
from tests.e2e.script import Service
from tests.standins.discord import MODERATOR, DiscordStandin

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service]]:
    """One bot for all tests, which leave it as it was. In "gallery" pictures are hidden until clicked."""
    async with open_world() as world:
        gallery = world.discord.add_channel("gallery")
        world.discord.add_guild(locale="de")
        settings = world.settings(DISCORD_SPOILERS=f"discord:channel:{gallery.id}")
        async with service(tmp_path_factory.mktemp("discord"), "--only", "discord", **settings) as bot:
            await world.discord.until(lambda: world.discord.gateway.connected)
            yield world, bot
            assert await bot.stop() == 0
        world.check(bot)


@pytest.fixture
def discord(running: tuple[World, Service]) -> DiscordStandin:
    return running[0].discord


async def test_a_question_is_answered_and_grows(discord: DiscordStandin) -> None:
    """/ask is acknowledged, grows with a Stop button, and ends whole with the buttons of an answer."""
    ada = discord.add_user("Ada")
    interaction = await discord.slash("ask", {"question": "What is a fjord? Be long"}, user=ada)
    await growing(discord, interaction)
    message = await whole(discord, interaction)
    assert interaction.callback == 5
    assert interaction.text.startswith("> What is a fjord?")
    assert message.labels == ["New answer", "Model", "Delete"]
    assert len(interaction.messages[0].shown) > 2


async def test_a_long_question_and_its_answer_are_whole(discord: DiscordStandin) -> None:
    """A question of 6000 characters arrives, and its answer takes several messages, of which the last has
    the buttons."""
    question = "long " * 1200
    interaction = await discord.slash("ask", {"question": question}, user=discord.add_user("Bea"))
    message = await whole(discord, interaction)
    assert re.search(r"Words in the question\s*│\s*1,?200", interaction.text)
    assert [one for one in interaction.messages if one.buttons] == [message]
    assert len(interaction.messages) > 1


async def test_a_mention_is_answered_in_a_reply(discord: DiscordStandin) -> None:
    """Mentioned in a channel, the bot replies there; asked again by reply, it knows what was said."""
    cem = discord.add_user("Cem")
    asked = await discord.mention("Remember the number 42", user=cem)
    answer = await answered(discord, asked)
    assert answer.reference is asked
    again = await discord.say("And now?", reply_to=answer, user=cem)
    assert re.search(r"Earlier questions\s*│\s*1", (await answered(discord, again)).content)


async def test_a_mention_without_a_question_is_asked_for_it(discord: DiscordStandin) -> None:
    """A bare mention is answered with "what would you like to know?", in the server's language and without an
    alert; a reply to that is answered."""
    ingo, (place,) = discord.add_user("Ingo"), discord.guilds[-1].channels
    called = await discord.mention("", user=ingo, channel=place)
    (asks,) = await discord.until(lambda: discord.answers(called))
    assert asks.content.startswith("Was möchtest du wissen?")
    replied = await discord.say("Was ist ein Fjord?", reply_to=asks, user=ingo, channel=place)
    assert "Was ist ein Fjord?" in (await answered(discord, replied)).content


async def test_a_private_chat_needs_no_mention(discord: DiscordStandin) -> None:
    """Written to in private, the bot answers."""
    dora = discord.add_user("Dora")
    asked = await discord.say("Hello there", user=dora, channel=discord.dm(dora))
    assert "Hello there" in (await answered(discord, asked)).content


async def test_a_private_question_stays_private(discord: DiscordStandin) -> None:
    """/ask private:True is answered for the asker alone, and so is another answer to it."""
    eli = discord.add_user("Eli")
    interaction = await discord.slash("ask", {"question": "psst", "private": True}, user=eli)
    message = await whole(discord, interaction)
    again = await discord.press(message, "New answer", user=eli)
    await whole(discord, again)
    assert all(one.ephemeral for one in (*interaction.messages, *again.messages))


async def test_a_posted_picture_is_seen(discord: DiscordStandin) -> None:
    """A picture given to /ask is described."""
    picture = discord.file("red.png", red_picture())
    options = {"question": "What is this?", "picture": picture}
    interaction = await discord.slash("ask", options, user=discord.add_user("Fay"))
    assert "64 × 64" in (await whole(discord, interaction)).content


async def test_forgetting_is_confirmed(discord: DiscordStandin) -> None:
    """/forget asks first, and then says in place of the question what was erased, painted pictures among
    it; nobody else can press its button."""
    pia = discord.add_user("Pia")
    await whole(discord, await discord.slash("ask", {"question": "My secret"}, user=pia))
    await painted(discord, await discord.slash("imagine", {"prompt": "a safe", "count": 2}, user=pia))
    asked = await discord.slash("forget", user=pia)
    (question,) = await discord.until(lambda: [one for one in asked.messages if one.labels])
    meddled = await discord.press(question, question.labels[0], user=discord.add_user("Quin"))
    await discord.until(lambda: "Only the person who asked" in meddled.text)
    asked = await discord.slash("forget", user=pia)
    (question,) = await discord.until(lambda: [one for one in asked.messages if one.labels])
    await discord.press(question, question.labels[0], user=pia)
    await discord.until(lambda: "Erased: one question with its answer, 2 pictures" in question.content)
    assert not question.labels


async def test_asking_about_a_message_of_somebody(discord: DiscordStandin) -> None:
    """*Ask about this* on somebody's picture: a form, then an answer about that picture."""
    gus = discord.add_user("Gus")
    target = await discord.say("my cat", files=(discord.file("cat.png", red_picture()),))
    opened = await discord.message_command("Ask about this", target, user=gus)
    message = await whole(discord, await discord.submit_modal(opened))
    assert "64 × 64" in message.content
    assert target.id in message.content.splitlines()[0]


async def test_continuing_from_an_earlier_answer(discord: DiscordStandin) -> None:
    """*Continue from here* on an old answer goes on from exactly there."""
    hal = discord.add_user("Hal")
    first = await whole(discord, await discord.slash("ask", {"question": "One"}, user=hal))
    await whole(discord, await discord.slash("ask", {"question": "Two"}, user=hal))
    opened = await discord.message_command("Continue from here", first, user=hal)
    message = await whole(discord, await discord.submit_modal(opened, "Three"))
    assert re.search(r"Earlier questions\s*│\s*1", message.content)


async def test_stop_keeps_what_was_there(discord: DiscordStandin) -> None:
    """Stop ends an answer within moments; what was said stays, and the asker alone may press."""
    ida = discord.add_user("Ida")
    interaction = await discord.slash("ask", {"question": "fault:stall and then a long story"}, user=ida)
    message = await growing(discord, interaction)
    stranger = await discord.press(message, "Stop", user=discord.add_user("Mallory"))
    await discord.until(lambda: stranger.followups)
    assert stranger.followups[0].ephemeral
    await discord.press(message, "Stop", user=ida)
    assert "Stopped" in (await whole(discord, interaction)).content


async def test_an_upstream_error_is_told_with_a_way_on(discord: DiscordStandin) -> None:
    """An error of the model's side shows a sentence, not silence; no text of the error itself."""
    interaction = await discord.slash("ask", {"question": "fault:401 hello"}, user=discord.add_user("Jo"))
    message = await whole(discord, interaction)
    assert "⚠️" in message.content
    assert "simulated" not in message.content


async def test_what_is_refused_is_told_to_the_asker_alone(discord: DiscordStandin) -> None:
    """A refused question leaves nothing in the channel; only the asker sees the refusal."""
    options = {"question": "Hello", "model": "no-such-model"}
    interaction = await discord.slash("ask", options, user=discord.add_user("Jin"))
    await discord.until(lambda: "no-such-model" in interaction.text)
    assert [one.ephemeral for one in interaction.messages] == [True]


async def test_a_cut_answer_says_so_and_goes_on(discord: DiscordStandin) -> None:
    """A stream that breaks off leaves what came, marked as cut; *Continue* gives the rest."""
    kim = discord.add_user("Kim")
    interaction = await discord.slash("ask", {"question": "fault:cut and more"}, user=kim)
    message = await whole(discord, interaction)
    assert "cut off" in message.content
    rest = await discord.press(message, "Continue", user=kim)
    await whole(discord, rest)
    assert not rest.messages[0].ephemeral


async def test_a_new_answer_and_a_model_are_a_press_away(discord: DiscordStandin) -> None:
    """*New answer* asks again, publicly; *Model* opens a list that only the presser sees."""
    leo = discord.add_user("Leo")
    message = await whole(discord, await discord.slash("ask", {"question": "Name a colour"}, user=leo))
    second = await whole(discord, await discord.press(message, "New answer", user=leo))
    assert not second.ephemeral
    opened = await discord.press(message, "Model", user=leo)
    await discord.until(lambda: opened.followups)
    await discord.choose(opened.followups[0], "gpt-4.1", user=leo)
    await discord.until(lambda: not opened.followups[0].selects)
    later = await discord.slash("ask", {"question": "And now?"}, user=leo)
    assert "GPT-4.1" in (await whole(discord, later)).content


async def test_who_may_delete_an_answer(discord: DiscordStandin) -> None:
    """*Delete* takes the answer away for its asker and for moderators, for nobody else."""
    mia, eve = discord.add_user("Mia"), discord.add_user("Eve")
    mine = await whole(discord, await discord.slash("ask", {"question": "One"}, user=mia))
    refused = await discord.press(mine, "Delete", user=eve)
    await discord.until(lambda: refused.followups)
    assert not mine.deleted
    await discord.press(mine, "Delete", user=mia)
    await discord.until(lambda: mine.deleted)
    other = await whole(discord, await discord.slash("ask", {"question": "Two"}, user=mia))
    await discord.press(other, "Delete", user=eve, permissions=MODERATOR)
    await discord.until(lambda: other.deleted)


async def test_a_picture_is_painted(discord: DiscordStandin) -> None:
    """/imagine delivers the pictures with the prompt as alt text, parameters in small print and buttons;
    where the operator wants it, hidden until clicked."""
    nia = discord.add_user("Nia")
    options = {"prompt": "a red fox", "count": 2, "size": "portrait"}
    interaction = await discord.slash("imagine", options, user=nia)
    message = await painted(discord, interaction)
    assert [file.description for file in message.files] == ["a red fox"] * 2
    assert [Image.open(io.BytesIO(file.data)).size for file in message.files] == [(832, 1216)] * 2
    assert not any(file.spoiler for file in message.files)
    assert re.fullmatch(r"> a red fox\n-# realvision · 832×1216 · \$[\d.]+", message.content)
    assert message.labels == ["Again ($0.003)", "Vary", "Shape", "Details", "Delete"]
    (gallery,) = (one for one in discord.guild.channels if one.name == "gallery")
    hidden = await discord.slash("imagine", {"prompt": "a surprise"}, user=nia, channel=gallery)
    assert (await painted(discord, hidden)).files[0].spoiler


async def test_a_picture_leads_to_others(discord: DiscordStandin) -> None:
    """Again, Vary and Shape order another picture for everybody; Details tells all about this one."""
    oli = discord.add_user("Oli")
    message = await painted(discord, await discord.slash("imagine", {"prompt": "a red fox"}, user=oli))
    details = await discord.press(message, "Details", user=oli)
    await discord.until(lambda: details.followups)
    assert "DPM++" in details.followups[0].content
    again = await discord.press(message, "Again ($0.0015)", user=oli)
    opened = await discord.press(message, "Vary", user=oli)
    varied = await discord.submit_modal(opened, "a blue fox")
    shapes = await discord.press(message, "Shape", user=oli)
    await discord.until(lambda: shapes.followups)
    wide = await discord.choose(shapes.followups[0], "wide", user=oli)
    made = [await painted(discord, one) for one in (again, varied, wide)]
    assert [one.files[0].description for one in made] == ["a red fox", "a blue fox", "a red fox"]
    assert Image.open(io.BytesIO(made[-1].files[0].data)).size == (1344, 768)
    assert not any(one.ephemeral for one in made)


async def test_who_may_vary_a_picture(discord: DiscordStandin) -> None:
    """*Vary* opens its form for the asker and moderators; other people are told at the press, in private,
    before they have typed anything."""
    ray, eve = discord.add_user("Ray"), discord.add_user("Eve")
    message = await painted(discord, await discord.slash("imagine", {"prompt": "a red fox"}, user=ray))
    refused = await discord.press(message, "Vary", user=eve)
    await discord.until(lambda: refused.followups or refused.modal)
    assert "Only the person who asked can do that." in refused.text
    assert refused.followups[0].ephemeral
    allowed = await discord.press(message, "Vary", user=eve, permissions=MODERATOR)
    await discord.until(lambda: allowed.modal)


async def test_adult_models_stay_in_adult_places(discord: DiscordStandin) -> None:
    """A model for adults is refused in an ordinary channel, for the asker's eyes alone."""
    options = {"prompt": "a fox", "model": "realgirls"}
    interaction = await discord.slash("imagine", options, user=discord.add_user("Pia"))
    await discord.until(lambda: interaction.messages and "age-restricted" in interaction.text)
    assert interaction.messages[0].ephemeral


async def test_models_are_offered_with_their_prices(discord: DiscordStandin) -> None:
    """While the model is typed, those that fit are offered; one that comes too late harms nothing."""
    await discord.autocomplete("imagine", "model", "dream", sent=discord.now() - 4)
    typed = await discord.autocomplete("imagine", "model", "dream")
    await discord.until(lambda: typed.choices)
    assert typed.choices == [{"name": "dreamshaper · $0.0015 per picture", "value": "dreamshaper"}]


async def test_every_command_answers(discord: DiscordStandin) -> None:
    """Every other command of the menu answers its asker alone, in the asker's language."""
    heidi = discord.add_user("Heidi", locale="de")
    for name in ("help", "usage", "settings", "model", "persona", "new", "stop", "forget", "link"):
        interaction = await discord.slash(name, user=heidi)
        await discord.until(lambda interaction=interaction: interaction.messages and interaction.text)
        assert interaction.messages[0].ephemeral, name
    refused = await discord.slash("admin status", user=heidi, permissions=MODERATOR)
    await discord.until(lambda: "Das dürfen nur die Admins" in refused.text)


async def test_a_guest_app_answers_where_the_bot_is_not(discord: DiscordStandin) -> None:
    """/ask works in servers and groups without the bot, for people who installed the app themselves."""
    facts = {"user": discord.add_user("Quinn"), "installed": False}
    places = (discord.foreign_channel(), discord.group())
    asked = [await discord.slash("ask", {"question": "Hello"}, channel=one, **facts) for one in places]
    for interaction in asked:
        assert "Hello" in (await whole(discord, interaction)).content


async def test_nobody_is_pinged(discord: DiscordStandin) -> None:
    """A question made of mentions and links is answered without a ping or a script link."""
    question = "@everyone <@1> [x](javascript:1)"
    interaction = await discord.slash("ask", {"question": question}, user=discord.add_user("Rex"))
    message = await whole(discord, interaction)
    assert message.pinged == []
    assert "[x](javascript" not in message.content


async def test_log_lines_are_json(running: tuple[World, Service]) -> None:
    """What the adapter logs is events with fields."""
    line = json.loads(await running[1].until("discord.ready"))
    assert line["event"] == "discord.ready"


async def test_lone_surrogates_break_nothing(discord: DiscordStandin) -> None:
    """JSON allows lone surrogates in options, messages, names and forms: the question is answered all the
    same."""
    half = discord.add_user("Hal\ud83df")
    asked_by_command = await discord.slash("ask", {"question": "\ud83d fjord"}, user=half)
    assert "fjord" in (await whole(discord, asked_by_command)).content
    asked = await discord.mention("what \ud83d", user=half)
    await answered(discord, asked)
    form = await discord.message_command("Ask about this", asked, user=half)
    await whole(discord, await discord.submit_modal(form, "what \ud83d?", user=half))
