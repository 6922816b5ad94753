"""The contract of every adapter's Reply, tested against its stand-in. A test module subclasses ReplyContract
and provides a fixture `screen`: the chat as a person sees it, and the faults that its stand-in can produce."""

import io
from typing import Protocol

import pytest
from PIL import Image

from core.answer import Action, Answer, Choice, Phase, Picture, Progress, Reply
from core.errors import DeliveryError, Gone, SlowDown
from core.pace import Rank

REF = "AbCdEfGh_-123456"


class Screen(Protocol):
    """One chat with the bot, after a question was asked there."""

    reply: Reply  # of the bot, to that question
    longest: int  # characters that a message of this chat can have

    async def reopen(self, address: str) -> Reply: ...
    def texts(self) -> list[str]:
        """The visible text of every message of the bot, in order; what is deleted is not there."""
        ...

    def buttons(self) -> list[str]:
        """The labels under the last message."""
        ...

    def choices(self) -> list[str]:
        """The labels that can be picked from."""
        ...

    def pictures(self) -> list[tuple[bytes, bool]]:
        """Every picture that is shown, and whether it is hidden until it is clicked."""
        ...

    def calls(self) -> int:
        """How many calls have been made so far."""
        ...

    def slow_down(self, seconds: float) -> None:
        """The next call is refused because of a limit."""
        ...

    def break_off(self) -> None:
        """The next call finds the connection reset."""
        ...

    async def delete_last(self) -> None:
        """Somebody deletes the bot's last message."""
        ...


def picture(*, spoiler: bool = False, noise: int = 0) -> Picture:
    out = io.BytesIO()
    Image.effect_noise((64 + noise, 64 + noise), 90).save(out, "PNG")
    return Picture(out.getvalue(), "image/png", "fox.png", "a red fox", spoiler)


async def show(reply: Reply, answer: Answer) -> None:
    """As core does it: one call is paid for before each show."""
    await reply.lane.enter(Rank.FINAL if answer.phase.is_final else Rank.GROWTH)
    await reply.show(answer)


