"""Connecting: shards, rate limits, and failures at the start."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from discord.gateway import KeepAliveHandler
from structlog.testing import capture_logs

from bots.discord.client import Client, Shards
from bots.discord.reply import DiscordReply
from bots.monitoring import Link
from core.answer import Answer, Phase
from core.pace import Window
from core.turn import Turn
from tests.adapters.discord.conftest import OpenStage, answer_text, waits
from tests.adapters.scripted_core import echo
from tests.standins.discord import DiscordStandin, Fault, Interaction
from tests.standins.discord.gateway import MESSAGE_CONTENT
from tests.waiting import until


async def test_several_processes_share_the_load(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Each process runs its shards and gets events of their servers only; the one with the first shard syncs
    the menus and has the private chats."""
    mine = discord.gateway.shard_of(discord.guild.id, 2)
    async with (
        open_stage(discord_shards="0-0/2") as first,
        open_stage(discord_shards="1-1/2") as second,
    ):
        assert sorted(session.shard for session in discord.gateway.connected) == [(0, 2), (1, 2)]
        asked = await discord.mention("in the server")
        await discord.until(lambda: discord.answers(asked))
        private = await discord.say("in private", channel=discord.dm(discord.person))
        await discord.until(lambda: discord.answers(private))
        await discord.until(lambda: discord.syncs)
    stages = (first, second)
    assert [turn.text for turn in stages[mine].core.turns if turn.chat.startswith("discord:guild")] == [
        "in the server"
    ]
    assert [turn.text for turn in first.core.turns if turn.private] == ["in private"]
    assert len(first.core.turns) + len(second.core.turns) == 2
    assert discord.syncs == 1


def test_several_processes_share_the_accounts_calls() -> None:
    """Fifty calls a second are the account's: a process with a quarter of the shards makes a quarter."""
    assert [Shards([*range(4)], 16).calls, Shards([0], 1).calls, Shards([7], 64).calls] == [12, 50, 1]


