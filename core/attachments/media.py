"""Our own links to pictures: signed, short-lived, and leading to nothing else. For IMAGE_TRANSPORT=link.

The bytes lie in the store for as long as a link lives, so any process can serve them. Whoever serves them
sends the media type given here, `X-Content-Type-Options: nosniff` and `Cache-Control: private, no-store`.
"""

import hashlib
import hmac
import re
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

from core.conversation import Prepared
from core.seal import Seal
from core.settings import Settings
from core.store import Script, Store

LINK_TTL_S = 600  # longer than the model's side takes to fetch it, even after a retry
_SECRET_TTL_S = 7 * 86400
_ID_BYTES, _MAC_BYTES = 16, 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{54}")

# The first process makes the secret; all sign with the same one, and use keeps it.
_SECRET = Script("""
redis.call('SET', KEYS[1], ARGV[1], 'NX')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('GET', KEYS[1])
""")


def _key(name: str) -> str:
    return f"{{media}}:{name}"


class Media:
    """Links to pictures, and the pictures behind them."""

    def __init__(self, store: Store, seal: Seal, settings: Settings, clock: Callable[[], float]) -> None:
        self._store, self._base, self._clock = store, settings.public_url, clock
        self._seal = seal

    async def link(self, picture: Prepared) -> str:
        """An address under PUBLIC_URL that serves this picture for LINK_TTL_S seconds."""
        name = secrets.token_bytes(_ID_BYTES)
        body = name + struct.pack(">d", self._clock() + LINK_TTL_S)
        token = urlsafe_b64encode(body + self._mac(await self._secret(), body)).decode().rstrip("=")
        data = self._seal.encrypt(f"{picture.media_type}\n".encode() + picture.data, name.hex())
        with self._store.guard():
            await self._store.redis.set(_key(name.hex()), data, ex=LINK_TTL_S)
        return f"{self._base}/media/{token}"

    async def get(self, token: str) -> tuple[bytes, str] | None:
        """What GET /media/{token} answers: the bytes and their media type; None for every token that is not one
        of ours, or expired."""
        if not _TOKEN.fullmatch(token):
            return None
        raw = urlsafe_b64decode(f"{token}==")
        body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(await self._secret(), body)):
            return None
        name, (expires,) = body[:_ID_BYTES].hex(), struct.unpack(">d", body[_ID_BYTES:])
        if self._clock() >= expires:
            return None
        with self._store.guard():
            plain = self._seal.decrypt(await self._store.redis.get(_key(name)), name)
        if plain is None:
            return None
        media_type, _, data = plain.partition(b"\n")
        return data, media_type.decode()

    async def _secret(self) -> bytes:
        fresh = secrets.token_bytes(32)
        secret: bytes = await self._store.run(_SECRET, [_key("secret")], (fresh, _SECRET_TTL_S))
        return secret

    @staticmethod
    def _mac(secret: bytes, body: bytes) -> bytes:
        return hmac.new(secret, body, hashlib.sha256).digest()[:_MAC_BYTES]
