"""Region codes: the 12-digit statistical code is the key and the path, so a jurisdiction is a numeric range.

Source: 国家统计局《统计用区划代码和城乡划分代码编制规则》. The digits read 省 2, 地 2, 县 2, 乡 3, 村 3; zeros
from the right mean "the whole of". A place may skip a tier: 东莞市 has no counties, so its streets (441900003000)
hang under the city directly; 仙桃市 (429004000000) is a county-tier city under 省直辖县级行政区划.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE = 1, 2, 3, 4, 5

ONLY_NUMBERS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
"""Names of codes that no place bears: they only stand before the codes of others."""

# How many codes one unit of each level spans, highest level first.
_SPAN = {
    PROVINCE: 10**10,
    PREFECTURE: 10**8,
    COUNTY: 10**6,
    TOWNSHIP: 10**3,
    VILLAGE: 1,
}
_LENGTHS = {2, 4, 6, 9, 12}


def level_of(code: int) -> int:
    """The level of a code: 1 province, 2 prefecture, 3 county, 4 township, 5 village. ValueError if it is no code."""
    _check(code)
    return next(level for level, span in _SPAN.items() if code % span == 0)


def span_of(level: int) -> int:
    """How many codes a place of this level spans: 1,000,000 for a county."""
    return _SPAN[level]


def jurisdiction(code: int) -> tuple[int, int]:
    """The range (low, high), high excluded, of every code inside this one: 乐山市 -> (511100000000, 511200000000)."""
    return code, code + _SPAN[level_of(code)]


def contains(code: int, other: int) -> bool:
    """Whether `other` is this region or lies inside it."""
    low, high = jurisdiction(code)
    _check(other)
    return low <= other < high


def parent(code: int) -> int | None:
    """The nearest region above by code, None for a province. A tier that is not there is skipped (东莞市's streets)."""
    level = level_of(code)
    return None if level == PROVINCE else code - code % _SPAN[level - 1]


def ancestors(code: int) -> list[int]:
    """Every region above by code, nearest first."""
    found: list[int] = []
    above = parent(code)
    while above is not None:
        found.append(above)
        above = parent(above)
    return found


def parse_code(text: str) -> int:
    """A code as people write it: 2, 4, 6, 9 or 12 digits, filled up with zeros. ValueError says what to fix."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(_("区划代码“%(text)s”含有数字以外的字符，请只填写数字。") % {"text": text})
    if len(digits) not in _LENGTHS:
        raise ValueError(
            _("区划代码“%(text)s”有 %(count)s 位，应为 12 位（或 2、4、6、9 位简码）。") % {"text": text, "count": len(digits)}
        )
    code = int(digits.ljust(12, "0"))
    _check(code)
    return code


def _check(code: int) -> None:
    if not 10**11 <= code < 10**12:
        raise ValueError(_("区划代码“%(code)s”不是 12 位数字，或以 0 开头，请核对后再填。") % {"code": code})
