"""What admins can change from a chat while the bot runs."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.answer import Phase
from core.app import Core
from core.commands import COMMANDS
from core.errors import BadInput
from core.minitool.simulated import Simulated
from core.money.caps import Override
from core.preferences import CHAT_PERSONAS, ChatDefaults
from core.turn import Person, Quote
from core.words import t
from tests.core.usecases.conftest import Opened, Place, typed
from tests.recording import RecordingReply

ADMIN_COMMANDS = [command.name for command in COMMANDS if command.admin]


@pytest.fixture
async def core(opened: Opened) -> AsyncIterator[Core]:
    async with opened(admins=("test:admin",)) as made:
        yield made


@pytest.fixture
def admin() -> Place:
    return Place("test:admin", "test:room")


def asked_with(simulated: Simulated) -> tuple[str, str]:
    """The model and the persona of the last question that reached the API."""
    body = simulated.record.calls[-1].body
    return body["model"], body["messages"][0]["content"]


@pytest.mark.parametrize("command", ADMIN_COMMANDS)
async def test_only_admins_may(core: Core, command: str) -> None:
    """Other people change and see nothing, moderators of the chat included."""
    turn = Place("test:mallory").turn(command, "test:mallory 5")
    reply = RecordingReply()
    await core.run(replace(turn, person=Person(turn.person.id, "Mallory", is_moderator=True)), reply)
    assert reply.last.phase is Phase.FAILED
    assert "the bot's admins" in reply.last.note
    assert await core.spend.trail.read() == []


async def test_credit_is_given_once_however_often_its_message_is_delivered(core: Core, admin: Place) -> None:
    """Platforms redeliver messages that they think were not received. The same words in a new message give
    credit again."""
    turn = admin.turn("admin grant", "test:ann 1.5")
    for _ in range(2):
        await core.run(turn, reply := RecordingReply())
        assert "$1.50" in reply.last.text
    assert "$3.00" in (await typed(core, admin, "admin grant", "test:ann 1.5")).last.text


async def test_admins_are_told_their_commands(core: Core, place: Place, admin: Place) -> None:
    """/help lists admin commands for admins only; an unknown or incomplete one lists what there is."""
    shown = {who.person: (await typed(core, who, "help")).last.text for who in (admin, place)}
    assert [name in shown[admin.person] for name in ADMIN_COMMANDS] == [True] * len(ADMIN_COMMANDS)
    assert "admin" not in shown[place.person]
    assert "Available: caps, grant" in (await typed(core, admin, "admin status", "cpas")).last.note
    assert "user:ID 5" in (await typed(core, admin, "admin grant", "test:ann")).last.note
    assert "Answers in progress" in (await typed(core, admin, "admin status")).last.text


async def test_a_chats_model(core: Core, place: Place, admin: Place, simulated: Simulated) -> None:
    """A chat's model applies to all who chose none, in that chat only; a person's choice takes precedence."""
    picker = await typed(core, admin, "admin model")
    assert [one.value for one in picker.last.choices] == ["off", *core.catalogue.chat]
    assert [one.value for one in picker.last.choices if one.chosen] == ["off"]
    await typed(core, admin, "admin model", args={"value": "gpt-4.1-nano"})
    await typed(core, place, "ask", "Hi")
    assert asked_with(simulated)[0] == "gpt-4.1-nano"
    own = await typed(core, place, "model")
    assert [(one.value, one.detail) for one in own.last.choices if one.chosen] == [
        ("auto", "GPT-4.1 nano; for pictures, one that sees them")
    ]
    await typed(core, place, "ask", "Hi", chat="test:chat:2")
    assert asked_with(simulated)[0] == "gpt-4o-mini"
    await typed(core, place, "model", "gpt-4o")
    await typed(core, place, "ask", "Hi")
    assert asked_with(simulated)[0] == "gpt-4o"
    await typed(core, place, "model", "auto")
    await typed(core, place, "ask", "Hi")
    assert asked_with(simulated)[0] == "gpt-4.1-nano"
    assert "No model is set here" in (await typed(core, admin, "admin model", "off")).last.text
    await typed(core, place, "ask", "Hi")
    assert asked_with(simulated)[0] == "gpt-4o-mini"
    wrong = await typed(core, admin, "admin model", "gpt-9")
    assert "no model “gpt-9”" in wrong.last.note


async def test_a_chats_personas(core: Core, place: Place, admin: Place, simulated: Simulated) -> None:
    """Admins add, choose and remove personas of a chat; people there can choose them, too."""
    await typed(core, admin, "admin persona", "pirate\nYou are a pirate.")
    await typed(core, admin, "admin persona", args={"name": "poet", "prompt": "You are a poet."})
    assert {"pirate", "poet"} <= {one.value for one in (await typed(core, place, "persona")).last.choices}
    assert (await typed(core, admin, "admin persona", "brief")).last.text == "The persona here: Brief."
    await typed(core, admin, "admin persona", "pirate")
    await typed(core, place, "ask", "Hi")
    assert "You are a pirate." in asked_with(simulated)[1]
    await typed(core, place, "persona", "poet")
    await typed(core, place, "ask", "Hi")
    assert "You are a poet." in asked_with(simulated)[1]
    stranger = Place("test:eve", "test:other")
    await typed(core, stranger, "ask", "Hi", chat="test:chat:2")
    assert "pirate" not in asked_with(simulated)[1]
    for text in ("off", "pirate off", "poet off"):
        await typed(core, admin, "admin persona", text)
    assert await core.memory.chosen.chat_defaults("test:chat:1") == ChatDefaults()
    for text in ("nobody", "own You are own.", "x:y You are x.", "long " + "x" * 5000):
        assert (await typed(core, admin, "admin persona", text)).last.phase is Phase.FAILED
    nameless = await typed(core, admin, "admin persona", args={"prompt": "You are nameless."})
    assert "one short word" in nameless.last.note
    assert await core.memory.chosen.chat_defaults("test:chat:1") == ChatDefaults()


@pytest.mark.parametrize("command", ["persona", "admin persona"])
async def test_a_persona_goes_by_its_name_and_its_label(opened: Opened, command: str) -> None:
    """In upper or lower case, for a chat and for oneself; anything else is unknown."""
    all_admins = [Place(f"test:admin-{number}") for number in range(6)]  # nobody may ask so often
    async with opened(admins=tuple(admin.person for admin in all_admins)) as core:
        await typed(core, all_admins[0], "admin persona", "Pirate You are a pirate.")
        choices = (await typed(core, all_admins[0], "admin persona")).last.choices[1:]
        for admin, one in zip(all_admins[1:], choices, strict=True):
            for name in (one.value, one.label, one.value.upper(), one.label.upper()):
                picked = (await typed(core, admin, command, name)).last
                assert f": {one.label}." in picked.text + picked.note, name
        assert "no persona “parrot”" in (await typed(core, all_admins[0], command, "parrot")).last.note


async def test_who_may_use_the_bot(opened: Opened, admin: Place) -> None:
    """A denial applies at once and can be lifted, by either name of a person; with ALLOW set, an admin lets
    others in; what the settings deny only the settings can allow, and admins cannot lock themselves out."""
    settings = {"admins": ("test:admin",), "allow": ("test:chat:9",), "deny": ("test:fixed",)}
    async with opened(**settings) as core:
        ann = Place("test:ann")
        assert "not allowed" in (await typed(core, ann, "help")).last.note
        await typed(core, admin, "admin allow", "user:ann")
        assert (await typed(core, admin, "admin allow", "test:ann")).last.text == "test:ann may use the bot."
        assert (await typed(core, ann, "help")).last.phase is Phase.DONE
        await typed(core, admin, "admin deny", "test:chat:1")
        assert "not allowed" in (await typed(core, ann, "help")).last.note
        for himself in ("test:admin", "user:admin"):
            assert "admins cannot be kept out" in (await typed(core, admin, "admin deny", himself)).last.note
        assert (await typed(core, admin, "help")).last.phase is Phase.DONE
        await typed(core, admin, "admin allow", "test:chat:1")
        assert (await typed(core, admin, "admin deny", "user:ann")).last.text.startswith("test:ann ")
        await typed(core, admin, "admin deny", "test:ann")
        assert "not allowed" in (await typed(core, ann, "help")).last.note
        await typed(core, admin, "admin allow", "user:ann")
        assert (await typed(core, ann, "help")).last.phase is Phase.DONE
        assert await core.access.lists() == (("test:chat:1", "test:user:ann"), ())
        assert "user:ID, role:ID, guild:ID or chat:ID" in (await typed(core, admin, "admin allow")).last.note
        for fixed in ("test:fixed", "user:fixed"):
            refused = await typed(core, admin, "admin allow", fixed)
            assert "on the DENY list in the settings" in refused.last.note
        for wrong in ("", "@ann"):
            assert "user:ID" in (await typed(core, admin, "admin deny", wrong)).last.note


async def test_words_are_blocked_in_every_process(
    opened: Opened, core: Core, place: Place, admin: Place
) -> None:
    """Blocked words are refused in prompts, as whole words in any case, until unblocked. A word that is not on
    the list cannot be unblocked."""
    await typed(core, admin, "admin block", "red  fox")
    async with opened() as other:
        assert "not allowed" in (await typed(other, place, "imagine", "a Red Fox, sitting")).last.note
        assert (await typed(other, place, "imagine", "a red foxglove")).last.phase is Phase.DONE
    shown = await typed(core, admin, "admin block", "(c)")
    assert shown.last.text.splitlines()[1:] == ["- (c)", "- red fox"]
    await typed(core, admin, "admin block", "off Red Fox")
    trail = await core.spend.trail.read()
    assert "“owl” is not on the list" in (await typed(core, admin, "admin block", "off (c), owl")).last.note
    assert await core.spend.trail.read() == trail
    assert (await typed(core, admin, "admin block", "off (c)")).last.text == (
        "No words were blocked with /admin block."
    )
    assert (await typed(core, place, "imagine", "a red fox")).last.phase is Phase.DONE
    assert (await typed(core, admin, "admin block", "x" * 101)).last.phase is Phase.FAILED


async def test_several_words_are_blocked_at_once(core: Core, place: Place, admin: Place) -> None:
    """Commas and line breaks separate entries."""
    shown = await typed(core, admin, "admin block", "nude,  blood bath,\nadult: gin, rum")
    assert shown.last.text.splitlines()[1:] == ["- adult: gin", "- adult: rum", "- blood bath", "- nude"]
    assert "not allowed" in (await typed(core, place, "imagine", "a nude")).last.note
    await typed(core, admin, "admin block", "Nude, young adult: party")  # known in any case; a phrase stays one
    assert "young adult: party" in await core.control.policy.blocked()
    for entries in ("NUDE, adult: rum, gin", "blood bath", "young adult: party"):
        await typed(core, admin, "admin block", f"off {entries}")
    assert await core.control.policy.blocked() == ()
    assert (await typed(core, admin, "admin block", ",".join(map(str, range(501))))).last.phase is Phase.FAILED
    assert await core.control.policy.blocked() == ()
    await typed(core, admin, "admin block", ",".join(map(str, range(400))))
    assert (await typed(core, admin, "admin block", ",".join(map(str, range(501))))).last.phase is Phase.FAILED
    assert len(await core.control.policy.blocked()) == 400


@pytest.mark.parametrize("words", ["adult:", " , ", "adult: ,"])
async def test_nothing_typed_blocks_nothing(core: Core, place: Place, admin: Place, words: str) -> None:
    """An empty entry would match almost every prompt."""
    await typed(core, admin, "admin block", words)
    assert await core.control.policy.blocked() == ()
    assert (await typed(core, place, "imagine", "a red fox, at night")).last.phase is Phase.DONE


async def test_an_announcement_is_read_once(core: Core, place: Place, admin: Place) -> None:
    """Everybody sees an announcement once, under their next answer, until it is removed. A refusal is no
    answer."""
    await typed(core, admin, "admin announce", "Down at ten.")
    await core.run(place.turn("ask", "Hi"), RecordingReply(deleted=True))
    assert "ten" not in (await typed(core, place, "ask", "")).last.note
    assert (await typed(core, place, "ask", "Hi")).last.note == "From the operator: Down at ten."
    assert (await typed(core, place, "ask", "Hi")).last.note == ""
    assert "Down at ten." in (await typed(core, Place("test:bob"), "ask", "Hi")).last.note
    await typed(core, admin, "admin announce", "Down at eleven.")
    assert "Down at eleven." in (await typed(core, place, "ask", "Hi")).last.note
    assert (await typed(core, admin, "admin announce", "off")).last.text == "There is no announcement."
    assert (await typed(core, Place("test:cid"), "ask", "Hi")).last.note == ""
    assert (await typed(core, admin, "admin announce", "x" * 301)).last.phase is Phase.FAILED


async def test_names_are_asked_for_that_there_are(opened: Opened) -> None:
    """On a platform without roles or servers, neither is mentioned."""
    admin = Place("telegram:5")
    async with opened(admins=("telegram:5",)) as core:
        assert (await typed(core, admin, "admin allow")).last.note == (
            "Write who after the command: user:ID or chat:ID. "
            "Or send the command as a reply to a message of theirs."
        )
        wrong = await typed(core, admin, "admin caps", "ann daily 5")
        assert wrong.last.note == "“ann” is not a name such as user:ID, chat:ID or all."
        for command in ("admin allow", "admin deny"):  # everybody has caps, and is on no list
            wrong = await typed(core, admin, command, "all")
            assert wrong.last.note == "“all” is not a name such as user:ID or chat:ID."


async def test_caps_are_shown_in_words(core: Core, admin: Place) -> None:
    """ "No cap" is in the reader's language; names are shown as they are typed."""
    await typed(core, admin, "admin caps", "user:ann daily off")
    reply, turn = RecordingReply(), admin.turn("admin caps")
    await core.run(replace(turn, person=replace(turn.person, locale="de")), reply)
    heads = [line.split(" | ") for line in reply.last.text.splitlines()]
    assert [names[0].strip("| ") for names in heads if len(names) == 3] == [
        "Name", "Jede Person, als Standard", "Jeder Chat, als Standard", "all", "test:ann",
    ]  # fmt: skip
    assert reply.last.text.endswith("| test:ann | Ohne Obergrenze | Standard |")


