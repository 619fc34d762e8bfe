"""How a question is taken: what it is about, whether the articles found carry an answer, what is masked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fahui.knowledge.answers.hearing import marks_of, needs_of
from fahui.knowledge.answers.schema import Kind, Topic
from fahui.knowledge.search.text import half_width

LONGEST = 1000  # characters of a question; the rest is not read
SHOWN = 5  # articles shown at most
# The least confidence at which articles found are shown as an answer. Measured: docs/explanation/answers.md.
BAR = 1.9
# A curated answer is borne out by one of its articles among so many found: where they carry an answer themselves, where they do not.
NEAR, FAR = 3, 10
_A_WORD = 0.5  # so many places one character more that the question says of an answer is worth
HINT = 0.8  # the least confidence at which articles are shown with a question that is declined
RELATED = 3  # curated answers offered instead, at most
ALSO = 3  # articles found that are shown besides those of a curated answer, at most


class Place(NamedTuple):
    """Where an article stands: the short title of its law, and its chapters from the outermost inwards."""

    law: str
    chapters: Sequence[str]


def confidence(scores: Sequence[float]) -> float:
    """How far the best articles (scores best first) can be relied on, in the units of the ranking."""
    return float(scores[0]) if scores else float("-inf")


def reliable(scores: Sequence[float]) -> bool:
    """Whether articles with these scores, best first, carry an answer."""
    return confidence(scores) >= BAR


class Fit(NamedTuple):
    """A curated answer that fits by its words: how much the question says of it, at which place (from 0) the first of its articles
    was found (None: not at all), and whether two people of the bureau stand behind it."""

    said: int
    near: int | None
    reviewed: bool


def borne_out(fits: Sequence[Fit], sure: bool, any_found: bool = True) -> int | None:
    """Which of the curated answers that fit by their words is given: its place among them; None if none is.

    `sure`: the articles found carry an answer themselves; `any_found`: there are some (a question in English finds none). Words alone are little reason: of the answers that fit but cite nothing
    that was found, one in twelve held an article that governs the question (docs/explanation/answers.md). They are enough
    where nothing else can be said and the bureau's own editors answer for it.
    """
    reach = NEAR if sure else FAR
    held = [(fit.near - _A_WORD * fit.said, -fit.said, which) for which, fit in enumerate(fits) if fit.near is not None and fit.near < reach]
    if not held and not sure:
        held = [(0.0, -fit.said, which) for which, fit in enumerate(fits) if fit.reviewed or not any_found]
    return min(held)[2] if held else None


def topic_of(text: str, places: Sequence[Place], topics: Sequence[Topic]) -> Topic:
    """What a question is about: what it says counts most, then where its best articles stand. The last topic if nothing fits."""
    best, most = topics[-1], 0.0
    for topic in topics:
        score = sum(2.0 + 0.1 * len(word) for word in topic.words if word in text)
        for rank, place in enumerate(places[:3]):
            named = place.law in topic.laws or any(c in chapter for c in topic.chapters for chapter in place.chapters)
            score += (3 - rank) * 0.7 * named
        if score > most:
            best, most = topic, score
    return best


def matter_of(text: str, topic: Topic) -> tuple[str, str]:
    """The service and matter that help."""
    plain = text.lower()
    if topic.only and not any(word in plain for word in topic.only):
        return topic.service, "question"
    return topic.service, topic.matter


def kinds_of(text: str, kinds: Sequence[Kind]) -> list[Kind]:
    """The kinds whose words a question says."""
    plain = text.lower()
    return [kind for kind in kinds if any(word in plain for word in kind.words)]


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪姜范姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎贺赖龚"
_NAME = rf"(?:欧阳|上官|诸葛|司马|东方|皇甫|尉迟|公孙|慕容|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?"
_AFTER = r"(?=$|[^\u4e00-\u9fff]|[在是的和跟与说不没把被让叫要欠打给从到住今女男于借还骗拿去来拖扣占撞抢偷躲失赖离因前已向对为用就又将跑])"
_LEADS = (
    r"我叫|我是|名叫|叫做|叫|名字是|姓名[是为：:]?|本人|老板|包工头|工头|老公|丈夫|老婆|妻子|前夫|前妻|邻居|被告|原告|房东|租客|"
    r"债务人|朋友|同事|亲戚|同学|医生|司机|经理|队长|书记|主任|儿子|女儿|哥哥|弟弟|姐姐|妹妹"
)
_MASKS = (
    (re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"), "〔证件号〕"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"), "〔电话〕"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "〔邮箱〕"),
    (re.compile(r"(?<!\d)1[ -]?[3-9](?:[ -]?\d){9}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<!\d)\d(?:[ -]?\d){11,24}(?!\d)"), "〔号码〕"),
    (re.compile(r"(?<![一二三四五六七八九零〇幺])[一幺][三四五六七八九][一二三四五六七八九零〇幺]{9}(?![一二三四五六七八九零〇幺])"), "〔电话〕"),
    (re.compile(r"(?i)(?P<what>护照|通行证|军官证|台胞证|passport)(?P<no>[号码：:为是\s]*(?:no\.?|number)?\s*)[A-Z]{1,2}\d{7,9}"), r"\g<what>\g<no>〔证件号〕"),
    (re.compile(r"(?i)(?P<what>微信|wechat|weixin|qq|抖音|支付宝)(?P<no>[号账户：:为是\s]*)(?:[a-z0-9][\w-]{4,24})(?![\u4e00-\u9fff]*群)"), r"\g<what>\g<no>〔账号〕"),
    (re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}"), "〔车牌〕"),
    (re.compile(r"(?<!\d)\d{1,4}(?:栋|幢|号楼|单元)[\d\-－]{0,4}(?:单元)?\d{0,4}(?:室|号|房)?"), "〔住址〕"),
    (re.compile(r"(?i)\b(my name is|i am called)\s+[a-z]+(?:\s+[A-Z][a-z]+)?"), r"\1 〔name〕"),
    (re.compile(rf"(?P<lead>{_LEADS})(?P<name>{_NAME}{_AFTER}|{_NAME}[\u4e00-\u9fff]?(?=[，。；！？、,.\s]|$))"), r"\g<lead>〔姓名〕"),
)  # fmt: skip

_NEEDED = tuple(needs_of(pattern) for pattern, _instead in _MASKS)

# What people say to name themselves; it is no part of the question.
_TOLD_OF_ONESELF = re.compile(
    r"(?:(?:我的?|本人的?)?(?:身份证|证件|电话|手机|联系方式|联系电话|银行卡|卡|微信|QQ|qq|邮箱|sfz|SFZ)(?:号码?|号)?[：:是为]?\s*)?〔(?:证件号|电话|号码|账号|邮箱)〕(?:[，,、。；;\s]|$)"
    r"|(?:我叫|我是|我名叫|本人)〔姓名〕(?:[，,、。；;\s]|$)|(?:my name is|i am called) 〔name〕(?:[,.\s]|$)", re.I
)  # fmt: skip
_MASK = re.compile(r"〔[^〔〕]*〕")


def asked_about(text: str, marks: frozenset[str] = frozenset()) -> str:
    """What is left of a question without who asks, their papers and their phone: 身份证3602… asks nothing about identity cards.
    `marks` as for `masked`."""
    hidden = masked(text, marks)
    left = _MASK.sub("", _TOLD_OF_ONESELF.sub("", hidden)).strip(" ，,、。；;") if hidden != text else text
    return left or text


def masked(text: str, marks: frozenset[str] = frozenset()) -> str:
    """The text without phone, identity and account numbers, number plates, addresses of flats, and names that follow the
    words with which people are named. What is left may be stored for review or leave the installation. `marks` are the text's with
    half-width letters, if they are known."""
    text = half_width(text)
    marks = marks or marks_of(text)
    for (pattern, instead), needs in zip(_MASKS, _NEEDED, strict=True):
        if needs.may_hold(marks):
            text, times = pattern.subn(instead, text)
            if times:
                marks |= marks_of(text)
    return text
