"""What a complaint asks. The complainant's name and phone are the Party's and stand in no form here.

The forms of the actions live in `forms.py` and are named here too, so that a definition finds every class in one place.
"""

from __future__ import annotations

from datetime import date

from fahui.casework.forms.fields import CaseDetails, Line, Text, question
from fahui.services.complaint.choices import About, RatingReason, SiteFault
from fahui.services.complaint.forms import (
    Accept,
    AskReview,
    Enquiry,
    Extend,
    FirstContact,
    FixSite,
    ObjectRemit,
    Opinion,
    RecordReview,
    Rectify,
    RouteAway,
    Withdraw,
)

__all__ = [
    "Accept",
    "AskReview",
    "BadRatingDetails",
    "ComplaintDetails",
    "Enquiry",
    "Extend",
    "FirstContact",
    "FixSite",
    "ObjectRemit",
    "Opinion",
    "RecordReview",
    "Rectify",
    "RouteAway",
    "SiteErrorDetails",
    "Withdraw",
]


class ComplaintDetails(CaseDetails):
    """A complaint about a service or the people who gave it."""

    about: About | None = question("投诉谁", "About whom", default=None)
    about_number: Line = question("当时的编号（有的话）", "The number of the matter, if any", default="",
                                  hint_zh="短信或回执上以FH开头；没有也能投诉",
                                  hint_en="It begins with FH in the text message or receipt; you can complain without it")  # fmt: skip
    about_whom: Line = question("单位或者人的名字", "Name of the office or person", default="", sensitive=True,
                                hint_zh="不知道名字，写在哪里、什么时候遇到的",
                                hint_en="If you do not know the name, say where and when you met them")  # fmt: skip
    happened_on: date | None = question("哪天的事", "When", past=True, default=None)
    what: Text = question("发生了什么", "What happened", default="", kind="long", sensitive=True)
    wanted: Text = question("您希望怎么解决", "What should be done", default="", kind="long")
    money_asked: bool | None = question("有人向您收过钱或者东西吗", "Was money or a gift asked", default=None)
    people: int | None = question("一起投诉的有几个人", "How many complain together", default=None, kind="number", ge=1,
                                  le=5000)  # fmt: skip
    keep_from_them: bool = question("不要让对方知道是我投诉的", "Do not let them know it was me", default=True,
                                    hint_zh="不管选不选，被投诉的人都看不到您的信息",
                                    hint_en="Chosen or not, those complained of never see who you are")  # fmt: skip


class BadRatingDetails(CaseDetails):
    """What the rating said; opened by the system, never typed."""

    about_number: Line = question("被评价的编号", "The rated matter")
    score: int = question("评分", "Score", kind="number", ge=1, le=2)
    reasons: list[RatingReason] = question("不满意的原因", "Reasons", default=[], kind="choices")
    words: Text = question("本人的话", "In their words", default="", kind="long", sensitive=True)


class SiteErrorDetails(CaseDetails):
    """A fault found on the site. Anybody may report one; no name is needed."""

    fault: SiteFault | None = question("是哪种错", "What kind of fault", default=None)
    page: Line = question("在哪一页", "On which page", default="", hint_zh="页面的名称或者网址",
                          hint_en="The page's title or address")  # fmt: skip
    what: Text = question("错在哪里", "What is wrong", kind="long", min_length=2)
