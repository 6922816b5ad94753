"""Files and pictures through the whole core: what the model sees, whose they are, what is kept."""

import asyncio
from pathlib import Path

import pytest

from core.answer import Phase
from core.app import Core
from core.attachments.documents import MOST_TEXT
from core.commands import QUESTION_BYTES
from core.errors import BadInput
from core.minitool.simulated import Simulated
from core.turn import Attachment, Quote
from tests.core.attachments.made_pictures import encoded, photo
from tests.core.usecases.conftest import Opened, Place, booked, posted
from tests.core.usecases.test_conversations import again, ask, model_messages, replying
from tests.recording import RecordingReply
from tests.waiting import until


def pictures_in(simulated: Simulated) -> int:
    messages = simulated.record.calls[-1].body["messages"]
    parts = [
        part for message in messages if isinstance(message["content"], list) for part in message["content"]
    ]
    return sum(part["type"] == "image_url" for part in parts)


async def test_earlier_pictures_are_seen_within_a_budget(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """The newest four pictures of the conversation are shown to a vision model; the others are mentioned. A
    person's own choice of model applies."""
    for n in range(6):
        await ask(core, place, f"{n}", attachments=(posted(encoded(photo(64 + n, 48), "JPEG")),))
    await ask(core, place, "Which was first?")
    assert simulated.record.calls[-1].body["model"] == "gpt-4.1-mini"
    assert pictures_in(simulated) == 4
    assert sum("no longer shown" in text for _, text in model_messages(simulated)) == 2
    await core.run(place.turn("model", "gpt-4o"), RecordingReply())
    await ask(core, place, "And last?")
    assert (simulated.record.calls[-1].body["model"], pictures_in(simulated)) == ("gpt-4o", 4)
    await core.run(place.turn("new"), RecordingReply())
    await core.run(place.turn("model", "auto"), RecordingReply())
    await ask(core, place, "Hi")
    assert (simulated.record.calls[-1].body["model"], pictures_in(simulated)) == ("gpt-4o-mini", 0)


async def test_a_picture_of_the_replied_to_message_is_seen(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """A reply to anybody's picture asks about it; own pictures come first, then quoted ones."""
    quote = Quote("m9", "Bob", "my cat", attachments=(posted(encoded(photo(80, 40), "JPEG")),))
    own = (posted(encoded(photo(64, 48), "JPEG")),)
    reply = await ask(core, place, "Are they alike?", quote=quote, attachments=own)
    assert pictures_in(simulated) == 2
    assert reply.last.text.index("64 × 48") < reply.last.text.index("80 × 40")
    assert model_messages(simulated)[0][1].startswith("⟦quotation: Bob⟧\n> my cat\n")


async def test_what_a_quoted_message_brought_is_not_the_askers(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """Files and pictures of a quoted message are marked as its author's, also without text; Regenerate and
    later questions get the same."""
    theirs = posted(b"fire her", "memo.txt", "text/plain"), posted(encoded(photo(80, 40), "JPEG"))
    own = posted(encoded(photo(64, 48), "JPEG")), posted(b"keep her", "mine.txt", "text/plain")
    quote = Quote("m9", "Bob", "", attachments=theirs)
    reply = await ask(core, place, "Who is right?", quote=quote, attachments=own)
    expected = (
        "⟦quotation: Bob⟧\n> File memo.txt:\n> ```txt\n> fire her\n> ```\n"
        "⟦its picture(s): the last 1 of those below⟧\n⟦end of quotation⟧\n"
        "Who is right?\n\nFile mine.txt:\n```txt\nkeep her\n```"
    )
    assert model_messages(simulated) == [("user", expected)]
    await again(core, place, reply)
    assert model_messages(simulated) == [("user", expected)]
    assert pictures_in(simulated) == 2
    await ask(core, place, "Sure?")
    assert model_messages(simulated)[0] == ("user", expected)
    assert pictures_in(simulated) == 2


async def test_the_same_picture_is_sent_once(core: Core, place: Place, simulated: Simulated) -> None:
    """Repeated questions about one picture, each with it attached, pay for one picture each time."""
    photograph = posted(encoded(photo(640, 480), "JPEG"))
    for n in range(3):
        await ask(
            core,
            place,
            f"{n}",
            attachments=(photograph,),
            quote=Quote("m9", "Bob", "", attachments=(photograph,)),
        )
        assert pictures_in(simulated) == 1


async def test_a_picture_that_is_kept_no_longer_is_said_to_be_gone(core: Core, place: Place) -> None:
    """Regenerated after its picture expired, the answer says that the picture is no longer seen."""
    reply = await ask(core, place, "What?", attachments=(posted(encoded(photo(64, 48), "JPEG")),))
    (key,) = await core.store.redis.keys("{m:*}:picture:*")
    await core.store.redis.delete(key)
    again = RecordingReply()
    await core.run(place.turn("regenerate", args={"ref": reply.last.ref}), again)
    assert again.last.phase is Phase.DONE
    assert "no longer seen" in again.last.note


async def test_pictures_of_who_cannot_pay_are_not_kept(place: Place, opened: Opened) -> None:
    """Questions refused for lack of money store no pictures; the question's text is kept."""
    async with opened(user_daily_usd="0") as core:
        reply = await ask(core, place, "What is it?", attachments=(posted(encoded(photo(64, 48), "JPEG")),))
        assert reply.last.phase is Phase.FAILED
        assert await core.store.redis.keys("{m:*}:turns")
        assert await core.store.redis.keys("{m:*}:picture:*") == []


async def test_nothing_is_fetched_for_who_can_pay_nothing(place: Place, opened: Opened) -> None:
    """A person without money left causes no downloads and no decoding."""

    async def read(_: int) -> bytes:
        raise AssertionError

    for cap in ("0", "0.00001"):
        async with opened(user_daily_usd=cap) as core:
            reply = await ask(
                core, place, "What is it?", attachments=(Attachment("a.png", "image/png", 5, read),)
            )
            assert (reply.last.phase, reply.last.private) == (Phase.FAILED, True)
            assert "budget" in reply.last.note


async def test_files_are_looked_at_where_a_model_is_free(place: Place, opened: Opened, tmp_path: Path) -> None:
    """A free model needs no money left."""
    prices = tmp_path / "free.toml"
    prices.write_text('[chat.gpt-4o-mini]\ninput = "0"\ncached = "0"\noutput = "0"\n')
    file = posted(b"a note", "notes.txt", "text/plain")
    async with opened(catalogue_file=prices, user_daily_usd="0.0015") as core:
        await core.run(place.turn("imagine", "a fox"), RecordingReply())
        assert (await ask(core, place, "What does it say?", attachments=(file,))).last.phase is Phase.DONE


async def test_texts_of_who_cannot_pay_are_not_kept(place: Place, opened: Opened, simulated: Simulated) -> None:
    """Questions refused for lack of money evict nobody's texts: only their beginning is kept."""
    file = posted(b"x" * MOST_TEXT, "notes.txt", "text/plain")
    async with opened(user_daily_usd="0.0001") as core:
        await ask(core, place, "What does it say?", "m1", attachments=(file,))
        (turns,) = await core.store.redis.keys("{m:*}:turns")
        assert sum(map(len, await core.store.redis.hvals(turns))) < 4000
    async with opened() as core:
        await ask(core, place, "try again now", quote=replying("m1", "Too dear"))
    (_, before), now = model_messages(simulated)
    assert before.startswith("What does it say?\n\nFile notes.txt:")
    assert before.endswith("x …")
    assert now[1].endswith("try again now")


async def test_quoted_texts_of_who_cannot_pay_are_not_kept(place: Place, opened: Opened) -> None:
    """The same for files of the quoted message."""
    quote = Quote("m9", "Bob", "y" * 9000, attachments=(posted(b"x" * MOST_TEXT, "notes.txt", "text/plain"),))
    async with opened(user_daily_usd="0.0001") as core:
        await ask(core, place, "What does it say?", quote=quote)
        (turns,) = await core.store.redis.keys("{m:*}:turns")
        assert sum(map(len, await core.store.redis.hvals(turns))) < 6000


async def test_a_refused_picture_costs_nobody_anything(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """A question that continues from one refused for lack of money needs no vision model, and does not mention
    its picture, which was never kept."""
    async with opened(user_daily_usd="0") as core:
        await ask(core, place, "What is it?", "m1", attachments=(posted(encoded(photo(64, 48), "JPEG")),))
    async with opened() as core:
        await ask(core, place, "try again now", quote=replying("m1", "Too dear"))
    assert simulated.record.calls[-1].body["model"] == "gpt-4o-mini"
    (_, before), (_, now) = model_messages(simulated)
    assert before == "What is it?"
    assert now.endswith("try again now")


async def test_pictures_are_kept_before_the_answer(core: Core, place: Place, simulated: Simulated) -> None:
    """If the process dies during the answer, the pictures are there to be asked about again."""
    simulated.first_token_s = 60
    asking = asyncio.create_task(
        ask(core, place, "What is it?", attachments=(posted(encoded(photo(64, 48), "JPEG")),))
    )
    await until(lambda: simulated.record.calls)
    assert await core.store.redis.keys("{m:*}:picture:*")
    asking.cancel()
    await asyncio.wait([asking])


async def test_forty_pictures_at_once(core: Core, place: Place, simulated: Simulated) -> None:
    """An album of 40 is refused in one sentence, before anything is fetched or paid."""
    reply = await ask(core, place, "What?", attachments=tuple(posted(b"unread") for _ in range(40)))
    assert reply.last.phase is Phase.FAILED
    assert "(40; at most 10)" in reply.last.note
    assert simulated.record.counts["chat"] == 0


async def test_another_answer_sees_the_same_files(core: Core, place: Place, simulated: Simulated) -> None:
    """Regenerate sends the whole question with its files, however long."""
    file = posted(("x" * (MOST_TEXT - 8) + " THE END").encode(), "notes.txt", "text/plain")
    reply = RecordingReply()
    await core.run(place.turn("ask", "y" * QUESTION_BYTES, attachments=(file,)), reply)
    await core.run(place.turn("regenerate", args={"ref": reply.last.ref}), RecordingReply())
    assert model_messages(simulated) == model_messages(simulated, 2)
    assert "THE END" in model_messages(simulated)[0][1]


@pytest.mark.parametrize("how", ["stop", "delete"])
async def test_a_stop_does_not_wait_for_a_file(
    core: Core, place: Place, simulated: Simulated, how: str
) -> None:
    """During a slow download, or behind other people's, a stop or a deleted question takes effect at once, and
    nothing is asked or paid."""

    async def never(limit: int) -> bytes:
        await asyncio.Event().wait()
        return b""

    reply, slow = RecordingReply(), Attachment("a.txt", "text/plain", 1, never)
    turn = place.turn("ask", "What is this?", attachments=(slow,), message="q1")
    asking = asyncio.create_task(core.run(turn, reply))
    working = await reply.until(lambda answer: answer.phase is Phase.WORKING)
    if how == "stop":
        await core.run(place.turn("stop", args={"ref": working.ref}), RecordingReply())
    else:
        core.message_deleted(place.room, "q1")
    assert (await reply.until_final()).phase is Phase.STOPPED
    assert (reply.last.note, reply.last.actions) == ("Stopped before the first word.", ())
    await asking
    assert simulated.record.counts["chat"] == await booked(core, place) == 0


async def test_a_quoted_message_is_asked_about_though_a_file_of_it_cannot_be_read(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """The quoted message may have a video or a missing file: the model gets the text and all that can be read,
    and the person is told what is missing. If there is nothing else, the question is refused; and so is one
    with such a file of the person's own. A file of the person's own that can be read is something else."""

    async def gone(limit: int) -> bytes:
        raise BadInput("attachment-gone")

    film = posted(b"\x00\x00\x00\x18ftypmp42", "clip.mp4", "video/mp4")
    cat = posted(encoded(photo(80, 40), "JPEG"))
    theirs = (film, Attachment("old.txt", "text/plain", 9, gone), cat)
    reply = await ask(core, place, "True?", quote=Quote("m9", "Bob", "Cats fly", attachments=theirs))
    assert reply.last.phase is Phase.DONE
    assert "watch videos" in reply.last.note
    question = model_messages(simulated)[-1][1]
    for words in ("> Cats fly", "> File clip.mp4 (Not read", "> File old.txt (Not read"):
        assert words in question
    assert pictures_in(simulated) == 1
    only_film = Quote("m8", "Bob", "", attachments=(film,))
    for more in ({"quote": only_film}, {"attachments": (film,)}):
        refused = await ask(core, place, "What is it?", **more)
        assert refused.last.phase is Phase.FAILED
        assert "watch videos" in refused.last.note
    assert simulated.record.counts["chat"] == 1
    reply = await ask(core, place, "What is on mine?", quote=only_film, attachments=(cat,))
    assert (reply.last.phase, pictures_in(simulated)) == (Phase.DONE, 1)
    assert "watch videos" in reply.last.note
