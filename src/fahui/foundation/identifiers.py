"""Identifiers: time-ordered row keys, and tracking numbers people can read out over the phone."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import datetime

# Crockford's base 32 leaves out I, L, O and U, which are misheard and misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC
TRACKING_PREFIX = "FH"
_BODY = 11


_lock = threading.Lock()
_last = 0


def new_id(count: int = 1) -> int:
    """A new row key: milliseconds since 2020 and 21 random bits, so keys sort by time and need no round trip.

    With `count`, the first of so many that follow each other. Keys of one process never clash and grow; those of two
    processes in one millisecond begin at random, and a clash fails on the primary key. Fits a signed bigint until 2159.
    """
    global _last
    key = ((int(time.time() * 1000) - _EPOCH_MS) << 21) | secrets.randbits(21)
    with _lock:
        if key >> 21 <= _last >> 21:  # the same millisecond: rows made in bulk would meet by chance
            key = _last + 1 + secrets.randbits(6)
        _last = key + count - 1
    return key


def first_id_at(moment: datetime) -> int:
    """The least row key that can have been made at this moment: keys made since are found by their primary key."""
    return (int(moment.timestamp() * 1000) - _EPOCH_MS) << 21


def new_tracking_number() -> str:
    """A new tracking number such as `FH7K2M9QX4TB3C`: 55 random bits and a check character."""
    bits = secrets.randbits(5 * _BODY)
    body = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(_BODY))
    return TRACKING_PREFIX + body + check_character(body)


def check_character(body: str) -> str:
    """The character that makes single slips and swapped neighbours visible (Luhn mod 32)."""
    total, factor = 0, 2
    for letter in reversed(body):
        product = factor * ALPHABET.index(letter)
        total += product // 32 + product % 32
        factor = 3 - factor
    return ALPHABET[-total % 32]


def read_code(text: str) -> str:
    """A short code a person typed, with spaces, dashes, small letters, O for 0, I and L for 1 read as they are meant."""
    return "".join(c for c in text.upper() if c.isalnum()).translate(_READ_AS)


def read_tracking_number(text: str) -> str | None:
    """The tracking number a person typed (spaces, dashes, lower case, O for 0 allowed), or None when it is not one."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    if not plain.startswith(TRACKING_PREFIX):
        return None
    body = plain[len(TRACKING_PREFIX):].translate(_READ_AS)
    if len(body) != _BODY + 1 or any(c not in ALPHABET for c in body):
        return None
    return TRACKING_PREFIX + body if check_character(body[:-1]) == body[-1] else None
