"""What admins get and do on Discord."""

import pytest

from core import models
from core.answer import Answer, Phase
from core.draft import present
from core.errors import Gone
from core.turn import Turn
from tests.adapters.discord.conftest import Stage
from tests.standins.discord import MODERATOR


async def test_a_persons_name_leads_to_their_private_chat(stage: Stage) -> None:
    """Reopened by a name, a reply is a private message to that person; nobody by that name is Gone."""
    discord = stage.discord
    reply = await stage.core.reopens.reopen(f"discord:{discord.person.id}")
    assert await present(reply, Answer(Phase.DONE, note="The key is refused.", alert=True), locale="en")
    chat = discord.dm(discord.person)
    assert [one.content for one in discord.messages.values() if one.channel is chat] == [
        "⚠️ The key is refused."
    ]
    with pytest.raises(Gone):
        await stage.core.reopens.reopen("discord:404")


async def test_an_admins_pick_names_its_command(stage: Stage) -> None:
    """A choice from /admin model, shown in private, is that command with the value; prices are shown."""
    discord = stage.discord

    async def play(turn: Turn, reply: object) -> None:
        picker = Answer(
            Phase.DONE,
            note="Which?",
            choices=models.choices("en", "", stage.core.catalogue, "admin model"),
            private=True,
        )
        await present(reply, picker if not turn.args else Answer(Phase.DONE, note="Done."), locale="en")  # type: ignore[arg-type]

    stage.core.play = play
    interaction = await discord.slash("admin model", permissions=MODERATOR)
    await discord.until(lambda: interaction.messages and interaction.messages[0].selects)
    (message,) = interaction.messages
    assert message.ephemeral
    details = [option["description"] for option in message.selects[0]["options"]]
    assert details[0] == "sees pictures, $0.15\u00a0in, $0.60\u00a0out"
    await discord.choose(message, "gpt-4.1", permissions=MODERATOR)
    await discord.until(lambda: message.content == "Done.")
    assert (stage.turn.command, stage.turn.args["value"]) == ("admin model", "gpt-4.1")


async def test_admins_may_name_people_by_a_mention(stage: Stage) -> None:
    """A mention chosen with @ or # in an option becomes the name that caps and lists know; public texts keep
    their mentions."""
    discord = stage.discord
    for command, given, meant in (
        ("deny", {"who": "<@7>"}, {"who": "user:7"}),
        ("allow", {"who": "<@&8>"}, {"who": "role:8"}),
        ("caps", {"change": "<#9> daily 1"}, {"change": "channel:9 daily 1"}),
        ("announce", {"text": "Ask <@7>"}, {"text": "Ask <@7>"}),
    ):
        interaction = await discord.slash(f"admin {command}", given, permissions=MODERATOR)
        await discord.until(lambda interaction=interaction: interaction.messages and interaction.text)
        assert stage.turn.args == meant


async def test_the_roles_of_whom_an_admin_names_are_told(stage: Stage) -> None:
    """Caps of roles apply to their members, so /admin caps of a person needs their roles."""
    ben = stage.discord.add_user("Ben")
    ben.roles = ("5", "6")
    interaction = await stage.discord.slash("admin caps", {"change": f"<@{ben.id}>"}, permissions=MODERATOR)
    await stage.discord.until(lambda: interaction.text)
    assert stage.turn.args == {"change": f"user:{ben.id}"}
    await stage.discord.mention(f"/admin caps <@{ben.id}>", user=ben, mentions=(ben,))
    await stage.discord.until(lambda: len(stage.core.turns) == 2)
    assert stage.turn.text == f"user:{ben.id}"
    for turn in stage.core.turns:
        assert {"discord:role:5", "discord:role:6"} <= turn.named[f"discord:{ben.id}"]
