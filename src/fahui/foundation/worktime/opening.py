"""Opening hours: read from plain text, written in one form, and asked whether the door is open. Pure; no clock, no database.

The text is the stored form: `written(parse(text))` is its one spelling, and `parse(written(hours)) == hours`. What this module
cannot read without guessing it refuses, and a page then says to telephone. Public holidays and make-up workdays come from the
working calendar; a day that no announced calendar covers is unknown, not open and not shut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext as _

from fahui.foundation.worktime.rules import BUSINESS_ZONE, Calendar, Kind

Span = tuple[int, int]
"""From and to, in minutes from 0:00 of its day. An end beyond 1440 is the next morning."""

DAY = 1440
_ALL_DAY: tuple[Span, ...] = ((0, DAY),)
_AHEAD = 15  # days looked ahead for the next opening: the longest holiday and its weekends fit
_DAYS = "一二三四五六日"
_EVENING = 16 * 60  # a span that ends before it begins runs into the night only when it begins this late


class Unreadable(ValueError):
    """The text does not say plainly when the door is open; the message says how to write it."""


class Holidays(StrEnum):
    """What the hours say of public holidays."""

    UNSAID = "unsaid"
    CLOSED = "closed"
    USUAL = "usual"
    OWN = "own"


@dataclass(frozen=True)
class Hours:
    """The hours of a week, Monday first, and of public holidays."""

    week: tuple[tuple[Span, ...], ...]
    holidays: Holidays = Holidays.UNSAID
    holiday: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise Unreadable(_("没有写哪天开门。请写成：周一至周五 9:00–12:00、14:00–17:00"))
        if bool(self.holiday) != (self.holidays is Holidays.OWN):
            raise ValueError("hours of holidays stand exactly with Holidays.OWN")
        for spans in (*self.week, self.holiday):
            _in_order(spans)
        if any(a and a[-1][1] > DAY and b and b[0][0] < a[-1][1] - DAY
               for a, b in zip(self.week, self.week[1:] + self.week[:1], strict=True)):  # fmt: skip
            raise Unreadable(_("前一天夜里的时间和第二天早上的重叠了，请核对。"))

    @property
    def always(self) -> bool:
        """Whether the door never shuts."""
        return all(spans == _ALL_DAY for spans in self.week) and self.holidays is Holidays.USUAL


class State(StrEnum):
    """Whether a door is open at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Status:
    """The state at a moment; when an open door shuts (None: never), or a shut one opens next (None: not known)."""

    state: State
    until: datetime | None = None
    opens: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the door is open, for certain."""
        return self.state is State.OPEN


UNKNOWN = Status(State.UNKNOWN)
Exceptions = Mapping[date, tuple[Span, ...]]
"""Days that are not as usual, with their hours; none means shut."""


# --- reading


@dataclass
class _Draft:
    """What was read so far."""

    week: list[list[Span]] = field(default_factory=lambda: [[] for _ in range(7)])
    days: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)  # days named before a word on holidays, their hours still to come
    on_holidays: bool = False
    timed: bool = False
    holidays: Holidays = Holidays.UNSAID
    holiday: list[Span] = field(default_factory=list)

    def name(self, days: Sequence[int]) -> None:
        """These days are spoken of; a new sentence begins when the last one had its hours."""
        if self.timed or self.on_holidays:
            self.days, self.on_holidays, self.timed = [], False, False
        self.days += [day for day in days if day not in self.days]

    def name_holidays(self) -> None:
        """Public holidays are spoken of."""
        self.waiting = [] if self.timed else self.days
        self.days, self.on_holidays, self.timed = [], True, False

    def settle_holidays(self, holidays: Holidays) -> None:
        """Holidays are dealt with; days named just before them still wait for their hours: 周一至周五（节假日除外）9:00–17:00."""
        self.holidays, self.holiday = holidays, []
        self.days, self.on_holidays, self.timed = self.waiting, False, False

    def open(self, span: Span) -> None:
        """The days (or holidays) spoken of are open then."""
        if self.on_holidays:
            self.holidays = Holidays.OWN
            self.holiday.append(span)
        elif self.days:
            for day in self.days:
                self.week[day].append(span)
        else:
            raise Unreadable(_("没有写星期几。请写成：周一至周五 9:00–12:00、14:00–17:00"))
        self.timed = True

    def shut(self) -> None:
        """The days (or holidays) spoken of are shut."""
        if self.on_holidays:
            self.settle_holidays(Holidays.CLOSED)
            return
        if not self.days:
            raise Unreadable(_("没有写哪天休息。请写成：周日休息"))
        for day in self.days:
            self.week[day] = []
        self.timed = True


_TIME = r"(?:(?P<{n}h>凌晨|早上|上午|中午|下午|晚上|晚|次日|翌日|第二天)?(?P<{n}>\d{{1,2}})(?:[:点时](?P<{n}m>\d{{1,2}}|半)?分?)?)"
_TOKEN = re.compile(
    "|".join([
        r"(?P<daily>每天|每日|天天|全年无休|周一(?:-|至|到)周?日)",
        r"(?P<days>周[一二三四五六日](?:-|至|到)周?[一二三四五六日])",
        r"(?P<some>周[一二三四五六日]+)",
        r"(?P<work>工作日)", r"(?P<weekend>周末|双休日)",
        r"(?P<holidays>(?:国家)?(?:法定)?(?:节假日|公众假日|假日))",
        r"(?P<all>全天候?24小时|24小时(?:全天候?)?|全天候?)",
        r"(?P<span>" + _TIME.format(n="a") + r"(?:-|至|到)" + _TIME.format(n="b") + ")",
        r"(?P<shut>休息|不开放|不办公|不营业|不上班|闭馆|关门|除外|放假|休)",
        r"(?P<usual>照常|不休|正常)",
        r"(?P<filler>开放|办公|营业|接待|上班|服务|时间|均|为|[:,;、。和及与|/()])",
    ])
)  # fmt: skip


@lru_cache(maxsize=4096)
def parse(text: str) -> Hours:
    """The hours a plain text says, such as `周一至周五 9:00–12:00、14:00–17:00；周六 9:00–12:00；法定节假日休息`.

    Raises Unreadable, saying how to write it, whenever a reader would have to guess.
    """
    plain = _plain(text)
    draft, at = _Draft(), 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            raise Unreadable(_("看不懂“%(part)s”。请写成：周一至周五 9:00–12:00、14:00–17:00；法定节假日休息") % {"part": plain[at : at + 12]})
        _take(draft, match)
        at = match.end()
    # 24小时 without a word on holidays means what it says.
    always = all(spans == list(_ALL_DAY) for spans in draft.week) and draft.holidays is Holidays.UNSAID
    return Hours(
        tuple(_joined(spans) for spans in draft.week), Holidays.USUAL if always else draft.holidays, _joined(draft.holiday)
    )


def readable(text: str) -> Hours | None:
    """As `parse`, with None for no text and for a text that cannot be read."""
    if not text.strip():
        return None
    try:
        return parse(text)
    except Unreadable:
        return None


_ENGLISH = [
    *((rf"\b{name}[a-z]*", f"周{sign}") for name, sign in zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _DAYS, strict=True)),
    (r"\b(?:every ?day|daily)", "每天"), (r"\b(?:public )?holidays?", "法定节假日"), (r"\bclosed", "休息"), (r"\bas usual", "照常"),
    (r"\b24 ?hours", "24小时"), (r"\band\b", "、"),
]  # fmt: skip


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    for english, chinese in _ENGLISH:
        plain = re.sub(english, chinese, plain)
    plain = "".join(plain.split())
    plain = re.sub("星期|礼拜", "周", plain).replace("周天", "周日")
    return re.sub("[–—―−~～〜]+|--+", "-", plain)


def _take(draft: _Draft, match: re.Match[str]) -> None:
    word = match[0]
    match match.lastgroup:
        case "daily":
            draft.name(range(7))
            if word == "全年无休":
                draft.holidays = Holidays.USUAL
        case "days":
            first, last = (_DAYS.index(sign) for sign in word if sign in _DAYS)
            if last < first:
                raise Unreadable(_("“%(part)s”前后颠倒了，请分开写。") % {"part": word})
            draft.name(range(first, last + 1))
        case "some":
            draft.name([_DAYS.index(sign) for sign in word[1:]])
        case "work":
            draft.name(range(5))
            if draft.holidays is Holidays.UNSAID:
                draft.holidays = Holidays.CLOSED  # a working day is one by the calendar
        case "weekend":
            draft.name((5, 6))
        case "holidays":
            draft.name_holidays()
        case "all":
            if not draft.days and not draft.on_holidays:
                draft.name(range(7))
            draft.open((0, DAY))
        case "span":
            draft.open(_span(match))
        case "shut":
            draft.shut()
        case "usual" if draft.on_holidays:
            draft.settle_holidays(Holidays.USUAL)
        case "usual":
            raise Unreadable(_("“照常”只能写在法定节假日后面。"))
        case _filler:
            pass


def _span(match: re.Match[str]) -> Span:
    begin, end = _minute(match, "a"), _minute(match, "b")
    if match["bh"] is None and match["ah"] in ("下午", "晚上", "晚") and end <= begin and end < DAY // 2:
        end += DAY // 2  # 下午2:00-5:00
    if end <= begin:
        if begin < _EVENING:
            raise Unreadable(_("“%(part)s”的结束早于开始。请用24小时制，例如14:00–17:30") % {"part": match["span"]})
        end += DAY
    return begin, end


def _minute(match: re.Match[str], name: str) -> int:
    hour, minute, half = int(match[name]), match[f"{name}m"], match[f"{name}h"] or ""
    minutes = 30 if minute == "半" else int(minute or 0)
    if half in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    if hour > 24 or minutes > 59 or (hour == 24 and minutes):
        raise Unreadable(_("没有“%(part)s”这样的时间，请核对。") % {"part": match["span"]})
    return hour * 60 + minutes + (DAY if half in ("次日", "翌日", "第二天") else 0)


def _in_order(spans: Sequence[Span]) -> None:
    """Each span ends after it begins and before the next begins; only the last may run into the night."""
    for number, (begin, end) in enumerate(spans):
        if not 0 <= begin < DAY or not begin < end <= begin + DAY:
            raise Unreadable(_("一段时间应当在一天之内，请核对。"))
        if number and begin <= spans[number - 1][1]:
            raise Unreadable(_("同一天的时间重叠或者前后颠倒了。请用24小时制，例如8:30–12:00、14:30–17:30"))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in the order given, those that touch as one."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1][1] == span[0]:
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    _in_order(found)
    return tuple(found)


# --- writing


def written(hours: Hours) -> str:
    """The hours in their one form, in Chinese whatever the reader's language."""
    parts = [f"{_days_text(days)} {_spans_text(spans)}" for days, spans in _groups(hours)]
    match hours.holidays:
        case Holidays.CLOSED:
            parts.append("法定节假日休息")
        case Holidays.USUAL if not hours.always:
            parts.append("法定节假日照常")
        case Holidays.OWN:
            parts.append(f"法定节假日 {_spans_text(hours.holiday)}")
        case _:
            pass
    return "；".join(parts)