async def test_the_caps_of_one(core: Core, place: Place, admin: Place) -> None:
    """A name alone shows the caps in force for it, and their use; a role has no spending."""
    await typed(core, admin, "admin caps", "user:ann daily 0.50")
    await typed(core, admin, "admin caps", "role:7 monthly 9")
    await typed(core, admin, "admin grant", "user:ann 1.5")
    await core.run(place.turn("imagine", "a fox"), RecordingReply())
    spent = "| Spent | $0.0015 | $0.0015 |"
    for name, rows in (
        ("user:ann", ["| test:ann | $0.50 | $2.00 |", spent, "", "Extra credit: **$1.50**"]),
        ("chat:1", ["| test:chat:1 | $2.00 | $20.00 |", spent]),
        ("all", ["| all | $10.00 | $100.00 |", spent]),
        ("role:7", ["| test:role:7 | Default | $9.00 |"]),
        ("role:8", ["| test:role:8 | Default | Default |"]),
    ):  # fmt: skip
        assert (await typed(core, admin, "admin caps", name)).last.text.splitlines()[2:] == rows
    assert "is not a name such as user:ID" in (await typed(core, admin, "admin caps", "ann")).last.note


async def test_a_reply_to_somebody_is_about_them(core: Core, admin: Place) -> None:
    """If people's ids are not visible, a reply to a message names its author, unless the command names
    somebody; a reply to the bot names nobody."""
    theirs = Quote("1", "Ann", "hello", person="test:ann")
    for command, text, who, value in (
        ("admin deny", "", "test:ann", ""),
        ("admin allow", "", "test:ann", ""),
        ("admin grant", "5", "test:ann", "5000000000"),
        ("admin caps", "daily 0.5", "person:test:ann", "500000000 -"),
        ("admin deny", "user:bob", "test:user:bob", ""),
        ("admin caps", "all daily 7", "all", "7000000000 -"),
    ):
        await typed(core, admin, command, text, quote=theirs)
        line = (await core.spend.trail.read())[0]
        assert (line.who, line.value) == (who, value)
    assert "test:ann | $0.50 |" in (await typed(core, admin, "admin caps", quote=theirs)).last.text
    ours = await typed(core, admin, "admin deny", quote=Quote("1", "bot", "hello", by_bot=True))
    assert ours.last.note.startswith("Write who")


