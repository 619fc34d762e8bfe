"""Words that must raise an alarm instead of an answer: danger to life, domestic violence, crowds. Pure.

Too many alarms cost a minute each; one too few may cost a life. So the words are wide, a person always decides, and the
alarm says which words it heard. Nothing here is kept about anybody who did not need help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fahui.services.consultation.choices import AlarmKind

_NEAR_ONES = (
    r"(?:老公|丈夫|我男人|老婆|妻子|媳妇|前夫|前妻|男朋友|女朋友|男友|女友|公公|婆婆|我爸|我妈|父亲|母亲|儿子|女儿)"
)
_ANYONE = rf"(?:他|她|他们|有人|对方|老板|邻居|那个人|{_NEAR_ONES})"
_KILL = r"(?:杀|砍|捅|弄死|打死|整死|烧死)"
_HIT = r"(?:打|殴打|掐|踢|踹|扇|虐待|关起来|锁起来)"

# In order of urgency: the first that is heard is the alarm.
_HEARD: tuple[tuple[AlarmKind, re.Pattern[str]], ...] = (
    (AlarmKind.SUICIDE, re.compile(
        r"轻生|自杀(?!式)|自尽|寻死|不想活|活不下去|活着没(?:意思|意义)|想死|死了算|割腕|喝农药|上吊|跳(?:楼|河|江|桥)")),
    (AlarmKind.THREAT, re.compile(
        rf"{_ANYONE}[^，。；！？\n]{{0,8}}{_KILL}(?:了)?(?:我|我们|我全家|人)|(?:要|想|扬言){_KILL}(?:了)?(?:我|他|她|人)"
        r"|同归于尽|拿着?刀|泼汽油|放火烧|被绑架|救命")),
    (AlarmKind.DOMESTIC_VIOLENCE, re.compile(
        rf"家暴|家庭暴力|{_NEAR_ONES}[^，。；！？\n]{{0,8}}{_HIT}(?:了)?我|被{_NEAR_ONES}[^，。；！？\n]{{0,4}}{_HIT}")),
    (AlarmKind.CROWD, re.compile(
        r"聚众|聚集(?:闹|讨|堵)|堵(?:路|门|大门|桥|工地)|拉横幅|集体(?:上访|讨薪|停工|罢工)|群体性|围堵|静坐")),
)  # fmt: skip


@dataclass(frozen=True)
class Alarm:
    """What was heard, why it matters, and what to do first."""

    kind: str
    heard: str
    zh: str
    en: str
    script: tuple[str, ...]
    basis: tuple[str, ...]


_SCRIPT: dict[AlarmKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    AlarmKind.SUICIDE: (
        ("先问：您现在在哪里，身边有人吗？", "不挂电话，让对方说；请班长三方通话，拨110或者120。", "不争论，不讲法条，不留对方一个人。"),
        ("人民警察法第二十一条",),
    ),
    AlarmKind.THREAT: (
        ("先问：您现在安全吗，对方在不在旁边？", "有现实危险的，请班长同时拨110，说清地点。", "能离开的先离开，不要当面争执。"),
        ("人民警察法第二十一条",),
    ),
    AlarmKind.DOMESTIC_VIOLENCE: (
        ("先问：现在方便说话吗，人安全吗？不方便的，约一个安全的时间。", "正在发生的，拨110；公安机关应当及时出警、制止。",
         "告诉对方可以向法院申请人身安全保护令；只用本人说安全的方式联系。"),
        ("反家庭暴力法第十三条", "反家庭暴力法第十五条", "反家庭暴力法第二十三条"),
    ),
    AlarmKind.CROWD: (
        ("问清：在哪里，多少人，为什么事，有没有人受伤？", "请班长通知值班领导和属地；诉求当场登记，一件事一个编号。",
         "劳动者十人以上的，可以推举代表；走访推选的代表不超过5人。"),
        ("劳动争议调解仲裁法第七条", "信访工作条例第二十条"),
    ),
}  # fmt: skip


def alarm_in(text: str) -> Alarm | None:
    """The most urgent alarm in these words, explained; None when there is none."""
    for kind, words in _HEARD:
        if found := words.search(text):
            return alarm_of(kind, found[0])
    return None


def alarm_of(kind: str, heard: str = "") -> Alarm:
    """The alarm of a kind, as pressed by an agent. Raises ValueError for an unknown kind."""
    known = AlarmKind(kind)
    script, basis = _SCRIPT[known]
    said_zh, said_en = (f"听到“{heard}”", f"Heard “{heard}”") if heard else ("座席报警", "Raised by the agent")
    return Alarm(known.value, heard, f"{said_zh}：可能是“{known.zh}”。先确认人是否安全，再谈法律。",
                 f"{said_en}: {known.en.lower()}. First make sure the person is safe.", script, basis)  # fmt: skip
