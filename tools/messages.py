"""Bring the English catalogue up to date with every text that pages and code ask a translation for.

    python tools/messages.py            write new texts into the catalogue, drop stale ones, list what still needs English
    python tools/messages.py --check    change nothing; exit 1 when something is missing, stale or wrong

Works without the gettext programs: Django turns a template into something Python can be read from, Babel reads it.
Texts are found in ``{% trans %}``, ``{% blocktrans %}`` (with plurals) and ``_("…")`` of templates, in gettext calls
of Python, in the choices of models (pairs of a code and its Chinese name) and in the headings of services' forms; the
last two are translated by the pages that show them. Translations that are there already stay as they are.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "fahui"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGULAR = ("_", "gettext", "gettext_lazy", "gettext_noop", "ugettext")
PLURAL = ("ngettext", "ngettext_lazy")
SKIPPED_FOLDERS = {"tests", "migrations", "locale", "node_modules"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ 0#]*[\d.]*[a-zA-Z]")
HAN = re.compile(r"[\u3400-\u9fff]")

STAYS_CHINESE = {"中文"}
"""Texts whose English may hold Chinese signs."""

Identity = str | tuple[str, str]
"""A text, or its singular and plural."""


@dataclass
class Found:
    """Every text asked for, with where (path from the repository root, line)."""

    places: dict[Identity, list[tuple[str, int]]] = field(default_factory=dict)

    def add(self, text: Identity, path: str, line: int) -> None:
        """Note one place of a text."""
        self.places.setdefault(text, []).append((path, line))


@dataclass(frozen=True)
class Verdict:
    """What is not as it should be, each as a sentence."""

    missing: list[str]
    stale: list[str]
    wrong: list[str]

    @property
    def fine(self) -> bool:
        """Whether the catalogue says everything, and nothing else."""
        return not (self.missing or self.stale or self.wrong)


def files(source: Path = SOURCE) -> Iterator[Path]:
    """Every template and Python file that may ask for a translation."""
    for path in sorted([*source.rglob("*.html"), *source.rglob("*.txt"), *source.rglob("*.py")]):
        inside = path.relative_to(source).parts
        if SKIPPED_FOLDERS & set(inside) or (path.suffix != ".py" and "templates" not in inside):
            continue
        yield path


def texts_in(path: Path) -> Iterator[tuple[Identity, int]]:
    """The texts of one file with their lines. Raises SyntaxError naming a file that cannot be read."""
    for line, function, parts in _calls(path):
        if function in PLURAL and len(parts) > 1:
            yield (parts[0], parts[1]), line
        elif parts:
            yield parts[0], line


def _calls(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Line, function and texts of every call that asks for a translation."""
    code = path.read_text(encoding="utf-8")
    if path.suffix == ".py":  # by its syntax: what is written inside an f-string is a call like any other
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            function = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
            if function in SINGULAR + PLURAL:
                said = [part.value for part in call.args if isinstance(part, ast.Constant)]
                yield call.lineno, function, [text for text in said if isinstance(text, str)]
        return
    # What is left of a template is only calls and filler; its indentation means nothing to Python.
    code = "\n".join(line.strip() for line in templatize(code, origin=str(path)).splitlines())
    for line, function, texts, _comments in extract_python(BytesIO(code.encode()), [*SINGULAR, *PLURAL], (), {"encoding": "utf-8"}):
        yield line, function, [texts] if isinstance(texts, str) else [part for part in texts or () if isinstance(part, str)]


def choices_in(path: Path) -> Iterator[tuple[Identity, int]]:
    """The Chinese names of the choices of a models.py: the second of every pair in a list."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.List):
            continue
        for pair in node.elts:
            if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 and isinstance(pair.elts[1], ast.Constant):
                name = pair.elts[1].value
                if isinstance(name, str) and HAN.search(name):
                    yield name, pair.lineno


def groups_in(path: Path) -> Iterator[tuple[Identity, int]]:
    """The Chinese headings over questions of a service: `group="…"` in its forms."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "group" and isinstance(node.value, ast.Constant):
            yield str(node.value.value), node.value.lineno


BESIDE = {"models.py": choices_in, "details.py": groups_in}
"""Files whose texts are translated only when a page shows them."""


