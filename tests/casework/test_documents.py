"""Every document of every service is issued, numbered, and opens as PDF and as Word; a case is exported as one archive."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.cases.context import ActionContext
from fahui.casework.cases.models import Case
from fahui.casework.deadlines.actions import Clocks
from fahui.casework.definitions.loader import services
from fahui.casework.definitions.queries import definition_of
from fahui.casework.documents.actions import add_paper, check_paper, issue, record_receipt, remove_paper
from fahui.casework.documents.archive import archive
from fahui.casework.documents.render import pdf, word
from fahui.casework.documents.storage import keep, read, sniff
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, reading_as
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.people.actions import Person
from fahui.foundation.vault.crypto import sm3
from tests.cast import TOWNSHIP, Cast, wage_claim

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
DOCUMENTS = [(name, d.id) for name in ("consultation", "legal_aid", "complaint") for d in services()[name].definition.documents]


def open_any(service_id: str, matter: str) -> Case:
    return open_case(SYSTEM, Opening(
        service=service_id, matter=matter, channel="window", region_code=TOWNSHIP,
        person=Person(name="申请人甲", phone="17000000001"), details={},
    ))  # fmt: skip


@pytest.mark.parametrize(("service_id", "document_id"), DOCUMENTS)
def test_a_document_is_issued_with_number_and_basis_and_opens_as_pdf_and_word(service_id: str, document_id: str, cast: Cast):
    home = services()[service_id]
    spec = home.definition.document(document_id)
    action = next((a for a in home.definition.actions if document_id in a.documents), None)
    matter = (action.matters[0] if action and action.matters else home.definition.matters[0].id)
    case = open_any(service_id, matter)
    case.provider = cast.lawyers["lawyer"]
    now = clock.now()
    definition = definition_of(case.version_id)
    ctx = ActionContext(case, home, definition, action, None, SYSTEM, now, Clocks(case, definition, now))
    issued = issue(ctx, spec, {})
    assert "{{" not in json.dumps(issued.content, ensure_ascii=False)
    assert issued.content["basis"] == spec.basis and issued.number.startswith("〔")
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(issued.content, issued.number))).pages).split())
    assert issued.number in text and "".join(issued.title.split()) in text
    if spec.remedy:
        assert issued.content["remedy"]
    words = "\n".join(p.text for p in Document(io.BytesIO(word(issued.content, issued.number))).paragraphs)
    assert issued.number in words and issued.title in words


def test_numbers_of_a_series_have_no_gap_and_no_double(cast: Cast):
    cases = [wage_claim(SYSTEM) for _ in range(3)]
    with reading_as(cast["reviewer"]):
        for case in cases:
            perform(cast["reviewer"], case.pk, "accept")
    numbers = [d.number for case in cases for d in case.documents.filter(document="materials_receipt")]
    assert [n[-2] for n in numbers] == ["1", "2", "3"]


def test_papers_are_sniffed_limited_encrypted_checked_and_taken_back(cast: Cast, settings):
    clerk, reviewer = cast["clerk"], cast["reviewer"]
    case = wage_claim(clerk)
    with pytest.raises(Invalid, match="不能上传"):
        add_paper(clerk, case, "case_papers", "x.exe", b"MZ" + b"\0" * 100)
    with pytest.raises(Invalid, match="空的"):
        add_paper(clerk, case, "case_papers", "x", b"")
    settings.UPLOAD_MAX_BYTES = 50
    with pytest.raises(Invalid, match="太大"):
        add_paper(clerk, case, "case_papers", "x.png", PNG)
    settings.UPLOAD_MAX_BYTES = 10**6
    paper = add_paper(clerk, case, "case_papers", "欠条.png", PNG)
    assert paper.trust == "B" and read(paper.file_id) == PNG and paper.file_id == sm3(PNG).hex()
    stored = next((settings.FILES_DIR).rglob(paper.file_id)).read_bytes()
    assert b"PNG" not in stored
    check_paper(reviewer, case, paper.pk, "A")
    with pytest.raises(Conflict, match="不能撤回"):
        remove_paper(clerk, case, paper.pk)
    second = add_paper(clerk, case, "case_papers", "误传.png", PNG)
    remove_paper(clerk, case, second.pk)
    assert case.papers.filter(removed_at=None).count() == 1


def test_a_file_is_known_by_its_content_not_its_name():
    assert sniff(b"%PDF-1.7 ...")[0] == "application/pdf"
    with pytest.raises(Invalid, match="压缩包"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as bundle:
            bundle.writestr("a.txt", "x")
        sniff(buffer.getvalue())


def test_a_delivery_is_received_once(cast: Cast):
    case = wage_claim(SYSTEM)
    with reading_as(cast["reviewer"]):
        perform(cast["reviewer"], case.pk, "accept")
    delivery = case.documents.first().deliveries.first()
    assert record_receipt(cast["reviewer"], case, delivery.pk, "hand", "本人签收").received_at
    with pytest.raises(Conflict, match="已经登记"):
        record_receipt(cast["reviewer"], case, delivery.pk, "hand", "again")


def test_the_archive_lists_every_file_with_its_digest(cast: Cast):
    clerk = cast["clerk"]
    case = wage_claim(clerk)
    add_paper(clerk, case, "case_papers", "欠条.png", PNG)
    with reading_as(cast["reviewer"]):
        perform(cast["reviewer"], case.pk, "accept")
    bundle = zipfile.ZipFile(io.BytesIO(archive(Case.objects.get(pk=case.pk))))
    index = json.loads(bundle.read("目录.json"))
    assert index["tracking_number"] == case.tracking_number
    for entry in index["files"]:
        assert sm3(bundle.read(entry["path"])).hex() == entry["sm3"]
    folders = {entry["path"].split("/")[0] for entry in index["files"]}
    assert folders == {"文书", "材料", "记录"}


def test_the_archive_numbers_papers_in_the_order_they_came(cast: Cast, newest_first: None):
    clerk = cast["clerk"]
    case = wage_claim(clerk)
    add_paper(clerk, case, "case_papers", "欠条.png", PNG)
    add_paper(clerk, case, "case_papers", "流水.png", PNG + b"2")
    index = json.loads(zipfile.ZipFile(io.BytesIO(archive(Case.objects.get(pk=case.pk)))).read("目录.json"))
    assert [entry["what"].partition(".")[0] for entry in index["files"] if entry["path"].startswith("材料/")] == ["欠条", "流水"]


def a_pdf(password: str | None, owner: str | None = None) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if password is not None:
        writer.encrypt(password, owner, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_wants_a_password_is_refused_and_one_kept_from_changes_is_not(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    with pytest.raises(Invalid, match="要密码") as refused:
        keep(a_pdf("6222"))
    assert "file" in refused.value.fields and not list(tmp_path.rglob("*"))
    whole = a_pdf("6222")
    damaged = [whole[:60] + b" /Encrypt 9 0 R", whole.replace(b"/Encrypt", b"/Encrypt /Encrypt"), whole.replace(b"/V 5", b"/V x"), whole[: len(whole) // 2]]
    for opens in (a_pdf(None), a_pdf("", "bank"), *damaged):
        assert keep(opens)[1] == "application/pdf"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"hevc"])
def test_a_picture_few_can_open_is_refused_with_what_to_do(brand):
    with pytest.raises(Invalid, match="HEIC.*截"):
        sniff(b"\x00\x00\x00\x18ftyp" + brand + b"\x00" * 40)
    assert sniff(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40)[0] == "video/mp4"
