"""Mainland identity numbers and phone numbers: reading what people type, checking it, masking it."""

from __future__ import annotations

import re
from datetime import date

import phonenumbers
from django.utils.translation import gettext as _

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_MOBILE = re.compile("1[3-9][0-9]{9}")


def read_identity(text: str) -> str:
    """The identity number in standard form (GB 11643: 17 digits and a check character).

    Raises ValueError with what is wrong, in words for the person typing.
    """
    plain = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", plain):
        raise ValueError(_("身份证号码应为18位，请核对"))
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError as error:
        raise ValueError(_("身份证号码中的出生日期不对，请核对")) from error
    if _CHECK[sum(int(d) * w for d, w in zip(plain, _WEIGHTS, strict=False)) % 11] != plain[17]:
        raise ValueError(_("身份证号码最后一位对不上，请核对"))
    return plain


def birth_date(identity: str) -> date:
    """The birth date inside a valid identity number."""
    return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))


def read_phone(text: str) -> str:
    """A phone number as national digits (`13700000001`, `08332100000`). Raises ValueError with what to do."""
    plain = re.sub(r"[\s()-]", "", text)
    if _MOBILE.fullmatch(plain):  # nearly all of them, and plain enough
        return plain
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException as error:
        raise ValueError(_("电话号码看不懂，请写11位手机号或带区号的座机")) from error
    if number.country_code != 86:
        return f"+{number.country_code}{number.national_number}"
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_("电话号码位数不对，请写11位手机号或带区号的座机"))
    national = phonenumbers.national_significant_number(number)
    return national if national.startswith("1") and len(national) == 11 else f"0{national}"


def mask(text: str, keep_front: int = 3, keep_back: int = 4) -> str:
    """`13700000001` → `137****0001`."""
    if len(text) <= keep_front + keep_back:
        return "*" * len(text)
    return f"{text[:keep_front]}{'*' * (len(text) - keep_front - keep_back)}{text[-keep_back:]}"


def mask_name(name: str) -> str:
    """`李小婶` → `李**`."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
