"""The streams' ends, written beside the database: a tail that is cut off there with all its traces is missed here."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from workstation.journal.fault import Fault
from workstation.journal.store import Store


def write_ends(store: Store, file: Path) -> None:
    """Write where every stream ends; whole or not at all, also when the power goes."""
    ends = {f"{stream.station}/{stream.incarnation}": stream.seq for stream in store.streams()}
    passing = file.with_suffix(".part")
    with passing.open("w", encoding="utf-8") as out:
        json.dump(ends, out, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    passing.replace(file)


def read_ends(file: Path | None) -> Mapping[str, int] | Fault:
    """Stream to its last entry as it was written; nothing where no file is, a fault for a file that is none of ours."""
    if file is None or not file.is_file():
        return {}
    try:
        ends = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): int(seq) for name, seq in ends.items() if str(name).count("/") == 1}
    except (ValueError, TypeError, AttributeError) as error:
        return Fault(file.name, f"cannot be read: {error}")
