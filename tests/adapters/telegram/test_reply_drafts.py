"""Answers that grow as drafts, and answers as rich messages."""

import pytest

from bots.telegram.account import Account
from bots.telegram.places import Place
from bots.telegram.reply import TelegramReply
from core.answer import Action, Answer, Phase
from tests.adapters.telegram.conftest import MakeAccount
from tests.contracts.reply import REF, show
from tests.standins.telegram import TelegramStandin
from tests.waiting import until


async def test_drafts_grow_and_end_as_a_message(standin: TelegramStandin, make_account: MakeAccount) -> None:
    """TELEGRAM_STREAMING=draft: frames of one draft, then one real message with the buttons."""
    account = await make_account(drafts=True)
    alice = standin.person()
    reply = TelegramReply(account, Place(alice.id))
    await show(reply, Answer(Phase.WORKING))
    for text in ("One", "One two"):
        await show(reply, Answer(Phase.GROWING, text, actions=(Action("stop", REF, "Stop"),)))
    assert standin.messages(alice) == []
    await show(reply, Answer(Phase.DONE, "One two three.", actions=(Action("regenerate", REF, "New"),)))
    frames = standin.world.drafts[alice.id]
    assert [text for _, text in frames] == ["", "One", "One two"]
    assert len({number for number, _ in frames}) == 1
    (message,) = standin.messages(alice)
    assert (message.text, message.buttons) == ("One two three.", ("New",))


async def test_frames_are_dropped_and_drafts_given_up(
    standin: TelegramStandin, make_account: MakeAccount
) -> None:
    """A refused frame is dropped, not queued; a chat without drafts gets edits by itself."""
    account = await make_account(drafts=True)
    alice, bob = standin.person(), standin.person("Bob")
    reply = TelegramReply(account, Place(alice.id))
    standin.flood("sendMessageDraft", 1, shuts=False)
    await show(reply, Answer(Phase.GROWING, "One"))
    await show(reply, Answer(Phase.DONE, "One two."))
    assert [message.text for message in standin.messages(alice)] == ["One two."]
    standin.refuse("sendMessageDraft", 400, "Bad Request: TEXTDRAFT_PEER_INVALID")
    other = TelegramReply(account, Place(bob.id))
    for text in ("One", "One two"):
        await show(other, Answer(Phase.GROWING, text))
    assert [message.text for message in standin.messages(bob)] == ["One two"]
    group = standin.group()
    await show(TelegramReply(account, Place(group.id)), Answer(Phase.GROWING, "One"))
    assert [message.text for message in standin.messages(group)] == ["One"]


async def test_drafts_that_are_refused_for_any_reason_are_given_up(
    standin: TelegramStandin, make_account: MakeAccount
) -> None:
    """The chat gets edits then. A frame without words, or one with blocks, says nothing about the next one."""
    account = await make_account(drafts=True, rich=True)
    alice, bob = standin.person(), standin.person("Bob")
    standin.refuse("sendMessageDraft", 400, "Bad Request: message text is empty")
    standin.refuse("sendRichMessageDraft", 400, "Bad Request: can't parse rich message blocks")
    reply = TelegramReply(account, Place(alice.id))
    await show(reply, Answer(Phase.WORKING))
    await show(reply, Answer(Phase.GROWING, "One"))
    assert [text for _, text in standin.world.drafts[alice.id]] == ["One"]
    await reply.close()
    account.rich = False
    standin.refuse("sendMessageDraft", 400, "Bad Request: USER_BOT_REQUIRED")
    other = TelegramReply(account, Place(bob.id))
    for text in ("One", "One two"):
        await show(other, Answer(Phase.GROWING, text))
    assert [message.text for message in standin.messages(bob)] == ["One two"]


