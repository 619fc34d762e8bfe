"""The documentation says what is there: links, commands, settings, floors and pictures."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from fahui.cli import COMMANDS
from fahui.foundation.accounts.roles import POST_ROLES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src" / "fahui").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


@pytest.mark.parametrize("page", names(PAGES))
def test_every_relative_link_leads_somewhere(page: str):
    missing = []
    for target in _LINK.findall(without_code(text_of(page))):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        path = (ROOT / page).parent / unquote(target.split("#")[0])
        if not path.exists():
            missing.append(target)
    assert missing == []


def commands_in(text: str) -> set[str]:
    """Commands as they are typed: in code only, since prose may say “fahui is”."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL)
    return {name for part in code for name in re.findall(r"(?:^|[`\s/])fahui ([a-z]+)\b", part)}


@pytest.mark.parametrize("page", names(PAGES))
def test_every_command_named_exists(page: str):
    assert commands_in(text_of(page)) <= set(COMMANDS)


def test_commands_are_found_where_they_are_typed():
    assert commands_in("Run `./fahui up --port 1`.\n```\n./fahui audit verify\n```\nSo fahui is.") == {"up", "audit"}


def test_every_command_is_documented():
    assert set(COMMANDS) <= commands_in(text_of("docs/reference/commands.md"))


def test_every_setting_is_documented():
    read = re.compile(r"""(?:env\.(?:text|integer|flag|folder)|os\.environ\.get)\(\s*"([A-Z_]+)\"""")
    found = {
        name
        for path in (ROOT / "src" / "fahui").rglob("*.py")
        for name in read.findall(path.read_text(encoding="utf-8"))
    }
    assert {"DATABASE_URL", "FAHUI_SMS_URL", "FAHUI_MASTER_KEY"} <= found  # the pattern still finds them
    page = text_of("docs/reference/settings.md")
    assert {name for name in found if f"`{name}`" not in page} == set()


def test_the_floors_of_the_contract_stand_in_the_architecture_page_in_their_order():
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    floors = [name.strip() for layer in contracts[0]["layers"] for name in layer.split("|")]
    page = text_of("docs/explanation/architecture.md")
    sentence = page.split("From top to bottom:")[1].split(". ")[0]
    assert re.findall(r"`([a-z]+)`", sentence) == floors


def test_every_post_is_in_the_page_of_roles():
    page = text_of("docs/reference/roles.md")
    assert [role.value for role in POST_ROLES if f"`{role.value}`" not in page] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_pictures_of_a_readme_are_there_and_small(page: str):
    pictures = re.findall(r"!\[[^\]]+\]\((docs/images/[^)]+)\)", text_of(page))
    assert len(pictures) >= 6
    for picture in pictures:
        assert 0 < (ROOT / picture).stat().st_size <= 200_000, picture
