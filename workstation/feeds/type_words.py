"""What people write to our incident types, by a table of words: `resources/mappings/type_words.yaml`.

A table and not a model: every result can be explained by the word that gave it, and a city edits the list. The order of
the list is the order of decision; a text without a known word has no type, which is unknown and not "other".
"""

import re
from dataclasses import dataclass
from functools import cache

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError

MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class TypeWords:
    code: str
    chinese: tuple[str, ...]
    english: re.Pattern[str] | None

    def match(self, text: str) -> bool:
        return any(word in text for word in self.chinese) or bool(self.english and self.english.search(text))


@cache
def type_words() -> tuple[TypeWords, ...]:
    """The table, in order of decision. Raises ContentError for a row without a code or words."""
    path = folder("resources") / "mappings" / "type_words.yaml"
    rows = []
    for number, row in enumerate(read_yaml(path)):
        try:
            english = [re.escape(str(word)) for word in row.get("en", ())]
            pattern = re.compile(rf"\b(?:{'|'.join(english)})", re.IGNORECASE) if english else None
            rows.append(TypeWords(str(row["code"]), tuple(map(str, row.get("zh", ()))), pattern))
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(path.name, f"row {number + 1}", str(error)) from error
    return tuple(rows)


def type_of(*texts: str | None) -> str | None:
    """The incident type of the first text that holds a known word; None where none does."""
    for text in texts:
        for row in type_words() if text else ():
            if text and row.match(text[:MAX_TEXT].replace("_", " ")):
                return row.code
    return None
