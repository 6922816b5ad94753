"""What people do becomes the right Turn."""

from tests.adapters.discord.conftest import Stage


async def test_a_slash_command_is_answered(stage: Stage) -> None:
    """A question asked with /ask is answered in place of "thinking"."""
    interaction = await stage.discord.slash("ask", {"question": "why?", "temperature": 0.5})
    await stage.discord.until(lambda: interaction.text == "You said: why?")
    turn = stage.turn
    assert (turn.command, turn.text, turn.args["temperature"]) == ("ask", "why?", 0.5)
    assert turn.person.id == f"discord:{stage.discord.person.id}"
    assert turn.chat == f"discord:guild:{stage.discord.guild.id}"
    assert turn.room == f"discord:{stage.discord.channel.id}"
