"""Chinese text cut into the pieces the index counts: pairs of characters, words and single characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba

RUN = re.compile(r"[\u4e00-\u9fff]+|[a-zA-Z0-9]+")
_MARKS = re.compile(r"[《》〈〉\s]")
_MAKERS = re.compile(r"中华人民共和国|最高人民法院|最高人民检察院|关于|、")
_NUMBERING = re.compile(r"^第[^ \u3000]+?[编章节]")
_SPACES = re.compile(r"[ \u3000]+")
# Words that say how something is asked, or stand in every article: they tell no law from another.
_EMPTY = frozenset(
    (
        "的", "了", "是", "在", "和", "或", "或者", "吗", "呢", "怎么", "怎样", "如何", "什么", "哪些", "哪个", "可以", "能", "我", "你",
        "他", "她", "它", "有", "被", "把", "对", "与", "及", "以及", "为", "等", "应当", "应", "其", "该", "由", "于", "者", "之",
        "不", "中", "后", "时", "上", "下", "并", "但", "而", "可", "就", "都", "也", "还", "要", "会", "请问", "请", "问", "吧",
        "啊", "进行", "按照", "依照", "根据", "规定", "第", "条", "款", "项", "本法", "有关", "情形", "下列",
    )
)  # fmt: skip


# Letters and figures as Chinese keyboards write them, full-width, with the signs that stand in numbers and addresses.
_WIDE = {code + 0xFEE0: code for code in range(0x21, 0x7F) if chr(code).isalnum() or chr(code) in "+-.@"}
_ANY_WIDE = re.compile(f"[{''.join(map(chr, _WIDE))}]")  # most texts have none, and translating takes long


def half_width(text: str) -> str:
    """The text with full-width letters and figures as plain ones; it stays as long."""
    return text.translate(_WIDE) if _ANY_WIDE.search(text) else text


def runs(text: str) -> Iterator[str]:
    """The stretches of Chinese characters, and those of letters and digits in lower case."""
    for found in RUN.findall(text):
        yield found if found[0] >= "\u4e00" else found.lower()


def pairs(text: str) -> list[str]:
    """Every two neighbouring characters: 劳动合同 gives 劳动, 动合, 合同. A run of one character is itself."""
    out: list[str] = []
    for run in runs(text):
        if run[0] < "\u4e00" or len(run) == 1:
            out.append(run)
        else:
            out += [run[i : i + 2] for i in range(len(run) - 1)]
    return out


def words(text: str) -> list[str]:
    """The words that carry meaning, as the segmenter cuts them."""
    return [word for word in rjieba.cut(text) if RUN.match(word) and word not in _EMPTY]


def characters(text: str) -> list[str]:
    """The Chinese characters, one by one."""
    return [character for run in runs(text) if run[0] >= "\u4e00" for character in run]


def law_key(title: str) -> str:
    """A title without marks, spaces and the state's name, so that two spellings of one law compare equal."""
    return _MARKS.sub("", title).replace("中华人民共和国", "").replace("(", "（").replace(")", "）")


def law_words(title: str) -> str:
    """What a title says about its subject: without the state, the courts and 关于."""
    return _MAKERS.sub("", title)


def chapter_words(chapter: str) -> str:
    """The names of part, chapter and section without their numbers: 第三编 合同 第十四章 租赁合同 → 合同 租赁合同."""
    return " ".join(filter(None, (_NUMBERING.sub("", piece) for piece in _SPACES.split(chapter.strip()))))
