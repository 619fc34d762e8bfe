"""English is complete: every text has its English, and the pages' own words hold no Chinese when English is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tools.messages import PLACEHOLDER, collect, judge, placeholders, read, texts_in

from fahui.casework.cases.models import Case
from fahui.casework.documents.models import IssuedDocument
from fahui.channels.portal.plans import PLANS
from fahui.foundation import clock
from fahui.foundation.regions.models import Region
from fahui.insight.opendata.actions import publish
from fahui.standards.actions import measure
from fahui.standards.indicators.definitions import indicators
from tests.cast import Cast, wage_claim

HAN = re.compile(r"[\u3400-\u9fff\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b]")
CHROME = {"title", "h1", "h2", "h3", "button", "label", "legend", "th", "summary", "nav", "caption"}
VOID = {"input", "img", "br", "meta", "link", "hr", "use", "source", "wbr", "col", "base", "embed", "area", "track"}
DESK = ["/desk/", "/desk/inbox", "/desk/search", "/desk/search?q=%E6%BB%A8%E6%B1%9F",
        "/desk/search?q=%E5%B7%A5%E9%92%B1", "/desk/search?q=lvshi&group=people"]
REGISTERS = ["/desk/registers/", "/desk/registers/honour/", "/desk/registers/honour/new", "/desk/registers/mediation_case/new", "/desk/registers/purchase/new",
             "/desk/registers/honour/import", "/desk/registers/honour/export", "/desk/registers/survey/?state=returned", "/desk/activities/",
             "/desk/exports/", "/desk/imports/", "/desk/activities/new", "/desk/activities/import", "/desk/activities/export", "/desk/activities/?kind=lecture", "/desk/returns"]  # fmt: skip
COCKPIT = ["/cockpit/returns", "/cockpit/returns?what=entry:exam_return@3", "/cockpit/targets/", "/cockpit/targets/?by=clause", "/cockpit/targets/?status=behind", "/cockpit/targets/IND-LESH-047", "/cockpit/targets/IND-LESH-009/records",
           "/cockpit/targets/IND-LESH-047/edit", "/cockpit/targets/changes/", "/cockpit/targets/changes/new", "/cockpit/reports/", "/cockpit/open/", "/cockpit/open/1/", "/open/", "/open/1/"]  # fmt: skip
CLERK = [*DESK, "/desk/team", "/desk/team?order=newest", "/desk/new", "/desk/new/legal_aid/civil",
         "/desk/new/consultation/question", "/desk/new/complaint/complaint", "/desk/export", "/desk/how/legal_aid",
         "/desk/how/consultation", "/desk/how/complaint"]  # fmt: skip
LEADER = [*DESK, "/desk/team", "/desk/supervise", "/desk/openings", "/desk/answers/", "/desk/answers/asked", "/desk/answers/topics", "/desk/answers/proof", "/desk/answers/new", "/desk/answers/?kind=precedent", "/desk/answers/?kind=script",
          "/desk/answers/?kind=guide", "/desk/answers/new/precedent", "/desk/answers/new/script", "/desk/search?q=%E6%9C%AA%E6%88%90%E5%B9%B4%E4%BA%BA", "/desk/shifts", "/desk/admin/calendar", "/desk/admin/values",
          "/desk/admin/institutions", "/desk/admin/sites", "/desk/admin/cards", "/desk/admin/practitioners", "/desk/admin/imports", "/desk/admin/audit", *REGISTERS, "/cockpit/", "/cockpit/behind/overdue", "/cockpit/policy/", *COCKPIT]  # fmt: skip
ADMIN = ["/desk/admin/accounts", "/desk/admin/keys", "/accounts/2fa/", "/accounts/password/change/"]
AGENT = [*DESK, "/desk/hotline", "/desk/checks/where/", "/desk/checks/bring/", "/desk/callbacks", "/desk/shifts"]
ANYONE = ["/", "/ask/", "/find/", "/track/", "/sign-in", "/accounts/login/", "/about/accessibility", "/about/privacy", "/check/", "/check/where/", "/check/aid/",
          "/check/days/", "/check/bring/",
          "/places/", "/places/near?county=511112000000", "/places/map", "/places/map?county=511112000000", "/places/people", "/places/village", "/guide/legal_aid", "/guide/legal_aid/civil", "/guide/consultation/wages", "/precedents/", "/poster/matter/legal_aid/civil", "/answers/", "/answers/?topic=labour", "/answers/unpaid-wages", "/apply/complaint/complaint", "/apply/complaint/site_error", "/apply/legal_aid/civil", "/apply/consultation/wages", "/family/", "/wages/", "/join/", "/laws/", "/open/", "/nowhere"]  # fmt: skip


def test_every_text_has_its_english():
    verdict = judge(collect(), read())
    assert verdict.missing == [], "run tools/messages.py, then fill these in"
    assert verdict.wrong == []
    assert verdict.stale == [], "run tools/messages.py"


def test_the_extraction_sees_every_way_a_text_is_asked_for(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% trans "一" %}{% trans \'二\' as two %}{{ x|default:_("三") }}{% blocktrans with n=y %}有 {{ n }} 个{% endblocktrans %}'
        "{% blocktrans count k=x %}{{ k }} 件{% plural %}{{ k }} 件们{% endblocktrans %}",
        encoding="utf-8",
    )
    assert {text for text, _line in texts_in(page)} == {"一", "二", "三", "有 %(n)s 个", ("%(k)s 件", "%(k)s 件们")}
    code = tmp_path / "code.py"
    code.write_text("a = _('一' '一')\nb = f\"{_('二')}-{x}\"\nc = ngettext('%(n)s 件', '%(n)s 件们', n)\nd = gettext(a)\n", encoding="utf-8")
    assert list(texts_in(code)) == [("一一", 1), ("二", 2), (("%(n)s 件", "%(n)s 件们"), 3)]


def test_a_text_without_english_or_with_other_placeholders_is_found(tmp_path: Path):
    found, catalogue = collect(), read()
    texts = [text for text in found.places if isinstance(text, str) and len(placeholders(text)) == 1]
    catalogue[texts[0]].string = ""
    catalogue[texts[1]].string = PLACEHOLDER.sub("%(somebody)s", catalogue[texts[1]].string)
    catalogue.add("没有人要的话", "Wanted by nobody")
    verdict = judge(found, catalogue)
    assert any(repr(texts[0]) in line for line in verdict.missing)
    assert any(repr(texts[1]) in line and "placeholders differ" in line for line in verdict.wrong)
    assert "'没有人要的话'" in verdict.stale


class Chrome(HTMLParser):
    """The words a page says of itself: headings, buttons, labels, heads of tables, navigation, and what is only heard."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.said: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where we are, and the words in attributes."""
        held = dict(attrs)
        if tag not in VOID:
            self.inside.append(tag)
            # A switch to the other language is named in that language; so is what says it is Chinese.
            self.quiet += 1 if self.quiet or (held.get("lang") or "").startswith("zh") and tag != "html" else 0
        if not self.quiet:
            self.said += [
                str(held[name])
                for name in ("aria-label", "placeholder", "data-confirm", "data-label")
                if held.get(name)
            ]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element; unclosed ones inside it end as well."""
        while tag in self.inside:
            self.quiet = max(0, self.quiet - 1)
            if self.inside.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        """Words inside an element that belongs to the page and not to a record."""
        if CHROME & set(self.inside) and not self.quiet and data.strip():
            self.said.append(data.strip())


def chinese_in(page: str, known: Iterable[str]) -> list[str]:
    """Words of the page's own that are Chinese still, when what is known to be data is taken out."""
    chrome = Chrome()
    chrome.feed(page)
    left = []
    for text in chrome.said:
        rest = text
        for word in known:
            rest = rest.replace(word, "")
        if HAN.search(rest):
            left.append(text)
    return list(dict.fromkeys(left))