async def test_what_comes_while_it_ends_is_told_so(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """While a stopping process waits for its last answers, people who ask are told, in their language, that it
    restarts; autocomplete gets no choices."""
    ada = discord.add_user("Ada", locale="de")
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(open_stage())
        stage.core.play, go = waits(Answer(Phase.DONE, text="whole"))
        first = await discord.slash("ask", {"question": "?"})
        await until(lambda: stage.core.turns)
        ending = asyncio.create_task(stack.aclose())
        await asyncio.sleep(0)
        typed = await discord.autocomplete("ask", "model", "gpt")
        late = await discord.slash("ask", {"question": "?"}, user=ada)
        asked = await discord.mention("?")
        go.set()
        await ending
    assert "startet gerade neu" in late.text
    assert late.messages[0].ephemeral
    assert "restarting" in discord.answers(asked)[-1].content
    assert (answer_text(first), len(stage.core.turns), typed.choices) == ("whole", 1, [])


async def test_what_comes_while_it_closes_is_told_so(
    discord: DiscordStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that arrives while the connection closes is the last, and is not lost."""
    late, close = list[Interaction](), Client.close

    async def close_after_an_event(client: Client) -> None:
        if not late:
            late.append(await discord.slash("ask", {"question": "?"}))
            await until(lambda: client.tasks)
        await close(client)

    monkeypatch.setattr(Client, "close", close_after_an_event)
    async with open_stage():
        pass
    assert "restarting" in late[0].text


async def test_what_comes_while_one_ends_is_taken_by_another(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """If another process serves the same shard, it answers, and nobody is told of a restart."""
    async with AsyncExitStack() as last, AsyncExitStack() as stack:
        ending_one = await stack.enter_async_context(open_stage())
        ending_one.core.play, go = waits(Answer(Phase.DONE))
        await discord.slash("ask", {"question": "?"})
        await until(lambda: ending_one.core.turns)  # so it is there for a while yet
        other = await last.enter_async_context(open_stage())
        other.core.play = echo
        ending = asyncio.create_task(stack.aclose())
        await asyncio.sleep(0)
        with capture_logs() as logs:
            late = await discord.slash("ask", {"question": "late"})
            asked = await discord.mention("too")
            twice = {f"discord:{late.id}", f"discord:{asked.id}"}
            await until(lambda: twice <= {one.get("request") for one in logs})  # each was looked at by both
        go.set()
        await ending
    assert answer_text(late) == "You said: late"
    assert [one.content for one in discord.answers(asked) if one.reference is asked] == ["You said: too"]


async def test_without_session_starts_it_waits(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Used-up session starts are respected: more would cost the token."""
    discord.starts_left, discord.starts_reset_ms = 0, 300
    async with open_stage():
        pass
    first = next(call.at for call in discord.calls if call.path == "/gateway/bot")
    login = next(call.at for call in discord.calls if call.path == "/users/@me")
    assert login - first >= 0.3


async def test_who_is_to_end_while_it_waits_for_a_start_makes_none(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """Stopped before a session start is available, it does not log in."""
    discord.starts_left, discord.starts_reset_ms = 0, 60_000
    async with open_stage(connects=False) as stage:
        await until(lambda: stage.link().state == "no session starts left today")
    assert [call.path for call in discord.calls] == ["/gateway/bot"]


@pytest.mark.parametrize("call", ["GET /gateway/bot", "GET /users/@me"])
async def test_who_gets_no_reply_ends_all_the_same(
    discord: DiscordStandin, open_stage: OpenStage, call: str
) -> None:
    """Stopped while Discord does not answer a call of the start, it does not wait for that."""
    discord.faults = [hanging := Fault(call, delay=600)]
    async with open_stage(connects=False):
        await until(lambda: not hanging.times)
    assert not discord.gateway.sessions


async def test_who_never_reaches_the_gateway_ends_all_the_same(
    discord: DiscordStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py tries for ever to start a session, even if it was closed meanwhile."""
    tried = asyncio.Event()

    async def unreachable(*_: object, **__: object) -> None:
        tried.set()
        raise OSError("unreachable")

    monkeypatch.setattr("discord.gateway.DiscordWebSocket.from_client", unreachable)
    async with open_stage(connects=False):
        await tried.wait()


async def test_an_unapproved_intent_is_done_without(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """If Message Content is not enabled for the bot, it starts without it."""
    async with open_stage(discord_message_content=True):
        await discord.until(lambda: discord.gateway.connected)
        assert not discord.gateway.sessions[-1].intents & MESSAGE_CONTENT
        interaction = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: interaction.text)


async def test_a_start_that_fails_is_tried_again(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """An outage of Discord delays the start, with growing pauses; meanwhile it is told why."""
    discord.faults = [Fault("GET /gateway/bot", status=503)]
    async with open_stage(connects=False) as stage:
        await until(lambda: stage.link() == Link("cannot connect (DeliveryError)"))
        await discord.until(lambda: discord.gateway.connected)


@pytest.mark.parametrize("call", ["/gateway/bot", "/users/@me", "/oauth2/applications/@me"])
async def test_a_start_that_is_answered_by_another_is_tried_again(
    discord: DiscordStandin, open_stage: OpenStage, call: str
) -> None:
    """A captive page with status 200 only delays the start."""
    discord.faults = [Fault(f"GET {call}", status=200)]
    async with open_stage():
        await discord.until(lambda: discord.gateway.connected)


async def test_an_event_that_cannot_be_read_is_passed_over(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """An event of unknown shape is skipped; the connection and later events are not affected."""
    async with open_stage():
        await discord.until(lambda: discord.gateway.connected)
        for kind in ("MESSAGE_CREATE", "INTERACTION_CREATE", "GUILD_UPDATE"):
            await discord.gateway.dispatch(kind, {"id": "no number"}, guild=discord.guild.id)
        asked = await discord.mention("What is a fjord?")
        await discord.until(lambda: discord.answers(asked))
    assert len(discord.gateway.sessions) == 1


async def test_health_tells_the_truth(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Connected, latency, seconds since the last event; or the reason why not."""
    async with open_stage(connects=False) as stage:
        assert stage.link() == Link("connecting")
        await until(lambda: stage.link().state == "ok")
        assert stage.link().heard_s is None
        await until(lambda: stage.link().latency_s is not None)
        await discord.mention("What is a fjord?")
        await until(lambda: stage.link().heard_s is not None)


async def test_a_heartbeat_that_was_not_acknowledged_has_no_latency(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """Before the first acknowledgement there is no number: infinity would be invalid JSON."""
    discord.gateway.acknowledges = False
    async with open_stage() as stage:
        await until(lambda: stage.link().state == "ok")
        assert stage.link() == Link("ok")


async def test_a_latency_that_cannot_be_is_not_told(
    discord: DiscordStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An acknowledgement that the library timed from the beat before the last is left out."""
    acknowledged = asyncio.Event()

    def ack(beats: KeepAliveHandler) -> None:
        beats.latency = 41.3
        acknowledged.set()

    monkeypatch.setattr(KeepAliveHandler, "ack", ack)
    async with open_stage() as stage:
        await until(acknowledged.is_set)
        assert stage.link() == Link("ok")


async def test_a_refused_token_is_reported(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """A wrong token affects nothing else, is named as the problem, and is not retried in a loop."""
    async with open_stage(connects=False, discord_token="another") as stage:
        await until(lambda: stage.link() == Link("the token is refused"))
    assert len(discord.calls) == 1


async def test_a_token_that_is_reset_meanwhile_is_reported(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """Discord ends the connection, and takes no other one."""
    async with open_stage() as stage:
        discord.token = "another"
        await discord.gateway.drop(resumable=False, code=4004)
        await until(lambda: stage.link() == Link("the token is refused"))


async def test_an_end_waits_no_longer_than_the_grace(
    discord: DiscordStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that Discord does not let us show are left to the next process."""
    monkeypatch.setattr("bots.discord.client.CHANNEL_WINDOW", Window(5, 0.1))
    left: list[str] = []

    async def play(turn: Turn, reply: DiscordReply) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            left.append(turn.text)
            raise

    async with open_stage(shutdown_grace_s=0.1) as stage:
        stage.core.play = play
        await discord.slash("ask", {"question": "?"})
        await until(lambda: stage.core.turns)
    assert left == ["?"]
