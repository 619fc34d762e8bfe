"""Machine keys: made, shown once, listed with their use, and ended. What a key may do is its account's posts, narrowed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fahui.channels.desk import queries as desk
from fahui.channels.desk.admin import person
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key, revoke_key
from fahui.foundation.accounts.models import ApiKey
from fahui.foundation.accounts.roles import Role
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.regions.queries import names_of

HERE = "/desk/admin/keys"
# What the API asks a key for (channels/api); an operation that nothing asks for is not offered.
OPERATIONS = [("cases:read", gettext_lazy("读取案件")), ("cases:write", gettext_lazy("提交和办理案件")),
              ("indicators:read", gettext_lazy("读取政策目标")), ("registers:read", gettext_lazy("读取台账")),
              ("registers:write", gettext_lazy("登记台账"))]
LONGEST = 1095  # days


@staff_page(Role.SYSTEM_ADMIN)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys there are, a new one, and ending one."""
    secret, refusal = "", None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "revoke":
                name = revoke_key(reader_of(request), number(request.POST.get("key", "")) or 0).name
                messages.success(request, _("“%(name)s”的密钥已停用，马上不能再用。") % {"name": name})
                return HttpResponseRedirect(HERE)
            secret = _make(request)
        except Refusal as found:
            refusal = found
    return _page(request, secret, refusal)


def _make(request: HttpRequest) -> str:
    post = request.POST
    name, asked = post.get("name", "").strip()[:60], [c for c, _w in OPERATIONS if c in post.getlist("operations")]
    days = number(post.get("days", "")) or 0
    wrong = {}
    if not name:
        wrong["name"] = _("请填写")
    user = desk.accounts(reader_of(request)).filter(username__iexact=post.get("user", "").strip()[:60], is_active=True).first()
    if user is None:
        wrong["user"] = _("没有这个登录名，或者已经停用")
    if not asked:
        wrong["operations"] = _("至少选一项")
    if not 1 <= days <= LONGEST:
        wrong["days"] = _("请填1到%(longest)s之间的天数") % {"longest": LONGEST}
    if user is None or wrong:
        raise Invalid(_("请填写名称和登录名，选择可以做的事。"), fields=wrong)
    return make_key(reader_of(request), name, user.pk, asked, days)[1]


def _page(request: HttpRequest, secret: str, refusal: Refusal | None) -> HttpResponse:
    post, errors = request.POST, refusal.fields if refusal else {}
    typed = {} if secret else post
    response = show(request, "desk/admin/keys.html", {
        "keys": _lines(request), "secret": secret, "errors": summary(refusal),
        "fields": [
            {"name": "name", "label": _("给哪个系统"), "required": True, "value": typed.get("name", ""),
             "error": errors.get("name", ""), "hint": _("例如：12345平台"), "maxlength": 60},
            {"name": "user", "label": _("以谁的岗位办事"), "required": True, "value": typed.get("user", "") or request.GET.get("for", "")[:60],
             "error": errors.get("user", ""), "hint": _("填登录名；在“账号与岗位”里能查到"), "maxlength": 60},
            {"name": "operations", "label": _("可以做什么"), "kind": "checkbox", "required": True,
             "value": post.getlist("operations") if typed else [], "options": OPERATIONS,
             "error": errors.get("operations", "")},
            {"name": "days", "label": _("多少天后失效"), "kind": "number", "required": True,
             "value": typed.get("days", "365"), "unit": _("天"), "error": errors.get("days", "")},
        ],
    }, here=HERE, status=refusal.status if refusal else 200)  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def _lines(request: HttpRequest) -> list[dict[str, Any]]:
    """Every key in words: whose posts it works with, since when, used when, and whether it is live."""
    reader, known = reader_of(request), desk.keys(reader_of(request))
    names = names_of({p.region_code for key, _last in known for p in key.user.posts.all()})
    words = dict(OPERATIONS)
    return [
        {"key": key, "last": last, "state": _state(key), "live": _state(key) == "live",
         "posts": person(key.user, reader.language, names)["live"],
         "operations": [words.get(code, code) for code in key.operations]}
        for key, last in known
    ]  # fmt: skip


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    if key.expires_at and key.expires_at <= clock.now():
        return "expired"
    return "live" if key.user.is_active else "blocked"
