"""Right-to-left text, and characters that change direction, beside words of the bot."""

from bots.discord.markup import question_line
from bots.telegram.captions import listed
from core.answer import Answer, Choice, Phase
from core.bidi import FSI, PDI
from tests.adapters.telegram.stage import on_stage
from tests.conftest import MakeSettings
from tests.standins.telegram import TelegramStandin

NAME = "דניאל (5)"


def test_a_link_stays_behind_the_question_that_it_is_about() -> None:
    """Discord shows both in one line."""
    assert question_line(f"{NAME}\u202e", "https://x.org") == f"> {FSI}{NAME}{PDI} https://x.org"
    assert question_line("abc", "https://x.org") == "> abc https://x.org"


def test_a_choice_stays_before_its_description() -> None:
    """Telegram's list of choices has both in one line."""
    answer = Answer(Phase.DONE, choices=(Choice("persona", "p", f"\u202e{NAME}", "Kind and wise"),))
    assert listed(answer) == f"- **{FSI}{NAME}{PDI}** Kind and wise"


async def test_a_mention_covers_the_name_only(make_settings: MakeSettings) -> None:
    """Telegram's mention does not include the isolating characters around the name."""
    async with TelegramStandin() as telegram:
        settings = make_settings(
            telegram_token=telegram.token, telegram_api_base=telegram.base, minitoolai_simulated=True
        )
        async with on_stage(telegram, settings):
            dan, group = telegram.person(f"\u202e{NAME}"), telegram.group()
            await telegram.say("/imagine", user=dan, chat=group)
            form = await telegram.message(lambda one: "forced_reply" in one.extra, chat=group)
    (mention,) = (one for one in form.entities if one["type"] == "text_mention")
    at = mention["offset"]
    assert form.text[at : at + mention["length"]] == NAME
    assert form.text[at - 1] + form.text[at + mention["length"]] == FSI + PDI
    assert "\u202e" not in form.text
