"""A writer that the bureau connects: any endpoint that speaks OpenAI's chat completions. It sees the masked question and the articles, no more.

What it writes is shown only when it stands up: every sentence names an article that is shown, unless it only says what to do next; every
number in it stands in those articles; nothing else is cited, in whatever form; nothing is promised. Otherwise, or when it is slow, away or
busy, the built-in words are shown. Whether a sentence follows from the article it names no rule can tell: the label says who wrote it.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Sequence
from typing import Any

import requests
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fahui.knowledge.answers.composing import BuiltIn, Composer, Draft, Quoted, Unwritten, unsupported
from fahui.knowledge.answers.schema import Topic
from fahui.knowledge.citations.linking import Cited, link
from fahui.knowledge.content.models import CuratedAnswer

log = logging.getLogger("fahui.answers")
SECONDS = 8
AT_ONCE = 2  # in one process: people who only read must not wait behind a slow writer
_free = threading.BoundedSemaphore(AT_ONCE)
_RULES = """You explain Chinese law to a resident in plain words, in {language}. Use ONLY the articles given. Two to four short sentences.
In every sentence cite the article it rests on, exactly as its label is written; only a sentence that begins with what to do next (请…, Please…) needs none.
Write no number that is not in the articles. If they do not answer the question, say so. Never invent, never promise a result.
Answer with JSON: {{"plain": "...", "steps": ["...", "..."]}} where steps are at most five things to do, without citations."""
# How a sentence begins that only says what to do next, or that the articles do not answer.
_ADVICE = re.compile(
    r"(?:请|建议|先|马上|尽快|赶紧|留|收好|保[存留]|拨|打(?:电话|1)|找|去|带|写|把|记|报警|联系|咨询|具体|这些(?:法条|规定)(?:没有|不)|拿不准|还有疑问)"
    r"|(?:please|first|then|keep|call|ask|bring|write|save|contact|report|go|take|talk|the(?:se)? articles (?:given )?do not|if (?:you are )?unsure)\b",
    re.I,
)
# Words by which a sentence says what the law wants, and by which it promises: no step may say so without an article, nothing may promise.
_NORMATIVE = re.compile(
    r"应当|可以|不得|有权|必须|规定|赔|无效|有效|免费|期限|以内|之内|违法|合法|犯法|犯罪|责任|不用[还付赔给管]|双倍|平分|归[您你他她]|坐牢|拘留|罚"
    r"|\b(?:must|may|shall|entitled|within|prohibited|void|free of charge|liable|(?:il|un)?legal|unlawful|rights?|owes?|have to|has to|valid)\b",
    re.I,
)
_LAW_IN_A_STEP = re.compile(
    r"应当|不得|有权|无效|违法|合法|犯法|不用[还付赔给管]|可以不|\b(?:entitled|(?:il|un)?legal|unlawful|void|(?:do|need) not (?:have to )?(?:pay|repay)|don't have to)\b", re.I
)
_PROMISE = re.compile(r"[一肯]定(?:能|会|可以|赢|胜|要得回)|保证(?:能|会|您|赢)|必胜|稳赢|\b(?:guaranteed?|certainly|definitely|will win)\b", re.I)
# What cites without being read as a citation; it is not shown.
_CITES = re.compile(r"第\s*[0-9０-９一二三四五六七八九十百千零〇两]+\s*[条條款项]|[0-9]+\s*条|《|\bArt(?:icle)?s?\b|§", re.I)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]+(?=[日天年月倍元周%个])")
_SENTENCE = re.compile(r"(?<=[。！？!?\n])|(?<=\. )")


class _Written(BaseModel):
    model_config = ConfigDict(extra="ignore")

    plain: str = Field(min_length=1, max_length=1200)
    steps: list[str] = Field(default=[], max_length=6)


class Outside:
    """The connected writer."""

    name = "outside"

    def __init__(self, url: str, model: str, key: str) -> None:
        self._url, self._model, self._key = url.rstrip("/"), model, key

    def compose(
        self, question: str, language: str, topic: Topic, quoted: Sequence[Quoted], curated: CuratedAnswer | None
    ) -> Draft:
        """What it writes, verified. Raises Unwritten when it is away, slow or busy, or what it wrote does not stand up."""
        if curated is not None:
            raise Unwritten("people wrote this answer")
        if not _free.acquire(blocking=False):
            raise Unwritten("busy")
        try:
            written = _read(self._ask(question, language, quoted))
        finally:
            _free.release()
        draft = Draft(written.plain.strip(), tuple(step.strip() for step in written.steps if step.strip()))
        wrong = unproven(draft, quoted)
        if wrong:
            log.warning("a written answer was not shown", extra={"sentences": len(wrong)})
            raise Unwritten(wrong[0])
        return draft

    def _ask(self, question: str, language: str, quoted: Sequence[Quoted]) -> Any:
        articles = "\n\n".join(f"[{one.cited}]\n{one.article.text}" for one in quoted)
        body: dict[str, Any] = {
            "model": self._model, "temperature": 0, "seed": 1, "max_tokens": 700, "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": _RULES.format(language="English" if language.startswith("en") else "Chinese")},
                {"role": "user", "content": f"Articles:\n{articles}\n\nQuestion: {question}"},
            ],
        }  # fmt: skip
        try:
            answer = requests.post(
                f"{self._url}/chat/completions", json=body, timeout=SECONDS, headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            )  # fmt: skip
            answer.raise_for_status()
            return answer.json()["choices"][0]["message"]["content"]
        except (requests.RequestException, ValueError, KeyError, IndexError, TypeError) as error:
            log.warning("the writer did not answer", extra={"error": type(error).__name__})
            raise Unwritten("away") from error


def composer() -> Composer:
    """Who writes here: the connected writer, if the bureau set one, else the built-in."""
    if settings.ASK_URL:
        return Outside(settings.ASK_URL, settings.ASK_MODEL, settings.ASK_KEY)
    return BuiltIn()


def unproven(draft: Draft, quoted: Sequence[Quoted]) -> list[str]:
    """The sentences that do not stand up: no citation of an article shown, numbers that no article has, other citations, promises."""
    wrong = unsupported(draft, quoted)
    text = "\n".join(one.article.text for one in quoted)
    for sentence in filter(None, map(str.strip, _SENTENCE.split(draft.plain))):
        cited = link(sentence)
        if not cited and (_NORMATIVE.search(sentence) or not _ADVICE.match(sentence)):
            wrong.append(sentence)
        wrong += _beyond(sentence, cited, text)
    for step in draft.steps:
        cited = link(step)
        wrong += [step] * bool(_LAW_IN_A_STEP.search(step) and not cited) + _beyond(step, cited, text)
    return wrong


def _beyond(sentence: str, cited: Sequence[Cited], text: str) -> list[str]:
    """The sentence, where beside its citations it has numbers that the articles have not, cites something else, or promises."""
    said = sentence
    for place in cited:
        said = said.replace(place.text, "")
    strange = any(number not in text for number in _NUMBER.findall(said))
    return [sentence] if strange or _CITES.search(said) or _PROMISE.search(said) else []


def _read(content: Any) -> _Written:
    try:
        return _Written.model_validate(json.loads(content))
    except (ValidationError, ValueError, TypeError) as error:
        raise Unwritten("not as asked") from error
