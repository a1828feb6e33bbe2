"""How far long work has come, drawn on stderr where somebody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def progress(words: str, total: float) -> Iterator[Callable[[float], None]]:
    """A bar on stderr for long work, where somebody watches; call what is yielded with how far it has come."""

    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        task = bar.add_task(words, total=total)
        yield lambda reached: bar.update(task, completed=reached)
