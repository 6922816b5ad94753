"""What people and chats have chosen, and the personas that they can choose from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from core.commands import INSTRUCTIONS_LENGTH
from core.errors import BadInput
from core.personas import Offer, read_personas
from core.preferences import ChatDefaults, Preferences
from core.seal import Seal
from core.store import Store

_SETTINGS_TTL_S = 400 * 86400  # renewed by use

ChatSetting: TypeAlias = Literal["model", "persona"]
PersonSetting: TypeAlias = ChatSetting | Literal["prompt", "language", "speaks", "show_cost"]


def _person_key(person: str) -> str:
    return f"{{p:{person}}}:set"


def _chat_key(chat: str) -> str:
    return f"{{c:{chat}}}:set"


class Chosen:
    """Choices in the store. A person's own instructions are sealed; personas that admins made for a chat are
    not. All coroutines raise StoreError."""

    def __init__(self, store: Store, seal: Seal, personas_file: Path | None) -> None:
        """Raises BadSettings where the file cannot be used."""
        self._store, self._seal, self._file = store, seal, personas_file
        self.reload()

    def reload(self) -> None:
        """Reads the personas again. Raises BadSettings; then they stay as they were."""
        self.personas = read_personas(self._file)

    def offer(self, chat: ChatDefaults, own: Preferences = Preferences()) -> Offer:
        """The personas that there are to choose from in such a chat, for such a person."""
        return Offer(self.personas, chat, own)

    async def preferences(self, person: str) -> Preferences:
        with self._store.guard():
            return self._person(await self._store.redis.hgetall(_person_key(person)), person)

    async def language_of(self, person: str) -> str:
        """The language a person chose, or their app speaks; "" where neither is known."""
        own = await self.preferences(person)
        return own.language or own.speaks

    async def chat_defaults(self, chat: str) -> ChatDefaults:
        with self._store.guard():
            return _defaults(await self._store.redis.hgetall(_chat_key(chat)))

    def queue_reads(self, pipe: Any, person: str, chat: str) -> None:  # a pipeline of either kind of server
        """Queues commands in the caller's pipeline that read and renew what the person and the chat chose.
        `parse_replies` takes the replies to the first two of them."""
        keys = _person_key(person), _chat_key(chat)
        for key in keys:
            pipe.hgetall(key)
        for key in keys:
            pipe.expire(key, _SETTINGS_TTL_S)

    def parse_replies(self, replies: Sequence[Any], person: str) -> tuple[Preferences, ChatDefaults]:
        """What the commands of `queue_reads` have read."""
        return self._person(replies[0], person), _defaults(replies[1])

    async def prefer(self, person: str, name: PersonSetting, value: str | bool) -> None:
        """Sets one of a person's Preferences; "" takes it back. Raises BadInput("prompt-too-long")."""
        if name == "prompt" and len(str(value)) > INSTRUCTIONS_LENGTH:
            raise BadInput("prompt-too-long", length=len(str(value)), most=INSTRUCTIONS_LENGTH)
        text = ("1" if value else "0") if isinstance(value, bool) else value.strip()
        data = self._seal.encrypt(text.encode(), person) if name == "prompt" and text else text.encode()
        await self._write(_person_key(person), name, data)

    async def prefer_for_chat(self, chat: str, name: ChatSetting, value: str) -> None:
        """Sets a default of a chat; "" takes it back. The caller checks who may."""
        await self._write(_chat_key(chat), name, value.strip().encode())

    async def set_chat_persona(self, chat: str, name: str, prompt: str) -> None:
        """Adds, changes or (with "") removes a chat's own persona, one that `check_persona` allows."""
        await self._write(_chat_key(chat), f"persona:{name}", prompt.strip().encode())

    async def forget(self, person: str) -> int:
        """Erases what a person chose. Returns the number of choices."""
        with self._store.guard():
            names = await self._store.redis.hkeys(_person_key(person))
            await self._store.redis.delete(_person_key(person))
        return len({*names} - {b"speaks"})

    async def _write(self, key: str, name: str, data: bytes) -> None:
        with self._store.guard():
            if not data:
                await self._store.redis.hdel(key, name)
                return
            pipe = self._store.redis.pipeline(transaction=False)
            pipe.hset(key, name, data)
            pipe.expire(key, _SETTINGS_TTL_S)
            await pipe.execute()

    def _person(self, stored: Mapping[bytes, bytes], person: str) -> Preferences:
        prompt = self._seal.decrypt(stored.get(b"prompt"), person)
        shows = stored.get(b"show_cost")
        return Preferences(
            model=stored.get(b"model", b"").decode(),
            persona=stored.get(b"persona", b"").decode(),
            prompt=(prompt or b"").decode(),
            language=stored.get(b"language", b"").decode(),
            speaks=stored.get(b"speaks", b"").decode(),
            show_cost=None if shows is None else shows == b"1",
        )


def _defaults(stored: Mapping[bytes, bytes]) -> ChatDefaults:
    mark = b"persona:"
    return ChatDefaults(
        model=stored.get(b"model", b"").decode(),
        persona=stored.get(b"persona", b"").decode(),
        personas={
            name.removeprefix(mark).decode(): prompt.decode()
            for name, prompt in sorted(stored.items())
            if name.startswith(mark)
        },
    )