def tidy(text: str) -> str:
    """A text in its one form when it can be read, else as it was given (pages then say to telephone)."""
    hours = readable(text)
    return written(hours) if hours else " ".join(text.split())


def _groups(hours: Hours) -> Iterator[tuple[list[int], tuple[Span, ...]]]:
    """Days that share their hours, in the order of their first day."""
    for spans in dict.fromkeys(spans for spans in hours.week if spans):
        yield [day for day in range(7) if hours.week[day] == spans], spans


def _days_text(days: Sequence[int]) -> str:
    if len(days) == 7:
        return "每天"
    return "、".join(f"周{_DAYS[a]}至周{_DAYS[b]}" if b - a > 1 else "、".join(f"周{_DAYS[d]}" for d in range(a, b + 1))
                     for a, b in _runs(days))  # fmt: skip


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _spans_text(spans: Sequence[Span]) -> str:
    if tuple(spans) == _ALL_DAY:
        return "24小时"
    return "、".join(f"{clock_text(begin)}–{'次日' if end > DAY else ''}{clock_text(end - DAY if end > DAY else end)}"
                     for begin, end in spans)  # fmt: skip


def clock_text(minute: int) -> str:
    """A minute of the day as a clock shows it: 9:00, 24:00."""
    return f"{minute // 60}:{minute % 60:02d}"


