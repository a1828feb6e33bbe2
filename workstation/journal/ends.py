"""The streams' ends, written apart from the database: beside it, and in the user's state folder.

What was written there is never taken back: a tail that is cut off in the database with all its traces is missed here,
and an older copy of the database, put in the place of the newer, is recognised by it. Ends are written after the
entries they speak of are safe, so they never know more than the database should.
"""

import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from workstation.journal.fault import Fault
from workstation.journal.store import Store

STATE = "WORKSTATION_STATE"
"""Names the state folder where the platform's own is not wanted."""
log = logging.getLogger(__name__)


def state_folder() -> Path:
    """Where this user's programs keep what is neither document nor setting; `WORKSTATION_STATE` names another."""
    if named := os.environ.get(STATE):
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "emergency-workstation"


def file_elsewhere(space: str) -> Path:
    """The second copy of the ends of a space, which is named by its random id."""
    return state_folder() / "spaces" / f"{space}.heads"


def write_ends(store: Store, *files: Path) -> None:
    """Write where every stream ends; each file whole or not at all, also when the power goes.

    A file that cannot be written (a full disk, a folder that may not be written to) is named in the log: the journal
    goes on without.
    """
    present = {f"{stream.station}/{stream.incarnation}": stream.seq for stream in store.streams() if stream.seq}
    for file in files:
        try:
            _replace(file, json.dumps(_furthest([read_ends(file), present]), sort_keys=True))
        except OSError as error:
            log.warning("%s: the streams' ends cannot be written: %s", file, error)


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    passing = file.with_suffix(f".part{os.getpid()}")
    try:
        with passing.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        passing.replace(file)
    finally:
        passing.unlink(missing_ok=True)


def read_ends(file: Path | None) -> Mapping[str, int] | Fault:
    """Stream to its last entry as it was written; nothing where no file is, a fault for a file that is none of ours."""
    if file is None or not file.is_file():
        return {}
    try:
        ends = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): int(seq) for name, seq in ends.items() if str(name).count("/") == 1}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        return Fault(file.name, f"cannot be read: {error}")


def known_ends(*files: Path | None) -> dict[str, int]:
    """The furthest that any of the files knows of each stream; a spoiled file knows nothing."""
    return _furthest([read_ends(file) for file in files])


def _furthest(all_ends: list[Mapping[str, int] | Fault]) -> dict[str, int]:
    furthest: dict[str, int] = {}
    for ends in all_ends:
        for name, seq in {} if isinstance(ends, Fault) else ends.items():
            furthest[name] = max(seq, furthest.get(name, 0))
    return furthest
