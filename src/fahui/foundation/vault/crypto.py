"""Encryption of personal identifiers: SM4-GCM with keys outside the database, and a keyed blind index for exact look-up.

One 128-bit (or longer) master key is derived into one key a purpose (HKDF with SM3). A stored value is
`key id ‖ nonce ‖ ciphertext ‖ tag`, bound to its table, column and row, so that it cannot be moved to another row.
A certified module can stand behind the same four functions (GB/T 39786; see docs/explanation/security.md).
"""

from __future__ import annotations

import functools
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from fahui.foundation.files import write_once

_KEY_ID = b"\x01"
_NONCE = 12
_TAG = 16


class VaultError(Exception):
    """A value cannot be read: wrong key, or it was changed or moved."""


@functools.cache
def _master() -> bytes:
    """The master key: FAHUI_MASTER_KEY (hex) or the file keys/master in the data directory, made at the first start."""
    given = os.environ.get("FAHUI_MASTER_KEY")
    if given:
        key = bytes.fromhex(given)
    else:
        path = Path(settings.DATA_DIR) / "keys" / "master"
        write_once(path, secrets.token_hex(32).encode())
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) < 16:
        raise VaultError("The master key must have at least 128 bits (32 hexadecimal digits).")
    return key


def make_key() -> None:
    """Make the master key where there is none, before anything can be encrypted. Raises VaultError or ValueError for one that is no key."""
    _master()


@functools.cache
def _derived(purpose: str, length: int) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=length, salt=None, info=purpose.encode()).derive(_master())


def encrypt_bytes(data: bytes, where: str) -> bytes:
    """Encrypt data for one place. `where` names table, column and row, e.g. `party.phone:123`."""
    nonce = secrets.token_bytes(_NONCE)
    encryptor = Cipher(algorithms.SM4(_derived(where.split(":", 1)[0], 16)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(where.encode())
    return _KEY_ID + nonce + encryptor.update(data) + encryptor.finalize() + encryptor.tag


def decrypt_bytes(stored: bytes, where: str) -> bytes:
    """The data encrypted for this place. Raises VaultError when key, place or content do not fit."""
    if stored[:1] != _KEY_ID or len(stored) < 1 + _NONCE + _TAG:
        raise VaultError(f"{where}: unknown key id or damaged value")
    nonce, body, tag = stored[1 : 1 + _NONCE], stored[1 + _NONCE : -_TAG], stored[-_TAG:]
    decryptor = Cipher(algorithms.SM4(_derived(where.split(":", 1)[0], 16)), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(where.encode())
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag as error:
        raise VaultError(f"{where}: the value does not belong here or the key is wrong") from error


def encrypt(text: str, where: str) -> bytes:
    """Encrypt a text; see `encrypt_bytes`."""
    return encrypt_bytes(text.encode(), where)


def decrypt(stored: bytes, where: str) -> str:
    """The text encrypted for this place; see `decrypt_bytes`."""
    return decrypt_bytes(bytes(stored), where).decode()


def blind_index(text: str, purpose: str) -> bytes:
    """A keyed digest (HMAC-SM3) by which equal texts can be found without being readable. Purpose e.g. `party.phone`."""
    digest = hmac.HMAC(_derived(f"index:{purpose}", 32), hashes.SM3())
    digest.update(text.encode())
    return digest.finalize()


def sm3(data: bytes) -> bytes:
    """The SM3 digest (GB/T 32905), 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()
