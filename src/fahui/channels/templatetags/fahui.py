"""Template helpers: what the components in templates/ui need to say dates, money, names and clocks in plain words.

Loaded as a template builtin, so no page needs ``{% load fahui %}``. Nothing here reads the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fahui.channels.context import site as page_context
from fahui.foundation import money
from fahui.foundation.clock import MONTHS, SHANGHAI, now, today

register = template.Library()

WARN_HOURS = 24
"""A clock turns amber when this many hours or fewer are left, unless the page says otherwise."""

_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[i : i + 2] for i in range(0, len(_COMPOUND), 2))
_ZH_WEEKDAYS = "一二三四五六日"
_EN_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_FULL_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                   "November", "December")  # fmt: skip


class ClockText(NamedTuple):
    """What a clock chip says: its words, and its level (`ok`, `warn` or `late`)."""

    text: str
    level: str


def _span(length: timedelta) -> str:
    """A length in its two largest plain units: 2 天 3 时, 5 时, 40 分."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, hours = divmod(minutes // 60, 24)
    if days and hours:
        return _("%(days)d 天 %(hours)d 时") % {"days": days, "hours": hours}
    if days:
        return _("%(days)d 天") % {"days": days}
    if hours:
        return _("%(hours)d 时") % {"hours": hours}
    return _("%(minutes)d 分") % {"minutes": max(minutes, 1)}


@register.filter
def clock_text(due: datetime | None, warn_hours: int | float | str | None = WARN_HOURS) -> ClockText | None:
    """How much time a deadline leaves, or by how much it is missed; None when there is no deadline.

    `due` must be aware: a naive moment raises ValueError, because a legal clock eight hours off is worse than none.
    """
    if not due:
        return None
    if due.tzinfo is None:
        raise ValueError("clock_text needs an aware moment")
    left = due - now()
    if left <= timedelta(0):
        return ClockText(_("已超 %(span)s") % {"span": _span(-left)}, "late")
    hours = WARN_HOURS if warn_hours in (None, "") else float(warn_hours or WARN_HOURS)
    level = "warn" if left <= timedelta(hours=hours) else "ok"
    return ClockText(_("还剩 %(span)s") % {"span": _span(left)}, level)


@register.filter
def clock_told(clock: Any) -> ClockText | None:
    """`clock_text` for a clock as ui/clock_chip.html takes it: a mapping or object with due and perhaps warn_hours."""
    return clock_text(_read(clock, "due", None), _read(clock, "warn_hours", WARN_HOURS))


@register.filter
def mask_name(name: str | None) -> str:
    """A person's name with all but the surname hidden: 张*, 欧阳**, J***."""
    plain = (name or "").strip()
    if not plain:
        return ""
    kept = 2 if len(plain) > 2 and plain[:2] in COMPOUND_SURNAMES else 1
    # Long names (with · or in Latin script) must not show their length, which can identify a person on its own.
    return plain[:kept] + "*" * min(max(len(plain) - kept, 1), 3)


