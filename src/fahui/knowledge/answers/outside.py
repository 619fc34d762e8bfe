"""A writer that the bureau connects: any endpoint that speaks OpenAI's chat completions. It sees the masked question and the articles, no more.

What it writes is shown only when it stands up: every sentence that says what the law wants names an article that is shown, every number in
it stands in those articles, and nothing else is cited. Otherwise, or when it is slow, away or busy, the built-in words are shown.
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
from fahui.knowledge.citations.linking import link
from fahui.knowledge.content.models import CuratedAnswer

log = logging.getLogger("fahui.answers")
SECONDS = 8
AT_ONCE = 2  # in one process: people who only read must not wait behind a slow writer
_free = threading.BoundedSemaphore(AT_ONCE)
_RULES = """You explain Chinese law to a resident in plain words, in {language}. Use ONLY the articles given. Two to four short sentences.
After every sentence that says what the law wants, permits or forbids, cite the article exactly as its label is written.
Write no number that is not in the articles. If they do not answer the question, say so. Never invent, never promise a result.
Answer with JSON: {{"plain": "...", "steps": ["...", "..."]}} where steps are at most five things to do, without citations."""
# Words by which a sentence says what the law wants.
_NORMATIVE = re.compile(
    r"应当|可以|不得|有权|必须|规定|赔偿|无效|免费|期限|以内|之内|must|may|shall|entitled|within|prohibited|void|free of charge",
    re.I,
)
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
    """The sentences that do not stand up: law without a citation of an article shown, numbers that no article has, other citations."""
    wrong = unsupported(draft, quoted)
    text = "\n".join(one.article.text for one in quoted)
    for sentence in filter(None, map(str.strip, _SENTENCE.split(draft.plain))):
        cited = link(sentence)
        if _NORMATIVE.search(sentence) and not cited:
            wrong.append(sentence)
        said = sentence
        for place in cited:
            said = said.replace(place.text, "")
        wrong += [sentence for number in _NUMBER.findall(said) if number not in text]
    wrong += [step for step in draft.steps for number in _NUMBER.findall(step) if number not in text]
    return wrong


def _read(content: Any) -> _Written:
    try:
        return _Written.model_validate(json.loads(content))
    except (ValidationError, ValueError, TypeError) as error:
        raise Unwritten("not as asked") from error