async def test_a_draft_is_kept_alive(
    standin: TelegramStandin, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft vanishes after 30 s; while the model is silent its last frame is sent again."""
    monkeypatch.setattr("bots.telegram.activity.DRAFT_S", 0.01)
    account = await make_account(drafts=True)
    alice = standin.person()
    reply = TelegramReply(account, Place(alice.id))
    await show(reply, Answer(Phase.WORKING))
    await show(reply, Answer(Phase.GROWING, "One"))
    frames = standin.world.drafts[alice.id]
    await until(lambda: [text for _, text in frames].count("One") >= 3)
    await reply.close()


RICH = """# Title

A *b* `c` https://example.org @somebody <tg-button>x</tg-button> ![p](https://evil.example/x.png)

> quote
> > inner

1. one
2. two

- [x] done

| a | b |
|---|--:|
| 1 | 2 |

```python
x = 1 < 2
```
"""


@pytest.fixture
async def rich(make_account: MakeAccount) -> Account:
    return await make_account(rich=True)


async def test_rich_answers_are_blocks(standin: TelegramStandin, rich: Account) -> None:
    """TELEGRAM_FORMAT=rich: headings, tables, lists and quotes are Telegram's own, pages are eight times as
    long, and nothing that a model wrote is parsed there."""
    alice = standin.person()
    reply = TelegramReply(rich, Place(alice.id))
    for text in (RICH[:40], RICH[:120], RICH):
        await show(reply, Answer(Phase.GROWING, text))
    await show(reply, Answer(Phase.DONE, RICH + "word " * 6000, footer="gpt · $0.01"))
    (message,) = standin.messages(alice)
    sent = message.extra["rich_message"]
    assert set(sent) == {"blocks"}
    kinds = [block["type"] for block in sent["blocks"]]
    assert kinds[:6] == ["heading", "paragraph", "blockquote", "list", "list", "table"]
    assert kinds[-1] == "footer"
    assert sent["blocks"][5]["cells"][1][1] == {"align": "right", "valign": "top", "text": "2"}
    assert "<tg-button>x</tg-button>" in message.text
    assert "@somebody" not in message.text
    assert "evil.example" not in str([one for one in sent["blocks"] if one["type"] != "paragraph"])
    assert len(standin.calls_of("sendRichMessage")) == 1
    assert not standin.calls_of("sendMessage")


async def test_a_rich_answer_runs_as_its_language_does(standin: TelegramStandin, rich: Account) -> None:
    """Its lists and tables begin at the right where its first letter does: Telegram has to be told."""
    for text, from_right in (
        ("1. שלום\n2. GPT", True),
        ("**مرحبا**", True),
        ("GPT, or שלום", False),
        ("1", False),
    ):
        await show(TelegramReply(rich, Place(standin.person().id)), Answer(Phase.DONE, text))
        assert standin.messages()[-1].extra["rich_message"].get("is_rtl", False) == from_right


async def test_servers_without_rich_messages_get_texts(standin: TelegramStandin, rich: Account) -> None:
    """An older server refuses once; that answer and all others are texts from then on."""
    standin.world.knows_rich = False
    alice = standin.person()
    for _ in range(2):
        await show(TelegramReply(rich, Place(alice.id)), Answer(Phase.DONE, RICH))
    assert len(standin.calls_of("sendRichMessage")) == 1
    assert [bool(message.entities) for message in standin.messages(alice)] == [True, True]


async def test_what_a_server_does_not_take_comes_as_text(standin: TelegramStandin, rich: Account) -> None:
    """One refused rich message is a text; the next answer is rich again."""
    alice = standin.person()
    standin.refuse("sendRichMessage", 400, "Bad Request: can't parse rich message blocks")
    await show(TelegramReply(rich, Place(alice.id)), Answer(Phase.DONE, RICH))
    await show(TelegramReply(rich, Place(alice.id)), Answer(Phase.DONE, RICH))
    assert ["rich_message" in one.extra for one in standin.messages(alice)] == [False, True]


async def test_rich_drafts(standin: TelegramStandin, make_account: MakeAccount) -> None:
    """Drafts of rich answers are rich, too."""
    account = await make_account(rich=True, drafts=True)
    alice = standin.person()
    reply = TelegramReply(account, Place(alice.id))
    await show(reply, Answer(Phase.WORKING))
    await show(reply, Answer(Phase.GROWING, "# One"))
    await show(reply, Answer(Phase.DONE, "# One"))
    assert [call.method for call in standin.calls_of("sendRichMessageDraft", "sendRichMessage")] == [
        "sendRichMessageDraft",
        "sendRichMessage",
    ]