class ReplyContract:
    async def test_an_answer_grows_in_place(self, screen: Screen) -> None:
        """A growing answer is one message that changes; the final state is what stays."""
        await show(screen.reply, Answer(Phase.WORKING))
        for text in ("Once", "Once upon", "Once upon a time"):
            await show(screen.reply, Answer(Phase.GROWING, text))
        await show(screen.reply, Answer(Phase.DONE, "Once upon a time."))
        assert screen.texts() == ["Once upon a time."]
        assert len(screen.reply.messages) == 1

    async def test_showing_twice_changes_nothing(self, screen: Screen) -> None:
        """The same state again makes no call and no second message."""
        await show(screen.reply, Answer(Phase.DONE, "Same."))
        before = screen.calls()
        await show(screen.reply, Answer(Phase.DONE, "Same."))
        assert screen.calls() == before
        assert screen.texts() == ["Same."]

    async def test_a_long_answer_takes_several_messages(self, screen: Screen) -> None:
        """A long text continues in further messages, whole and in order, none too long."""
        words = [f"word{number}" for number in range(1200)]
        for part in (200, 700, 1200):
            phase = Phase.DONE if part == 1200 else Phase.GROWING
            await show(screen.reply, Answer(phase, " ".join(words[:part])))
        shown = screen.texts()
        assert len(shown) > 1
        assert " ".join(shown).split() == words
        assert max(map(len, shown)) <= screen.longest
        assert len(screen.reply.messages) == len(shown)

    async def test_a_shorter_state_takes_pages_away(self, screen: Screen) -> None:
        """A state with fewer pages leaves no old page."""
        await show(screen.reply, Answer(Phase.GROWING, "word " * 1000))
        await show(screen.reply, Answer(Phase.FAILED, note="It broke.", alert=True))
        (text,) = screen.texts()
        assert "It broke." in text

    async def test_notes_and_small_print_stand_below(self, screen: Screen) -> None:
        """Text, note and footer are shown in this order."""
        await show(screen.reply, Answer(Phase.CUT, "Half an", note="It broke off.", footer="gpt · $0.01"))
        text = screen.texts()[-1]
        assert text.index("Half an") < text.index("It broke off") < text.index("gpt")

    async def test_markup_of_a_model_is_drawn(self, screen: Screen) -> None:
        """Code keeps its characters, and nothing that a model wrote is lost."""
        await show(
            screen.reply, Answer(Phase.DONE, "Use `Vec<T>`:\n\n```rust\nlet x: Vec<u8>;\n```\n\n1 < 2 & 3")
        )
        text = "\n".join(screen.texts())
        for part in ("Vec<T>", "let x: Vec<u8>;", "1 < 2 & 3"):
            assert part in text

    async def test_buttons_come_and_go(self, screen: Screen) -> None:
        """Actions are buttons under the last message; a state without actions has none."""
        stop = Action("stop", REF, "Stop")
        again = (Action("regenerate", REF, "New answer"), Action("delete", REF, "Delete", danger=True))
        await show(screen.reply, Answer(Phase.GROWING, "So", actions=(stop,)))
        assert screen.buttons() == ["Stop"]
        await show(screen.reply, Answer(Phase.DONE, "So it is.", actions=again))
        assert screen.buttons() == ["New answer", "Delete"]
        await show(screen.reply, Answer(Phase.DONE, "So it is."))
        assert screen.buttons() == []

    async def test_choices_can_be_picked(self, screen: Screen) -> None:
        """The label of every choice is shown."""
        choices = tuple(Choice("model", f"m{number}", f"Model {number}", ref=REF) for number in range(12))
        await show(screen.reply, Answer(Phase.DONE, note="Which?", choices=choices))
        assert [label for label in screen.choices() if "Model" in label] == [one.label for one in choices]

    async def test_pictures_are_delivered(self, screen: Screen) -> None:
        """Pictures are shown once, hidden where they should be."""
        plain, hidden = picture(), picture(spoiler=True, noise=5)
        answer = Answer(Phase.DONE, footer="realvision", pictures=(plain, hidden))
        await show(screen.reply, answer)
        await show(screen.reply, answer)
        assert [(plain.data, False), (hidden.data, True)] == screen.pictures()

    async def test_progress_becomes_the_picture(self, screen: Screen) -> None:
        """The message that showed the progress becomes the answer; nothing of it is left."""
        working = Answer(Phase.WORKING, note="Painting …", progress=Progress(3.0, 10.0))
        await show(screen.reply, working)
        assert "Painting" in screen.texts()[-1]
        await show(screen.reply, Answer(Phase.DONE, footer="realvision", pictures=(picture(),)))
        assert len(screen.pictures()) == 1
        assert not any("Painting" in text for text in screen.texts())

    async def test_a_limit_is_told_at_once(self, screen: Screen) -> None:
        """A rate-limited call raises SlowDown with the wait, without waiting; the next try shows everything."""
        await show(screen.reply, Answer(Phase.GROWING, "One"))
        screen.slow_down(0.5)
        with pytest.raises(SlowDown) as caught:
            await show(screen.reply, Answer(Phase.GROWING, "One two"))
        assert 0.4 <= caught.value.retry_after <= 2.0
        await show(screen.reply, Answer(Phase.DONE, "One two three"))
        assert screen.texts() == ["One two three"]

    async def test_a_lost_connection_is_told_and_made_good(self, screen: Screen) -> None:
        """A reset connection is a DeliveryError; the next show makes the chat right."""
        await show(screen.reply, Answer(Phase.GROWING, "One"))
        screen.break_off()
        with pytest.raises(DeliveryError):
            await show(screen.reply, Answer(Phase.GROWING, "One two"))
        await show(screen.reply, Answer(Phase.DONE, "One two three"))
        assert screen.texts() == ["One two three"]

    async def test_a_deleted_message_is_gone(self, screen: Screen) -> None:
        """An answer whose message was deleted raises Gone, and is not posted again."""
        await show(screen.reply, Answer(Phase.GROWING, "One"))
        await screen.delete_last()
        with pytest.raises(Gone):
            await show(screen.reply, Answer(Phase.GROWING, "One two"))
        assert screen.texts() == []

    async def test_what_was_posted_can_be_withdrawn(self, screen: Screen) -> None:
        """A reply whose answer is shown elsewhere by now removes all its messages."""
        await show(screen.reply, Answer(Phase.GROWING, "word " * 1000))
        assert len(screen.texts()) > 1
        await show(screen.reply, Answer(Phase.DONE, withdraw=True))
        assert screen.texts() == []

    async def test_nothing_can_be_withdrawn(self, screen: Screen) -> None:
        """Withdrawing before anything was posted leaves nothing."""
        await show(screen.reply, Answer(Phase.WORKING))
        await show(screen.reply, Answer(Phase.DONE, withdraw=True))
        assert screen.texts() == []

    async def test_a_reply_can_be_reopened(self, screen: Screen) -> None:
        """The address of a growing answer leads back to it, in another process."""
        await show(screen.reply, Answer(Phase.GROWING, "One", actions=(Action("stop", REF, "Stop"),)))
        reopened = await screen.reopen(screen.reply.address)
        assert reopened.messages == screen.reply.messages
        await show(reopened, Answer(Phase.CUT, note="The bot restarted.", alert=True))
        (text,) = screen.texts()
        assert "The bot restarted." in text
        assert screen.buttons() == []

    async def test_what_another_process_said_in_between_is_written_over(self, screen: Screen) -> None:
        """A stalled process finds that another one wrote into its first message that the answer was
        interrupted: in the end only the whole answer is there."""
        words = [f"word{number}" for number in range(600)]
        await show(screen.reply, Answer(Phase.GROWING, " ".join(words[:100])))
        later = await screen.reopen(screen.reply.address)
        await show(screen.reply, Answer(Phase.GROWING, " ".join(words)))
        await show(later, Answer(Phase.CUT, note="It restarted.", actions=(Action("try again", REF, "Again"),)))
        whole = Answer(Phase.DONE, " ".join(words), anew=True)
        await show(screen.reply, whole)
        assert " ".join(screen.texts()).split() == words
        assert screen.buttons() == []
        before = screen.calls()
        await show(screen.reply, whole)
        assert screen.calls() == before

    async def test_a_reply_can_be_reopened_before_it_showed_anything(self, screen: Screen) -> None:
        """An answer interrupted before its first word is still reported to the person."""
        await show(screen.reply, Answer(Phase.WORKING))
        reopened = await screen.reopen(screen.reply.address)
        await show(reopened, Answer(Phase.CUT, note="The bot restarted.", alert=True))
        assert "The bot restarted." in screen.texts()[-1]

    async def test_a_foreign_address_is_refused(self, screen: Screen) -> None:
        """An address that is not ours raises Gone."""
        with pytest.raises(Gone):
            await screen.reopen(screen.reply.address.partition(":")[0] + ":nonsense")