async def test_a_role_counts_for_its_member(core: Core, admin: Place) -> None:
    """If the platform gives the roles of the named person, the caps shown are those in force."""
    await typed(core, admin, "admin caps", "role:7 daily 9")
    for named, cap in (({"test:ann": frozenset({"test:role:7"})}, "$9.00"), ({}, "$0.25")):
        answer = await typed(core, admin, "admin caps", "user:ann", named=named)
        assert f"| test:ann | {cap} | $2.00 |" in answer.last.text


async def test_every_change_is_on_the_trail(core: Core, admin: Place) -> None:
    """Every change is recorded with its author, wherever it was made; refused ones are not."""
    for command, text in (
        ("admin allow", "5"), ("admin deny", "user:ann"), ("admin block", "fox"), ("admin block", "off fox"),
        ("admin model", "gpt-4o"), ("admin model", "gpt-9"), ("admin persona", "pirate Arr."),
        ("admin persona", "pirate"), ("admin persona", "nobody"), ("admin persona", "pirate off"),
        ("admin announce", "Hear!"), ("admin announce", "off"), ("admin caps", "all daily 5"),
        ("admin grant", "user:ann 1"),
    ):  # fmt: skip
        await typed(core, admin, command, text)
    await core.control.set_model("test:chat:7", "gpt-4.1", "web:operator")
    with pytest.raises(BadInput):
        await core.control.set_model("test:chat:7", "gpt-9", "web:operator")
    with pytest.raises(BadInput):
        await core.control.set_persona("test:chat:7", "nobody", "web:operator")
    lines = [(line.by, line.what, line.who, line.value) for line in await core.spend.trail.read()]
    by = "test:admin"
    assert lines[::-1] == [
        (by, "allow", "test:5", ""), (by, "deny", "test:user:ann", ""),
        (by, "block", "", "fox"), (by, "unblock", "", "fox"),
        (by, "model", "test:chat:1", "gpt-4o"), (by, "persona defined", "test:chat:1", "pirate"),
        (by, "persona", "test:chat:1", "pirate"), (by, "persona removed", "test:chat:1", "pirate"),
        (by, "announce", "", "Hear!"), (by, "announce", "", ""),
        (by, "cap", "all", "5000000000 -"), (by, "grant", "test:ann", "1000000000"),
        ("web:operator", "model", "test:chat:7", "gpt-4.1"),
    ]  # fmt: skip


