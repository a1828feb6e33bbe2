"""One writer thread owns the journal's write connection; everybody else hands it work and gets a Future.

What a command, a feed, an instrument or the hub brings is one job in one queue, so that what a rule reads is what its
entry is appended to. After a job the reactions answer our own entries (only the origin reacts), and listeners are told
once which kinds changed.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from workstation.commands.access import Sight, sealed_of, unmask
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import Clock
from workstation.domain.draft import Draft
from workstation.domain.entry import Entry
from workstation.domain.errors import KnownError
from workstation.domain.observation import Observation
from workstation.domain.records import KINDS
from workstation.feeds.parsed import Parsed
from workstation.journal import Accepted, Batch, BatchRefused, Filling, Journal
from workstation.journal.database import DatabaseFault
from workstation.journal.places import open_situation
from workstation.situation import Situation
from workstation.station.carrying import carry_out, take_in
from workstation.station.parts import Parts
from workstation.station.placing import placed
from workstation.station.space import Space
from workstation.sync.hub_address import HubAddress

T = TypeVar("T")
Watcher = Callable[[frozenset[str]], None]
Job = Callable[[], None]
TICK_SECONDS = 0.5
LONGEST_CHAIN = 20
EXAMINE_AFTER_S = 60.0
"""When a database that was taken as it was left is examined: whoever starts a desk first has better to do."""
log = logging.getLogger(__name__)


class Station:
    """A running station over one space. `start` before use, `stop` when done; callable from any thread."""

    def __init__(self, space: Space, clock: Clock, parts: Parts) -> None:
        self.space = space
        self.clock = clock
        self.parts = parts
        self.name = space.station
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._watchers: list[Watcher] = []
        self._changed: set[str] = set()
        self._is_cut = False
        self._thread = threading.Thread(target=self._run, name=f"station-{self.name}", daemon=True)
        self._journal: Journal | None = None
        self._stopped = False

    def open(self) -> Journal:
        """Open the journal before work begins, for whoever prepares it. Raises what opening raises."""
        if self._journal is None:
            self._journal = Journal.open(self.space.place, self.space.identity(), self.clock, self.space.sealer())
        return self._journal

    def start(self) -> None:
        """Open the journal, if it is not yet, and begin to work. Raises what opening raises."""
        journal = self.open()
        journal.opened.say()
        if self.space.hub_file.is_file():
            journal.pin_root(HubAddress.read(self.space.hub_file).public)
        journal.wholeness.examine_in(EXAMINE_AFTER_S)
        self._news = journal.store.connection.listen(lambda: self.ask(self._heard))
        self._thread.start()

    def stop(self) -> None:
        """Finish the work that waits, close the stores and end the thread; what is asked later fails at once."""
        self._stopped = True
        if self._thread.is_alive():
            self._news.close()
            self._jobs.put(None)
            self._thread.join()
        elif self._journal is not None and self._thread.ident is None:
            self._journal.close()

    def situation(self) -> Situation:
        """A read connection of the caller's own; close it when done."""
        return open_situation(self.space.place)

    def subscribe(self, watcher: Watcher) -> None:
        """Be told, on the writer thread, which kinds of record changed."""
        self._watchers.append(watcher)

    @property
    def waiting(self) -> int:
        """How many jobs the writer has before it."""
        return self._jobs.qsize()

    def submit(self, command: Command, author: str, role: str) -> Future[Entry | None]:
        """Give a command. The Future holds its entry, None where it changed nothing, or Refused."""
        return self.ask(lambda journal: carry_out(command, self._seat(journal, author, role), self._append))

    def unmask(self, sight: Sight, author: str, role: str) -> Future[str | None]:
        """Open a personal value: the access is on record before anybody sees it. The Future holds the clear text, or
        None where its key was destroyed; or Refused."""

        def work(journal: Journal) -> str | None:
            self._append([unmask(sight)(self._seat(journal, author, role))])
            sealed = sealed_of(journal.situation, sight)
            return journal.reveal(sealed) if sealed is not None else None

        return self.ask(work)

    def _seat(self, journal: Journal, author: str, role: str) -> Seat:
        return Seat(
            author=author,
            role=role,
            station=self.name,
            scope=self.parts.scope,
            now=self.clock.now(),
            situation=journal.situation,
            new_id=journal.new_id,
        )

    def write(self, drafts: Sequence[Draft]) -> Future[list[Entry]]:
        """Append drafts made outside a command: the city's content, an export's record."""
        return self.ask(lambda journal: self._append(drafts))

    def take(self, parsed: Parsed) -> Future[int]:
        """Hand over what a feed parsed; the Future holds the number of entries it made."""

        def work(journal: Journal) -> int:
            if self.parts.intake is None:
                return 0
            return take_in(self.parts.intake.take(parsed, journal.situation, self.clock.now()), self._append)

        return self.ask(work)

    def observe(self, observations: Sequence[Observation]) -> Future[int]:
        """Hand over measurements; the Future holds the number of entries they led to."""

        def work(journal: Journal) -> int:
            if self.parts.telemetry is not None:
                self.parts.telemetry.store(observations)
                self._changed.add("observation")
            if self.parts.watch is None:
                return 0
            return len(self._append(self.parts.watch.observe(observations, self.clock.now())))

        return self.ask(work)

    def merge(self, batch: Batch) -> Future[Accepted]:
        """Take a batch of another station, which is read on the caller's thread. The Future may hold BatchRefused."""
        try:
            reading = self.open().taking.read(batch)
        except BatchRefused as refusal:
            refused: Future[Accepted] = Future()
            refused.set_exception(refusal)
            return refused

        def work(journal: Journal) -> Accepted:
            try:
                return self._taken(journal.accept(batch, reading))
            except BatchRefused:
                self._changed.add("fork")  # if it proves one, the journal has told of it
                raise

        return self.ask(work)

    def fill(self, filling: Filling) -> Future[Accepted]:
        """Take contents that follow their headers. The Future may hold BatchRefused."""
        return self.ask(lambda journal: self._taken(journal.fill(filling)))

    def _taken(self, accepted: Accepted) -> Accepted:
        for entry in accepted.entries:
            self._tell_watch(entry)
        self._changed |= accepted.kinds
        return accepted

    def ask(self, work: Callable[[Journal], T]) -> Future[T]:
        """Run a function over the journal on the writer thread."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work(self._open_journal()))
            except BaseException as error:  # noqa: BLE001  border: the caller gets it from the Future
                future.set_exception(error)

        if self._stopped:
            future.set_exception(RuntimeError(f"{self.name} was stopped"))
        else:
            self._jobs.put(job)
        return future

    def tick(self) -> Future[None]:
        """Let time pass for deadlines, missing data and deliveries; the thread does so by itself if `parts.ticks`."""
        return self.ask(lambda journal: self._tick())

    def _open_journal(self) -> Journal:
        if self._journal is None:
            raise RuntimeError("the station was not started")
        return self._journal

    def _append(self, drafts: Sequence[Draft]) -> list[Entry]:
        journal = self._open_journal()
        written = journal.append([self._scoped(draft) for draft in drafts])
        answered = written
        for _ in range(LONGEST_CHAIN):
            self._note(answered)
            answers = [draft for entry in answered for draft in self._reactions_to(entry)]
            if not answers:
                break
            answered = journal.append([self._scoped(draft) for draft in answers])
        else:
            self._note(answered)
            log.error("%s: rules went on answering each other after %s: stopped", self.name, answered[-1].ref)
        return written

    def _scoped(self, draft: Draft) -> Draft:
        """What was said of no region is said of where it lies, else of ours."""
        return draft if draft.scope else placed(draft, self._open_journal().situation, self.parts.scope)

    def _reactions_to(self, entry: Entry) -> list[Draft]:
        situation, now = self._open_journal().situation, self.clock.now()
        return [draft for reaction in self.parts.reactions for draft in reaction.after(entry, situation, now)]

    def _note(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._changed.update(change.kind for change in entry.changes)
            self._tell_watch(entry)

    def _tell_watch(self, entry: Entry) -> None:
        if self.parts.watch is not None:
            self.parts.watch.after(entry)

    def _heard(self, journal: Journal) -> None:
        """Another process has written: anything may be new."""
        self._changed |= KINDS.keys()

    def _tick(self) -> None:
        now = self.clock.now()
        if self._open_journal().catch_up():
            self._heard(self._open_journal())
        drafts = list(self.parts.watch.tick(now)) if self.parts.watch is not None else []
        for reaction in self.parts.reactions:
            drafts += reaction.tick(self._open_journal().situation, now)
        if drafts:
            self._append(drafts)
        self._open_journal().keep_ends()
        if self._is_cut:
            log.warning("%s: the database answers again", self.name)
        self._is_cut = False

    def _run(self) -> None:
        due = time.monotonic() + TICK_SECONDS
        while (job := self._next(due)) is not None:
            if job == self._tick:
                due = time.monotonic() + TICK_SECONDS
            self._do(job)
            if self._changed and self._jobs.empty():
                self._notify()
        self._notify()
        self._close()

    def _do(self, job: Job) -> None:
        try:
            job()
        except DatabaseFault as fault:  # at every tick for as long as it lasts, and said once
            if not self._is_cut:
                log.warning("%s: the database does not answer: %s", self.name, fault)
            self._is_cut = True
        except KnownError as error:
            log.warning("%s: %s", self.name, error)
        except Exception:  # border: the writer thread goes on; the error is ours and is logged whole
            log.exception("%s: a job failed", self.name)

    def _next(self, due: float) -> Job | None:
        """The next job; a tick when its time has come, however much work waits."""
        if not self.parts.ticks:
            return self._jobs.get()
        try:
            return self._jobs.get(timeout=max(0.0, due - time.monotonic())) if time.monotonic() < due else self._tick
        except queue.Empty:
            return self._tick

    def _notify(self) -> None:
        kinds, self._changed = frozenset(self._changed), set()
        if kinds:
            for watcher in self._watchers:
                watcher(kinds)

    def _close(self) -> None:
        if self.parts.telemetry is not None:
            self.parts.telemetry.close()
        self._open_journal().close()
