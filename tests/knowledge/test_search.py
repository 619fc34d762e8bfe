"""Search over a handful of articles: what is found, in what order, and that the stored index says what the built one says."""

from datetime import date

import numpy as np
import pytest

from fahui.knowledge.laws.texts import Passage
from fahui.knowledge.search import queries, rank, vocabulary
from fahui.knowledge.search.index import StoredIndex, rebuild
from fahui.knowledge.search.meaning import Bags, likeness
from fahui.knowledge.search.models import SearchColumn, SearchIndex, SearchTerm
from fahui.knowledge.search.postings import Priors, Topic, build, weigh
from fahui.knowledge.search.sayings import Heard
from fahui.knowledge.search.text import chapter_words, characters, law_key, pairs, words

CODE, LABOUR = "中华人民共和国民法典", "中华人民共和国劳动合同法"
ARTICLES = [
    Passage(11, CODE, "第三编 合同 第十四章 租赁合同", "第七百一十二条", "出租人应当履行租赁物的维修义务，但是当事人另有约定的除外。", "法律"),
    Passage(12, CODE, "第三编 合同 第十四章 租赁合同", "第七百二十五条",
            "租赁物在承租人按照租赁合同占有期限内发生所有权变动的，不影响租赁合同的效力。", "法律"),
    Passage(13, CODE, "第七编 侵权责任 第九章 饲养动物损害责任", "第一千二百四十五条",
            "饲养的动物造成他人损害的，动物饲养人或者管理人应当承担侵权责任；但是，能够证明损害是因被侵权人故意或者重大过失造成的，"
            "可以不承担或者减轻责任。", "法律"),
    Passage(21, LABOUR, "第三章 劳动合同的履行和变更", "第三十条",
            "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。", "法律"),
    Passage(22, LABOUR, "第四章 劳动合同的解除和终止", "第三十七条",
            "劳动者提前三十日以书面形式通知用人单位，可以解除劳动合同。", "法律", until=date(2020, 12, 31)),
]  # fmt: skip


def test_text_is_cut_into_pairs_words_and_characters():
    assert pairs("老板欠薪3个月") == ["老板", "板欠", "欠薪", "3", "个月"]
    assert "劳动报酬" in words("支付劳动报酬") and "的" not in words("我的")
    assert characters("P2P平台") == ["平", "台"]


def test_names_lose_what_says_nothing():
    assert law_key("《中华人民共和国民法典》") == law_key("民法典") == "民法典"
    assert chapter_words("第三编 合同 第十四章 租赁合同") == "合同 租赁合同"


def test_a_rare_term_is_worth_more_and_a_long_text_less():
    held = weigh(["租赁", "租赁合同效力", "合同"], pairs, 0.6)
    assert held["效力"][1][0] > held["合同"][1][0]
    short, long = held["租赁"][1]
    assert short > long


def test_everyday_words_bring_the_laws_words_but_not_what_is_said_already():
    assert "出租人" in vocabulary.help_words("房东卖房")
    assert "出租人" not in vocabulary.help_words("房东就是出租人")
    assert vocabulary.help_words("") == ""


def test_topics_follow_the_text_not_the_number():
    topics = vocabulary.Topics()
    moved = Passage(1, "民法典", "", "第九条", ARTICLES[2].text, "法律")
    rewritten = Passage(1, "民法典", "", "第一千二百四十五条", "动物另有规定。", "法律")
    assert "狗" in topics(moved).words and "狗" in "".join(topics(moved).sayings)
    assert topics(rewritten) == Topic()


def test_every_topic_names_its_law_and_how_its_article_begins():
    topics = vocabulary.Topics()
    assert len(topics._laws) >= 50
    for law, held in topics._laws.items():
        assert law and held
        assert all(len(begins) >= 4 and topic.sayings for begins, topic in held), law
        assert max(len(saying) for _begins, topic in held for saying in topic.said.split() or [""]) <= 16, law  # no whole question


def test_trees_walked_as_masks_agree_with_trees_walked_by_hand():
    # One tree: x0 <= 1 ? (x1 <= 5 ? 0.1 : 0.2) : 0.3; leaves 0, 1, 2.
    everything = int(rank.ALL_LEAVES)
    trees = rank.Trees(
        np.array([0, 1], np.int16), np.array([1, 5], np.float32), np.array([everything & ~0b011, everything & ~0b001], np.uint16),
        np.array([0], np.int32), np.array([[0.1, 0.2, 0.3]], np.float32), ("x0", "x1"),
    )  # fmt: skip
    assert trees.score(np.array([[0, 5], [1, 6], [2, 0]], np.float32)) == pytest.approx([0.1, 0.2, 0.3])


