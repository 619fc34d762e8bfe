"""What the portal itself asks in every interview: where, who, and how to reach them safely."""

from __future__ import annotations

from fahui.casework.forms.fields import Choice, FormModel, Line, question


class ForWhom(Choice):
    """Whose matter it is."""

    SELF = "self", "我自己的事", "My own"
    OTHER = "other", "替别人问、替别人办", "Somebody else's"


class Place(FormModel):
    """Where the matter belongs: it decides who handles it."""

    county: int = question("哪个区县", "Which county", kind="region", hint_zh="说不清就选您现在住的地方")
    township: int | None = question("哪个乡镇、街道", "Which township", default=None, kind="region",
                                    hint_zh="说不清可以不选")  # fmt: skip


_OTHER = {"for_whom": ["other"]}


class You(FormModel):
    """Who asks, and for whom."""

    for_whom: ForWhom = question("这是谁的事", "Whose matter is it", default=ForWhom.SELF)
    helped_name: Line = question("他（她）叫什么", "Their name", default="", show_if=_OTHER, sensitive=True)
    helped_phone: Line = question("他（她）的手机号", "Their phone", default="", kind="phone", show_if=_OTHER,
                                  sensitive=True, hint_zh="填了可以请他（她）用短信同意，您就能一直替他（她）办")  # fmt: skip
    relation: Line = question("您是他（她）的什么人", "Your relation to them", default="", show_if=_OTHER,
                              hint_zh="例如：女儿、工友、村干部")  # fmt: skip
    name: Line = question("您怎么称呼", "Your name", default="", sensitive=True)
    phone: Line = question("您的手机号", "Your mobile phone", default="", kind="phone", sensitive=True)
    identity: Line = question("身份证号", "Identity number", default="", kind="identity", sensitive=True,
                              hint_zh="现在可以不填，以后再补；只用来核对身份和查免证信息")  # fmt: skip


class Contact(FormModel):
    """How to reach somebody safely."""

    may_call: bool | None = question("可以打电话给您吗", "May we call", default=None)
    may_text: bool | None = question(
        "可以发短信给您吗", "May we text", default=None, hint_zh="短信只有编号和日期，不写事情"
    )
    times: Line = question("什么时候联系方便", "When", default="")
    who_answers: Line = question("可能是谁接电话、看手机", "Who else may answer", default="", sensitive=True)
    say_bureau: bool | None = question("别人接的话，可以说是司法局打来的吗", "May we say who calls", default=None)
    words: Line = question("不方便时您会怎么说", "What you say when it is not safe", default="", sensitive=True,
                           hint_zh="例如：“打错了”。我们听到就挂断")  # fmt: skip
