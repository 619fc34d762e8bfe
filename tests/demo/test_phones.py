"""A made-up number looks like one of the city it is in."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from fahui.demo.phones import landline


@pytest.mark.parametrize(("city", "form"), [
    ("leshan", r"0833-2\d{6}"), ("jingdezhen", r"0798-2\d{6}"), ("tianjin", r"022-62\d{6}"), ("anhui", r"2\d{6}"),
])  # fmt: skip
def test_a_landline_has_the_citys_area_code(settings: Any, city: str, form: str):
    settings.CITY = city
    assert re.fullmatch(form, landline(Random(1)))