def test_the_shipped_trees_know_the_features_of_this_program():
    trees = vocabulary.trees()
    assert trees.names == rank.NAMES
    assert trees.feature.max() < len(rank.NAMES)
    assert len(trees.start) == len(trees.leaf)


def test_nothing_in_common_with_any_article_finds_nothing():
    index = build(ARTICLES, lambda _a: Topic(), Priors({}, {}), vocabulary.vectors())
    assert rank.candidates("xyzzy", "", index, vocabulary.vectors()) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "wanted"), [
    ("房东不肯修水管怎么办", 11), ("房东把房子卖了，我还能继续住吗", 12), ("被邻居家的狗咬了谁赔", 13), ("老板拖欠工资", 21),
])  # fmt: skip
def test_a_residents_own_words_find_the_article(asked, wanted):
    rebuild(ARTICLES)
    hits = queries.find(asked)
    # The trees learned from tens of thousands of articles; among five, the first two are what can be asked of them.
    assert wanted in [hit.id for hit in hits[:2]]
    assert hits == queries.find(asked)


@pytest.mark.django_db
def test_only_law_in_force_on_the_day_and_only_the_laws_asked_for():
    rebuild(ARTICLES)
    asked = "劳动者辞职要提前多久"
    assert 22 not in [hit.id for hit in queries.find(asked, as_of=date(2024, 1, 1))]
    assert 22 in [hit.id for hit in queries.find(asked, as_of=date(2020, 1, 1))]
    only = queries.find("合同", filters=queries.Filters(laws=["民法典"]))
    assert {hit.law for hit in only} == {CODE}
    assert queries.find("合同", filters=queries.Filters(kinds=[queries.INTERPRETATION])) == []


@pytest.mark.django_db
def test_the_same_articles_are_not_indexed_twice_and_new_ones_replace_the_old():
    first = rebuild(ARTICLES)
    assert rebuild(ARTICLES).pk == first.pk
    second = rebuild(ARTICLES[:3])
    assert second.pk != first.pk
    assert SearchTerm.objects.filter(index_id=first.pk).exists()
    third = rebuild(ARTICLES[:2])
    assert {row.pk for row in SearchIndex.objects.all()} == {second.pk, third.pk}
    assert not SearchTerm.objects.filter(index_id=first.pk).exists()
    assert {hit.law for hit in queries.find("合同")} == {CODE}


@pytest.mark.django_db
def test_what_is_stored_is_what_was_built():
    row = rebuild(ARTICLES)
    stored = StoredIndex(row)
    built = build(ARTICLES, vocabulary.Topics(), vocabulary.priors(), vocabulary.vectors())
    for name, column in built.columns.items():
        assert np.array_equal(stored.columns[name], column), name
    for kind, terms in built.terms.items():
        held = stored.postings(kind, [*terms, "没有这个词"])
        assert held.keys() == terms.keys()
        assert all(np.array_equal(held[t][0], terms[t][0]) and np.array_equal(held[t][1], terms[t][1]) for t in terms)


def test_a_word_without_a_vector_counts_as_its_characters_and_nothing_twice():
    vectors = vocabulary.vectors()
    assert "房东" in vectors.numbers and "犍为县" not in vectors.numbers
    assert vectors.of("房东，房东！").tolist() == [vectors.numbers["房东"]]
    assert vectors.of("犍为县").tolist() == sorted(vectors.numbers[c] for c in "犍为县" if c in vectors.numbers)
    assert vectors.of("12348").tolist() == []


def test_words_of_one_meaning_are_nearer_than_words_of_another():
    vectors = vocabulary.vectors()
    bags = Bags.build(["出租人", "遗嘱", ""], vectors)
    near, said, meant = likeness(vectors.of("房东"), bags, np.array([0, 1, 2]), vectors)
    assert near[0] > near[1] and said[0] > said[1] and meant[0] > meant[1]
    assert near[2] == said[2] == meant[2] == 0