@register.filter
def mask_phone(phone: str | None) -> str:
    """A phone number with its middle hidden: 137****0001; landlines keep the last four, short numbers nothing."""
    digits = "".join(c for c in (phone or "") if c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:
        return "*" * (len(digits) - 4) + digits[-4:]
    return "*" * len(digits)


@register.filter
def group_number(number: str | None) -> str:
    """A tracking number in groups of four, as it is read out: FH7K-2M9Q-X4TB-3C."""
    plain = "".join(c for c in (number or "").upper() if c.isalnum())
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


@register.filter
def money_fen(fen: int | None) -> str:
    """An amount in integer fen as yuan: 1260000 → 12,600.00 元; empty for None. Raises TypeError for anything else."""
    if fen is None or fen == "":
        return ""
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError("money_fen needs whole fen")
    return _("%(yuan)s 元") % {"yuan": money.yuan(fen)}


def _local_date(moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date()
    return moment


@register.filter
def day(moment: date | datetime | None) -> str:
    """A day as people say it: 6月22日 周一, with its year when that is not the present one."""
    if not moment:
        return ""
    when = _local_date(moment)
    other_year = when.year != today().year
    if (get_language() or "").startswith("en"):
        text = f"{_EN_WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]}"
        return f"{text} {when.year}" if other_year else text
    text = f"{when.month}月{when.day}日 周{_ZH_WEEKDAYS[when.weekday()]}"
    return f"{when.year}年{text}" if other_year else text


@register.filter
def day_time(moment: datetime | None) -> str:
    """A moment as people say it, in business time: 6月22日 周一 14:30."""
    if not moment:
        return ""
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    return f"{day(local)} {local:%H:%M}"


@register.filter
def full_day(moment: date | datetime | None) -> str:
    """A day as papers say it, always with its year: 2026年6月22日, 22 June 2026."""
    if not moment:
        return ""
    when = _local_date(moment)
    if (get_language() or "").startswith("en"):
        return f"{when.day} {_EN_FULL_MONTHS[when.month - 1]} {when.year}"
    return f"{when.year}年{when.month}月{when.day}日"


@register.filter
def listed(parts: Iterable[Any] | None, mark: str = "、") -> str:
    """Several things in one line, with the comma or semicolon of the page's language (marks: 、 ， ；)."""
    between = {"、": _("、"), "，": _("，"), "；": _("；")}.get(mark, mark)
    return between.join(str(part) for part in parts or ())


@register.filter
def own_commas(text: str | None) -> str:
    """Words that were put together with Chinese commas, with those of the page's language."""
    return (text or "").replace("、", _("、")).replace("；", _("；"))


@register.filter
def bracketed(value: Any) -> str:
    """Something in the round brackets of the page's language: （3） or (3) after a space."""
    return _("（%(value)s）") % {"value": value}


@register.simple_tag
def colon() -> str:
    """The colon between a name and what it is, in the page's language."""
    return _("：")


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """The present query string with changes: `{% query sort="due" after=None %}`; None or "" drops a key."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        elif isinstance(value, (list, tuple)):
            params.setlist(key, [str(v) for v in value])
        else:
            params[key] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True)
def our_site(context: template.Context) -> dict[str, Any]:
    """The site of the page header, also on pages of libraries that put something else under that name."""
    found = context.get("site")
    if isinstance(found, dict) or "request" not in context:
        return found if isinstance(found, dict) else {}
    return dict(page_context(context["request"])["site"])


@register.simple_tag
def now_ms() -> int:
    """The present moment in milliseconds since 1970, so that scripts count from the server's clock."""
    return int(now().timestamp() * 1000)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from static/fahui/icons.svg; silent for screen readers unless it gets a label of its own."""
    href = f"{static('fahui/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@dataclass(frozen=True)
class OptionView:
    """One choice of a select, a radio group or a checkbox group."""

    value: str
    label: str
    hint: str
    chosen: bool
    id: str


@dataclass(frozen=True)
class FieldView:
    """A field as templates/ui/field.html draws it; made by `as_field` from a plain mapping or object."""

    name: str
    label: str
    hint: str
    kind: str
    value: str
    options: tuple[OptionView, ...]
    error: str
    required: bool
    unit: str
    maxlength: int | None
    autocomplete: str
    accept: str
    multiple: bool
    placeholder: str
    offers: str
    checked: bool

    @property
    def id(self) -> str:
        """The id of the first control, which the error summary links to."""
        return f"f-{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of hint and error, for aria-describedby."""
        parts = [(self.hint, f"{self.id}-hint"), (self.error, f"{self.id}-error")]
        return " ".join(identifier for text, identifier in parts if text)

    @property
    def is_group(self) -> bool:
        """Radio and checkbox groups need a fieldset and a legend instead of a label."""
        return self.kind in {"radio", "checkbox"}

    @property
    def input_type(self) -> str:
        """The HTML type. Numbers and money stay text: spinners and scrolling change amounts behind people's backs."""
        types = {"phone": "tel", "date": "date", "datetime": "datetime-local", "time": "time", "email": "email"}
        return types.get(self.kind, "password" if self.kind == "password" else "text")

    @property
    def input_mode(self) -> str:
        """Which keyboard a phone should show."""
        return {"number": "numeric", "money": "decimal", "phone": "tel", "code": "numeric"}.get(self.kind, "")


def _read(source: Any, key: str, default: Any = "") -> Any:
    value = source.get(key, default) if isinstance(source, Mapping) else getattr(source, key, default)
    return default if value is None else value


def _value_text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI) if value.tzinfo else value:%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _options(raw: Iterable[Any], chosen: Any, field_id: str) -> tuple[OptionView, ...]:
    """Options from (value, label) pairs, mappings, or plain strings; the first keeps the field's own id."""
    many = isinstance(chosen, (list, tuple, set, frozenset))
    picked = {_value_text(v) for v in chosen} if many else {_value_text(chosen)} - {""}
    views = []
    for index, option in enumerate(raw or ()):
        if isinstance(option, str):
            value, label, hint = option, option, ""
        elif isinstance(option, Sequence):
            value, label, hint = option[0], option[1], option[2] if len(option) > 2 else ""
        else:
            value, label, hint = (_read(option, key) for key in ("value", "label", "hint"))
        identifier = field_id if index == 0 else f"{field_id}-{index}"
        # Choices of the record carry their Chinese names; the catalogue knows their English ones.
        views.append(OptionView(_value_text(value), _(str(label)), _(str(hint)), _value_text(value) in picked, identifier))
    return tuple(views)


@register.filter
def as_field(source: Any) -> FieldView:
    """The drawing of a field from a mapping or object with name, label, hint, kind, value, options, error, required,
    unit, maxlength, autocomplete, accept, multiple, placeholder, offers (all but name optional)."""
    name, kind, value = str(_read(source, "name")), str(_read(source, "kind", "text")), _read(source, "value")
    defaults = {"phone": "tel", "code": "one-time-code", "email": "email"}
    return FieldView(
        name=name,
        label=str(_read(source, "label")),
        hint=str(_read(source, "hint")),
        kind=kind,
        value="" if isinstance(value, (list, tuple, set, frozenset)) else _value_text(value),
        options=_options(_read(source, "options", ()), value, f"f-{name}"),
        error=str(_read(source, "error")),
        required=bool(_read(source, "required", False)),
        unit=_(str(_read(source, "unit"))) or (_("元") if kind == "money" else ""),
        maxlength=int(_read(source, "maxlength", 0)) or None,
        autocomplete=str(_read(source, "autocomplete") or defaults.get(kind, "")),
        accept=str(_read(source, "accept")),
        multiple=bool(_read(source, "multiple", False)),
        placeholder=str(_read(source, "placeholder")),
        offers=str(_read(source, "offers")),
        checked=kind == "boolean" and str(value).lower() in {"true", "1", "on", "yes"},
    )


@register.filter
def with_columns(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each cell of a table row beside its column. Raises ValueError when a row is longer or shorter than the head."""
    return list(zip(cells, columns, strict=True))


@register.simple_tag
def sort_key(column_sort: str, current: str | None) -> str:
    """The sort a column heading links to: ascending first, descending when it is ascending already."""
    return f"-{column_sort}" if current == column_sort else column_sort


@register.simple_tag
def percent_of(part: int | float | Decimal | None, whole: int | float | Decimal | None) -> str:
    """A share with one decimal (87.5%); a dash when there is nothing to divide by."""
    if part is None or not whole:
        return "—"
    return f"{Decimal(str(part)) * 100 / Decimal(str(whole)):.1f}%"