def told(hours: Hours) -> str:
    """The hours in the reader's language."""
    parts = [f"{_days_told(days)} {_spans_told(spans)}" for days, spans in _groups(hours)]
    match hours.holidays:
        case Holidays.CLOSED:
            parts.append(_("法定节假日休息"))
        case Holidays.USUAL if not hours.always:
            parts.append(_("法定节假日照常"))
        case Holidays.OWN:
            parts.append(_("法定节假日") + " " + _spans_told(hours.holiday))
        case _:
            pass
    return _("；").join(parts)


def day_name(weekday: int) -> str:
    """周一 … 周日 in the reader's language; 0 is Monday."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[weekday]


def _days_told(days: Sequence[int]) -> str:
    if len(days) == 7:
        return _("每天")
    return _("、").join(
        _("%(first)s至%(last)s") % {"first": day_name(a), "last": day_name(b)} if b - a > 1
        else _("、").join(day_name(d) for d in range(a, b + 1)) for a, b in _runs(days)
    )  # fmt: skip


def _spans_told(spans: Sequence[Span]) -> str:
    if tuple(spans) == _ALL_DAY:
        return _("24小时")
    return _("、").join(
        f"{clock_text(begin)}–" + (_("次日%(time)s") % {"time": clock_text(end - DAY)} if end > DAY else clock_text(end))
        for begin, end in spans
    )


# --- asking


def spans_on(hours: Hours, day: date, calendar: Calendar, exceptions: Exceptions) -> tuple[Span, ...] | None:
    """When the door is open on a day (spans that begin on it), none for shut; None where nobody can say.

    A public holiday follows what the hours say of holidays; unsaid, an office with weekday hours only is shut and any other is
    unknown. A make-up workday (调休上班) has the hours of a Monday where all five weekdays are worked.
    """
    if day in exceptions:
        return exceptions[day]
    usual = hours.week[day.weekday()]
    if hours.holidays is Holidays.USUAL and hours.week[5] and hours.week[6]:
        return usual
    if not calendar.covered[0] <= day <= calendar.covered[1]:
        return None
    kind = calendar.days.get(day)
    if kind is Kind.HOLIDAY:
        office = not (hours.week[5] or hours.week[6])
        return {
            Holidays.CLOSED: (), Holidays.OWN: hours.holiday, Holidays.USUAL: usual, Holidays.UNSAID: () if office else None,
        }[hours.holidays]  # fmt: skip
    if kind is Kind.WORKDAY and all(hours.week[:5]):
        return hours.week[0]
    return usual


def status(hours: Hours | None, at: datetime, calendar: Calendar, exceptions: Exceptions | None = None) -> Status:
    """Whether the door is open at a moment (aware), until when, or when it opens next. Unknown hours stay unknown."""
    if hours is None:
        return UNKNOWN
    known: Exceptions = exceptions or {}
    if hours.always and not known:
        return Status(State.OPEN)
    moment = at.astimezone(BUSINESS_ZONE)
    if spans_on(hours, moment.date(), calendar, known) is None:
        return UNKNOWN
    until: datetime | None = None
    for begin, end in _openings(hours, moment.date() - timedelta(days=1), calendar, known):
        if until is not None and begin > until:
            break
        if begin <= moment < end or (until is not None and begin <= until):
            until = max(until or end, end)
        elif begin > moment:
            return Status(State.CLOSED, opens=begin)
    if until is None:
        return Status(State.CLOSED)
    return Status(State.OPEN, until=None if until - moment > timedelta(days=_AHEAD - 2) else until)


def _openings(hours: Hours, first: date, calendar: Calendar, exceptions: Exceptions) -> Iterator[tuple[datetime, datetime]]:
    """Every opening from a day on, in order, up to the first day nobody can speak for (yesterday excepted)."""
    for number in range(_AHEAD + 1):
        day = first + timedelta(days=number)
        spans = spans_on(hours, day, calendar, exceptions)
        if spans is None and number:
            return
        midnight = datetime.combine(day, time(), BUSINESS_ZONE)
        for begin, end in spans or ():
            yield midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)


def status_told(found: Status, at: datetime) -> str:
    """The status in the reader's language: 现在开门 · 17:00 关门, 周一 9:00 开门, 请先打电话确认."""
    here = at.astimezone(BUSINESS_ZONE)
    if found.state is State.UNKNOWN:
        return _("开门时间请打电话确认")
    if found.state is State.OPEN:
        return _("现在开门 · %(when)s 关门") % {"when": _moment_told(found.until, here)} if found.until else _("现在开门 · 24小时")
    if found.opens is None:
        return _("现在关门 · 何时开门请打电话确认")
    return _("现在关门 · %(when)s 开门") % {"when": _moment_told(found.opens, here)}


def _moment_told(moment: datetime, here: datetime) -> str:
    local = moment.astimezone(BUSINESS_ZONE)
    clock = clock_text(local.hour * 60 + local.minute)
    days = (local.date() - here.date()).days
    if days == 1 and clock == "0:00":
        return "24:00"
    if days == 0:
        return clock
    if days == 1:
        return _("明天 %(time)s") % {"time": clock}
    if days < 7:
        return _("%(day)s %(time)s") % {"day": day_name(local.weekday()), "time": clock}
    return _("%(month)d月%(day)d日 %(time)s") % {"month": local.month, "day": local.day, "time": clock}