def _known(cast: Cast, cases: list[Case]) -> list[str]:
    """Names of people, institutions and places, titles of cases and of documents issued: data, whatever the language."""
    names = [user.name for user in cast.users.values()] + [i.name for i in cast.institutions.values()]
    names += [*Region.objects.filter(level__in=[2, 3, 4]).values_list("name", flat=True)]
    names += [*IssuedDocument.objects.filter(case__in=cases).values_list("title", flat=True)]
    found = names + [lawyer.name for lawyer in cast.lawyers.values()] + [case.title for case in cases]
    return sorted({*found, "乐山市司法局", "李小婶", "申请人甲", "滨江"}, key=len, reverse=True)


def _english(cast: Cast, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["fahui_lang"] = "en"
    return client


@pytest.mark.parametrize(
    ("who", "pages"),
    [("clerk", CLERK), ("reviewer", [*CLERK, "/desk/offered"]), ("leader", LEADER), ("admin", ADMIN), ("agent", AGENT),
     ("lawyer", [*DESK, "/desk/offered"]), ("nobody", ANYONE)],
)  # fmt: skip
def test_pages_are_english_when_english_is_chosen(who: str, pages: list[str], cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    known, client, left = _known(cast, [wage_claim(cast["clerk"])]), _english(cast, who), {}
    if who == "leader":
        run = measure(clock.today(), "postgres")
        chosen = ["IND-LESH-024", "IND-LESH-047"]
        publish(cast["leader"], chosen, "2026", "", number=1, run_id=run.pk)
        # The policy's own words stay as it printed them.
        told = indicators("leshan").indicators
        quoted = {word for i in told for word in (i.clause, i.quote, i.unit, *i.responsible, *(t.words for t in i.targets)) if word}
        known = sorted({*known, *quoted}, key=len, reverse=True)
    for url in pages:
        answer = client.get(url)
        assert answer.status_code in {200, 404 if url == "/nowhere" else 200}, (url, answer.status_code)
        found = chinese_in(answer.content.decode(), known)
        if found:
            left[url] = found[:6]
    assert left == {}


@pytest.mark.parametrize(("service", "matter"), sorted(PLANS))
def test_interviews_are_english_on_every_page(service: str, matter: str, cast: Cast):
    known, client, base = _known(cast, []), _english(cast, "nobody"), f"/apply/{service}/{matter}"
    client.get(base)
    assert client.post(base).status_code == 302
    left, seen = {}, 0
    for step in [
        *dict.fromkeys(step.id for step in PLANS[service, matter]),
        "place",
        "you",
        "contact",
        "check",
        "later",
    ]:
        url = f"{base}/{step}" if step in {"check", "later"} else f"{base}/q/{step}"
        answer = client.get(url)
        seen += answer.status_code == 200
        if found := chinese_in(answer.content.decode(), known):
            left[url] = found[:6]
    assert seen >= 3
    assert left == {}


def test_a_case_and_each_of_its_actions_are_english(cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    case = wage_claim(cast["clerk"])
    known, client = _known(cast, [case]), _english(cast, "reviewer")
    page = client.get(f"/desk/cases/{case.pk}").content.decode()
    left = {"case": chinese_in(page, known)}
    for href in sorted(set(re.findall(rf'href="(/desk/cases/{case.pk}/(?:do/\w+|details))"', page))):
        left[href] = chinese_in(client.get(href).content.decode(), known)
    assert len(left) > 1, "the reviewer can do something"
    assert {url: found for url, found in left.items() if found} == {}


def test_clocks_say_the_same_in_the_page_and_in_the_script(cast: Cast):
    script = (Path(__file__).parents[2] / "src/fahui/channels/static/fahui/app.js").read_text(encoding="utf-8")
    catalogue = read()
    for chinese, told in [("%(days)d 天 %(hours)d 时", ("%(days)d", " d ", "%(hours)d", " h")),
                          ("%(minutes)d 分", ("%(minutes)d", " min")), ("已超 %(span)s", ("%(span)s", " overdue")),
                          ("还剩 %(span)s", ("%(span)s", " left"))]:  # fmt: skip
        assert catalogue[chinese].string == "".join(told)
        assert all(f'"{word}"' in script for word in told if not word.startswith("%"))


def test_chinese_is_what_everybody_else_gets(cast: Cast):
    assert "工作人员登录" in Client().get("/accounts/login/").content.decode()
