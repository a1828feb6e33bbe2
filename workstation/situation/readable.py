"""What a situation is read from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


class Readable(Protocol):
    """A connection to a journal's database, as far as reading goes: `?` stands for a value."""

    def query(self, sql: str, values: Sequence[Any], /) -> Iterator[Mapping[str, Any]]: ...

    def close(self) -> None: ...
