"""Place names: suggested while somebody types, and found in what somebody said.

Everything is prepared when the file is read, so that a suggestion is one pass over short strings and a free text is
looked up by the first two characters of each name instead of name by name.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workstation.content import read_text
from workstation.domain.errors import ContentError

AREAS = frozenset({"road", "street", "district", "community", "water", "railway", "island"})
_AND = str.maketrans({"和": "与", "跟": "与"})
SHORTEST = 2
_WORD = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """One row of the gazetteer. `street` is the 9-digit code, empty where the file gives none."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    lat: float
    lon: float
    street: str

    @property
    def is_area(self) -> bool:
        """A name of something long or wide: its position says where it lies, not where the caller stands."""
        return self.kind in AREAS


@dataclass(frozen=True, slots=True)
class _Keys:
    place: NamedPlace
    zh: str
    initials: str
    pinyin: str
    en: str

    def rank(self, typed: str) -> int | None:
        """How well the name answers what was typed, 0 best; None not at all."""
        if typed in (self.zh, self.initials, self.en):
            return 0
        for rank, key in enumerate((self.zh, self.initials, self.pinyin, self.en), 1):
            if key.startswith(typed):
                return rank
        for rank, key in enumerate((self.zh, self.pinyin, self.en), 5):
            if typed in key:
                return rank
        return None


@dataclass(slots=True)
class Gazetteer:
    """All named places of the city."""

    places: tuple[NamedPlace, ...]
    _keys: list[_Keys] = field(default_factory=list)
    _chinese: dict[str, list[tuple[str, NamedPlace]]] = field(default_factory=dict)
    _english: dict[str, list[tuple[tuple[str, ...], NamedPlace]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Gazetteer":
        """The file `gazetteer.csv` of a city. Raises ContentError naming the row and column."""
        return cls.of(csv.DictReader(io.StringIO(read_text(path))), path.name)

    @classmethod
    def of(cls, rows: Iterable[dict[str, str]], file: str = "gazetteer.csv") -> "Gazetteer":
        """From rows with the columns of `gazetteer.csv`."""
        found, keys = [], []
        for number, row in enumerate(rows, 2):
            try:
                place = NamedPlace(
                    row["id"],
                    row["name_zh"],
                    row["name_en"],
                    row["kind"],
                    float(row["lat"]),
                    float(row["lon"]),
                    row["street"] or "",
                )
                keys.append(
                    _Keys(place, *map(_compact, (row["name_zh"], row["initials"], row["pinyin"], row["name_en"])))
                )
            except (KeyError, ValueError, TypeError) as error:
                raise ContentError(file, f"row {number}", f"{type(error).__name__}: {error}") from error
            found.append(place)
        gazetteer = cls(tuple(found), keys)
        for key in keys:
            gazetteer._index(key)
        return gazetteer

    def suggest(self, text: str, limit: int = 8) -> list[NamedPlace]:
        """Places whose Chinese name, pinyin, initials or English name answers `text`; the best first."""
        typed = _compact(text)
        if not typed:
            return []
        ranked = [
            (rank, len(key.zh), number)
            for number, key in enumerate(self._keys)
            if (rank := key.rank(typed)) is not None
        ]
        ranked.sort()
        return [self.places[number] for _, _, number in ranked[:limit]]

    def find(self, text: str | None) -> NamedPlace | None:
        """The best place named in a free text: a point before an area, then the longest name, then the first said."""
        if not text:
            return None
        found = [*self._chinese_in(text), *self._english_in(text)]
        return min(found, key=lambda hit: hit[:3])[3] if found else None

    def named(self, name: str) -> NamedPlace | None:
        """The place that bears exactly this name in either language."""
        typed = _compact(name)
        return next((key.place for key in self._keys if typed and typed in (key.zh, key.en)), None)

    def _index(self, key: _Keys) -> None:
        name = key.zh.translate(_AND)
        if len(name) >= SHORTEST:
            self._chinese.setdefault(name[:SHORTEST], []).append((name, key.place))
        words = tuple(_WORD.findall(key.place.name_en.lower()))
        if len(words) >= SHORTEST:
            self._english.setdefault(words[0], []).append((words, key.place))

    def _chinese_in(self, text: str) -> Iterable[tuple[bool, int, int, NamedPlace]]:
        read = _compact(text).translate(_AND)
        for start in range(len(read) - 1):
            for name, place in self._chinese.get(read[start : start + SHORTEST], ()):
                if read.startswith(name, start):
                    yield place.is_area, -len(name), start, place

    def _english_in(self, text: str) -> Iterable[tuple[bool, int, int, NamedPlace]]:
        words = _WORD.findall(text.lower())
        for start, word in enumerate(words):
            for name, place in self._english.get(word, ()):
                if tuple(words[start : start + len(name)]) == name:
                    yield place.is_area, -len(place.name_en), start, place


def _compact(text: str) -> str:
    """Lower case, full width read as half, without blanks."""
    read = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(read.lower().split())
