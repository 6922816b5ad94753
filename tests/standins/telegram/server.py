"""The loopback Bot API: methods under /botTOKEN/, files under /file/botTOKEN/."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from . import editing, rest, sending
from .faults import Fault, Faults
from .flood import Flood
from .parameters import PARAMETERS
from .updates import Updates
from .wire import Params, Refusal, bad, read_params
from .world import World

Method = Callable[[World, Params], Any]  # methods answer with whatever JSON they like

METHODS: dict[str, Method] = {
    "getMe": rest.get_me,
    "getFile": rest.get_file,
    "getChat": rest.get_chat_info,
    "getChatMember": rest.get_chat_member,
    "getChatAdministrators": rest.get_chat_administrators,
    "setMyCommands": rest.set_my_commands,
    "deleteMyCommands": rest.delete_my_commands,
    "answerCallbackQuery": rest.answer_callback_query,
    "answerInlineQuery": rest.answer_inline_query,
    "sendMessage": sending.send_message,
    "sendRichMessage": sending.send_rich_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "sendMessageDraft": sending.send_message_draft,
    "sendRichMessageDraft": sending.send_rich_message_draft,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_markup,
    "editMessageMedia": editing.edit_media,
    "deleteMessage": editing.delete_message,
}
HARMLESS = {
    "setMyName", "setMyDescription", "setMyShortDescription", "setChatMenuButton",
    "setMessageReaction", "getMyCommands", "getMyDescription", "getMyShortDescription", "logOut", "close",
}  # fmt: skip


@dataclass(slots=True)
class Call:
    """One call: when it came and ended (monotonic), where it went, and how it ended."""

    method: str
    at: float
    chat: int = 0
    params: Params | None = None
    status: int = 0  # 0: the connection was cut
    ended: float = 0.0
    retry_after: int = 0
    result: Any = None  # whatever JSON the method answered with


def counts(method: str) -> bool:
    """Whether a call counts against the flood limits."""
    return method.startswith(("send", "edit"))


class Server:
    """Serves one bot account. `calls` holds every call but getUpdates."""

    def __init__(self, token: str, flood: Flood) -> None:
        self.token, self.flood = token, flood
        self.world = World()
        self.updates = Updates()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.polls = 0
        self.strangers: list[str] = []  # paths that were asked for without the right token
        self.changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.base = ""

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{bot:bot[^/]+}/{method}", self._call)
        app.router.add_get("/file/{bot:bot[^/]+}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def tell(self) -> None:
        """Wakes whoever waits for a change."""
        self.changed.set()
        self.changed.clear()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["bot"] != f"bot{self.token}":
            self.strangers.append(request.path)
            return web.json_response(Refusal(401, "Unauthorized").body(), status=401)
        method = request.match_info["method"]
        params = await read_params(request)
        call = Call(method, time.monotonic(), params.integer("chat_id"), params)
        if method == "getUpdates":
            self.polls += 1
        else:
            self.calls.append(call)
        try:
            response = await self._answer(request, call)
            call.status = response.status
            return response
        finally:
            call.ended = time.monotonic()
            self.tell()

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = self.faults.take(call.method, call.chat)
        try:
            if fault is not None and (early := await self._break(request, fault, call)):
                return early
            call.result = await self._do(call)
        except Refusal as refusal:
            call.retry_after = refusal.parameters.get("retry_after", 0)
            return web.json_response(refusal.body(), status=refusal.code)
        if fault is not None and fault.kind == "cut-after":
            return self._cut(request)
        return web.json_response({"ok": True, "result": call.result})

    async def _do(self, call: Call) -> Any:  # whatever JSON the method answers with
        assert call.params is not None
        if strange := set(call.params.values) - PARAMETERS.get(call.method, set(call.params.values)):
            raise bad(f"{call.method} has no parameter {strange.pop()}")
        special: dict[str, Callable[[Params], Any]] = {
            "getUpdates": self.updates.get,
            "setWebhook": self.updates.set_webhook,
            "deleteWebhook": self.updates.delete_webhook,
            "getWebhookInfo": lambda _: self.updates.info(),
        }
        if call.method in special:
            result = special[call.method](call.params)
            return await result if isinstance(result, Awaitable) else result
        if call.method in HARMLESS:
            return True
        if call.method not in METHODS:
            raise rest.unknown(call.method)
        if counts(call.method):
            self.flood.admit(call.chat or None, time.monotonic)
        return METHODS[call.method](self.world, call.params)

    async def _break(self, request: web.Request, fault: Fault, call: Call) -> web.StreamResponse | None:
        if fault.kind == "flood":
            if fault.shuts:
                self.flood.shut(call.chat or None, fault.seconds, time.monotonic())
            seconds = int(fault.seconds)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if fault.kind == "refuse":
            raise Refusal(fault.code, fault.description)
        if fault.kind == "html":
            page = "<html><h1>Bad Gateway</h1></html>"
            return web.Response(status=fault.code or 502, text=page, content_type="text/html")
        if fault.kind == "garble":
            return web.Response(text=fault.description, content_type="application/json")
        if fault.kind == "cut-before":
            return self._cut(request)
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        return None

    @staticmethod
    def _cut(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.world.paths.get(request.match_info["path"])
        if request.match_info["bot"] != f"bot{self.token}" or file is None:
            self.strangers.append(request.path)
            return web.json_response(Refusal(404, "Not Found").body(), status=404)
        self.calls.append(Call("download", time.monotonic(), status=200))
        return web.Response(body=file.data, content_type="application/octet-stream")
