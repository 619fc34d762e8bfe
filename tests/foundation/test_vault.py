"""Identifiers at rest: SM4-GCM bound to its place, SM3 known answers, blind index."""

from __future__ import annotations

import re

import pytest

from fahui.foundation.vault import crypto, identity
from fahui.foundation.vault.identity import birth_date, read_identity, read_phone


def test_sm3_gives_the_standards_known_answer():
    # GB/T 32905-2016, example 1
    assert crypto.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_value_reads_back_only_in_its_own_place():
    stored = crypto.encrypt("13700000001", "party.phone:1")
    assert crypto.decrypt(stored, "party.phone:1") == "13700000001"
    with pytest.raises(crypto.VaultError):
        crypto.decrypt(stored, "party.phone:2")
    with pytest.raises(crypto.VaultError):
        crypto.decrypt(stored[:-1] + bytes([stored[-1] ^ 1]), "party.phone:1")


def test_equal_numbers_have_equal_indexes_and_unequal_ciphertexts():
    assert crypto.blind_index("13700000001", "party.phone") == crypto.blind_index("13700000001", "party.phone")
    assert crypto.blind_index("13700000001", "party.phone") != crypto.blind_index("13700000001", "phone.code")
    assert crypto.encrypt("x", "a.b:1") != crypto.encrypt("x", "a.b:1")


@pytest.mark.parametrize(("typed", "says"), [
    ("1101011990030766", "18位"), ("110101199013076615", "出生日期"), ("110101199003076614", "最后一位"),
])  # fmt: skip
def test_a_wrong_identity_number_says_what_is_wrong(typed: str, says: str):
    with pytest.raises(ValueError, match=says):
        read_identity(typed)


def test_identity_and_phone_are_read_in_the_ways_people_write_them():
    assert read_identity("11010519491231002x") == "11010519491231002X"
    assert str(birth_date("11010519491231002X")) == "1949-12-31"
    assert read_phone("137 0000-0001") == "13700000001"
    assert read_phone("0833-2100000") == "08332100000"
    with pytest.raises(ValueError, match="11位手机号"):
        read_phone("你好")


@pytest.mark.parametrize("typed", ["13000000000", "19999999999", "+86 137-0000-0001", "12012345678", "1370000000", "137000000011", "１３７００００００００"])
def test_a_mobile_number_read_the_short_way_is_what_the_long_way_gives(typed: str, monkeypatch: pytest.MonkeyPatch):
    def read() -> str:
        try:
            return read_phone(typed)
        except ValueError as error:
            return str(error)

    short = read()
    monkeypatch.setattr(identity, "_MOBILE", re.compile("(?!)"))
    assert read() == short