@pytest.mark.parametrize("is_setting", [False, True])
async def test_a_renamed_chat_keeps_its_rules(
    opened: Opened, place: Place, admin: Place, *, is_setting: bool
) -> None:
    """Its denial, caps, defaults and personas apply under the new id, whichever process reports it first."""
    old, new = "test:chat:1", "test:chat:2"
    async with opened(admins=("test:admin",), deny=(old,) if is_setting else ()) as core:
        await core.control.define_persona(old, "pirate", "You are a pirate.", by="test:admin")
        await core.control.set_persona(old, "pirate", by="test:admin")
        await core.control.set_model(old, "gpt-4.1-mini", by="test:admin")
        await core.spend.caps.set(Override(f"chat:{old}", 5, None), by="test:admin")
        if not is_setting:
            await core.control.deny(old, by="test:admin")
        await core.move_chat(old, new)
        refused = await typed(core, place, "ask", "hello", chat=new)
        assert refused.last.note == t("en", "not-allowed")
        assert await core.memory.chosen.chat_defaults(new) == await core.memory.chosen.chat_defaults(old)
        assert Override(f"chat:{new}", 5, None) in await core.spend.caps.show()
        await core.move_chat("test:chat:3", "test:chat:4")
        assert (await typed(core, place, "ask", "hello", chat="test:chat:4")).last.phase is Phase.DONE


