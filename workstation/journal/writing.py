"""From draft to entry: seal what is personal, say nothing twice, name the base, chain."""

from collections.abc import Callable
from dataclasses import replace

from workstation.domain.draft import Change, Draft, Value
from workstation.domain.encoding import column_types
from workstation.domain.entry import Entry
from workstation.domain.records import KINDS
from workstation.journal.batch import SubjectKey
from workstation.journal.fold import Fold
from workstation.journal.merge import FieldState
from workstation.journal.store import Store, Stream
from workstation.security.sealing import Sealer


class Writer:
    """Turns drafts into entries of one stream. `tick` gives each entry its hybrid time."""

    def __init__(self, store: Store, stream: Stream, sealer: Sealer, tick: Callable[[], int]) -> None:
        self._store = store
        self._stream = stream
        self._sealer = sealer
        self._tick = tick

    def entry(self, draft: Draft, seq: int, fold: Fold) -> Entry | None:
        """The entry a draft becomes, or None when it would change nothing. Raises KeyError for an unknown field."""
        last = {(change.kind, change.id, change.field): change for change in draft.changes}
        settled = [self._settle(change, seq, fold) for change in last.values()]
        changes = tuple(change for change in settled if change is not None)
        if not changes:
            return None
        station, incarnation = self._stream.station, self._stream.incarnation
        head = (station, incarnation, seq, self._tick(), draft.scope, draft.data_class)
        return Entry(*head, draft.author, draft.act, draft.reason, draft.cause, changes)

    def _settle(self, change: Change, seq: int, fold: Fold) -> Change | None:
        if change.kind not in KINDS or change.field not in column_types(change.kind):
            raise KeyError(f"{change.kind} has no field {change.field}")
        state = fold.state(change.kind, change.id, change.field)
        sealed = column_types(change.kind)[change.field] == "sealed"
        if self._is_silent(change, state, sealed):
            return None
        value = self._seal(change, seq) if sealed else change.value
        return replace(change, value=value, base=state.base() if change.base is None else change.base)

    def _is_silent(self, change: Change, state: FieldState, sealed: bool) -> bool:
        if change.base is not None and set(change.base) != set(state.base()):
            return False
        if not state.heads:
            return change.value is None
        if state.disputed():
            return False
        present = state.heads[-1].value
        return (self._open(change.id, present) if sealed else present) == change.value

    def _seal(self, change: Change, seq: int) -> Value:
        if change.value is None:
            return None
        known = self._store.key_of(change.id)
        if known is None:
            known = (
                f"{self._stream.station}-{self._stream.incarnation}-{seq}-{change.id}",
                self._sealer.new_key(change.id),
            )
            self._store.add_keys(self._stream.number, [SubjectKey(known[0], seq, change.id, known[1])])
        return {"key": known[0], "token": self._sealer.seal(change.id, known[1], str(change.value))}

    def _open(self, subject: str, value: Value) -> Value:
        if not isinstance(value, dict):
            return value
        row = self._store.connection.execute("select wrapped from subject_key where key=?", [value["key"]]).fetchone()
        return self._sealer.open(subject, row[0] if row else None, str(value["token"]))