def test_likeness_is_what_word_by_word_arithmetic_gives():
    vectors = vocabulary.vectors()
    texts = [ARTICLES[1].text, "", ARTICLES[3].text, "合同"]
    asked = vectors.of("房东把房子卖了，我还能继续住吗")
    found = likeness(asked, Bags.build(texts, vectors), np.array([3, 0, 1, 2, 0]), vectors)

    def unit(row):
        return row / np.linalg.norm(row)

    for column, text in zip(found.T, (texts[3], texts[0], texts[1], texts[2], texts[0]), strict=True):
        held = vectors.of(text)
        if not len(held):
            assert column.tolist() == [0, 0, 0]
            continue
        row = vectors.rows.astype(float)
        alike = np.array([[max(0.0, unit(row[q]) @ unit(row[w])) for w in held] for q in asked])
        weigh_q, weigh_w = vectors.weights[asked].astype(float), vectors.weights[held].astype(float)
        both = unit(weigh_q @ row[asked]) @ unit(weigh_w @ row[held])
        expected = [both, weigh_q @ alike.max(axis=1) / weigh_q.sum(), weigh_w @ alike.max(axis=0) / weigh_w.sum()]
        assert column == pytest.approx(expected, abs=1e-4)


def test_the_shipped_words_are_words():
    vectors = vocabulary.vectors()
    assert len(vectors.numbers) == len(vectors.rows) == len(vectors.weights)
    assert max(map(len, vectors.numbers)) <= 6  # no phrase, so no question


@pytest.mark.django_db
def test_an_index_of_an_earlier_edition_answers_until_it_is_made_anew():
    row = rebuild(ARTICLES)
    assert not queries.outdated()
    for gone in (("vectors", "whole_words", "topic_words", "head_words"), ("spoken", "spoken_mass", "saying_words", "saying_start", "saying_sum")):
        SearchColumn.objects.filter(index=row, name__in=gone).delete()
        queries._open = None
        assert queries.outdated()
        assert 13 in [hit.id for hit in queries.find("被邻居家的狗咬了谁赔")]
    queries._open = None



TOLD = {11: Topic("修房子", "空调坏了房东不修 热水器坏了谁修"), 13: Topic("狗咬人", "遛狗没牵绳吓到孩子 猫抓伤快递员")}


def heard(question: str):
    index = build(ARTICLES, lambda a: TOLD.get(a.id, Topic()), Priors({}, {}), vocabulary.vectors())
    own = list(dict.fromkeys(pairs(question)))
    return Heard.of(own, index.postings("sp", own), index.columns), index


def test_an_article_counts_by_the_one_saying_that_is_nearest():
    found, _index = heard("空调坏了房东不修")
    best = found.best()
    assert best.argmax() == 0 and best[1] == best[3] == best[4] == 0 and best[2] == 0
    scattered, _index = heard("房东说空调不修热水器坏了")  # strewn over both sayings
    assert 0 < scattered.best()[0] < best[0]


def test_what_is_told_of_a_saying_is_what_arithmetic_by_hand_gives():
    question = "猫抓伤了孩子"
    found, index = heard(question)
    known = found.describe(vocabulary.vectors().of(question), np.array([0, 2, 4]), vocabulary.vectors())
    assert [known[name][2] for name in ("part", "most", "fit", "near")] == [0, 0, 0, 0]  # nobody said anything of it
    # 猫抓 and 抓伤 stand in one article of the two that people speak of, and so does every pair of these sayings but 坏了.
    rare = float(np.float16(np.log(1 + (2 - 1 + 0.5) / (1 + 0.5))))
    said, mass = 2 * rare, 5 * rare  # 猫抓 抓伤 伤快 快递 递员
    asked = 10 + 3 * rare  # with 孩子, which the other saying has
    assert known["most"][1] == pytest.approx(said, rel=1e-3)
    assert known["part"][1] == pytest.approx(said / (mass + 3), rel=1e-3)
    assert known["fit"][1] == pytest.approx(said**2 / ((mass + 3) * asked), rel=1e-3)
    vectors = vocabulary.vectors()
    sums = [vectors.total(vectors.of(text)) for text in (question, *TOLD[13].sayings)]
    cosines = [sums[0] @ one / np.linalg.norm(sums[0]) / np.linalg.norm(one) for one in sums[1:]]
    assert known["near"][1] == pytest.approx(max(cosines), abs=1e-4)


@pytest.mark.django_db
def test_before_the_first_import_there_is_nothing_to_find():
    assert queries.find("离婚") == []
