"""Invented people, firms and stories. All names are put together by chance; none is anyone's."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文春红梅林海云龙飞雪晓东思远子轩雨涵"
FIRM_WORDS = "嘉和正明德信诚达衡维朗石川岷峨沫青衣金凤凰九峰"


@dataclass(frozen=True)
class Story:
    """What somebody comes with: which matter, how it reads in lists, and the answers that fit its form."""

    service: str
    matter: str
    title: str
    weight: int
    details: dict[str, object]
    channels: tuple[str, ...] = ("hotline", "window", "web", "helper")


def name(random: Random) -> str:
    """A personal name of two or three characters."""
    return random.choice(SURNAMES) + "".join(random.choice(GIVEN) for _ in range(random.choice((1, 2, 2))))


def firm(random: Random, place: str) -> str:
    """A law firm's name."""
    return f"{place}{random.choice(FIRM_WORDS)}{random.choice(FIRM_WORDS)}律师事务所"


def phone(random: Random) -> str:
    """A mobile number in a range that is not given out (1700000xxxx)."""
    return f"1700000{random.randrange(10_000):04d}"


def birth_year(random: Random) -> int:
    """A year of birth with many between 30 and 65."""
    return 2026 - int(random.triangular(18, 88, 45))
