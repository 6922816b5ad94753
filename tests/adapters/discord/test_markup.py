"""What a model writes, drawn for Discord."""

import pytest

from bots.discord.markup import DiscordRenderer
from core.pages import paginate


@pytest.mark.parametrize("ticks", range(3, 10))
def test_backticks_do_not_end_a_block_of_code(ticks: int) -> None:
    """However many backticks stand in code, it stays code: a link in it is not drawn as one."""
    inside = f"{'`' * ticks}\n[free](https://evil.example)"
    (page,) = paginate(f"~~~\n{inside}\n~~~", DiscordRenderer())
    assert page.count("```") == 2
    assert page.replace("\u200b", "") == f"```\n{inside}\n```"


def test_two_backticks_in_code_can_be_copied() -> None:
    """What cannot end a block is left as it is."""
    (page,) = paginate("```\n``x``\n```", DiscordRenderer())
    assert page == "```\n``x``\n```"