async def test_a_chat_with_personas_of_its_own_takes_what_there_is_room_for(core: Core) -> None:
    """More personas than there is room for do not hold back the rest of the move."""
    old, new = "test:chat:1", "test:chat:2"
    await core.control.define_persona(new, "mine", "You are mine.", by="test:admin")
    for number in range(CHAT_PERSONAS):
        await core.control.define_persona(old, f"p{number}", "You are one.", by="test:admin")
    await core.control.set_model(old, "gpt-4.1-mini", by="test:admin")
    await core.spend.caps.set(Override(f"chat:{old}", 5, None), by="test:admin")
    await core.move_chat(old, new)
    moved = await core.memory.chosen.chat_defaults(new)
    assert (moved.model, len(moved.personas)) == ("gpt-4.1-mini", CHAT_PERSONAS)
    assert Override(f"chat:{new}", 5, None) in await core.spend.caps.show()


async def test_a_renamed_chat_is_still_allowed(opened: Opened, place: Place) -> None:
    """If ALLOW names the old id, the new one is allowed, too."""
    async with opened(allow=("test:chat:1",)) as core:
        await core.move_chat("test:chat:1", "test:chat:2")
        assert (await typed(core, place, "ask", "hello", chat="test:chat:2")).last.phase is Phase.DONE


async def test_a_chat_whose_new_name_the_settings_deny_keeps_its_rules(opened: Opened, place: Place) -> None:
    """DENY applies although ALLOW names the old id, and the rest of the move is done."""
    old, new = "test:chat:1", "test:chat:2"
    async with opened(allow=(old,), deny=(new,)) as core:
        await core.control.set_model(old, "gpt-4.1-mini", by="test:admin")
        await core.move_chat(old, new)
        assert (await core.memory.chosen.chat_defaults(new)).model == "gpt-4.1-mini"
        assert (await typed(core, place, "ask", "hello", chat=new)).last.note == t("en", "not-allowed")