def collect(source: Path = SOURCE) -> Found:
    """Every text asked for in the whole of the source."""
    if not settings.configured:
        settings.configure(USE_I18N=True, DEFAULT_CHARSET="utf-8")
        django.setup()
    found = Found()
    for path in files(source):
        try:
            beside = BESIDE[path.name](path) if path.name in BESIDE else ()
            for text, line in [*texts_in(path), *beside]:
                found.add(text, path.relative_to(source.parents[1]).as_posix(), line)
        except Exception as error:
            raise SyntaxError(f"{path}: {error}") from error
    return found


def read(catalogue: Path = CATALOGUE) -> Catalog:
    """The catalogue as it is; an empty one when there is none yet."""
    if not catalogue.exists():
        return Catalog(locale="en")
    with catalogue.open("rb") as handle:
        return read_po(handle, locale="en")


def placeholders(text: str) -> set[str]:
    """The names of the values put into a text."""
    return set(PLACEHOLDER.findall(text))


def judge(found: Found, catalogue: Catalog) -> Verdict:
    """What is missing, what nobody asks for any more, and which translations cannot be right."""
    missing, wrong = [], []
    held: dict[Identity, str | tuple[str, ...]] = {message.id: message.string for message in catalogue if message.id}
    for text, places in found.places.items():
        told = held.get(text, "")
        forms = (told,) if isinstance(told, str) else tuple(told)
        sources = (text,) if isinstance(text, str) else text
        where = "{}:{}".format(*places[0])
        if not forms or not all(forms):
            missing.append(f"{sources[0]!r} ({where})")
            continue
        names = set().union(*(placeholders(part) for part in sources))
        for form in forms:
            if placeholders(form) != names:
                wrong.append(f"{sources[0]!r} → {form!r}: placeholders differ ({where})")
            elif HAN.search(form) and text not in STAYS_CHINESE:
                wrong.append(f"{sources[0]!r} → {form!r}: not English ({where})")
    stale = [repr(text if isinstance(text, str) else text[0]) for text in held if text not in found.places]
    return Verdict(missing, stale, wrong)


def renewed(found: Found, old: Catalog) -> Catalog:
    """The catalogue with exactly the texts asked for, in the order of the files, keeping what is translated."""
    new = Catalog(
        locale="en", project="Fahui", version="1", copyright_holder="Fahui contributors", fuzzy=False,
        creation_date=old.creation_date, revision_date=old.revision_date, last_translator="Fahui", language_team="English",
        msgid_bugs_address="-", header_comment="# English texts of Fahui. The source texts are Chinese.",
    )  # fmt: skip
    held = {message.id: message for message in old if message.id}
    for text, places in sorted(found.places.items(), key=lambda item: item[1][0]):
        before = held.get(text)
        # Only the file: line numbers would change with every edit and say nothing a search would not.
        files_of = list(dict.fromkeys((path, None) for path, _line in places))
        string = before.string if before else ("", "") if isinstance(text, tuple) else ""
        new.add(text, string, locations=files_of, flags=set())
    return new


def write(catalogue: Catalog, target: Path = CATALOGUE) -> None:
    """Write the catalogue, wide lines and all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as handle:
        write_po(handle, catalogue, width=0, include_lineno=False, sort_output=False)


def say(line: str) -> None:
    """One line to whoever ran this."""
    sys.stdout.write(line + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Update the catalogue, or only check it. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is amiss")
    checking = parser.parse_args(arguments).check
    found, old = collect(), read()
    verdict = judge(found, old)
    if not checking:
        write(renewed(found, old))
    for title, lines in (
        ("needs English", verdict.missing),
        ("nobody asks for", verdict.stale),
        ("wrong", verdict.wrong),
    ):
        for line in lines:
            say(f"{title}: {line}")
    say(
        f"{len(found.places)} texts, {len(verdict.missing)} without English, {len(verdict.stale)} stale, {len(verdict.wrong)} wrong"
    )
    amiss = not verdict.fine if checking else bool(verdict.missing or verdict.wrong)
    return 1 if amiss else 0


if __name__ == "__main__":
    raise SystemExit(main())
