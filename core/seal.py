"""Encrypts what people wrote before it goes to the store, where the operator sets CONTENT_KEY.

CONTENT_KEY holds one or more secrets, separated by commas: the first one seals, every one opens. To
change the secret put the new one in front, let `reseal` seal anew what lies under the old one, and remove it.
What was stored without a secret stays readable, and what no secret opens counts as not there.
"""

import hashlib
import os
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

log = structlog.get_logger(__name__)

_LEAST_SECRET = 16  # characters; HKDF does not make a short secret strong
_PLAIN, _SEALED = b"\x00", b"\x01"
_ID_BYTES, _NONCE_BYTES = 4, 12


class Seal:
    """Encrypts and decrypts bytes. `context` says where they belong (the associated data of the cipher): moved
    elsewhere they can no longer be decrypted."""

    def __init__(self, secrets: str = "") -> None:
        """Raises ValueError on a secret that is too short."""
        self._ciphers = dict(map(_cipher, split_secrets(secrets)))
        self._newest = next(iter(self._ciphers), None)  # the id of the key that seals
        self.unreadable = 0  # how many values could not be decrypted so far

    def encrypt(self, plain: bytes, context: str) -> bytes:
        """`plain` under the first secret, or as it is where there is none."""
        if self._newest is None:
            return _PLAIN + plain
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, plain, context.encode())
        return _SEALED + self._newest + nonce + sealed

    def is_newest(self, stored: bytes) -> bool:
        """Whether it was encrypted as it would be now."""
        return stored.startswith(_PLAIN if self._newest is None else _SEALED + self._newest)

    def decrypt(self, stored: bytes | None, context: str) -> bytes | None:
        """What was encrypted; None where nothing is stored, or it cannot be decrypted."""
        if stored is None:
            return None
        mark, rest = stored[:1], stored[1:]
        if mark == _PLAIN:
            return rest
        cipher = self._ciphers.get(rest[:_ID_BYTES])
        nonce, sealed = rest[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], rest[_ID_BYTES + _NONCE_BYTES :]
        if mark == _SEALED and cipher is not None:
            from cryptography.exceptions import InvalidTag

            try:
                return cipher.decrypt(nonce, sealed, context.encode())
            except (InvalidTag, ValueError):
                pass
        self.unreadable += 1
        log.warning("seal.unreadable", known_key=cipher is not None)
        return None


def split_secrets(text: str) -> list[str]:
    """The secrets in CONTENT_KEY. Raises ValueError on one that is too short."""
    secrets = [part.strip() for part in text.split(",") if part.strip()]
    if any(len(secret) < _LEAST_SECRET for secret in secrets):
        raise ValueError(f"must have at least {_LEAST_SECRET} characters in each key")
    return secrets


def _cipher(secret: str) -> "tuple[bytes, AESGCM]":
    """The key's id and what seals with it. The library (6 MB) is loaded only where a secret is set."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(SHA256(), length=32, salt=None, info=b"minitool-bots content").derive(secret.encode())
    return hashlib.sha256(key).digest()[:_ID_BYTES], AESGCM(key)
