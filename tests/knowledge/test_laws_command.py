"""`fahui laws`: every source, what it says, and that a refused source leaves its reason and nothing else."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from fahui.commands import laws as command
from fahui.foundation import cities
from fahui.knowledge import tasks
from fahui.knowledge.laws import loading, queries
from fahui.knowledge.laws.models import LawImport, LawVersion
from fahui.knowledge.laws.texts import BadSource
from fahui.knowledge.search import queries as search
from fahui.knowledge.search.actions import index_laws
from fahui.knowledge.search.models import SearchColumn
from tests.knowledge.texts import MARKDOWN, plain, write_word


def test_each_source_comes_in_by_its_option(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    texts, words, own = tmp_path / "texts", tmp_path / "words", tmp_path / "leshan" / "laws"
    for folder in (texts, words, own):
        folder.mkdir(parents=True)
    (texts / "公证法(2017-09-01).md").write_text(MARKDOWN, encoding="utf-8")
    write_word(words / "中华人民共和国法律援助法_20210820.docx")
    (own / "乐山市某条例(2020-01-02).md").write_text("# 乐山市某条例\n第一条 甲。", encoding="utf-8")
    corpus = tmp_path / "c.jsonl"
    corpus.write_text('{"law": "某条例", "number": "第一条", "text": "甲"}\n', encoding="utf-8")
    monkeypatch.setattr(cities, "ROOT", tmp_path)
    monkeypatch.setattr(cities, "current", lambda: cities.City.model_construct(id="leshan", region=511100000000))
    for arguments in (["--markdown", str(texts)], ["--word", str(words)], ["--local"], ["--corpus", str(corpus)]):
        assert command.run(["import", *arguments]) == 0
        assert "1 versions of 1 new works" in capsys.readouterr().out
    assert set(LawVersion.objects.values_list("work__key", flat=True)) == {"公证法", "法律援助法", "乐山市某条例", "某条例"}
    assert command.run(["import", "--word", str(words)]) == 0
    assert "1 were there already" in capsys.readouterr().out
    assert list(LawImport.objects.values_list("state", flat=True).distinct()) == ["done"]


def test_an_article_is_shown_as_of_a_day(db: None, capsys: pytest.CaptureFixture):
    old = plain("某法", date(2000, 1, 1), "要删去的一条。", "留下来的规定，请照此办理。", standing="superseded")
    loading.load("test", [old, plain("某法", date(2020, 1, 1), "留下来的规定，请照此办理。")], keep=False)
    assert command.run(["show", "某法", "1"]) == 0
    assert "第一条　留下来的规定" in capsys.readouterr().out
    assert command.run(["show", "某法第二条", "--as-of", "2010-05-01"]) == 0
    shown = capsys.readouterr().out
    assert "第二条　留下来的规定" in shown
    assert "现行文本中为第一条" in shown
    for arguments, words in ((["某法", "第九条"], "没有第九条"), (["没有的法", "1"], "法律库中没有"), (["某法", "2"], "第一条")):
        assert command.run(["show", *arguments]) == 1
        assert words in capsys.readouterr().err


def test_a_doubted_law_is_shown_with_its_warning(db: None, capsys: pytest.CaptureFixture):
    loading.load("test", [plain("某法", date(2000, 1, 1), "甲。", standing="doubted")], keep=False)
    assert command.run(["show", "某法", "1"]) == 0
    shown = capsys.readouterr().out
    assert "第一条　甲。" in shown and "! 《某法》是否有效，请先核对" in shown


def test_a_damaged_source_leaves_its_reason_and_nothing_else(db: None, tmp_path: Path, capsys: pytest.CaptureFixture, client: Client):
    (tmp_path / "a.md").write_text("# 甲法\n第一条 甲。", encoding="utf-8")
    (tmp_path / "b.md").write_text("# 乙法\n第二条 乙。", encoding="utf-8")
    assert command.run(["import", "--markdown", str(tmp_path)]) == 1
    assert "b.md，第2行：开头之后是第二条" in capsys.readouterr().err
    assert queries.empty()
    assert queries.last_import().state == "failed"
    assert any("b.md" in note for note in client.get("/readyz").json()["notes"])


def test_progress_is_told_while_it_runs(db: None):
    heard: list[int] = []
    loading.load("test", [plain(f"第{n}法", date(2020, 1, 1), "甲。") for n in range(3)], keep=False, say=heard.append)
    assert heard == [1, 2, 3]
    row = queries.last_import()
    assert (row.state, row.done, row.total) == ("done", 3, 3)


def test_the_worker_is_asked_once_for_the_package(db: None, monkeypatch: pytest.MonkeyPatch, client: Client):
    assert "no laws are imported yet" in client.get("/readyz").json()["notes"]
    monkeypatch.setattr(loading.package, "read_all", lambda: iter([plain("某法", date(2020, 1, 1), "甲。")]))
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)  # this test's transaction lives in one
    assert tasks.ask_for_laws()
    assert not tasks.ask_for_laws()  # it waits already
    assert tasks.import_package() == 1
    assert tasks.import_package() == 0
    assert not tasks.ask_for_laws()
    assert client.get("/readyz").json()["notes"] == [n for n in client.get("/readyz").json()["notes"] if "law" not in n]


def test_an_index_of_an_earlier_edition_is_made_anew_without_importing_again(db: None, monkeypatch: pytest.MonkeyPatch):
    asked: list[bool] = []
    monkeypatch.setattr(tasks, "package_wanted", lambda: False)
    monkeypatch.setattr(tasks, "ask_for_index", lambda: asked.append(True))
    loading.load("test", [plain("某法", date(2020, 1, 1), "甲乙。")], keep=False)
    assert not tasks.ask_for_laws() and not asked  # nothing was indexed yet: the import asks for that itself
    index_laws()
    assert not tasks.ask_for_laws() and not asked
    SearchColumn.objects.filter(name="vectors").update(data=b"\0\0\0\0")
    monkeypatch.setattr(search, "_open", None)
    assert not tasks.ask_for_laws() and asked
    monkeypatch.setattr(search, "_open", None)


def test_an_import_that_was_killed_is_said_to_have_failed(db: None):
    killed = LawImport.objects.create(source="x", began_at="2026-01-01T00:00:00Z")
    with pytest.raises(BadSource):
        loading.load("test", [plain("", date(2020, 1, 1), "甲。")], keep=False)
    killed.refresh_from_db()
    assert (killed.state, killed.message) == ("failed", "interrupted")
