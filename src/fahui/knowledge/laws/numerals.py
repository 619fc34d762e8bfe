"""Chinese numerals as laws write them: 一千零七十六 <-> 1076, from 1 to 9999."""

from __future__ import annotations

import re

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"千": 1000, "百": 100, "十": 10}
LARGEST = 9999
_PLACES = re.compile(r"[一二三四五六七八九](?:[零〇一二三四五六七八九]{2,3}|[零〇])")


class NotANumber(ValueError):
    """`text` is no number from 1 to 9999."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text!r} is not a number{why}")
        self.text = text


def to_int(text: str) -> int:
    """Read a number in Chinese or Arabic digits (full-width too), also digit by digit: 一〇七六. NotANumber if it is none from 1 to 9999."""
    text = text.strip()
    if text.isdecimal():
        value = int(text)
    else:
        value = _read(text)
    if not 1 <= value <= LARGEST:
        raise NotANumber(text, f" from 1 to {LARGEST}")
    return value


def to_chinese(value: int) -> str:
    """Write a number as laws do: 10 十, 12 十二, 110 一百一十, 1010 一千零一十."""
    if not 1 <= value <= LARGEST:
        raise ValueError(f"{value} is not a number from 1 to {LARGEST}")
    written, gap = "", False
    for unit, size in [*_UNITS.items(), ("", 1)]:
        digit, value = divmod(value, size)
        if digit:
            written += ("零" if gap and written else "") + "零一二三四五六七八九"[digit] + unit
        gap = not digit
    return written[1:] if written.startswith("一十") else written


def _read(text: str) -> int:
    """Read digit and unit pairs, each unit smaller than the one before; or digits alone, three or more or with a zero: two could be a list."""
    if _PLACES.fullmatch(text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit, last = 0, None, 10_000
    for sign in text:
        if sign in _UNITS:
            size = _UNITS[sign]
            if size >= last:
                raise NotANumber(text, f": {sign} stands out of order")
            total, digit, last = total + (1 if digit is None else digit) * size, None, size
        elif sign not in _DIGITS or digit:
            raise NotANumber(text, "")
        else:
            digit = _DIGITS[sign]
    return total + (digit or 0)
