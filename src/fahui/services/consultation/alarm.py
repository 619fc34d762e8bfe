"""What an agent does when words of danger are heard: a script for each kind, with its articles. Pure.

The words themselves are heard by `knowledge.answers.danger`, as everywhere; a person always decides, and the alarm says
which words it heard. Nothing here is kept about anybody who did not need help.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fahui.knowledge.answers.danger import Heard, danger_in
from fahui.services.consultation.choices import AlarmKind
from fahui.services.consultation.values import spoken

FLAG = "alarm_"
"""How a matter is flagged whose alarm has not been dealt with: `alarm_suicide`."""


@dataclass(frozen=True)
class Alarm:
    """What was heard, why it matters, and what to do first."""

    kind: str
    heard: str
    zh: str
    en: str
    script: tuple[str, ...]
    script_en: tuple[str, ...]
    basis: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Under which its script stands among the bureau's own content."""
        return f"alarm-{self.kind.replace('_', '-')}"


_SCRIPT: dict[AlarmKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    AlarmKind.SUICIDE: (
        ("先问：您现在在哪里，身边有人吗？", "不挂电话，让对方说；请班长三方通话，拨110或者120。", "不争论，不讲法条，不留对方一个人。"),
        ("人民警察法第二十一条",),
    ),
    AlarmKind.CHILD: (
        ("先问：孩子现在在哪里，安全吗，伤害孩子的人在不在旁边？", "请班长马上报告公安机关，再告诉民政、教育部门；这是法定的强制报告，不用等谁同意。",
         "让孩子先离开危险；不反复追问孩子经过，不说出孩子的姓名、学校、住址。"),
        ("未成年人保护法第十一条", "未成年人保护法第一百零三条"),
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
_SCRIPT_EN: dict[AlarmKind, tuple[str, ...]] = {
    AlarmKind.SUICIDE: (
        "Ask first: where are you now, is anybody with you?",
        "Stay on the line and let them talk; have the shift's lead join the call and dial 110 or 120.",
        "No arguing, no law, and never leave them alone.",
    ),
    AlarmKind.CHILD: (
        "Ask first: where is the child now, is the child safe, is whoever hurts the child near?",
        "Have the lead report it to the police at once, then tell the civil affairs and education offices; the law orders this report, nobody has to agree.",
        "Get the child out of danger first; do not ask again and again what happened, do not give away name, school or address.",
    ),
    AlarmKind.THREAT: (
        "Ask first: are you safe now, is the other one near?",
        "Where the danger is real, have the lead dial 110 meanwhile and say the place.",
        "Whoever can leave should leave first and not quarrel face to face.",
    ),
    AlarmKind.DOMESTIC_VIOLENCE: (
        "Ask first: can you talk now, are you safe? If not, agree on a safe time.",
        "Where it is happening now, dial 110; the police have to come in time and stop it.",
        "Tell them that a court can order protection of their person; reach them only in the way they said is safe.",
    ),
    AlarmKind.CROWD: (
        "Ask: where, how many, what about, is anybody hurt?",
        "Have the lead tell the leader on duty and the place itself; record the demands at once, one number for each matter.",
        "Ten workers or more may choose somebody to speak for them; those who come in person choose at most five.",
    ),
}


def alarm_in(text: str) -> Alarm | None:
    """The most urgent alarm in these words, explained; None when there is none."""
    return alarm_from(danger_in(text))


def alarm_from(heard: Heard | None) -> Alarm | None:
    """The alarm that danger heard in words gives; None where it is not sure: then somebody should read them soon."""
    return alarm_of(heard.danger.id, heard.words) if heard and heard.sure else None


def alarm_of(kind: str, heard: str = "") -> Alarm:
    """The alarm of a kind, heard in words or raised by an agent. Raises ValueError for an unknown kind."""
    known = AlarmKind(kind)
    script, basis = _SCRIPT[known]
    said_zh, said_en = (f"听到“{heard}”", f"Heard “{heard}”") if heard else ("警报还没有解除", "An alarm stands")
    return Alarm(known.value, heard, f"{said_zh}：可能是“{known.zh}”。先确认人是否安全，再谈法律。",
                 f"{said_en}: {known.en.lower()}. First make sure the person is safe.",
                 script, _SCRIPT_EN[known], basis)  # fmt: skip


def alarms_standing(flags: Iterable[str], details: Mapping[str, Any]) -> list[Alarm]:
    """The alarms a matter's flags say are not dealt with, each with the words it was heard in, if it was in words."""
    kinds = [flag.removeprefix(FLAG) for flag in flags if flag.startswith(FLAG)]
    heard = alarm_from(danger_in(spoken(details))) if kinds else None
    return [heard if heard and heard.kind == kind else alarm_of(kind) for kind in kinds]
