"""A measure in an engine's own SQL: put together once, and kept beside the lake for the processes that come after.

Putting the questions of a policy together takes longer than answering most of them on a day's new records.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from fahui.foundation.files import put
from fahui.standards.lake.engines import Engine
from fahui.standards.measures import compile as compiling
from fahui.standards.measures.schema import Shape
from fahui.standards.star import facts

FILE = "questions.json"
_known: dict[str, str] = {}


def written(engine: Engine, shape: Shape) -> str:
    """The question for a measure's numbers. It holds for any periods."""
    key = f"{engine.name} {shape.model_dump_json()}"
    if key not in _known:
        _known[key] = engine.written(compiling.numbers(shape))
    return _known[key]


def recall(lake: Path) -> None:
    """Know what was kept beside a lake, if it was put together by this same code; a damaged file is as good as none."""
    try:
        kept = json.loads((lake / FILE).read_text("utf-8"))
        if kept["by"] == _made_by():
            _known.update(kept["sql"])
    except (OSError, ValueError, KeyError, TypeError):
        return


def keep(lake: Path) -> None:
    """Keep what is known beside a lake."""
    told = json.dumps({"by": _made_by(), "sql": _known}, sort_keys=True).encode()
    path = lake / FILE
    if not path.exists() or path.read_bytes() != told:
        put(path, told)


@cache
def _made_by() -> str:
    """What the SQL depends on beside the measure: the code that writes it, and the columns of the star."""
    rooms = (Path(compiling.__file__).parent, Path(__file__).parent)
    code = b"".join(path.read_bytes() for room in rooms for path in sorted(room.glob("*.py")))
    star = repr(sorted(facts().items())).encode()
    told = [version("ibis-framework"), version("sqlglot")]
    return hashlib.sha256(b"\0".join([code, star, *(one.encode() for one in told)])).hexdigest()
